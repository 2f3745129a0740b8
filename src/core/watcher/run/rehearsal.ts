import { newEvent } from '../../alerting/event.ts';
import { groupViewOf } from '../../decision/group-view.ts';
import { withRefusal } from '../../decision/setback.ts';
import type { RunFacts } from '../../kinds/kind.ts';
import { kindNames } from '../../kinds/kind-name.ts';
import { kindOf } from '../../kinds/kinds.ts';
import type { StepReport } from '../../kinds/order.ts';
import type { NamedService } from '../../model/service.ts';
import { changeRegister } from '../../register/proposer.ts';
import { hasOpenRun, type Register, type Setback } from '../../register/register.ts';
import { all, call, type Routine, readTime } from '../../routine.ts';
import { hasAnswered } from '../reach.ts';
import { proposerFor, type WatcherState } from '../state.ts';
import { serviceViewOf } from '../table-reading.ts';
import { endOf } from './order-execution.ts';
import { imaginedRun, type RehearsedOrder, rehearseRun } from './rehearsed-orders.ts';

/** The step that would fail, and why. */
export type Refusal = Pick<Setback, 'step' | 'detail'>;

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

/**
 * Why a move that is not urgent could not end, as far as a read can tell; null when it could. The members of a group
 * that would follow are asked, too: one that could not would leave the group in two places.
 *
 * @param register - as the move leaves it
 */
export function* rehearse(state: WatcherState, service: NamedService, register: Register): Routine<Refusal | null> {
  const { run } = register;
  if (run === null) return null;
  const { region: ownRegion, deployment } = state.setup;
  const { controlRegions } = deployment;
  const own = yield* refusalOf({ service, run, register, ownRegion, controlRegions });
  if (own !== null) return own;
  const { monotonicMs, wallMs } = yield* readTime();
  const group = groupViewOf(deployment, service.name, (other) => serviceViewOf(state, other, monotonicMs));
  if (group?.leader !== service.name) return null;
  const found = yield* all(
    Object.values(group.others).map(function* (other): Routine<Refusal | null> {
      if (other.register === null || other.register.active === run.to || hasOpenRun(other.register)) return null;
      const move = { kind: 'follow', to: run.to, reason: 'group-planned' } as const;
      const opened = imaginedRun(other.service, other.register, move, wallMs);
      if (opened.run === null) return null;
      const facts = { service: other.service, run: opened.run, register: opened, ownRegion, controlRegions };
      const refusal = yield* refusalOf(facts);
      return refusal && { ...refusal, detail: `${other.service.name}: ${refusal.detail}` };
    }),
  );
  return found.find((refusal) => refusal !== null) ?? null;
}

/**
 * The first step of a run that would fail, as far as a read can tell; null for none. A step that has something to fall
 * back on would not: clients inside a region that is dark hear later where the service is.
 */
function* refusalOf(facts: RunFacts): Routine<Refusal | null> {
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
