import type { Clock } from '../../../ports/clock.ts';

/**
 * The result of some work, or null when it failed or took longer than `limitMs`. So a survey answers with what it knows
 * by then.
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
