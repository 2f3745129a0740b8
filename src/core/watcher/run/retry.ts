import { newEvent } from '../../alerting/event.ts';
import { restMs } from '../../decision/setback.ts';
import { withReturned } from '../../decision/writer/returned-site.ts';
import type { NamedService } from '../../model/service.ts';
import { changeRegister } from '../../register/proposer.ts';
import type { Register } from '../../register/register.ts';
import {
  hasFailedGate,
  isFencedByLease,
  isStuckBetweenWriters,
  obstacleOf,
  type Run,
  reopened,
  reopenedAsFailover,
} from '../../register/run.ts';
import { describeRun } from '../../register/run-words.ts';
import { call, type Routine } from '../../routine.ts';
import { isKeeper } from '../../tables/keeper.ts';
import type { ServiceView } from '../../tables/service-view.ts';
import { failedWatch } from '../../tables/stopwatch.ts';
import { reopenMsMax } from '../../timing.ts';
import { proposerFor, type WatcherState } from '../state.ts';
import { executeRun } from './run-execution.ts';

/**
 * Whether a failed run should continue where it stopped. Its site must be the writer by now and could not be started or
 * reached; no newer decision was made; and this watcher is the one to act. A run whose site does not write is not tried
 * again: it is turned back, and a new decision follows.
 */
export function isRetryDue(
  state: WatcherState,
  service: NamedService,
  serviceView: ServiceView,
  { run, epoch, pause, writer }: Register,
): boolean {
  if (
    run === null ||
    run.epoch !== epoch ||
    run.state !== 'failed' ||
    run.to !== writer ||
    !hasFailedGate(run) ||
    pause !== null ||
    !isKeeper(state.setup.region, serviceView, null)
  )
    return false;
  const failedMs = state.stopwatches[failedWatch(service.name, run)] ?? 0;
  // As for a setback, a fence rests no longer the more often it was tried: nobody serves meanwhile.
  const count = obstacleOf(run)?.name === 'fence' ? 1 : run.retries + 1;
  return (
    mayServeShort(service, serviceView, run) ||
    failedMs >= restMs(service, count) + letBackMs(service, serviceView, run)
  );
}

/**
 * Time that a site which was left gets to come back before a run to a site that is down is tried again: a round in
 * which its fence is released, one in which it is opened, and the probes that find the site well. A retry closes the
 * fence again, and would take from the service the one site that could serve.
 */
function letBackMs(service: NamedService, { knowledge }: ServiceView, { to }: Run): number {
  return knowledge.verdicts[to] === 'down' ? 2 * service.failover.reconcileMs + reopenMsMax(service) : 0;
}

/** Whether the new site lacks only its full size, and may serve at its present size. */
function mayServeShort({ failover }: NamedService, { knowledge }: ServiceView, run: Run): boolean {
  const isUnplanned = run.kind === 'failover' || run.reason === 'group-failover';
  return (
    failover.onStartFailure === 'serve-as-is' &&
    isUnplanned &&
    !run.isShortAllowed &&
    obstacleOf(run)?.name === 'start' &&
    knowledge.verdicts[run.to] === 'up'
  );
}

/**
 * Whether the run takes back a move from a site that has died meanwhile, and that has the data. The site is down in any
 * case, because its fence is closed: what counts is that its region is silent, or that a switchover has failed often.
 */
function isLeftDead({ failover }: NamedService, { knowledge }: ServiceView, run: Run): boolean {
  if (!isStuckBetweenWriters(run) || knowledge.verdicts[run.from] !== 'down') return false;
  return isFencedByLease(run) || run.retries + 1 >= failover.runAttemptsMax;
}

/**
 * Opens the run again where it stopped, under a new attempt, and carries it out. Each step reads first, so it finds
 * what is done already.
 */
export function* retryRun(
  state: WatcherState,
  service: NamedService,
  serviceView: ServiceView,
  register: Register,
): Routine<void> {
  const holder = { region: state.setup.region, invocation: state.invocation };
  const outcome = yield* changeRegister(proposerFor(state, service.name), (current) => {
    const isSame = current?.run && current.epoch === register.epoch && current.run.attempt === register.run?.attempt;
    if (!isSame || !current?.run || current.run.state !== 'failed' || current.pause !== null) return null;
    const isShortAllowed = current.run.isShortAllowed || mayServeShort(service, serviceView, current.run);
    const run = isLeftDead(service, serviceView, current.run) ? reopenedAsFailover(current.run) : reopened(current.run);
    return withReturned(service, { ...current, run: { ...run, isShortAllowed, holder } });
  });
  if (outcome.outcome !== 'changed' || outcome.register.run === null) return;
  const { run } = outcome.register;
  const data = { epoch: run.epoch, attempt: run.attempt };
  yield* call('log', {
    event: newEvent('run-taken-over', service.name, `${describeRun(run)} is tried again`, { data }),
  });
  yield* executeRun(state, service, outcome.register);
}
