import type { RecordPlan } from '../../../core/dns/zone-plan.ts';

/**
 * What Route 53 refuses about the records of a zone, as it stands after one change; empty when it takes the change.
 *
 * Sources, by rule: API Reference, "ResourceRecordSet" (Name; SetIdentifier; Failover; GeoLocation; MultiValueAnswer;
 * Region; Weight) and "AliasTarget" (DNSName); RFC 1034, section 3.6.2 (CNAME); the error "A non-alias primary
 * ResourceRecordSet must have an associated health check" in kubernetes-sigs/external-dns issue 2362; "RRSet with the
 * same type with Primary exists" in boto3 issue 1347. Two rules are stricter than anything that is promised: that an
 * alias may not lose what it leads to, and that no name has an asterisk which is not a wildcard.
 *
 * @param records - the whole zone
 */
export function zoneBreaches(records: readonly RecordPlan[]): readonly string[] {
  const groups = new Map<string, RecordPlan[]>();
  for (const record of records) {
    const key = `${record.name} ${record.type}`;
    groups.set(key, [...(groups.get(key) ?? []), record]);
  }
  const namesOf = (isOf: (record: RecordPlan) => boolean) => new Set(records.filter(isOf).map(({ name }) => name));
  const others = namesOf(({ type }) => type !== 'CNAME');
  const shared = [...namesOf(({ type }) => type === 'CNAME')].filter((name) => others.has(name));
  const beside = shared.map((name) => `${name}: a CNAME record beside one of another type`);
  const inGroups = [...groups].flatMap(([key, group]) => [
    ...(/.\*/.test(key) ? [`${key}: an asterisk that is not the whole first label, and so a plain character`] : []),
    ...groupRules.flatMap(({ says, isBroken }) => (isBroken(group) ? [`${key}: ${says}`] : [])),
    ...group.flatMap(({ target, type }) =>
      target.kind === 'alias' && !groups.has(`${target.name} ${type}`)
        ? [`${key}: an alias to ${target.name}, which has no record of the type`]
        : [],
    ),
  ]);
  return [...beside, ...inGroups];
}

/** A rule about the records of one name and type. */
interface GroupRule {
  readonly says: string;
  readonly isBroken: (group: readonly RecordPlan[]) => boolean;
}

const groupRules: readonly GroupRule[] = [
  {
    says: 'a simple record beside another one',
    isBroken: (group) => group.length > 1 && group.some(({ setIdentifier }) => setIdentifier === null),
  },
  { says: 'two policies on one name', isBroken: (group) => new Set(group.map(policyOf)).size > 1 },
  { says: 'a policy without a set identifier', isBroken: (group) => group.some(hasPolicyWithoutSet) },
  {
    says: 'two records of one set identifier',
    isBroken: (group) => hasTwice(group.map(({ setIdentifier }) => setIdentifier)),
  },
  {
    says: 'two PRIMARY or two SECONDARY records',
    isBroken: (group) => hasTwice(group.flatMap((each) => each.failover ?? [])),
  },
  {
    says: 'a PRIMARY record that is no alias and has no health check',
    isBroken: (group) =>
      group.some(
        ({ failover, checkId, target }) => failover === 'PRIMARY' && checkId === null && target.kind === 'values',
      ),
  },
  {
    says: 'two records of one region',
    isBroken: (group) =>
      hasTwice(group.flatMap(({ routing }) => (routing?.kind === 'latency' ? [routing.region] : []))),
  },
  {
    says: 'two records of one location',
    isBroken: (group) =>
      hasTwice(
        group.flatMap(({ routing }) => (routing?.kind === 'geolocation' ? [JSON.stringify(routing.location)] : [])),
      ),
  },
  {
    says: 'a multivalue record of type CNAME',
    isBroken: (group) => group.some(({ routing, type }) => routing?.kind === 'multivalue' && type === 'CNAME'),
  },
  {
    says: 'a multivalue record that is an alias',
    isBroken: (group) =>
      group.some(({ routing, target }) => routing?.kind === 'multivalue' && target.kind !== 'values'),
  },
];

function policyOf({ failover, routing }: RecordPlan): string {
  return failover === null ? (routing?.kind ?? 'simple') : 'failover';
}

function hasPolicyWithoutSet(record: RecordPlan): boolean {
  return record.setIdentifier === null && policyOf(record) !== 'simple';
}

function hasTwice(values: readonly unknown[]): boolean {
  return new Set(values).size < values.length;
}
