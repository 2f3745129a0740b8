import type { Clock } from '../../../ports/clock.ts';

/**
 * What a piece of work came to, or null when it took longer than `limitMs` or failed: a survey tells what it knows by
 * then and waits for nothing else.
 */
export async function within<T>(clock: Pick<Clock, 'sleep'>, limitMs: number, work: Promise<T>): Promise<T | null> {
  const timer = new AbortController();
  const limit = clock.sleep(limitMs, timer.signal).then(
    () => null,
    () => null,
  );
  try {
    return await Promise.race([work, limit]);
  } catch {
    return null;
  } finally {
    timer.abort();
  }
}
