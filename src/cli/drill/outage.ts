import type { ClientAnswer } from '../../dashboard/drill-result.ts';

/** What the client went through, times in milliseconds since the fault. */
export interface Outage {
  readonly requests: number;
  readonly lostRequests: number;
  /**
   * End of the first good answer to a request sent after the last lost one; 0 when none was lost, null when none came.
   */
  readonly recoveryMs: number | null;
  /** End of the first good answer from another site after which no other site answered; null when there is none. */
  readonly movedMs: number | null;
  /** How long every request since then has been good, by the time at which they were sent. */
  readonly goodForMs: number;
}

/**
 * Reads an outage off the answers of a client.
 *
 * A request counts by when it was sent: one that waits for a frozen site ends as lost long after others have got
 * through.
 *
 * @param answers - in any order; those sent before the fault count only when they ended as lost after it
 * @param from - site that was active before the fault
 */
export function readOutage(answers: readonly ClientAnswer[], from: string): Outage {
  const since = answers
    .filter(({ sentMs, endedMs, isGood }) => sentMs >= 0 || (endedMs >= 0 && !isGood))
    .sort((a, b) => a.sentMs - b.sentMs);
  const lost = since.filter(({ isGood }) => !isGood);
  const lastLostMs = lost.at(-1)?.sentMs ?? Number.NEGATIVE_INFINITY;
  const lastOldMs = since.filter(({ site }) => site === from).at(-1)?.sentMs ?? Number.NEGATIVE_INFINITY;

  const back = since.find(({ sentMs }) => sentMs > lastLostMs);
  const moved = since.find(({ sentMs }) => sentMs > lastLostMs && sentMs > lastOldMs);
  const lastMs = since.at(-1)?.sentMs ?? 0;
  return {
    requests: since.length,
    lostRequests: lost.length,
    recoveryMs: lost.length === 0 ? 0 : (back?.endedMs ?? null),
    movedMs: moved?.endedMs ?? null,
    goodForMs: moved === undefined ? 0 : lastMs - moved.sentMs,
  };
}
