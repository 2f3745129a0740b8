/** Bits of an address, by its family. */
const ipv4Bits = 32;
const ipv6Bits = 128;

/** A block of addresses as EC2 writes it; null when the text is not one. */
export function canonicalBlock(destination: string): string | null {
  const [address = '', length = ''] = destination.split('/');
  const bits = address.includes(':') ? ipv6Bits : ipv4Bits;
  const prefix = Number(length);
  const groups = bits === ipv6Bits ? ipv6Groups(address) : ipv4Groups(address);
  if (groups === null || prefix > bits) return null;
  const width = bits === ipv6Bits ? 16 : 8;
  const kept = groups.map((group, index) => {
    const own = Math.min(width, Math.max(0, prefix - index * width));
    return group - (group % 2 ** (width - own));
  });
  if (bits === ipv4Bits) return `${kept.join('.')}/${prefix}`;
  const text = new URL(`http://[${kept.map((group) => group.toString(16)).join(':')}]/`).hostname.slice(1, -1);
  return `${text}/${prefix}`;
}

function ipv4Groups(address: string): readonly number[] | null {
  const groups = address.split('.').map(Number);
  return groups.length === 4 && groups.every((group) => Number.isInteger(group) && group >= 0 && group <= 255)
    ? groups
    : null;
}

function ipv6Groups(address: string): readonly number[] | null {
  if (!URL.canParse(`http://[${address}]/`)) return null;
  const [head = '', tail] = address.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? [] : Array<string>(8 - left.length - right.length).fill('0');
  const groups = [...left, ...zeros, ...right].map((group) => Number.parseInt(group, 16));
  return groups.length === 8 && groups.every((group) => group >= 0 && group <= 0xff_ff) ? groups : null;
}
