import { newEvent } from '../alerting/event.ts';
import { isReopening } from '../decision/turn-back.ts';
import type { Answer } from '../fault.ts';
import type { Placed } from '../kinds/kind.ts';
import { kindNames } from '../kinds/kind-name.ts';
import { type Desired, kindOf } from '../kinds/kinds.ts';
import { newOrder, type StepReport } from '../kinds/order.ts';
import type { NamedService } from '../model/service.ts';
import { withOpened } from '../register/owed-fence.ts';
import { changeRegister } from '../register/proposer.ts';
import type { Register } from '../register/register.ts';
import { namesStranger } from '../register/renaming.ts';
import { tokenOf } from '../register/run.ts';
import { call, type Routine, readTime } from '../routine.ts';
import { isKeeper, isUnreached } from '../tables/keeper.ts';
import type { ServiceView } from '../tables/service-view.ts';
import { epochWatch } from '../tables/stopwatch.ts';
import { raise, resolve } from './alert-memory.ts';
import { isUnproven, noteClosed } from './fencing/late-proof.ts';
import { settleLeft } from './fencing/outside-writer.ts';
import { noteAgreement } from './fencing/own-function.ts';
import { rejoinSites } from './fencing/rejoin.ts';
import { startJob } from './job.ts';
import { announce, leaveEndToOthers } from './notifying.ts';
import { noteReach } from './reach.ts';
import { orderInTurn } from './run/hook-turns.ts';
import { proposerFor, type WatcherState } from './state.ts';
import { serviceViewOf } from './table-reading.ts';

/**
 * Compares the real state with what the register says, while no run is open, and repairs the difference.
 *
 * One watcher looks after each thing: the watcher in its region or, while that one is silent or has no answer from the
 * function there, the first living watcher that has.
 * A silent region's functions may be dark, too, so that each order hangs until its deadline. So the things of another
 * region are looked after in a job of their own, and what this region's sites need does not wait for them.
 */
export function* reconcile(
  state: WatcherState,
  service: NamedService,
  serviceView: ServiceView,
  register: Register,
): Routine<void> {
  if (
    serviceView.register.kind === 'decided' &&
    !serviceView.register.isTidy &&
    isKeeper(state.setup.region, serviceView, state.setup.region)
  ) {
    yield* settleTables(state, service);
  }
  yield* rejoinSites(state, service, serviceView, register, (region) =>
    isKeeper(state.setup.region, serviceView, region),
  );
  const home = service.sites[register.writer]?.region ?? null;
  if (isKeeper(state.setup.region, serviceView, home)) yield* settleLeft(state, service, serviceView, register);
  const things = desiredThings(state, service, register);
  forgetDrift(state, service, things);
  const kept = things.filter((placed) => isKeeper(state.setup.region, serviceView, homeOf(placed)));
  const { monotonicMs } = yield* readTime();
  for (const placed of things) {
    if (kept.includes(placed)) state.handedOver.delete(driftName(service, placed));
    else leaveDrift(state, service, serviceView, placed, monotonicMs);
  }
  for (const region of new Set(kept.map((placed) => placed.region))) {
    const repairs = () =>
      repairAll(
        state,
        service,
        register,
        kept.filter((placed) => placed.region === region && isLookDue(state, service, register, placed)),
      );
    if (region === state.setup.region) yield* repairs();
    else yield* startJob(state, `${service.name} in ${region}`, repairs);
  }
  for (const region of state.unanswered) {
    const [given] = things.filter((placed) => placed.region === region && !kept.includes(placed));
    if (given !== undefined)
      yield* startJob(state, `${service.name} asks ${region}`, () => askAgain(state, service, register, given));
  }
}

/** Asks whether a function answers again, by an order that writes nothing: meanwhile another watcher repairs there. */
function* askAgain(
  state: WatcherState,
  service: NamedService,
  register: Register,
  { region, desired }: Placed<Desired>,
): Routine<void> {
  const order = newOrder(service, tokenOf(register.epoch, register.run), 'rehearse', desired);
  noteReach(state, { region, desired }, yield* call('invoke', { region, order }));
}

/**
 * Leaves a thing to the watcher that looks after it now. An alert about it stands until that one has had time to look,
 * and for as long as the functions there answer nobody: else people would hear that it is over, and it is not.
 */
function leaveDrift(
  state: WatcherState,
  service: NamedService,
  serviceView: ServiceView,
  placed: Placed<Desired>,
  nowMs: number,
): void {
  resolve(state, agreementName(service, placed));
  const name = driftName(service, placed);
  const alert = state.raisedAlerts.get(name);
  if (alert !== undefined) {
    const sinceMs = state.handedOver.get(name) ?? nowMs;
    state.handedOver.set(name, sinceMs);
    if (isUnreached(serviceView, homeOf(placed)) || nowMs - sinceMs < handoverMs(service)) return;
    leaveEndToOthers(state, alert, serviceView.freshWatchers);
  }
  state.handedOver.delete(name);
  resolve(state, name);
}

/** Until another watcher has looked at what it has taken over: two of its rounds, and an attempt that hangs. */
function handoverMs({ failover, detection }: NamedService): number {
  return 2 * failover.reconcileMs + failover.stepTimeoutMs + detection.intervalMs;
}

function* repairAll(
  state: WatcherState,
  service: NamedService,
  register: Register,
  things: readonly Placed<Desired>[],
): Routine<void> {
  for (const placed of things) yield* repair(state, service, register, placed);
}

/** The region whose watcher looks after a thing; null for one that belongs to no region, such as an edited record. */
function homeOf({ region, desired }: Placed<Desired>): string | null {
  return kindOf(desired.kind).isOfNoRegion ? null : region;
}

/**
 * Whether a thing is looked at in this round. One whose looks are dear is looked at when its epoch is new, and then
 * about once in each pause of its kind, by the age of the epoch, which outlives processes: a round that comes a tick
 * late may miss one. Always after a run that has failed, or while something is known to be wrong with it.
 */
function isLookDue(state: WatcherState, service: NamedService, register: Register, placed: Placed<Desired>): boolean {
  const { lookMs } = kindOf(placed.desired.kind);
  if (lookMs === undefined || register.run?.state === 'failed') return true;
  if (state.raisedAlerts.has(driftName(service, placed))) return true;
  const ageMs = state.stopwatches[epochWatch(service.name, register.epoch)] ?? 0;
  return ageMs % lookMs < service.failover.reconcileMs;
}

/** Writes the newest value to the voters' tables that lag behind. */
function* settleTables(state: WatcherState, service: NamedService): Routine<void> {
  const outcome = yield* changeRegister(proposerFor(state, service.name), () => null, { isThorough: true });
  if (outcome.outcome !== 'unchanged') return;
  yield* call('log', {
    event: newEvent('table-reseeded', service.name, 'every table that answers holds the newest value'),
  });
}

/** The desired state of every thing of a service while no run is open. */
function desiredThings(state: WatcherState, service: NamedService, register: Register): readonly Placed<Desired>[] {
  const { region: ownRegion, deployment } = state.setup;
  const { controlRegions } = deployment;
  const epochAgeMs = state.stopwatches[epochWatch(service.name, register.epoch)] ?? 0;
  const things = kindNames.flatMap((name) =>
    kindOf(name).atRest({ service, register, ownRegion, controlRegions, epochAgeMs }),
  );
  return things.filter(({ desired }) => !isOfStranger(service, register, desired));
}

/**
 * Whether what is desired of a site rests on the register not naming it, while the register names one that is unknown
 * here: it may be the same. Then its fence stays as it is, and so do its work and its size. A site whose fence the
 * register says is to be opened is named, and so is another one.
 */
function isOfStranger(service: NamedService, register: Register, desired: Desired): boolean {
  if (service.mode !== 'active-passive' || !namesStranger(service, register)) return false;
  if (desired.kind === 'fence')
    return !desired.isIsolated && !isServing(register, desired.site) && !register.opening.includes(desired.site);
  return (desired.kind === 'work' || desired.kind === 'start') && !isServing(register, desired.site);
}

function isServing({ active, writer, serving }: Register, site: string): boolean {
  return active === site || writer === site || serving.includes(site);
}

/** Resolves the alerts of things that are no longer configured, or that this watcher no longer looks after. */
function forgetDrift(state: WatcherState, service: NamedService, things: readonly Placed<Desired>[]): void {
  const names = things.flatMap((placed) => namesOf(service, placed));
  const isOfDrift = (name: string) =>
    [driftPrefix(service), `agreement:${driftPrefix(service)}`].some((prefix) => name.startsWith(prefix));
  for (const name of state.raisedAlerts.keys()) if (isOfDrift(name) && !names.includes(name)) resolve(state, name);
}

function driftPrefix({ name }: NamedService): string {
  return `drift:${name}:`;
}

/** Name under which the state of one thing is remembered. */
function driftName(service: NamedService, { region, desired }: Placed<Desired>): string {
  return `${driftPrefix(service)}${region}:${kindOf(desired.kind).nameOf(desired)}`;
}

/** Name under which it is remembered that the function of a thing is of another configuration. */
function agreementName(service: NamedService, placed: Placed<Desired>): string {
  return `agreement:${driftName(service, placed)}`;
}

function namesOf(service: NamedService, placed: Placed<Desired>): readonly string[] {
  return [driftName(service, placed), agreementName(service, placed)];
}

/**
 * Records in the register that an owed fence was read back as closed, or that a released fence was read back as open.
 */
function* noteFence(state: WatcherState, service: NamedService, register: Register, desired: Desired): Routine<void> {
  if (desired.kind !== 'fence') return;
  if (!desired.isIsolated) return yield* noteOpened(state, service, register, desired.site);
  const { site } = desired;
  if (isUnproven(register, site, register.epoch)) yield* noteClosed(state, service, site, register.epoch);
}

/** Whether the thing is a fence that has just been released, so that the write is no repair of drift. */
function isReleased({ opening }: Register, { desired }: Placed<Desired>): boolean {
  return desired.kind === 'fence' && !desired.isIsolated && opening.includes(desired.site);
}

/**
 * The active site's own fence is noted as open only once the site was found well or has had its time to answer. Until
 * then the register says to every process, however new, that no failed probe of that site counts.
 */
function* noteOpened(state: WatcherState, service: NamedService, register: Register, site: string): Routine<void> {
  const { monotonicMs } = yield* readTime();
  const isFoundUp = serviceViewOf(state, service, monotonicMs).knowledge.verdicts[site] === 'up';
  if (site === register.active && !isFoundUp && isReopening(service, register, state.stopwatches)) return;
  const isOpening = ({ opening, owed, epoch }: Register) =>
    epoch === register.epoch && opening.includes(site) && !owed.some((fence) => fence.site === site);
  if (!isOpening(register)) return;
  yield* changeRegister(proposerFor(state, service.name), (current) =>
    current !== null && isOpening(current) ? withOpened(current, site) : null,
  );
}

function* repair(
  state: WatcherState,
  service: NamedService,
  register: Register,
  placed: Placed<Desired>,
): Routine<void> {
  const token = tokenOf(register.epoch, register.run);
  const order = newOrder(service, token, 'repair', placed.desired);
  const answer = yield* orderInTurn(state, service, placed.region, order);
  noteReach(state, placed, answer);
  noteAgreement(state, service, placed, answer);
  const thing = placed.desired.kind;
  const name = driftName(service, placed);
  if (yield* isRefusedAsAnother(state, service, placed, answer)) return;
  if (answer.ok && answer.value.outcome === 'as-ordered') yield* noteFence(state, service, register, placed.desired);
  if (answer.ok && answer.value.outcome === 'as-ordered') resolve(state, name);
  if (answer.ok && answer.value.outcome === 'as-ordered' && (!answer.value.hasWritten || isReleased(register, placed)))
    return;
  // A size that was just asked for is on its way; the next round checks it.
  if (answer.ok && answer.value.outcome === 'pending') return;
  if (answer.ok && answer.value.outcome === 'as-ordered') {
    const detail = `${thing} was not as the register says, and was put back`;
    yield* announce(state, newEvent('drift-repaired', service.name, detail, { data: { thing } }));
    return;
  }
  const why = !answer.ok ? answer.fault.kind : answer.value.outcome === 'failed' ? answer.value.fault.kind : 'stale';
  const home = homeOf(placed);
  const which = `${kindOf(placed.desired.kind).nameOf(placed.desired)}${home === null ? '' : ` in ${home}`}`;
  const detail = `${which} cannot be checked or repaired (${why})`;
  yield* raise(state, name, why, () =>
    newEvent('drift-stuck', service.name, detail, { data: { thing, name: which, why } }),
  );
}

/**
 * Whether the function is of another configuration. While a deployment goes on that is no drift; that it lasts is an
 * alert of its own.
 */
function* isRefusedAsAnother(
  state: WatcherState,
  service: NamedService,
  placed: Placed<Desired>,
  answer: Answer<StepReport>,
): Routine<boolean> {
  const name = agreementName(service, placed);
  if (!answer.ok || answer.value.outcome !== 'disagreed') {
    resolve(state, name);
    return false;
  }
  const detail = `the ${placed.desired.kind} function: ${answer.value.detail}`;
  yield* raise(state, name, detail, () => newEvent('configurations-differ', service.name, detail));
  return true;
}
