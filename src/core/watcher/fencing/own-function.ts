import type { Answer } from '../../fault.ts';
import { fenceFor } from '../../kinds/fence.ts';
import type { Placed } from '../../kinds/kind.ts';
import type { Desired } from '../../kinds/kinds.ts';
import { newOrder, type StepReport } from '../../kinds/order.ts';
import { workFor } from '../../kinds/work.ts';
import type { NamedService } from '../../model/service.ts';
import { type Routine, readTime } from '../../routine.ts';
import { startJob } from '../job.ts';
import { orderInTurn } from '../run/hook-turns.ts';
import type { WatcherState } from '../state.ts';
import { agreedBy, closingKey, type Duty, ownDuties } from './closing-terms.ts';

/**
 * Whether the functions of the own region would close what this watcher says that it closes.
 *
 * CloudFormation updates the functions of a stack one after another, and may stop in between. A function that was
 * configured differently may have another fence than the others count on, or none. Where it has the same, what else
 * differs does not matter: a site that cuts itself off needs nobody's agreement.
 */

/**
 * Asks for what nobody knows yet: after a deployment, and again while the function disagrees. An order that is only
 * rehearsed changes nothing. At rest a predecessor knows, and nothing is asked.
 */
export function* askFunctions(state: WatcherState): Routine<void> {
  // The first look at the own table shows what a predecessor knew.
  if (state.ticks === 0) return;
  const { monotonicMs: nowMs } = yield* readTime();
  const said = state.reads.get(state.setup.region)?.view.opinions;
  const known = said ? agreedBy(state, said) : [];
  for (const duty of ownDuties(state)) {
    const isKnown = state.agreed.has(duty.key) || (state.generation === 0 && known.includes(duty));
    const isDue = nowMs - (state.askedAgreeMs.get(duty.key) ?? Number.NEGATIVE_INFINITY) >= reaskMs(duty.service);
    if (isKnown || !isDue) continue;
    state.askedAgreeMs.set(duty.key, nowMs);
    yield* startJob(state, `agree:${duty.key}`, () => ask(state, duty));
  }
}

/** As often as the function is looked at by drift repair. */
function reaskMs({ failover }: NamedService): number {
  return failover.reconcileMs;
}

function* ask(state: WatcherState, { service, site, what }: Duty): Routine<void> {
  const [placed] = what === 'fence' ? fenceFor(service, site, true) : workFor(service, site, false);
  if (placed === undefined) return;
  const order = newOrder(service, { epoch: 0, attempt: 0 }, 'rehearse', placed.desired);
  noteAgreement(state, service, placed, yield* orderInTurn(state, service, placed.region, order));
}

/** Notes whether the function here agrees with what this watcher is to close, by its answer to any order about it. */
export function noteAgreement(
  state: WatcherState,
  service: NamedService,
  { region, desired }: Placed<Desired>,
  answer: Answer<StepReport>,
): void {
  if (region !== state.setup.region || !answer.ok || (desired.kind !== 'fence' && desired.kind !== 'work')) return;
  const { value } = answer;
  // Some orders are carried out without agreement, and a newer token was found before anything was said of that. What
  // failed says nothing either.
  if (value.outcome === 'stale' || value.outcome === 'failed') return;
  const key = closingKey(service.name, desired.site, desired.kind);
  if (value.outcome === 'disagreed' && value.isSameThing !== true) state.agreed.delete(key);
  else state.agreed.add(key);
}
