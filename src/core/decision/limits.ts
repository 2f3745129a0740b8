import { pauseText } from '../calendar/pause.ts';
import type { AutomaticMove, Register } from '../register/register.ts';
import { epochWatch } from '../tables/stopwatch.ts';
import { type Decision, type DecisionInput, hold } from './decision-input.ts';

/** The window of `maxMovesPerDay`. */
export const dayMs = 24 * 60 * 60 * 1_000;

/** What limits are computed from. */
export type LimitInput = Pick<DecisionInput, 'service' | 'register' | 'stopwatches'>;

/** The parts of a move that limits depend on. */
export type LimitedMove = Pick<AutomaticMove, 'kind' | 'from' | 'to'>;

/** What forbids every automatic move now; null when nothing does. */
export function stoppedBecause({ service, register }: LimitInput): Decision | null {
  if (register.pause !== null) return hold('paused', `paused ${pauseText(register.pause)}`);
  return service.failover.automatic ? null : hold('manual-only', 'automatic failover is switched off');
}

/**
 * The block period or daily limit that forbids one automatic move; null when none does.
 *
 * Both limits prevent flapping; they must not prevent a rescue. The block period forbids a return to a site that an
 * automatic failover left less than `blockMs` ago, because the cause of that failover may still be there. The daily
 * limit counts failovers between the same two sites; failbacks and readmissions are counted separately. A move from a
 * dead site to one that has not failed is always allowed.
 */
export function limitedBecause(input: LimitInput, move: LimitedMove): Decision | null {
  const { service } = input;
  const leftMs = move.kind === 'readmit' ? 0 : blockLeftMs(input, move.to);
  if (leftMs > 0) {
    const seconds = Math.ceil(leftMs / 1_000);
    return hold('blocked', `an automatic failover left ${move.to} recently; ack, or wait ${seconds} s`);
  }
  const { maxMovesPerDay } = service.failover;
  if (movesToday(input, move) < maxMovesPerDay) return null;
  return hold('daily-limit', `${maxMovesPerDay} ${plurals[move.kind](move)} in a day are the limit`);
}

const plurals: Readonly<Record<AutomaticMove['kind'], (move: LimitedMove) => string>> = {
  failover: ({ from, to }) => `automatic failovers between ${[from, to].sort().join(' and ')}`,
  failback: () => 'automatic failbacks',
  readmit: () => 'readmissions to the pool',
};

/**
 * How long no automatic move may still go back to a site, in milliseconds, as this watcher has counted; 0 when it may.
 *
 * @param to - the site; when left out, the longest time of all sites
 */
export function blockLeftMs({ service, register, stopwatches }: LimitInput, to?: string): number {
  const blocking = register.moves.filter(
    ({ kind, from, isAcknowledged }) => kind === 'failover' && !isAcknowledged && (to === undefined || from === to),
  );
  const passedMs = blocking.map(({ epoch }) => stopwatches[epochWatch(service.name, epoch)] ?? 0);
  return Math.max(0, ...passedMs.map((ms) => service.failover.blockMs - ms));
}

/** How many automatic moves of the day count against one more. */
export function movesToday(input: LimitInput, move: LimitedMove): number {
  return input.register.moves.filter((made) => isLike(made, move) && isYounger(input, made, dayMs)).length;
}

/** Failovers count by the two sites between which they go; failbacks and readmissions each as one kind. */
function isLike(made: LimitedMove, move: LimitedMove): boolean {
  if (made.kind !== move.kind) return false;
  if (move.kind !== 'failover') return true;
  return [made.from, made.to].sort().join() === [move.from, move.to].sort().join();
}

/** The moves that still count against some limit. Older moves are dropped. */
export function countedMoves(input: LimitInput): Register['moves'] {
  const keptMs = Math.max(dayMs, input.service.failover.blockMs);
  return input.register.moves.filter((made) => isYounger(input, made, keptMs));
}

/** Whether a move is younger than a limit, as this watcher has counted. A move without a count is young. */
function isYounger(
  { service, stopwatches }: LimitInput,
  { epoch }: Pick<AutomaticMove, 'epoch'>,
  ageMs: number,
): boolean {
  return (stopwatches[epochWatch(service.name, epoch)] ?? 0) < ageMs;
}
