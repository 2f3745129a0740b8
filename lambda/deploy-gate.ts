import type { CheckerState } from '../src/adapters/aws/health-check-status.ts';
import { FailoverError } from '../src/core/errors.ts';
import type { Clock } from '../src/ports/clock.ts';

/** Time between two rounds of checks, in milliseconds. */
const pollMs = 5_000;

/** Longest wait. New checks are seen by all checkers within a minute or two; a function may run for fifteen. */
const waitMsMax = 10 * 60_000;

/**
 * Fewest checkers that must have reported: one in each of the eight regions that Route 53 checks from by default. Route
 * 53 lists only checkers that report, so the first one alone would look like all of them. Source: API Reference,
 * "GetHealthCheckStatus".
 */
const checkersMin = 8;

/**
 * Part of the listed checkers that must have a result, 0 to 1: a check is healthy while more than 18 % of them say so.
 */
const shareMin = 0.82;

/** Time for the calculated checks to follow, in milliseconds; no API shows their checkers. */
const settleMs = 60_000;

/** Reads what each checker of a health check last saw. */
export type ReadCheckers = (checkId: string) => Promise<readonly CheckerState[]>;

/**
 * Waits until Route 53's checkers have seen that no oracle votes a site off.
 *
 * A new health check counts as healthy until its checkers have a result, and a healthy oracle check is a vote against
 * its site. A record that is made before that would send clients to the standby. The result itself does not matter: an
 * oracle may rightly vote its site off, because another one serves.
 *
 * @throws {FailoverError} FAULT when some check has no result after ten minutes
 */
export async function awaitVotes(checkIds: readonly string[], readCheckers: ReadCheckers, clock: Clock): Promise<void> {
  const startedAtMs = clock.monotonicMs();
  let waiting = checkIds;
  while (waiting.length > 0) {
    const seen = await Promise.all(waiting.map(async (id) => isSeen(await readCheckers(id).catch(() => []))));
    waiting = waiting.filter((_, index) => !seen[index]);
    if (waiting.length === 0) break;
    if (clock.monotonicMs() - startedAtMs >= waitMsMax) {
      throw new FailoverError(
        'FAULT',
        `Route 53 has not looked at ${waiting.join(', ')}: see whether the oracles' function URLs answer, and deploy again`,
      );
    }
    await clock.sleep(pollMs);
  }
  if (checkIds.length > 0) await clock.sleep(settleMs);
}

/** Whether enough checkers have a result, so that the check's health is no longer the initial one. */
function isSeen(reads: readonly CheckerState[]): boolean {
  const looked = reads.filter((sight) => sight !== 'unknown').length;
  return looked >= checkersMin && looked >= shareMin * reads.length;
}
