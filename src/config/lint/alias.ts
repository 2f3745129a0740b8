import type { AliasTarget } from '../../core/model/traffic.ts';
import { aliasTargetOf } from '../kinds/dns/alias-target.ts';
import { eachService, type LintRule } from './finding.ts';

/** Names of whom Route 53's documents want a name that is the record's own. */
const distribution = /\.cloudfront\.net$/;

const unknownAlias: LintRule = {
  name: 'unknown-alias',
  about: 'The target of an alias, or its region, is not in the table of hosted zones.',
  reason: 'Whether the zone is right then shows only when Route 53 takes or refuses the record.',
  check: eachService(({ traffic }, at) =>
    aliasesOf(traffic.dns).flatMap(([key, { dnsName, zoneId }]) => {
      const target = aliasTargetOf(dnsName);
      if (target.kind === 'none' || (target.kind === 'target' && target.zoneId !== null)) return [];
      return [
        {
          path: `${at}.traffic.dns.${key}.alias.zoneId`,
          what: `${zoneId} is not known to be the zone of ${dnsName}`,
          breaks: 'with a wrong zone, the deployment of the records fails',
          hint: 'look the zone up with its owner (CanonicalHostedZoneId, regionalHostedZoneId), then accept the finding',
        },
      ];
    }),
  ),
};

const distributionNames: LintRule = {
  name: 'distribution-names',
  about: 'A site or the last resort is a CloudFront distribution.',
  reason:
    'Route 53 wants the name of each record that leads to a distribution among its alternate domain names, and the records of sites stand below the record of clients.',
  check: eachService(({ traffic }, at) =>
    aliasesOf(traffic.dns).flatMap(([key, { dnsName }]) => {
      if (!distribution.test(dnsName)) return [];
      const record = traffic.dns?.record ?? '';
      const names = record.startsWith('*.') ? record : `${record} and *.${record}`;
      return [
        {
          path: `${at}.traffic.dns.${key}.alias.dnsName`,
          what: `${dnsName} must have ${names} as alternate domain names`,
          breaks: 'without them CloudFront refuses the requests of clients, and Route 53 may refuse the records',
          hint: 'add them, with a certificate for them, then accept the finding',
        },
      ];
    }),
  ),
};

/** Aliases of sites and of the last resort, each with its key below `traffic.dns`. */
function aliasesOf(
  dns: { addresses: Readonly<Record<string, Aliased>>; lastResort?: Aliased | undefined } | undefined,
): readonly (readonly [key: string, alias: AliasTarget])[] {
  const all = [
    ...Object.entries(dns?.addresses ?? {}).map(([site, address]) => [`addresses.${site}`, address] as const),
    ...(dns?.lastResort === undefined ? [] : [['lastResort', dns.lastResort] as const]),
  ];
  return all.flatMap(([key, { alias }]) => (alias === undefined ? [] : [[key, alias] as const]));
}

interface Aliased {
  readonly alias?: AliasTarget | undefined;
}

/** Findings about what aliases lead to. */
export const aliasLintRules: readonly LintRule[] = [unknownAlias, distributionNames];
