import { newEvent } from '../../alerting/event.ts';
import { withRefusal } from '../../decision/setback.ts';
import type { RunFacts } from '../../kinds/kind.ts';
import { kindNames } from '../../kinds/kind-name.ts';
import { kindOf } from '../../kinds/kinds.ts';
import type { StepReport } from '../../kinds/order.ts';
import type { NamedService } from '../../model/service.ts';
import { changeRegister } from '../../register/proposer.ts';
import { hasOpenRun, type Register, type Setback } from '../../register/register.ts';
import { call, type Routine } from '../../routine.ts';
import { hasAnswered } from '../reach.ts';
import { proposerFor, type WatcherState } from '../state.ts';
import { endOf } from './order-execution.ts';
import { type RehearsedOrder, rehearseRun } from './rehearsed-orders.ts';

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

/**
 * The first step of a run that would fail, as far as a read can tell; null for none. A step that has something to fall
 * back on would not: clients inside a region that is dark hear later where the service is.
 */
export function* refusalOf(facts: RunFacts): Routine<Pick<Setback, 'step' | 'detail'> | null> {
  const rehearsed = yield* rehearseRun(facts);
  for (const step of kindNames) {
    const asked = rehearsed.filter(({ placed }) => placed.desired.kind === step);
    const refused = asked.filter((one) => isRefused(one) && !isByLease(facts, one));
    const [first] = refused;
    if (first === undefined) continue;
    const { detail } = endOf(first.answer);
    const regions = refused.map(({ placed }) => placed.region);
    const fallback = kindOf(step).fallbackOf(facts.service, { detail, regions, askedCount: asked.length });
    if (fallback === null) return { step, detail };
  }
  return null;
}

function isRefused({ answer }: RehearsedOrder): boolean {
  return !answer.ok || refusals.includes(answer.value.outcome);
}

/**
 * Whether a fence that cannot be reached was owed before: the end of its lease stands for it, as it has before. Of the
 * site that serves, nobody waits for the lease where nothing forces it.
 */
function isByLease({ run }: RunFacts, { placed: { desired }, answer }: RehearsedOrder): boolean {
  return desired.kind === 'fence' && desired.site !== run.from && !hasAnswered(answer);
}
