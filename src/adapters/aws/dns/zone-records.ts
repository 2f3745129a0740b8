import type { Change, ResourceRecordSet } from '@aws-sdk/client-route-53';
import { canonicalAddress } from '../../../core/dns/ip-address.ts';
import { PortError } from '../../../ports/port-error.ts';
import { plainName } from './record-sets.ts';

/**
 * A record set as a template declares it: the properties of `AWS::Route53::RecordSet`, without the zone. CloudFormation
 * hands numbers and truth values on as texts. Source: CloudFormation User Guide, "Custom resources".
 */
export interface DeclaredRecord {
  readonly Name: string;
  readonly Type: string;
  readonly SetIdentifier?: string;
  readonly Failover?: string;
  readonly HealthCheckId?: string;
  readonly TTL?: string | number;
  readonly ResourceRecords?: readonly string[];
  readonly AliasTarget?: {
    readonly DNSName: string;
    readonly HostedZoneId: string;
    readonly EvaluateTargetHealth: string | boolean;
  };
  readonly Weight?: string | number;
  readonly Region?: string;
  readonly GeoLocation?: { readonly ContinentCode?: string; readonly CountryCode?: string };
  readonly MultiValueAnswer?: string | boolean;
}

/** What a template had declared, and what it declares now. */
export interface Declared {
  readonly former: readonly DeclaredRecord[];
  readonly wanted: readonly DeclaredRecord[];
}

/**
 * Most changes of one batch. Route 53 takes 1,000 values and 32,000 characters of values, both counted twice for an
 * UPSERT: 50 changes of eight IPv6 addresses are 800 and 31,200. Source: Route 53 API Reference,
 * "ChangeResourceRecordSets", "Limits on ChangeResourceRecordSets Requests".
 */
export const changesMax = 50;

interface Placed {
  readonly Name?: string | undefined;
  readonly Type?: string | undefined;
  readonly SetIdentifier?: string | undefined;
}

/** What tells a record set from the others of a zone: its place, never what it leads to. */
export function placeOf({ Name = '', Type = '', SetIdentifier }: Placed): string {
  return [plainName(Name), Type, SetIdentifier ?? 'simple'].join(' ');
}

/**
 * The changes that lead from the records that a zone holds to those that are declared, each possible alone after the
 * ones before it: what is new, targets before their aliases; what differs; and what is declared no more, the other way
 * round. A record that what is new cannot stand beside goes right before that: Route 53 takes the changes of a batch in
 * their order. Source: octodns issue 507, "Problem converting a CNAME record to an A record".
 *
 * A place that holds something which this deployment has not put there is a stranger's, and so is a record that a
 * person has changed since and that is to be removed. The weight of a record is kept while its declaration is: the
 * engine may have edited it.
 *
 * @param held - the record sets of the whole zone
 * @param made - places for which this deployment has sent something besides `former`: what is declared is its own there
 * @throws {PortError} `invalid` for a place that a stranger has
 */
export function declaredChanges(
  held: readonly ResourceRecordSet[],
  { former, wanted }: Declared,
  made: ReadonlySet<string> = new Set(),
): readonly Change[] {
  const now = new Map(held.map((set) => [placeOf(set), set]));
  const before = new Map(former.map((record) => [placeOf(asSet(record)), asSet(record)]));
  const sets = wanted.map((record) => asSet(record));
  const places = new Set(sets.map(placeOf));
  const creations: Change[] = [];
  const updates: Change[] = [];
  for (const set of sets) {
    const place = placeOf(set);
    const [seen, old] = [now.get(place), before.get(place)];
    const due = old !== undefined && old.Weight === set.Weight ? withWeightOf(set, seen) : set;
    if (seen === undefined) creations.push({ Action: 'CREATE', ResourceRecordSet: due });
    else if (old === undefined && !(made.has(place) && isEqual(seen, due))) throw notOurs(place);
    else if (!isEqual(seen, due)) updates.push({ Action: 'UPSERT', ResourceRecordSet: due });
  }
  const removals = [...before].flatMap(([place, old]): readonly Change[] => {
    const seen = now.get(place);
    if (places.has(place) || seen === undefined || !isEqual(withWeightOf(old, seen), seen)) return [];
    return [{ Action: 'DELETE', ResourceRecordSet: seen }];
  });
  removals.reverse();
  const inTheWay = removals.filter((removal) => creations.some((creation) => isBarred(creation, removal)));
  const additions = creations.flatMap((creation, index) => {
    const isOfItsName = (other: Change) => nameOf(other) === nameOf(creation);
    const isFirst = !creations.slice(0, index).some(isOfItsName);
    return isFirst ? [...inTheWay.filter(isOfItsName), creation] : [creation];
  });
  return [...additions, ...updates, ...removals.filter((removal) => !inTheWay.includes(removal))];
}

/**
 * Whether Route 53 refuses a new record while another one of its name is there: a CNAME record stands alone, and the
 * records of one name and type have one policy. Source: Route 53 Developer Guide, "Supported DNS record types", CNAME;
 * API Reference, "ResourceRecordSet", SetIdentifier.
 */
function isBarred(creation: Change, removal: Change): boolean {
  if (nameOf(creation) !== nameOf(removal)) return false;
  const types = [creation, removal].map(({ ResourceRecordSet: set }) => set?.Type);
  return types[0] === types[1] ? policyOf(creation) !== policyOf(removal) : types.includes('CNAME');
}

function policyOf({ ResourceRecordSet: set }: Change): string {
  const { Failover, Weight, Region, GeoLocation, MultiValueAnswer } = set ?? {};
  const policies = { Failover, Weight, Region, GeoLocation, MultiValueAnswer };
  return Object.entries(policies)
    .flatMap(([name, value]) => (value === undefined ? [] : name))
    .join();
}

function nameOf({ ResourceRecordSet: set }: Change): string {
  return plainName(set?.Name ?? '');
}

/**
 * Changes in batches that Route 53 takes, in their order. Those of one name that follow one another are in one batch,
 * so that no name is without its records between two: a name has thirty changes at most, for ten sites that get both
 * sorts of address in place of a CNAME record.
 */
export function batchesOf(changes: readonly Change[]): readonly (readonly Change[])[] {
  const batches: Change[][] = [];
  for (const run of runsOf(changes)) {
    const last = batches.at(-1);
    if (last === undefined || last.length + run.length > changesMax) batches.push([...run]);
    else last.push(...run);
  }
  return batches;
}

/** Changes of one name that follow one another. */
function runsOf(changes: readonly Change[]): readonly (readonly Change[])[] {
  const runs: Change[][] = [];
  for (const change of changes) {
    const last = runs.at(-1);
    if (last?.[0] === undefined || nameOf(last[0]) !== nameOf(change)) runs.push([change]);
    else last.push(change);
  }
  return runs;
}

/** A declared record as the API takes it. */
export function asSet(declared: DeclaredRecord): ResourceRecordSet {
  const { TTL, ResourceRecords, AliasTarget, Weight, MultiValueAnswer, ...same } = declared;
  return {
    ...(same as ResourceRecordSet),
    Name: declared.Name.replace(/\.$/, ''),
    ...(TTL === undefined ? {} : { TTL: Number(TTL) }),
    ...(ResourceRecords === undefined ? {} : { ResourceRecords: ResourceRecords.map((Value) => ({ Value })) }),
    ...(AliasTarget === undefined
      ? {}
      : { AliasTarget: { ...AliasTarget, EvaluateTargetHealth: isTrue(AliasTarget.EvaluateTargetHealth) } }),
    ...(Weight === undefined ? {} : { Weight: Number(Weight) }),
    ...(MultiValueAnswer === undefined ? {} : { MultiValueAnswer: isTrue(MultiValueAnswer) }),
  };
}

function isTrue(value: string | boolean): boolean {
  return String(value) === 'true';
}

function withWeightOf(set: ResourceRecordSet, seen: ResourceRecordSet | undefined): ResourceRecordSet {
  return set.Weight === undefined || seen?.Weight === undefined ? set : { ...set, Weight: seen.Weight };
}

/** Whether two sets answer the same. Route 53 spells names in its own way, and keeps no order of values. */
function isEqual(one: ResourceRecordSet, other: ResourceRecordSet): boolean {
  return contentOf(one) === contentOf(other);
}

function contentOf({ ResourceRecords, AliasTarget, ...set }: ResourceRecordSet): string {
  const alias = AliasTarget && [
    plainName(AliasTarget.DNSName ?? ''),
    AliasTarget.HostedZoneId,
    AliasTarget.EvaluateTargetHealth === true,
  ];
  const values = (ResourceRecords ?? []).map(({ Value = '' }) =>
    set.Type === 'CNAME' ? plainName(Value) : canonicalAddress(Value),
  );
  const { GeoLocation: geo } = set;
  return JSON.stringify([
    placeOf(set),
    // An alias has no time to live of its own.
    [
      alias === undefined ? set.TTL : null,
      set.Failover,
      set.HealthCheckId,
      set.Weight,
      set.Region,
      set.MultiValueAnswer === true,
    ],
    [geo?.ContinentCode, geo?.CountryCode, geo?.SubdivisionCode],
    alias ?? null,
    values.sort(),
  ]);
}

function notOurs(place: string): PortError {
  const detail = `${place}: the zone has this record already, and this stack has not made it; remove it there, or name another record`;
  return new PortError({ kind: 'invalid', detail });
}
