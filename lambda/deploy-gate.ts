import type { CheckerSight } from '../src/adapters/aws/health-check-status.ts';
import { FailoverError } from '../src/core/errors.ts';
import type { Clock } from '../src/ports/clock.ts';

/** Time between two rounds of looks. */
const pollMs = 5_000;

/** Longest wait. New checks are seen by all checkers within a minute or two; a function may run for fifteen. */
const waitMsMax = 10 * 60_000;

/** Reads what each checker of a health check last saw. */
export type ReadCheckers = (checkId: string) => Promise<readonly CheckerSight[]>;

/**
 * Waits until Route 53's checkers have seen that no oracle votes a site off.
 *
 * A new health check counts as healthy until it was looked at, and a healthy oracle check is a vote against its site. A
 * record made before that would send clients to the standby. Most checkers must have reported a failure, which is an
 * oracle that does not vote; a check that really votes its site off, because the site is not serving, is as good.
 *
 * @throws {FailoverError} FAULT when some check is still not looked at after ten minutes
 */
export async function awaitVotes(checkIds: readonly string[], readCheckers: ReadCheckers, clock: Clock): Promise<void> {
  const startedAtMs = clock.monotonicMs();
  let waiting = checkIds;
  while (waiting.length > 0) {
    const seen = await Promise.all(waiting.map(async (id) => isSeen(await readCheckers(id).catch(() => []))));
    waiting = waiting.filter((_, index) => !seen[index]);
    if (waiting.length === 0) return;
    if (clock.monotonicMs() - startedAtMs >= waitMsMax) {
      throw new FailoverError(
        'FAULT',
        `Route 53 has not looked at ${waiting.join(', ')}: see whether the oracles' function URLs answer, and deploy again`,
      );
    }
    await clock.sleep(pollMs);
  }
}

/** Whether more than half of the checkers have looked, so that the check's health is theirs and not the initial one. */
function isSeen(sights: readonly CheckerSight[]): boolean {
  return sights.length > 0 && 2 * sights.filter((sight) => sight !== 'unknown').length > sights.length;
}
