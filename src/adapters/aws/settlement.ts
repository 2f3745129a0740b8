/**
 * Waits until all have ended, whatever their results. Lambda freezes work that still runs when a function answers.
 *
 * @throws the reason of the first, in the order given, that was rejected
 */
export async function afterAll(works: readonly Promise<unknown>[]): Promise<void> {
  for (const result of await Promise.allSettled(works)) if (result.status === 'rejected') throw result.reason;
}
