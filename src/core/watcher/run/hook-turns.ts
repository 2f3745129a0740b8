import type { Answer } from '../../fault.ts';
import { hookRequestOf, type Order, type StepReport } from '../../kinds/order.ts';
import type { NamedService } from '../../model/service.ts';
import { isOlder, tokenOf } from '../../register/run.ts';
import { call, pause, type Routine, readTime } from '../../routine.ts';
import type { RegisterMemory } from '../../tables/register-memory.ts';
import { hookEndMs } from '../../timing.ts';

/** Longest pause between two looks at whether a function may be asked, in milliseconds. */
const pollMs = 500;

/** Gives an order to the function of a region. */
export type GiveOrder = (region: string, order: Order) => Routine<Answer<StepReport>>;

/** The part of a watcher's state that turns need. */
export interface TurnTakingState {
  readonly hookTurns: HookTurns;
  readonly memories: ReadonlyMap<string, RegisterMemory>;
}

/** By request: when the function of the user that was asked must have ended, on the own monotonic clock. */
export type HookTurns = Map<string, number>;

/**
 * Gives an order, and waits before where a function of the user was asked for the same and may still run.
 *
 * An answer shows that the function has ended. Where none came, the actuator may have died or given up, and the
 * function runs on; then `hookEndMs` has to pass. Another process does not know of this one. The token tells the
 * function whose order it is.
 *
 * What has waited is not given when a newer token has been decided meanwhile: a table that was dark holds an old one,
 * and would let it pass. A look changes nothing and is made all the same.
 */
export function* orderInTurn(
  { hookTurns: turns, memories }: TurnTakingState,
  service: NamedService,
  region: string,
  order: Order,
): Routine<Answer<StepReport>> {
  const request = hookRequestOf(service, region, order);
  if (request === null) return yield* call('invoke', { region, order });
  const key = `${region} ${request}`;
  let hasWaited = false;
  for (;;) {
    const { monotonicMs } = yield* readTime();
    const leftMs = (turns.get(key) ?? monotonicMs) - monotonicMs;
    if (leftMs <= 0) {
      turns.set(key, monotonicMs + hookEndMs(service.failover));
      break;
    }
    hasWaited = true;
    yield* pause(Math.min(pollMs, leftMs));
  }
  const newest = memories.get(service.name)?.decided?.register;
  const claimed = newest === undefined ? order.token : tokenOf(newest.epoch, newest.run);
  if (hasWaited && order.manner !== 'rehearse' && isOlder(order.token, claimed)) {
    turns.delete(key);
    return { ok: true, value: { outcome: 'stale', claimed } };
  }
  const answer = yield* call('invoke', { region, order });
  if (hasEnded(answer)) turns.delete(key);
  return answer;
}

/** Whether nothing that an order has asked for runs any more, as far as its answer shows. */
export function hasEnded(answer: Answer<StepReport>): boolean {
  if (!answer.ok) return answer.fault.kind !== 'timeout' && answer.fault.kind !== 'unavailable';
  return answer.value.outcome !== 'failed' || answer.value.fault.kind !== 'timeout';
}
