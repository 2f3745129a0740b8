import { newEvent } from '../../alerting/event.ts';
import { withRefusal } from '../../decision/setback.ts';
import type { RunFacts } from '../../kinds/kind.ts';
import type { StepReport } from '../../kinds/order.ts';
import type { NamedService } from '../../model/service.ts';
import { changeRegister } from '../../register/proposer.ts';
import { hasOpenRun, type Register, type Setback } from '../../register/register.ts';
import { call, type Routine } from '../../routine.ts';
import { proposerFor, type WatcherState } from '../state.ts';
import { endOf } from './order-execution.ts';
import { rehearseRun } from './rehearsed-orders.ts';

/** What a function answers that would not carry the order out. */
const refusals: readonly StepReport['outcome'][] = ['failed', 'disagreed'];

/**
 * Whether a move that is not urgent could be completed. Every function that would get an order is asked to read its
 * thing and write nothing. If one does not answer, may not read, or refuses, the move is not begun, because it would
 * cut off a serving site for nothing. The register records the failure, so that no watcher tries again at once.
 *
 * A successful read does not prove that a write would succeed.
 *
 * @param opened - the register as the move would leave it
 */
export function* canEnd(
  state: WatcherState,
  service: NamedService,
  current: Register,
  opened: Register,
): Routine<boolean> {
  const refusal = yield* rehearse(state, service, opened);
  if (refusal === null) return true;
  const { run } = opened;
  const site = run?.to ?? '';
  yield* changeRegister(proposerFor(state, service.name), (newest) =>
    newest === null ||
    hasOpenRun(newest) ||
    newest.epoch !== current.epoch ||
    newest.setbacks.length !== current.setbacks.length
      ? null
      : { ...newest, setbacks: withRefusal(newest, site, refusal) },
  );
  const detail = `${run?.kind} to ${site} is not begun: ${refusal.step}: ${refusal.detail}`;
  yield* call('log', { event: newEvent('decision', service.name, detail, { site, data: { kind: 'hold' } }) });
  return false;
}

function* rehearse(
  state: WatcherState,
  service: NamedService,
  register: Register,
): Routine<Pick<Setback, 'step' | 'detail'> | null> {
  const { run } = register;
  if (run === null) return null;
  const { region: ownRegion, deployment } = state.setup;
  return yield* refusalOf({ service, run, register, ownRegion, controlRegions: deployment.controlRegions });
}

/** The first of a run's orders that a function would not carry out, as far as a read can tell; null for none. */
export function* refusalOf(facts: RunFacts): Routine<Pick<Setback, 'step' | 'detail'> | null> {
  const rehearsed = yield* rehearseRun(facts);
  const refused = rehearsed.find(({ answer }) => !answer.ok || refusals.includes(answer.value.outcome));
  return refused === undefined ? null : { step: refused.placed.desired.kind, detail: endOf(refused.answer).detail };
}
