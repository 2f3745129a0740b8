import type { Clock } from '../../../ports/clock.ts';

/**
 * Longest wait of a survey for what a function of the user may be asked for, in milliseconds: sizes, and the facts that
 * open a fence. It may hang, and the lag must not be lost because of that. Source: our own; half of the deadline of a
 * survey.
 */
export const hookMsOfSurvey = 4_000;

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
