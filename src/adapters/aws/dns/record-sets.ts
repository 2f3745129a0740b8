import type { Change, ResourceRecordSet } from '@aws-sdk/client-route-53';
import { areSameAddresses } from '../../../core/dns/ip-address.ts';
import type { RecordValues } from '../../../core/dns/record-values.ts';
import type { RecordType } from '../../../core/dns/zone-plan.ts';
import { PortError } from '../../../ports/port-error.ts';

/**
 * What the record holds, by type, sorted.
 *
 * An alias is given as `alias NAME`, which equals no address, so the next write replaces it.
 *
 * @param sets - record sets of the zone, of this and of any other name
 * @throws {PortError} `invalid` for a record with a routing policy, beside which Route 53 allows no simple one
 */
export function valuesIn(sets: readonly ResourceRecordSet[], name: string): RecordValues {
  const held = (type: RecordType) => valuesOf(simpleSet(sets, name, type));
  return { a: held('A'), aaaa: held('AAAA'), cname: held('CNAME') };
}

/**
 * The changes that lead from the present records to the values; empty when nothing differs.
 *
 * A deletion names the set as it is, time to live included, as Route 53 demands. Deletions come first: Route 53 takes
 * the changes of a batch in their order, and refuses an address beside a CNAME record that goes only after it. Source:
 * octodns issue 507, "Problem converting a CNAME record to an A record"; Route 53 API Reference,
 * "ChangeResourceRecordSets", whose own example deletes the CNAME record first.
 *
 * @throws {PortError} as `valuesIn`
 */
export function changesTo(
  sets: readonly ResourceRecordSet[],
  name: string,
  ttlSeconds: number,
  values: RecordValues,
): readonly Change[] {
  const changes = [
    ...changeOf(simpleSet(sets, name, 'A'), name, 'A', ttlSeconds, values.a),
    ...changeOf(simpleSet(sets, name, 'AAAA'), name, 'AAAA', ttlSeconds, values.aaaa),
    ...changeOf(simpleSet(sets, name, 'CNAME'), name, 'CNAME', ttlSeconds, values.cname),
  ];
  const isDeletion = ({ Action }: Change) => Action === 'DELETE';
  return [...changes.filter(isDeletion), ...changes.filter((change) => !isDeletion(change))];
}

function simpleSet(sets: readonly ResourceRecordSet[], name: string, type: RecordType): ResourceRecordSet | undefined {
  const wanted = plainName(name);
  const found = sets.find((set) => set.Type === type && plainName(set.Name ?? '') === wanted);
  if (found?.SetIdentifier === undefined) return found;
  const detail = `${type} ${name} has a routing policy (${found.SetIdentifier}): only a simple record can be edited`;
  throw new PortError({ kind: 'invalid', detail });
}

/**
 * A name as people write it.
 *
 * Route 53 answers in lower case, with a dot at the end and unusual characters as octal numbers: `\052` is `*`.
 */
export function plainName(name: string): string {
  const unescaped = name.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
  return unescaped.toLowerCase().replace(/\.$/, '');
}

function valuesOf(set: ResourceRecordSet | undefined): readonly string[] {
  if (set === undefined) return [];
  if (set.AliasTarget) return [`alias ${set.AliasTarget.DNSName}`];
  const values = (set.ResourceRecords ?? []).flatMap(({ Value }) => Value ?? []);
  return set.Type === 'CNAME' ? values.map(plainName) : values.sort();
}

function changeOf(
  held: ResourceRecordSet | undefined,
  name: string,
  type: RecordType,
  ttlSeconds: number,
  values: readonly string[],
): readonly Change[] {
  if (values.length === 0) return held ? [{ Action: 'DELETE', ResourceRecordSet: held }] : [];
  if (areSameAddresses(valuesOf(held), values) && held?.TTL === ttlSeconds) return [];
  const set = { Name: name, Type: type, TTL: ttlSeconds, ResourceRecords: values.map((Value) => ({ Value })) };
  return [{ Action: 'UPSERT', ResourceRecordSet: set }];
}
