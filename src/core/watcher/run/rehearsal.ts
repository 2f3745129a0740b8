import { newEvent } from '../../alerting/event.ts';
import { withRefusal } from '../../decision/setback.ts';
import { kindNames } from '../../kinds/kind-name.ts';
import { kindOf } from '../../kinds/kinds.ts';
import type { StepReport } from '../../kinds/order.ts';
import type { NamedService } from '../../model/service.ts';
import { changeRegister } from '../../register/proposer.ts';
import { hasOpenRun, type Register, type Setback } from '../../register/register.ts';
import { all, call, type Routine } from '../../routine.ts';
import { proposerFor, type WatcherState } from '../state.ts';
import { endOf, orderOf } from './order-execution.ts';

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
  const facts = { service, run, register, ownRegion, controlRegions: deployment.controlRegions };
  const things = kindNames.flatMap((name) => kindOf(name).inRun(facts));
  const answers = yield* all(
    things.map((placed) =>
      call('invoke', { region: placed.region, order: { ...orderOf(facts, placed), manner: 'rehearse' as const } }),
    ),
  );
  const failed = answers.findIndex((answer) => !answer.ok || refusals.includes(answer.value.outcome));
  const [thing, answer] = [things[failed], answers[failed]];
  return thing === undefined || answer === undefined
    ? null
    : { step: thing.desired.kind, detail: endOf(answer).detail };
}
