import type { ClientAnswer } from '../../dashboard/drill-result.ts';
import type { LabEvent } from '../../dashboard/lab-event.ts';

/** Requests in a row that must fail before a site counts as stopped: one alone may be lost by chance. */
export const failedInRow = 3;

/** When a site was first seen to fail. */
export interface FirstFailure {
  /** On the clock of the answers and events. */
  readonly atMs: number;
  /** What was seen, in a few words. */
  readonly seen: string;
}

/** What there is to find a failure in. */
export interface Seen {
  readonly answers: readonly ClientAnswer[];
  readonly events: readonly LabEvent[];
}

/**
 * Finds when a site that somebody else stops began to fail, afterwards: nobody says at which instant he did it.
 *
 * It is when the first of several requests in a row was sent that all failed. Where a watcher holds the site down
 * before any request fails, it is when that watcher began to suspect it: some probe sees more than the client does.
 *
 * @param site - the one that is to be stopped
 * @param sinceMs - what ended earlier does not count
 * @param endedByMs - a request that was sent by then has ended. A later one may still be the first that fails, so an
 *   opinion counts only once it is no younger
 * @returns null while the site does not fail
 */
export function findFirstFailure(
  { answers, events }: Seen,
  site: string,
  sinceMs: number,
  endedByMs: number,
): FirstFailure | null {
  const found = [failedRequest(answers, site, sinceMs), suspected(events, site, sinceMs, endedByMs)];
  return found.reduce((first, each) => (first === null || (each && each.atMs < first.atMs) ? each : first), null);
}

function failedRequest(answers: readonly ClientAnswer[], site: string, sinceMs: number): FirstFailure | null {
  const own = answers
    .filter((answer) => answer.site === site && answer.endedMs >= sinceMs)
    .sort((a, b) => a.sentMs - b.sentMs);
  const failed = own.slice(own.findLastIndex(({ isGood }) => isGood) + 1);
  const [first] = failed;
  if (first === undefined || failed.length < failedInRow) return null;
  return { atMs: first.sentMs, seen: `first failed request: ${first.reason}` };
}

function suspected(events: readonly LabEvent[], site: string, sinceMs: number, endedByMs: number): FirstFailure | null {
  const opinions = events.filter(
    (event) => event.kind === 'opinion-changed' && event.site === site && event.atMs >= sinceMs,
  );
  const down = opinions.find(({ data, atMs }) => data.opinion === 'down' && atMs <= endedByMs);
  if (down === undefined) return null;
  const suspect = opinions.findLast(
    ({ place, data, atMs }) => place === down.place && data.opinion === 'suspect' && atMs <= down.atMs,
  );
  return { atMs: (suspect ?? down).atMs, seen: `first seen by the watcher in ${down.place}` };
}
