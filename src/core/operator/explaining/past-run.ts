import { type HistoryEntry, historyLengthMax, type Register } from '../../register/register.ts';

/** What the history still says of a run whose journal a newer one has replaced. */
export interface PastRun {
  readonly kept: 'history';
  readonly epoch: number;
  /** The line that began it, such as `failover virginia > oregon (active-down)`; null when it is no longer kept. */
  readonly begun: HistoryEntry | null;
  /** What else was changed while it was the newest run, oldest first. */
  readonly later: readonly HistoryEntry[];
  /** The line that began the next epoch; null when it is no longer kept. */
  readonly next: HistoryEntry | null;
  /** What nobody can say any more, a sentence each. */
  readonly unknown: readonly string[];
}

/**
 * What is kept of a run that is not the newest.
 *
 * @returns null when no line of the history is of that epoch
 */
export function pastRunOf({ history }: Register, epoch: number): PastRun | null {
  const oldestFirst = history.toReversed();
  const own = oldestFirst.filter((line) => line.epoch === epoch);
  if (own.length === 0) return null;
  // The first line of an epoch began it, unless lines before it have been dropped.
  const isCut = oldestFirst[0] === own[0] && history.length >= historyLengthMax && epoch > 1;
  const [first = null] = own;
  const begun = isCut || epoch === 1 ? null : first;
  const later = begun === null ? own : own.slice(1);
  const next = oldestFirst.find((line) => line.epoch > epoch) ?? null;
  return {
    kept: 'history',
    epoch,
    begun,
    later,
    next: next?.epoch === epoch + 1 ? next : null,
    unknown: [
      ...(begun === null && epoch > 1 ? ['Who began it and why: the history has dropped that line.'] : []),
      'What each watcher held, how each step ended and how long it took: the register keeps that of the newest run alone.',
    ],
  };
}

/** Epochs of which something is kept, newest first. */
export function keptEpochs({ history, run }: Register): readonly number[] {
  const all = [...(run === null ? [] : [run.epoch]), ...history.map(({ epoch }) => epoch)];
  return [...new Set(all)].sort((a, b) => b - a);
}
