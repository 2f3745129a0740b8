/**
 * A mark that stands for a name where strangers may read: the same everywhere, and nothing can be read from it.
 *
 * The first 48 bits of HMAC-SHA-256 over the parts. Whoever has the key and knows all parts can work it out. Without
 * the key a guess of names cannot be tried. Two of one service's names, at most twenty, share a mark once in 10^12.
 * Source: RFC 2104 (tools.ietf.org/html/rfc2104), FIPS 180-4.
 *
 * @param key - what strangers do not know
 * @param parts - deployment, service, site; none may hold a line feed
 */
export function publicMark(key: string, ...parts: readonly string[]): string {
  const encoder = new TextEncoder();
  return hmac(encoder.encode(key), encoder.encode(parts.join('\n')))
    .slice(0, markBytes)
    .reduce((text, byte) => text + byte.toString(16).padStart(2, '0'), '');
}

/** Length of a mark in bytes; two hexadecimal digits show each. */
const markBytes = 6;
/** Block of SHA-256 in bytes. */
const blockBytes = 64;

/** Here because the core takes nothing from the machine, its ciphers included. */
function hmac(key: Uint8Array, message: Uint8Array): readonly number[] {
  const short = key.length > blockBytes ? sha256([...key]) : [...key];
  const padded = Array.from({ length: blockBytes }, (_, index) => short[index] ?? 0);
  const inner = sha256([...padded.map((byte) => byte ^ 0x36), ...message]);
  return sha256([...padded.map((byte) => byte ^ 0x5c), ...inner]);
}

const initial = fractions(8, (prime) => Math.sqrt(prime));
const round = fractions(64, (prime) => Math.cbrt(prime));

/** The digest, as bytes. */
function sha256(message: readonly number[]): readonly number[] {
  const blocks = Math.ceil((message.length + 9) / blockBytes);
  const padded = new DataView(new ArrayBuffer(blocks * blockBytes));
  for (const [index, byte] of message.entries()) padded.setUint8(index, byte);
  padded.setUint8(message.length, 0x80);
  padded.setUint32(padded.byteLength - 4, message.length * 8);
  let state: readonly number[] = initial;
  for (let at = 0; at < padded.byteLength; at += blockBytes) state = compress(state, scheduleOf(padded, at));
  return state.flatMap((word) => [word >>> 24, (word >>> 16) & 0xff, (word >>> 8) & 0xff, word & 0xff]);
}

function scheduleOf(data: DataView, at: number): readonly number[] {
  const words = Array.from({ length: 16 }, (_, index) => data.getUint32(at + 4 * index));
  for (let index = 16; index < 64; index += 1) {
    const early = words[index - 15] ?? 0;
    const late = words[index - 2] ?? 0;
    const small = turn(early, 7) ^ turn(early, 18) ^ (early >>> 3);
    const large = turn(late, 17) ^ turn(late, 19) ^ (late >>> 10);
    words.push(((words[index - 16] ?? 0) + small + (words[index - 7] ?? 0) + large) | 0);
  }
  return words;
}

function compress(state: readonly number[], schedule: readonly number[]): readonly number[] {
  let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = state;
  for (const [index, word] of schedule.entries()) {
    const upper = turn(e, 6) ^ turn(e, 11) ^ turn(e, 25);
    const choice = (e & f) ^ (~e & g);
    const first = (h + upper + choice + (round[index] ?? 0) + word) | 0;
    const lower = turn(a, 2) ^ turn(a, 13) ^ turn(a, 22);
    const majority = (a & b) ^ (a & c) ^ (b & c);
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + first) | 0, c, b, a, (first + lower + majority) | 0];
  }
  return [a, b, c, d, e, f, g, h].map((word, index) => (word + (state[index] ?? 0)) | 0);
}

/** Rotates a word of 32 bits to the right. */
function turn(word: number, bits: number): number {
  return (word >>> bits) | (word << (32 - bits));
}

/** The first 32 bits after the point of a root of each of the first primes: the constants of the standard. */
function fractions(count: number, rootOf: (prime: number) => number): readonly number[] {
  const primes: number[] = [];
  for (let candidate = 2; primes.length < count; candidate += 1) {
    if (primes.every((prime) => candidate % prime !== 0)) primes.push(candidate);
  }
  return primes.map((prime) => Math.floor((rootOf(prime) % 1) * 2 ** 32) | 0);
}
