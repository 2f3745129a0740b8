import type { ServiceRecords } from '../records.ts';
import { partition, zoneArn } from './arn.ts';
import type { KindStatements, Statement } from './statement.ts';

/** One name a service, its types, and no more than setting and removing them; and the wait for each change. */
export const dnsStatements: KindStatements = ({ services }) => [
  ...Object.values(services).flatMap(({ traffic: { dns } }) =>
    dns === undefined ? [] : changeRecords(dns.zone.id, 'StringEquals', [normalized(dns.record)], ['UPSERT', 'DELETE']),
  ),
  waitForChanges(),
];

/**
 * Records of zones in another account, as they are deployed: the names that clients ask for, and those of their trees.
 * Each deployment has trees of other names, and removes those of the last one, so these are patterns. A tree's base has
 * no character that IAM would read in another way.
 */
export function deployedRecords(services: readonly ServiceRecords[]): readonly Statement[] {
  return [
    ...services.flatMap(({ zoneId, askedNames, treeNames }) => {
      const names = [...askedNames.map(normalized), ...treeNames];
      return changeRecords(zoneId, 'StringLike', names, ['CREATE', 'UPSERT', 'DELETE']);
    }),
    waitForChanges(),
  ];
}

/** Every type that a name may change to and from. Source of the keys: Route 53 Developer Guide, "Condition keys". */
function changeRecords(
  zoneId: string,
  operator: 'StringEquals' | 'StringLike',
  names: readonly string[],
  actions: readonly string[],
): readonly Statement[] {
  const zone = zoneArn(zoneId);
  const named = { 'route53:ChangeResourceRecordSetsNormalizedRecordNames': names };
  const typed = {
    'route53:ChangeResourceRecordSetsRecordTypes': ['A', 'AAAA', 'CNAME'],
    'route53:ChangeResourceRecordSetsActions': actions,
  };
  return [
    {
      actions: ['route53:ChangeResourceRecordSets'],
      resources: [zone],
      conditions:
        operator === 'StringEquals'
          ? { 'ForAllValues:StringEquals': { ...named, ...typed } }
          : { 'ForAllValues:StringLike': named, 'ForAllValues:StringEquals': typed },
    },
    { actions: ['route53:ListResourceRecordSets'], resources: [zone] },
  ];
}

/** Changes have ids of Route 53's own. */
function waitForChanges(): Statement {
  return {
    sid: 'Changes',
    actions: ['route53:GetChange'],
    resources: [`arn:${partition}:route53:::change/*`],
  };
}

/**
 * A name as IAM compares it: what is no letter, digit, hyphen, underscore or dot in octal, so that `*` is `\052`.
 * Source: Route 53 Developer Guide, "Normalizing the Route 53 condition key values".
 */
function normalized(name: string): string {
  return name.replace(/[^a-z0-9._-]/g, (letter) => `\\${letter.charCodeAt(0).toString(8).padStart(3, '0')}`);
}
