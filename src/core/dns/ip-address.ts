/** Groups of 16 bits in an IPv6 address. */
const groupCount = 8;

const ipv4Tail = /^(.*:)(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/;

/**
 * The canonical spelling of an address, for comparisons: `2001:DB8:0:0::1` and `2001:db8::1` are the same address.
 *
 * IPv6 as RFC 5952 wants it: lower case, no leading zeros, the first of the longest runs of zero groups shortened, if
 * it is longer than one. An IPv4 address has only one spelling, so it is returned unchanged, like any text that is not
 * an address.
 */
export function canonicalAddress(text: string): string {
  const groups = groupsOf(text);
  return groups === null ? text : spelled(groups);
}

/** Whether two lists hold the same addresses, in whatever order and spelling. */
export function areSameAddresses(a: readonly string[], b: readonly string[]): boolean {
  const sorted = (list: readonly string[]) => [...new Set(list.map(canonicalAddress))].sort().join();
  return sorted(a) === sorted(b);
}

/** The groups of an IPv6 address as numbers; null for anything else. */
function groupsOf(text: string): readonly number[] | null {
  const halves = withoutDots(text).split('::');
  if (!text.includes(':') || halves.length > 2) return null;
  const [head = [], tail = []] = halves.map((half) => (half === '' ? [] : half.split(':')));
  const isShort = halves.length === 2;
  const missing = groupCount - head.length - tail.length;
  if (isShort ? missing < 1 : missing !== 0) return null;
  const all = [...head, ...Array.from({ length: missing }, () => '0'), ...tail];
  return all.every((group) => /^[0-9a-f]{1,4}$/i.test(group)) ? all.map((group) => Number.parseInt(group, 16)) : null;
}

/** Rewrites the last 32 bits of an IPv6 address in hexadecimal when they are written as an IPv4 address. */
function withoutDots(text: string): string {
  const match = ipv4Tail.exec(text);
  if (match === null) return text;
  const [a = 0, b = 0, c = 0, d = 0] = match.slice(2).map(Number);
  const isValid = [a, b, c, d].every((part) => part <= 255);
  return isValid ? `${match[1]}${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}` : text;
}

function spelled(groups: readonly number[]): string {
  const texts = groups.map((group) => group.toString(16));
  const [start, length] = longestZeros(groups);
  if (length < 2) return texts.join(':');
  return `${texts.slice(0, start).join(':')}::${texts.slice(start + length).join(':')}`;
}

/** Where the first of the longest runs of zeros begins, and how long it is. */
function longestZeros(groups: readonly number[]): readonly [start: number, length: number] {
  return groups.reduce<readonly [number, number]>(
    (best, _, start) => {
      const end = groups.findIndex((group, place) => place >= start && group !== 0);
      const length = (end === -1 ? groups.length : end) - start;
      return length > best[1] ? [start, length] : best;
    },
    [0, 0],
  );
}
