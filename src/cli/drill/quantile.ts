/**
 * The value below which a share of the samples lies, with the mean of its neighbours between two.
 *
 * @param share - 0 to 1; 0.5 is the median
 * @returns NaN without samples
 */
export function quantile(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  const place = (sorted.length - 1) * share;
  const [below, above] = [sorted[Math.floor(place)] ?? Number.NaN, sorted[Math.ceil(place)] ?? Number.NaN];
  return below === above ? below : below + (above - below) * (place - Math.floor(place));
}
