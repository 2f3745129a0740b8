/**
 * The time that a majority's clocks agree on: the middle one of them, and the lower of two in the middle.
 *
 * One clock that is wrong, however far, is never the middle one of three. So whoever reads the same clocks finds the
 * same windows open, whatever the own clock shows. The method is that of fault-tolerant averaging: J. Lundelius and
 * N. Lynch, "A New Fault-Tolerant Algorithm for Clock Synchronization", 1984.
 *
 * @param clocks - what each shows now, in epoch milliseconds; NaN of a watcher that did not write it, which is left out
 * @param ownMs - what the own one shows, for whoever hears none
 */
export function majorityTimeMs(clocks: readonly number[], ownMs: number): number {
  const sorted = clocks.filter(Number.isFinite).sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? ownMs;
}
