import { z } from 'zod';
import { canonicalAddress } from '../../../core/dns/ip-address.ts';
import { nameBehind } from '../../../core/dns/record-values.ts';
import type { DnsAddress } from '../../../core/model/traffic.ts';
import { oneOrMore } from '../../schema/fields.ts';

/**
 * Most values of one record. Source: our own. They fit a reply of 512 bytes (RFC 1035, section 4.2.1) with IPv6 too,
 * and are as many as a multivalue answer holds (Route 53 Developer Guide, "Multivalue answer routing").
 */
const valueCountMax = 8;

/** One IPv4 address, or several. */
export function ipv4Values() {
  return sortedValues(
    z.ipv4({ error: ({ input }) => meantBy(input) ?? 'an IPv4 address' }),
    'an IPv4 address',
    'IPv4 addresses',
  );
}

/** One IPv6 address, or several, in whatever spelling. */
export function ipv6Values() {
  const address = z.ipv6({ error: ({ input }) => meantBy(input) ?? 'an IPv6 address' }).overwrite(canonicalAddress);
  return sortedValues(address, 'an IPv6 address', 'IPv6 addresses');
}

/** All that a site can be told from another by: its addresses, or the name that it stands for. */
export function placesOf(address: DnsAddress): readonly string[] {
  const { a = [], aaaa = [] } = address;
  const name = nameBehind(address);
  return [...a, ...aaaa, ...(name === null ? [] : [name])];
}

/** The types of record that a site answers with, as a user writes them. */
export function typesOf({ a, aaaa, alias, cname }: DnsAddress): readonly string[] {
  const hasIpv4 = a !== undefined || alias !== undefined;
  const hasIpv6 = aaaa !== undefined || alias?.ipv6 === true;
  return [...(hasIpv4 ? ['a'] : []), ...(hasIpv6 ? ['aaaa'] : []), ...(cname === undefined ? [] : ['cname'])];
}

/** What may stand together, in words. */
export const oneKindOnly = 'a, aaaa, or both; or alias alone; or cname alone';

/** What stands there that may not stand together, or that nothing does; null when all is well. */
export function mixtureOf({ a, aaaa, alias, cname }: DnsAddress): string | null {
  const kinds = [
    ...(a === undefined && aaaa === undefined ? [] : ['addresses']),
    ...(alias === undefined ? [] : ['alias']),
    ...(cname === undefined ? [] : ['cname']),
  ];
  if (kinds.length === 1) return null;
  return kinds.length === 0 ? 'none of them' : kinds.join(' and ');
}

/** Sorted, so that the order in which they were written makes no difference. */
function sortedValues<T extends z.ZodType<string>>(one: T, what: string, many: string) {
  const values = oneOrMore(one, valueCountMax, what, many);
  return values.transform((all) => [...all].sort()).meta(values.meta() ?? {});
}

/** What to write instead of a text that holds several addresses, or a name; null for another text. */
function meantBy(input: unknown): string | null {
  const parts = typeof input === 'string' ? input.split(/[\s,;]+/).filter((part) => part !== '') : [];
  if (parts.length > 1) return `a list: [${parts.join(', ')}]`;
  const [name = ''] = parts;
  return /^[a-z0-9-]+(\.[a-z0-9-]+)*\.[a-z][a-z0-9-]+\.?$/i.test(name)
    ? `an address; for a name, cname: ${name}`
    : null;
}
