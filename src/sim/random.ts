/** A seeded generator: the same seed gives the same numbers on every machine. */
export type SeededRandom = () => number;

/**
 * Makes a generator of uniform numbers, 0 inclusive to 1 exclusive.
 *
 * Algorithm: mulberry32 (T. Ettinger, public domain); enough for simulation, not for statistics or secrets.
 *
 * @param seed - any integer
 * @param stream - names an independent stream of the same seed, so that a new consumer does not shift the others
 */
export function seededRandom(seed: number, stream = ''): SeededRandom {
  let state = (seed >>> 0) ^ hash(stream);
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** FNV-1a, 32 bits. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  }
  return value >>> 0;
}
