/**
 * Waits until all have ended, whatever their results. Lambda freezes work that still runs when a function answers.
 *
 * @throws the reason of the first, in the order given, that was rejected
 */
export async function afterAll(works: readonly Promise<unknown>[]): Promise<void> {
  for (const result of await Promise.allSettled(works)) if (result.status === 'rejected') throw result.reason;
}

/**
 * As {@link afterAll}, with a limited number at work at a time: each begins when another one has ended.
 *
 * @param besideMax - most works side by side, 1 or more
 */
export async function afterEach<T>(
  items: readonly T[],
  besideMax: number,
  work: (item: T) => Promise<unknown>,
): Promise<void> {
  const begun: Promise<unknown>[] = [];
  const left = items.values();
  const takeTurns = async () => {
    for (const item of left) {
      const one = work(item);
      begun.push(one);
      await one.catch(() => {});
    }
  };
  await Promise.all(Array.from({ length: besideMax }, takeTurns));
  await afterAll(begun);
}
