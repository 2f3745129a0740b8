/**
 * Times of a run, each epoch milliseconds on the clock of the watcher that held the run when it happened.
 *
 * They are for people and for the ledger; nothing is ever decided by comparing them.
 */
export interface RunTimes {
  /** First failed observation of the old site, as far as the deciding watcher knows; null for planned moves. */
  readonly faultMs: number | null;
  /** When the deciding watcher first saw a quorum. */
  readonly detectedMs: number | null;
  readonly decidedMs: number;
  /** When the old site was known to be cut off. */
  readonly fencedMs: number | null;
  /**
   * When the lease of the old site had run out while its region was silent. This replaces `fencedMs` and is no proof.
   */
  readonly leaseOverMs: number | null;
  readonly promotedMs: number | null;
  readonly startedMs: number | null;
  /** When the last traffic step ended. */
  readonly shiftedMs: number | null;
  readonly verifiedMs: number | null;
  /**
   * Replication lag of the new site at the decision, in milliseconds: the most that may be lost. Null when unknown or
   * when the service has no data.
   */
  readonly dataAtRiskMs: number | null;
  /**
   * The most that was lost, in milliseconds of writes: what the new writer had not received when it was promoted, with
   * the old site cut off. Null when nothing was promoted, or when it is not known.
   */
  readonly lossMs: number | null;
}

/** The times of a run that was decided now. */
export function newRunTimes(
  decidedMs: number,
  known: Partial<Pick<RunTimes, 'faultMs' | 'detectedMs' | 'dataAtRiskMs'>> = {},
): RunTimes {
  return {
    faultMs: null,
    detectedMs: null,
    dataAtRiskMs: null,
    lossMs: null,
    ...known,
    decidedMs,
    fencedMs: null,
    leaseOverMs: null,
    promotedMs: null,
    startedMs: null,
    shiftedMs: null,
    verifiedMs: null,
  };
}

/** One phase of a run as a person reads it. */
export interface LedgerLine {
  readonly phase:
    | 'fault'
    | 'detected'
    | 'decided'
    | 'fenced'
    | 'lease over, unproven'
    | 'promoted'
    | 'started'
    | 'shifted'
    | 'verified';
  readonly atMs: number;
  /** Since the first phase that is known. */
  readonly sinceStartMs: number;
}

/** The phases that happened, in order. */
export function ledgerLines(times: RunTimes): readonly LedgerLine[] {
  const phases = [
    ['fault', times.faultMs],
    ['detected', times.detectedMs],
    ['decided', times.decidedMs],
    ['fenced', times.fencedMs],
    ['lease over, unproven', times.leaseOverMs],
    ['promoted', times.promotedMs],
    ['started', times.startedMs],
    ['shifted', times.shiftedMs],
    ['verified', times.verifiedMs],
  ] as const;
  const known = phases.flatMap(([phase, atMs]) => (atMs === null ? [] : [{ phase, atMs }]));
  const startMs = known[0]?.atMs ?? 0;
  return known.map((line) => ({ ...line, sinceStartMs: line.atMs - startMs }));
}
