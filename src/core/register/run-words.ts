import type { Run, RunOutline } from './run.ts';

/** A run in a few words. */
export function describeRun({ kind, from, to }: Pick<RunOutline, 'kind' | 'from' | 'to'>): string {
  switch (kind) {
    case 'withdraw':
      return `withdraw ${from}`;
    case 'readmit':
      return `readmit ${to}`;
    case 'last-resort':
      return `last resort, ${from} and all others are down`;
    default:
      return `${kind} ${from} > ${to}`;
  }
}

/** What a person has allowed a move that no watcher may do, for the history: a comma before each. */
export function allowedIn({
  isDataLossAllowed,
  isProofWaived,
}: Pick<Run, 'isDataLossAllowed' | 'isProofWaived'>): string {
  return `${isDataLossAllowed ? ', data loss allowed' : ''}${isProofWaived ? ', without proof of the fence' : ''}`;
}
