import { newEvent } from '../../alerting/event.ts';
import { fenceAnyhow, fenceFor } from '../../kinds/fence.ts';
import type { Desired } from '../../kinds/kinds.ts';
import { newOrder, type Order } from '../../kinds/order.ts';
import { actingRegionOf, hasLease } from '../../model/place.ts';
import type { NamedService } from '../../model/service.ts';
import { isFenceOwed } from '../../register/owed-fence.ts';
import { mayBeOwed } from '../../register/renaming.ts';
import { type FencingToken, isUnrehearsed, tokenOf } from '../../register/run.ts';
import { call, type Routine, readTime, spawn } from '../../routine.ts';
import { isProvenStandby, namedBy, noMemory, type RegisterMemory } from '../../tables/register-memory.ts';
import { letGoWatch } from '../../tables/stopwatch.ts';
import { reopenMsMax } from '../../timing.ts';
import { raise, resolve } from '../alert-memory.ts';
import { isGuarding, isVoting, outOfContactMs } from '../contact.ts';
import { startJob } from '../job.ts';
import { publishOpinions } from '../opinion-writing.ts';
import { type GiveOrder, orderInTurn } from '../run/hook-turns.ts';
import { endOf } from '../run/order-execution.ts';
import { mayAct, type WatcherState } from '../state.ts';
import { serviceViewOf } from '../table-reading.ts';
import { noteClosed } from './late-proof.ts';
import { formerLeaseMs } from './lease-terms.ts';

/** A process that cannot hand over its count lets the lease end this many ticks before the end of its own life. */
const ticksToEnd = 5;

/** What a region's own watcher does about the fence of one of its sites. */
type Duty =
  /** The region was out of contact for the lease, so another site may have been made active. */
  | 'self-fence'
  /** The register owes the fence, and nobody has proof yet that it is closed. */
  | 'close'
  /** The fence was closed here because of lost contact, and no other site was made active. */
  | 'let-go';

/**
 * Looks after the fences of this region's own sites, and of sites outside AWS whose fence's function is here, whether
 * or not this region's table works.
 *
 * Out of contact, a site of the region that is not proven to be a standby is cut off at the end of the lease. In
 * contact, owed fences are closed, but those of a move that nobody has rehearsed yet, and a fence that was closed only
 * because of lost contact is opened at once, unless it may be owed under a name that is not known here, after a rename
 * that was taken back in this region. A region that has left the list of voters fences nothing.
 */
export function* guardLeases(state: WatcherState): Routine<void> {
  const { monotonicMs } = yield* readTime();
  for (const service of state.services) {
    if (service.mode !== 'active-passive' || !isGuarding(state, service)) continue;
    for (const [site, place] of Object.entries(service.sites)) {
      if (place.fence === undefined) forgetRemovedFence(state, service, site);
      if (place.fence === undefined || actingRegionOf(place) !== state.setup.region) continue;
      const key = `${service.name}/${site}`;
      forgetSelfFence(state, service, site);
      const found = dutyOf(state, service, site, monotonicMs);
      // One that is about to vote does what nobody else can do, and nothing more.
      const duty = found === 'self-fence' || isVoting(state, service) ? found : null;
      const job = duty === null ? null : freeJob(state, service, key, duty);
      if (duty === null || job === null) continue;
      yield* startJob(state, job, () =>
        duty === 'let-go' ? letGo(state, service, site) : closeHere(state, service, site, duty),
      );
    }
  }
}

/**
 * Name of the job in which a duty is done; null while it has to wait for another.
 *
 * A self-fence is ordered anew at each tick, beside orders that hang: the others promote when the lease must have run
 * out, and one order that gets no answer for its whole deadline would be most of that time. Closing twice does no harm.
 * Whatever else there is to do waits until every order has ended, so that none of them closes what was opened.
 */
function freeJob(state: WatcherState, { failover }: NamedService, key: string, duty: Duty): string | null {
  const prefix = `fence:${key}:`;
  const isBusy = [...state.jobs].some((job) => job.startsWith(prefix));
  if (duty !== 'self-fence') return isBusy ? null : `${prefix}${duty}`;
  const ordersMax = Math.max(1, Math.ceil(failover.stepTimeoutMs / state.tickMs));
  const job = `${prefix}${duty}:${state.ticks % ordersMax}`;
  return state.jobs.has(job) ? null : job;
}

function dutyOf(state: WatcherState, service: NamedService, site: string, nowMs: number): Duty | null {
  const memory = memoryOf(state, service);
  const outMs = outOfContactMs(state, service, nowMs);
  if (isLeaseOver(outMs, leaseMsOf(state, service, nowMs))) {
    // That this region is out of contact says nothing about a site outside AWS, and nobody counts on its lease.
    if (!hasLease(service.sites[site])) return null;
    return isUnborn(state, service) || isProvenStandby(service, memory, site) ? null : 'self-fence';
  }
  const register = memory.decided?.register;
  if (register === undefined || !state.contacts.has(service.name)) return null;
  const owed = register.owed.find((fence) => fence.site === site);
  const isAwaited = register.run !== null && isUnrehearsed(register.run);
  if (owed !== undefined) return owed.proof === 'closed' || isAwaited ? null : 'close';
  const mark = state.selfFenced.get(`${service.name}/${site}`);
  const isSettled = serviceViewOf(state, service, nowMs).register.kind === 'decided';
  const isOwn = isSettled && !mayBeOwed(service, register, site);
  return mark !== undefined && !mark.isOpened && isOwn ? 'let-go' : null;
}

/** What this watcher has seen of a register, with the sites called as they are here. */
export function memoryOf({ memories }: WatcherState, service: NamedService): RegisterMemory {
  return namedBy(service, memories.get(service.name) ?? noMemory);
}

/** Whether a lease that began with the last contact has run out. */
export function isLeaseOver(outMs: number, leaseMs: number): boolean {
  return outMs >= leaseMs;
}

/**
 * The lease as this process may count it. A process that cannot write to its own table cannot hand its count to a
 * successor, whatever it can read. So its lease ends with its own life at the latest.
 */
export function leaseMsOf(
  state: Pick<WatcherState, 'handedOverAtMs' | 'startedAtMs' | 'tickMs' | 'setup' | 'leaseBefore' | 'contacts'>,
  service: NamedService,
  nowMs: number,
): number {
  const endMs = ticksToEnd * state.tickMs;
  const isMute = nowMs - (state.handedOverAtMs ?? state.startedAtMs) > endMs;
  const leaseMs = Math.min(service.failover.leaseMs, formerLeaseMs(state, service));
  return isMute ? Math.min(leaseMs, state.setup.lifeMs - endMs) : leaseMs;
}

/** Whether no table that answers holds a register, because the deployment is new. */
export function isUnborn(state: WatcherState, { name }: NamedService): boolean {
  const own = state.reads.get(state.setup.region)?.view;
  const held = own?.acceptors[name];
  return state.memories.get(name) === undefined && held !== undefined && (held?.accepted ?? null) === null;
}

function* closeHere(state: WatcherState, service: NamedService, site: string, duty: Duty): Routine<void> {
  const register = state.memories.get(service.name)?.decided?.register ?? null;
  const token = register === null ? { epoch: 0, attempt: 0 } : tokenOf(register.epoch, register.run);
  const outcome = yield* orderFence(state, service, site, duty, token);
  if (duty === 'self-fence') {
    yield* noteSelfFence(state, service, site, register?.epoch ?? 0, outcome);
    return;
  }
  if (outcome === 'done' && register !== null) yield* noteClosed(state, service, site, register.epoch);
}

function* noteSelfFence(
  state: WatcherState,
  service: NamedService,
  site: string,
  epoch: number,
  outcome: string,
): Routine<void> {
  // This is noted whether or not the fence took effect, because from now on this region itself may be the cause of
  // failing probes.
  const key = `${service.name}/${site}`;
  const before = state.selfFenced.get(key);
  const isClosed = outcome === 'done' || (before?.isClosed ?? false);
  state.selfFenced.set(key, { isClosed, isOpened: false, letGo: null });
  if (before === undefined) yield* tellSelfFence(state, service.name, site);
  const leaseMs = Math.min(service.failover.leaseMs, formerLeaseMs(state, service));
  const detail = `${site} lost the majority for ${leaseMs / 1_000} s and was cut off here (${outcome})`;
  yield* raise(state, `self-fence:${service.name}:${epoch}`, outcome, () =>
    newEvent('self-fenced', service.name, detail, { site, data: { outcome } }),
  );
}

/**
 * Has the opinions say at once that a site is cut off. A fence that lets readers in hides that from all probes, and
 * whoever reads this region's table first must not move traffic there.
 */
function* tellSelfFence(state: WatcherState, service: string, site: string): Routine<void> {
  const track = state.tracks[service]?.[site];
  if (track === undefined) return;
  const told = { ...track, report: { ...track.report, isSelfFenced: true } };
  state.tracks = { ...state.tracks, [service]: { ...state.tracks[service], [site]: told } };
  if (mayAct(state)) yield* spawn(publishOpinions(state));
}

function* letGo(state: WatcherState, service: NamedService, site: string): Routine<void> {
  const register = memoryOf(state, service).decided?.register;
  if (register === undefined || isFenceOwed(register, site) || mayBeOwed(service, register, site)) return;
  const key = `${service.name}/${site}`;
  const mark = `${state.invocation}.${state.ticks}`;
  const letGo = state.selfFenced.get(key)?.letGo ?? letGoWatch(service.name, site, mark);
  state.selfFenced.set(key, { isClosed: false, isOpened: false, letGo });
  const outcome = yield* orderFence(state, service, site, 'let-go', tokenOf(register.epoch, register.run));
  if (outcome !== 'done') return;
  state.selfFenced.set(key, { isClosed: false, isOpened: true, letGo });
  resolve(state, `self-fence:${service.name}:${register.epoch}`);
}

/**
 * Forgets a self-fence once the site answers again, or has had the time to do so. From then on the site is judged like
 * any other. The time is counted over processes, and begins when the fence may be opened, whether or not that succeeds:
 * a site whose own fence cannot be opened is left like one that is dead.
 */
function forgetSelfFence(state: WatcherState, service: NamedService, site: string): void {
  const key = `${service.name}/${site}`;
  const mark = state.selfFenced.get(key);
  if (mark === undefined) return;
  const register = memoryOf(state, service).decided?.register;
  const sinceMs = mark.letGo === null ? 0 : (state.stopwatches[mark.letGo] ?? 0);
  const isUp = state.tracks[service.name]?.[site]?.opinion === 'up';
  const isJudgedAgain = (mark.isOpened && isUp) || sinceMs >= reopenMsMax(service);
  if (isJudgedAgain || (register !== undefined && isFenceOwed(register, site))) state.selfFenced.delete(key);
}

/**
 * Forgets a self-fence that this configuration has no more, after the time that a site is given to come back: nobody
 * here opens it, and nobody could ever say that it is open. From then on its probes tell.
 */
function forgetRemovedFence(state: WatcherState, service: NamedService, site: string): void {
  const key = `${service.name}/${site}`;
  const mark = state.selfFenced.get(key);
  if (mark === undefined) return;
  const letGo = mark.letGo ?? letGoWatch(service.name, site, `${state.invocation}.${state.ticks}`);
  state.selfFenced.set(key, { ...mark, letGo });
  forgetSelfFence(state, service, site);
}

/**
 * Orders a fence of this region. A self-fence waits for no other order, and nothing is looked at before it is written,
 * until it was once read back: its time is running out.
 */
function* orderFence(
  state: WatcherState,
  service: NamedService,
  site: string,
  duty: Duty,
  token: FencingToken,
): Routine<string> {
  const [placed] = duty === 'let-go' ? fenceAnyhow(service, site, false) : fenceFor(service, site, true, true);
  if (placed === undefined) return 'no fence';
  const give: GiveOrder = (region, order) =>
    duty === 'self-fence' ? call('invoke', { region, order }) : orderInTurn(state, service, region, order);
  const isUrgent = duty === 'self-fence' && !(state.selfFenced.get(`${service.name}/${site}`)?.isClosed ?? false);
  return yield* orderHere(state, service, placed.desired, token, give, isUrgent ? 'enforce' : 'repair');
}

/**
 * Gives an order to the function of this region. When the table here holds a newer token, what cuts the site off is
 * ordered again under that token.
 */
export function* orderHere(
  { setup: { region } }: WatcherState,
  service: NamedService,
  desired: Extract<Desired, { readonly isSelfFence: boolean }>,
  token: FencingToken,
  give: GiveOrder,
  manner: Order['manner'] = 'repair',
): Routine<string> {
  const orderWith = (used: FencingToken) => newOrder(service, used, manner, desired);
  const answer = yield* give(region, orderWith(token));
  if (!desired.isSelfFence || !answer.ok || answer.value.outcome !== 'stale') return endOf(answer).state;
  const again = yield* give(region, orderWith(answer.value.claimed));
  return endOf(again).state;
}
