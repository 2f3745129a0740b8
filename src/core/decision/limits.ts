import { epochWatch } from '../tables/stopwatch.ts';
import { type Decision, type DecisionInput, hold } from './decision-input.ts';

/** The window of `maxMovesPerDay`. */
export const dayMs = 24 * 60 * 60 * 1_000;

/** What forbids an automatic move now; null when nothing does. */
export function forbiddenBecause(input: DecisionInput): Decision | null {
  const { service, register } = input;
  if (register.pause !== null) return hold('paused', `paused by ${register.pause.by}: ${register.pause.reason}`);
  if (!service.failover.automatic) return hold('manual-only', 'automatic failover is switched off');
  const leftMs = blockLeftMs(input);
  if (leftMs > 0)
    return hold('blocked', `epoch ${register.block?.epoch} moved lately; ack, or wait ${Math.ceil(leftMs / 1_000)} s`);
  if (movesToday(input) >= service.failover.maxMovesPerDay) {
    return hold('daily-limit', `${service.failover.maxMovesPerDay} automatic moves in a day are the limit`);
  }
  return null;
}

/** What is left of the block period, in milliseconds, as this watcher has counted; 0 when none runs. */
export function blockLeftMs(input: Pick<DecisionInput, 'service' | 'register' | 'stopwatches'>): number {
  const { service, register, stopwatches } = input;
  if (register.block === null || register.block.isAcknowledged) return 0;
  const passedMs = stopwatches[epochWatch(service.name, register.block.epoch)] ?? 0;
  return Math.max(0, service.failover.blockMs - passedMs);
}

/** How many automatic moves count against the daily limit. */
export function movesToday(input: Pick<DecisionInput, 'service' | 'register' | 'stopwatches'>): number {
  return input.register.automaticEpochs.filter((epoch) => isToday(input, epoch)).length;
}

/** Whether this watcher has not yet counted an epoch to be a day old; one that it has never counted is young. */
export function isToday(
  { service, stopwatches }: Pick<DecisionInput, 'service' | 'stopwatches'>,
  epoch: number,
): boolean {
  return (stopwatches[epochWatch(service.name, epoch)] ?? 0) < dayMs;
}
