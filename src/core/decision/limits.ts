import { epochWatch } from '../tables/stopwatch.ts';
import { type Decision, hold, type Situation } from './decision-input.ts';

/** The window of `maxMovesPerDay`. */
export const dayMs = 24 * 60 * 60 * 1_000;

/** What forbids an automatic move now; null when nothing does. */
export function forbiddenBecause(situation: Situation): Decision | null {
  const { service, register } = situation;
  if (register.pause !== null) return hold('paused', `paused by ${register.pause.by}: ${register.pause.reason}`);
  if (!service.failover.automatic) return hold('manual-only', 'automatic failover is switched off');
  const leftMs = blockLeftMs(situation);
  if (leftMs > 0)
    return hold('blocked', `epoch ${register.block?.epoch} moved lately; ack, or wait ${Math.ceil(leftMs / 1_000)} s`);
  if (movesToday(situation) >= service.failover.maxMovesPerDay) {
    return hold('daily-limit', `${service.failover.maxMovesPerDay} automatic moves in a day are the limit`);
  }
  return null;
}

/** What is left of the block period, in milliseconds, as this watcher has counted; 0 when none runs. */
export function blockLeftMs(situation: Pick<Situation, 'service' | 'register' | 'stopwatches'>): number {
  const { service, register, stopwatches } = situation;
  if (register.block === null || register.block.isAcknowledged) return 0;
  const passedMs = stopwatches[epochWatch(service.name, register.block.epoch)] ?? 0;
  return Math.max(0, service.failover.blockMs - passedMs);
}

/** How many automatic moves count against the daily limit. */
export function movesToday(situation: Pick<Situation, 'service' | 'register' | 'stopwatches'>): number {
  return situation.register.automaticEpochs.filter((epoch) => isToday(situation, epoch)).length;
}

/** Whether this watcher has not yet counted an epoch to be a day old; one that it has never counted is young. */
export function isToday({ service, stopwatches }: Pick<Situation, 'service' | 'stopwatches'>, epoch: number): boolean {
  return (stopwatches[epochWatch(service.name, epoch)] ?? 0) < dayMs;
}
