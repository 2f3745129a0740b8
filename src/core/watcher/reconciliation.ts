import { type FailoverEvent, newEvent } from '../alerting/event.ts';
import { calendarAt } from '../calendar/calendar.ts';
import { majorityTimeMs } from '../calendar/majority-time.ts';
import type { Decision, DecisionInput, MoveDecision } from '../decision/decision-input.ts';
import { demandOf } from '../decision/demand.ts';
import { groupViewOf } from '../decision/group-view.ts';
import { type Move, openRun, takeoverOrder } from '../decision/plan.ts';
import { decide } from '../decision/service-decision.ts';
import type { NamedService } from '../model/service.ts';
import { noBallot } from '../register/ballot.ts';
import { newRunTimes } from '../register/ledger.ts';
import { changeRegister } from '../register/proposer.ts';
import { hasOpenRun, type Register } from '../register/register.ts';
import { inOwnNames } from '../register/renaming.ts';
import type { Run } from '../register/run.ts';
import { describeRun } from '../register/run-words.ts';
import { call, pause, type Routine, readTime, type TimeReading } from '../routine.ts';
import { groundsOf } from '../tables/grounds.ts';
import { isActiveSuspected, type ServiceView } from '../tables/service-view.ts';
import { unheldWatch, unsettledWatch } from '../tables/stopwatch.ts';
import { adoptNames, adoptReturned, checkConfiguration, dueRenaming, isReturnDue } from './adoption.ts';
import { newestHolder, raise, resolve } from './alert-memory.ts';
import { isApprovalDue, keepApproval } from './approval/approval.ts';
import { createRegister } from './birth/birth.ts';
import { askWhoServes } from './birth/witness.ts';
import { countsNow, isHeardByOthers, isHolderAlive } from './counting.ts';
import { reconcile } from './drift-repair.ts';
import { closeLate } from './fencing/late-proof.ts';
import { isWriterDue, learnWriter } from './fencing/outside-writer.ts';
import { noteOwedFences } from './fencing/owed-warnings.ts';
import { startJob } from './job.ts';
import { learnExclusion, listJob } from './membership/voter-list.ts';
import { notifyRaisedAlerts, silenceName } from './notifying.ts';
import { endPause, isPauseEndDue } from './pausing/pause-end.ts';
import { isGameDayDue, planGameDay } from './planned/game-days.ts';
import { dropPlan, isDropDue, notePlan } from './planned/planned-switchovers.ts';
import { pulse } from './pulse.ts';
import { mendRun } from './run/mending.ts';
import { canEnd } from './run/rehearsal.ts';
import { isRetryDue, retryRun } from './run/retry.ts';
import { executeRun, holdsRun } from './run/run-execution.ts';
import { takeOver } from './run/takeover.ts';
import { noteLag, noteRun } from './service-warnings.ts';
import { noteGroup, noteSites } from './site-warnings.ts';
import { proposerFor, type WatcherState } from './state.ts';
import { noteRecords } from './surveys/records-in-place.ts';
import { clocksOf, serviceViewOf } from './table-reading.ts';

/** Time between two watchers that begin the same move: about one register change between far regions. */
const moveStaggerMs = 150;

/** Starts what each service needs now, each in a job of its own, so that the next tick does not wait for it. */
export function* reconcileServices(state: WatcherState): Routine<void> {
  const { monotonicMs, wallMs } = yield* readTime();
  for (const service of state.services) {
    const serviceView = serviceViewOf(state, service, monotonicMs);
    yield* noteVerdicts(state, service, serviceView, wallMs);
    yield* noteSilence(state, service, serviceView);
    const job = yield* chooseJob(state, service, serviceView, monotonicMs);
    yield* notifyRaisedAlerts(state, service.name, serviceView.freshWatchers, monotonicMs);
    if (job !== null) yield* startJob(state, service.name, () => job);
  }
  yield* notifyRaisedAlerts(state, null, [], monotonicMs);
  yield* pulse(state, monotonicMs);
}

function* chooseJob(
  state: WatcherState,
  service: NamedService,
  serviceView: ServiceView,
  nowMs: number,
): Routine<Routine<void> | null> {
  const view = serviceView.register;
  // A region that is not on the list decides nothing. It writes to its own table that it has left.
  if (!serviceView.members.includes(state.setup.region))
    return view.kind === 'decided' ? learnExclusion(state, service) : null;
  const isForgotten = hasForgotten(state, service, serviceView);
  if (!isForgotten) state.witnesses.delete(service.name);
  yield* raise(
    state,
    `majority:${service.name}`,
    isForgotten ? 'forgotten' : view.kind === 'no-majority' ? 'lost' : 'there',
    () =>
      newEvent(
        'no-majority',
        service.name,
        isForgotten
          ? `the state tables have lost the register; traffic stays where it is until a person founds it again: cdk-failover found ${service.name} --active SITE`
          : 'too few state tables answer; traffic stays where it is',
      ),
    isForgotten || view.kind === 'no-majority',
  );
  if (isForgotten) return askWhoServes(state, service, serviceView, nowMs);
  switch (view.kind) {
    case 'no-majority':
      return null;
    case 'absent':
      return createRegister(state, service);
    case 'unsettled':
      return isStuck(state, service) ? settleRegister(state, service) : null;
    case 'decided':
      return yield* chooseDecidedJob(state, service, serviceView, view.register, nowMs);
  }
}

function* chooseDecidedJob(
  state: WatcherState,
  service: NamedService,
  serviceView: ServiceView,
  register: Register,
  nowMs: number,
): Routine<Routine<void> | null> {
  yield* noteRun(state, service, register);
  yield* checkConfiguration(state, service, serviceView, register);
  yield* noteLag(state, service, serviceView, register);
  yield* noteSites(state, service, serviceView, register);
  yield* noteOwedFences(state, service, serviceView, register);
  yield* noteGroup(state, service, register, nowMs);
  yield* notePlan(state, service, serviceView, register);
  if (dueRenaming(state, service, serviceView, register) !== null) return adoptNames(state, service);
  if (hasOpenRun(register)) {
    // The decision from before the run is outdated. One that is only tried again may fail again for the same reason.
    if (register.run.retries === 0) resolve(state, `decision:${service.name}`);
    yield* closeLate(state, service, serviceView, inOwnNames(service, register));
    if (holdsRun(state, register.run)) return executeRun(state, service, register);
    if (mayTakeOver(state, service, serviceView, register.run, nowMs)) return takeOver(state, service, register);
    return listJob(state, service, register, nowMs);
  }
  yield* closeLate(state, service, serviceView, inOwnNames(service, register));
  if (isReturnDue(state, service, serviceView, register)) return adoptReturned(state, service);
  const { wallMs } = yield* readTime();
  if (isPauseEndDue(state, service, serviceView, register, { monotonicMs: nowMs, wallMs }))
    return endPause(state, service, register);
  const inputOf = (value: Register) =>
    decisionInputOf(state, service, serviceView, value, { monotonicMs: nowMs, wallMs });
  const input = inputOf(register);
  const decision = decide(input);
  let isTold = false;
  yield* raise(state, `decision:${service.name}`, `${decision.kind}:${decision.reason}`, () => {
    isTold = true;
    return decisionEvent(service, register, decision);
  });
  if (decision.kind === 'move' && !isJustBack(state, service, nowMs))
    return move(state, service, serviceView, decision.to);
  const list = listJob(state, service, register, nowMs);
  if (list !== null) return list;
  if (isWriterDue(state, service, serviceView, register)) return learnWriter(state, service, serviceView, register);
  // Once more where it was told, because telling of the decision may have taken a while.
  const newest = isTold ? inputOf(register) : input;
  if (isApprovalDue(newest)) return keepApproval(state, service, inputOf);
  if (isGameDayDue(serviceView, newest)) return planGameDay(state, service, inputOf);
  if (isDropDue(serviceView, newest)) return dropPlan(state, service, inputOf);
  if (isRetryDue(state, service, serviceView, register)) return retryRun(state, service, serviceView, register);
  if (nowMs < (state.nextReconcileMs.get(service.name) ?? 0)) return null;
  state.nextReconcileMs.set(service.name, nowMs + service.failover.reconcileMs);
  return lookAfter(state, service, serviceView, register);
}

function decisionEvent(service: NamedService, { writer }: Register, { kind, reason, detail }: Decision): FailoverEvent {
  return newEvent('decision', service.name, `${kind}: ${reason} (${detail})`, {
    ...(reason === 'writer-elsewhere' ? { site: writer } : {}),
    data: { kind, reason, mode: service.mode },
  });
}

/**
 * The regular work while no run is open, by the names that the sites have here. A site that the register still calls by
 * an earlier one would else be looked after as one that nobody knows: its fence opened, its work turned off.
 */
function* lookAfter(
  state: WatcherState,
  service: NamedService,
  serviceView: ServiceView,
  decided: Register,
): Routine<void> {
  const register = inOwnNames(service, decided);
  yield* reconcile(state, service, serviceView, register);
  yield* mendRun(state, service, serviceView, register);
  yield* noteRecords(state, service, serviceView, register);
}

/**
 * Whether this watcher was out of contact for so long that regions have cut off their own sites, and has been in
 * contact again for so short a time that those fences may still be closed. Then sites may be down only because of these
 * fences.
 */
function isJustBack(state: WatcherState, { name, sites, detection }: NamedService, nowMs: number): boolean {
  const backMs = state.contacts.get(name)?.backMs ?? null;
  if (backMs === null || Object.values(sites).every(({ fence }) => fence === undefined)) return false;
  return nowMs - backMs < detection.opinionTtlMs + detection.fallCount * detection.intervalMs;
}

/** Everything a decision is made from, as this watcher knows it. */
function decisionInputOf(
  state: WatcherState,
  service: NamedService,
  serviceView: ServiceView,
  register: Register,
  time: TimeReading,
): DecisionInput {
  const agreedMs = majorityTimeMs(clocksOf(state, serviceView.members, time), time.wallMs);
  return {
    service,
    register,
    knowledge: serviceView.knowledge,
    isActiveSuspected: isActiveSuspected(service, register, serviceView),
    watcherCount: serviceView.members.length,
    freshWatcherCount: serviceView.freshWatchers.length,
    stopwatches: countsNow(state, service.name, register),
    calendar: calendarAt(service, agreedMs),
    wallMs: agreedMs,
    group: groupViewOf(state.setup.deployment, service.name, (other) => serviceViewOf(state, other, time.monotonicMs)),
    disputes: serviceView.disputes,
  };
}

/** Whether the tables have lost a register, as their items or this watcher itself can tell. */
function hasForgotten({ epochs }: WatcherState, { name }: NamedService, { register, loss }: ServiceView): boolean {
  return loss !== undefined || (register.kind === 'absent' && name in epochs);
}

/**
 * Whether a change has been undecided for a whole tick, so that its proposer must be gone. Before that, the read may
 * only have come in the middle of the change.
 */
function isStuck(state: WatcherState, { name }: NamedService): boolean {
  const ballot = newestHolder(state, name)?.acceptedBallot ?? noBallot;
  return (state.stopwatches[unsettledWatch(name, ballot)] ?? 0) >= state.tickMs;
}

/** Has every table that answers hold the newest value; finishes a change whose proposer died half way. */
function* settleRegister(state: WatcherState, service: NamedService): Routine<void> {
  yield* changeRegister(proposerFor(state, service.name), () => null, { isThorough: true });
}

/**
 * Begins a move that this watcher has decided.
 *
 * Several watchers see a quorum almost at the same time. They begin in takeover order, so that their changes do not
 * collide in the register, and a watcher that finds the move begun does nothing. One that functions do not answer waits
 * two ticks longer for one that has its answers. The decision is made again inside the change, from the newest value.
 */
function* move(state: WatcherState, service: NamedService, begun: ServiceView, to: string): Routine<void> {
  const rank = takeoverRank(state, service, begun, to);
  yield* pause(rank * moveStaggerMs + (makesWay(state, begun) ? 2 * service.detection.intervalMs : 0));
  const { wallMs, monotonicMs } = yield* readTime();
  const serviceView = serviceViewOf(state, service, monotonicMs);
  if (serviceView.register.kind !== 'decided' || hasOpenRun(serviceView.register.register)) return;

  const { register } = serviceView.register;
  const input = decisionInputOf(state, service, serviceView, register, { monotonicMs, wallMs });
  const planned = decide(input);
  // What nobody needs is begun only where it can end: else it would cut off a site that serves for nothing.
  if (planned.kind === 'move' && (planned.run === 'failback' || planned.reason === 'planned')) {
    const opened = openRun(service, register, moveOf(state, service, serviceView, planned, input, wallMs), input);
    if (!(yield* canEnd(state, service, register, opened))) return;
  }
  const proposer = proposerFor(state, service.name, monotonicMs + service.detection.opinionTtlMs);
  const outcome = yield* changeRegister(proposer, (current) => {
    if (current === null) return null;
    const input = decisionInputOf(state, service, serviceView, current, { monotonicMs, wallMs });
    const decision = decide(input);
    return decision.kind === 'move'
      ? openRun(service, current, moveOf(state, service, serviceView, decision, input, wallMs), input)
      : null;
  });
  if (outcome.outcome !== 'changed' || outcome.register.run === null) return;
  const { run } = outcome.register;
  const data = { epoch: run.epoch, from: run.from, to: run.to, reason: run.reason };
  yield* call('log', {
    event: newEvent('run-started', service.name, describeRun(run), { site: run.to, data }),
  });
  yield* executeRun(state, service, outcome.register);
}

function moveOf(
  state: WatcherState,
  service: NamedService,
  serviceView: ServiceView,
  decision: MoveDecision,
  input: DecisionInput,
  wallMs: number,
): Move {
  const times = state.faultTimes.get(`${service.name}/${decision.from}`);
  return {
    kind: decision.run,
    from: decision.from,
    to: decision.to,
    serving: decision.serving,
    reason: decision.reason,
    by: (decision.reason === 'planned' ? input.register.planned?.by : undefined) ?? state.setup.region,
    grounds: groundsOf(service, input.register, serviceView, decision),
    holder: { region: state.setup.region, invocation: state.invocation },
    isDataLossAllowed: decision.isDataLossAllowed ?? false,
    isProofWaived: false,
    isShortAllowed: decision.isShortAllowed ?? false,
    demand: demandOf(input),
    times: newRunTimes(wallMs, {
      faultMs: times?.faultMs ?? null,
      detectedMs: times?.detectedMs ?? null,
      dataAtRiskMs: input.knowledge.reports[decision.to]?.replicationLagMs ?? null,
    }),
  };
}

/**
 * Whether this watcher should finish a run whose holder is gone.
 *
 * The watchers try in takeover order, two ticks apart, so that they do not contend, and a silent watcher does not block
 * the others.
 */
function mayTakeOver(
  state: WatcherState,
  service: NamedService,
  serviceView: ServiceView,
  run: Run,
  nowMs: number,
): boolean {
  if (isHolderAlive(state, serviceView, { run }) || isHeardByOthers(state, service, serviceView, run, nowMs))
    return false;
  const rank = takeoverRank(state, service, serviceView, run.to);
  const unheldMs = state.stopwatches[unheldWatch(service.name, run)] ?? 0;
  return unheldMs >= rank * 2 * service.detection.intervalMs;
}

/**
 * Whether this watcher has no answer from functions somewhere, and another one that lives has all of its answers. The
 * other one may come to a decision a tick later.
 */
function makesWay({ setup }: WatcherState, { unanswered, freshWatchers }: ServiceView): boolean {
  return unanswered[setup.region] !== undefined && freshWatchers.some((region) => unanswered[region] === undefined);
}

/** How many watchers come before this one when a run to a site is begun or taken over. */
function takeoverRank({ setup }: WatcherState, service: NamedService, { unanswered }: ServiceView, to: string): number {
  return takeoverOrder(service, setup.deployment.controlRegions, to, unanswered).indexOf(setup.region);
}

function* noteVerdicts(
  state: WatcherState,
  service: NamedService,
  serviceView: ServiceView,
  wallMs: number,
): Routine<void> {
  for (const [site, verdict] of Object.entries(serviceView.knowledge.verdicts)) {
    const key = `${service.name}/${site}`;
    const times = state.faultTimes.get(key);
    if (verdict === 'down' && times?.detectedMs === null) state.faultTimes.set(key, { ...times, detectedMs: wallMs });
    // A cold standby answers no probe, and nobody needs to be notified of that.
    const isAsleep = service.sites[site]?.standby === 'cold' && !isServing(serviceView, site);
    const name = `verdict:${key}`;
    const before = state.raisedAlerts.get(name);
    yield* raise(
      state,
      name,
      verdict,
      () =>
        newEvent('verdict-changed', service.name, `${site}: ${verdict}`, {
          site,
          data: { verdict, ...reasonOf(state, key) },
        }),
      !isAsleep,
    );
    // Nobody can tell, so what people were told last stands: a site that is not seen any more is not well again.
    if (verdict === 'unclear' && before?.alarm === 'site-down' && !isAsleep) state.raisedAlerts.set(name, before);
  }
}

function isServing({ register }: ServiceView, site: string): boolean {
  if (register.kind !== 'decided') return false;
  return register.register.active === site || register.register.serving.includes(site);
}

/** Why this watcher's own probes of a site fail, for the message; empty when they pass. */
function reasonOf(state: WatcherState, key: string): { readonly reason?: string } {
  const [service = '', site = ''] = key.split('/');
  const reason = state.tracks[service]?.[site]?.reason ?? null;
  return reason === null ? {} : { reason };
}

/**
 * Raises alarms about other regions' watchers that have fallen silent. A watcher that this process has never heard
 * counts as silent when this process had a predecessor. In a new deployment it may not have started yet.
 */
function* noteSilence(state: WatcherState, service: NamedService, serviceView: ServiceView): Routine<void> {
  for (const region of state.setup.deployment.controlRegions) {
    const name = silenceName(service.name, region);
    // A region that does not vote, or no longer votes, causes no alarm.
    const isFresh = serviceView.freshWatchers.includes(region) || !serviceView.members.includes(region);
    if (!isFresh && !state.logged.has(name) && state.generation <= 1) continue;
    const tell = () =>
      newEvent('watcher-silent', service.name, `the watcher in ${region} has fallen silent`, { data: { region } });
    yield* raise(state, name, isFresh ? 'fresh' : 'silent', tell, !isFresh);
  }
}
