import { type Service, sitesByPriority } from '../../../core/model/service.ts';
import type { AliasTarget, DnsTraffic } from '../../../core/model/traffic.ts';
import type { Path } from '../../document.ts';
import { type Breach, breach, type ServiceRule } from '../../rules/rule.ts';

/** Hosted zone of every CloudFront distribution. Source: Route 53 API Reference, "AliasTarget", HostedZoneId. */
export const cloudFrontZoneId = 'Z2FDTNDATAQYW2';
const cloudFrontSuffix = '.cloudfront.net';

const aliasByOracleOnly: ServiceRule = {
  about: 'Aliases are for `mode: oracle`: the function that edits records writes addresses only.',
  check: aliasRule((site, _alias, at, { mode }) =>
    mode === 'oracle'
      ? []
      : [
          breach(
            at,
            `an alias for ${site}`,
            'a or aaaa while mode is records',
            'set mode to oracle, which never edits',
          ),
        ],
  ),
};

const aliasOutsideZone: ServiceRule = {
  about: 'An alias leads out of the hosted zone of the record, to a name of AWS.',
  check: aliasRule((_site, alias, at, { zone }) =>
    alias.zoneId === zone.id
      ? [
          breach(
            [...at, 'zoneId'],
            alias.zoneId,
            `the zone of ${alias.dnsName}, which belongs to AWS`,
            'look it up with the load balancer, API or distribution; this is your own zone',
          ),
        ]
      : [],
  ),
};

const cloudFrontInItsZone: ServiceRule = {
  about: `CloudFront's names, and no others, are in zone ${cloudFrontZoneId}.`,
  check: aliasRule((_site, alias, at) =>
    isCloudFront(alias) === (alias.zoneId === cloudFrontZoneId)
      ? []
      : [
          breach(
            [...at, 'zoneId'],
            `${alias.zoneId} with ${alias.dnsName}`,
            isCloudFront(alias) ? cloudFrontZoneId : `the zone of ${alias.dnsName}`,
            `${cloudFrontZoneId} is the zone of all names that end in ${cloudFrontSuffix}, and only of those`,
          ),
        ],
  ),
};

const cloudFrontOnce: ServiceRule = {
  about:
    'At most one site is a CloudFront distribution: no two distributions may list one record among their alternate names.',
  check: (service, path) => {
    const [first, ...others] = cloudFrontSites(service);
    return others.map((site) =>
      breach(
        aliasPath(path, site),
        'a second CloudFront distribution',
        `one; ${first} is the first`,
        `give ${site} a load balancer, or let one distribution have two origins`,
      ),
    );
  },
};

const cloudFrontByName: ServiceRule = {
  about:
    'A CloudFront site answers under the name of the record itself: it is first in the chain, or second of two, and has no `directCheck`. A distribution must list every name that leads to it.',
  check: (service, path) => {
    const chain = sitesByPriority(service);
    return cloudFrontSites(service)
      .filter((site) => service.traffic.dns?.directCheck !== undefined || (site !== chain[0] && chain.length > 2))
      .map((site) =>
        breach(
          aliasPath(path, site),
          'a CloudFront distribution under a name below the record',
          'one under the record itself',
          `give ${site} the highest priority, and leave directCheck out; a distribution must list every name that leads to it`,
        ),
      );
  },
};

function isCloudFront({ dnsName }: AliasTarget): boolean {
  return dnsName.endsWith(cloudFrontSuffix);
}

function cloudFrontSites({ traffic }: Service): readonly string[] {
  return Object.entries(traffic.dns?.addresses ?? {})
    .filter(([, { alias }]) => alias !== undefined && isCloudFront(alias))
    .map(([site]) => site);
}

function aliasPath(path: Path, site: string): Path {
  return [...path, 'traffic', 'dns', 'addresses', site, 'alias'];
}

function aliasRule(
  check: (site: string, alias: AliasTarget, at: Path, dns: DnsTraffic) => readonly Breach[],
): ServiceRule['check'] {
  return ({ traffic: { dns } }, path) =>
    Object.entries(dns?.addresses ?? {}).flatMap(([site, { alias }]) =>
      dns === undefined || alias === undefined ? [] : check(site, alias, aliasPath(path, site), dns),
    );
}

/** Rules about aliases to load balancers, APIs and distributions. */
export const aliasRules: readonly ServiceRule[] = [
  aliasByOracleOnly,
  aliasOutsideZone,
  cloudFrontInItsZone,
  cloudFrontOnce,
  cloudFrontByName,
];
