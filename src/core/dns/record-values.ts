import type { DnsAddress } from '../model/traffic.ts';
import { areSameAddresses } from './ip-address.ts';

/** Values of a simple record by type; empty where there is no record of the type. */
export interface RecordValues {
  readonly a: readonly string[];
  readonly aaaa: readonly string[];
}

/** What a record holds while a site serves; empty of a site whose name is an alias, and of none. */
export function valuesOf({ a = [], aaaa = [] }: DnsAddress = {}): RecordValues {
  return { a, aaaa };
}

/** All values of a record, whatever their type. */
export function textsOf({ a, aaaa }: RecordValues): readonly string[] {
  return [...a, ...aaaa];
}

/** Whether two records hold the same values, in whatever order. */
export function areSameValues(one: RecordValues, other: RecordValues): boolean {
  return areSameAddresses(one.a, other.a) && areSameAddresses(one.aaaa, other.aaaa);
}
