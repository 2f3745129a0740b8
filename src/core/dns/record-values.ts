import type { DnsAddress, DnsTraffic } from '../model/traffic.ts';
import { areSameAddresses } from './ip-address.ts';

/** Values of a simple record by type; empty where there is no record of the type. */
export interface RecordValues {
  readonly a: readonly string[];
  readonly aaaa: readonly string[];
  /** One name at most. */
  readonly cname: readonly string[];
}

/** What a record holds while a site serves; empty of a site whose name is an alias, and of none. */
export function valuesOf({ a = [], aaaa = [], cname }: DnsAddress = {}): RecordValues {
  return { a, aaaa, cname: cname === undefined ? [] : [cname] };
}

/** All values of a record, whatever their type. */
export function textsOf({ a, aaaa, cname }: RecordValues): readonly string[] {
  return [...a, ...aaaa, ...cname];
}

/** Every name that clients ask for: the record first, then the others with the same answer. */
export function askedNames({ record, moreRecords = [] }: DnsTraffic): readonly string[] {
  return [record, ...moreRecords];
}

/** The name whose addresses are those of a site; null where the site's own record has them. */
export function nameBehind({ alias, cname }: DnsAddress): string | null {
  return alias?.dnsName ?? cname ?? null;
}

/** Whether two records hold the same values, in whatever order. */
export function areSameValues(one: RecordValues, other: RecordValues): boolean {
  return (
    areSameAddresses(one.a, other.a) &&
    areSameAddresses(one.aaaa, other.aaaa) &&
    one.cname.map(plainName).join() === other.cname.map(plainName).join()
  );
}

/** A name in the one spelling that names are compared in: lower case, without the last dot. Source: RFC 4343. */
function plainName(name: string): string {
  return name.toLowerCase().replace(/\.$/, '');
}
