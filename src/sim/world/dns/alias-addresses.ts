import type { RecordType } from '../../../core/dns/zone-plan.ts';
import type { DnsAddress } from '../../../core/model/traffic.ts';

/**
 * The one address that stands for whatever an alias or a CNAME record leads to: always the same for a name.
 *
 * From ranges that no configuration names: 100.64.0.0/10 (RFC 6598) and fd00::/8 (RFC 4193), each with 22 bits of the
 * name's hash.
 */
export function aliasAddress(dnsName: string, type: RecordType): string {
  const mark = hash(dnsName) >>> 10;
  if (type === 'AAAA') return `fd00::${(mark >>> 16).toString(16)}:${(mark & 0xffff).toString(16)}`;
  return `100.${64 + (mark >>> 16)}.${(mark >>> 8) & 0xff}.${mark & 0xff}`;
}

/** All that a name answers while a site serves; sorted. */
export function addressesOfSite({ a = [], aaaa = [], alias, cname }: DnsAddress): readonly string[] {
  const behind = alias === undefined ? [] : aliasAddresses(alias);
  return [...a, ...aaaa, ...behind, ...(cname === undefined ? [] : [aliasAddress(cname, 'A')])].sort();
}

/** All that the name behind an alias answers. */
function aliasAddresses({ dnsName, ipv6 }: NonNullable<DnsAddress['alias']>): readonly string[] {
  return [aliasAddress(dnsName, 'A'), ...(ipv6 ? [aliasAddress(dnsName, 'AAAA')] : [])];
}

/** FNV-1a of 32 bits. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (const char of text) value = Math.imul(value ^ (char.codePointAt(0) ?? 0), 0x01000193);
  return value >>> 0;
}
