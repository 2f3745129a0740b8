import { newEvent } from '../../alerting/event.ts';
import { describeRun } from '../../decision/plan.ts';
import { addressFor, publicationFor, recordFor } from '../../kinds/order.ts';
import { isShut, type Run, type Step } from '../../register/run.ts';
import { all, call, type Routine } from '../../routine.ts';
import { fenceOldSite } from './fence-step.ts';
import { executeOrder, worstOf } from './order-execution.ts';
import { shiftRecords, shiftTargets } from './shift-step.ts';
import { promoteData, startSites } from './start-step.ts';
import type { StepContext, StepEnd } from './step-context.ts';
import { verifyTraffic } from './verify-step.ts';

/** Does one step, within its limits. Every step is idempotent: it may have been done already by an earlier holder. */
export function* executeStep(context: StepContext, step: Step): Routine<StepEnd> {
  switch (step.name) {
    case 'fence':
      return yield* fenceOldSite(context);
    case 'promote':
      return yield* promoteData(context);
    case 'start':
      return yield* startSites(context);
    case 'address':
      return yield* moveAddress(context);
    case 'targets':
      return yield* shiftTargets(context);
    case 'dns':
      return yield* editRecord(context);
    case 'publish':
      return yield* publishEndpoints(context);
    case 'verify':
      return yield* verifyTraffic(context);
    case 'notify':
      return yield* notifyPeople(context);
  }
}

function* moveAddress(context: StepContext): Routine<StepEnd> {
  const { service, run } = context;
  const placed = addressFor(service, run.to);
  if (placed === null) return { state: 'done', detail: 'the site has no part in the address' };
  const end = yield* executeOrder(context, placed);
  const isDnsFallback = service.traffic.address?.fallback === 'dns';
  return end.state === 'failed' && isDnsFallback
    ? { state: 'fallback', detail: `${end.detail}; DNS steers instead` }
    : end;
}

function* editRecord(context: StepContext): Routine<StepEnd> {
  const { service, run, ownRegion } = context;
  const { dns } = service.traffic;
  if (dns?.mode === 'records' && dns.policy === 'weighted') return yield* shiftRecords(context);
  const [serving] = run.serving;
  const placed = serving === undefined ? null : recordFor(service, serving, ownRegion);
  if (placed === null) return { state: 'done', detail: 'oracles steer' };
  return yield* executeOrder(context, placed);
}

/** Tells inside clients, in every control region at once; one that is dark catches up by drift repair. */
function* publishEndpoints(context: StepContext): Routine<StepEnd> {
  const { service, controlRegions } = context;
  const placed = controlRegions.flatMap((region) => publicationFor(service, context.register(), region) ?? []);
  const ends = yield* all(placed.map((one) => executeOrder(context, one)));
  const stale = ends.find(({ state }) => state === 'stale');
  if (stale) return stale;
  const failed = placed.filter((_, index) => ends[index]?.state === 'failed').map(({ region }) => region);
  if (failed.length === 0) return worstOf(ends);
  const detail = `not told in ${failed.join(', ')}; clients there ask the other regions' oracles`;
  return { state: failed.length < placed.length ? 'fallback' : 'failed', detail };
}

/** What the run has done by now, for people. */
function stepsSoFar(run: Run): string {
  const ended = run.steps.filter(({ state }) => state !== 'pending');
  return ended.map(({ name, state, detail }) => `${name}: ${state} (${detail})`).join('; ');
}

function* notifyPeople({ service, run }: StepContext): Routine<StepEnd> {
  // Nothing has moved then, and the step that failed has told them.
  if (isShut(run)) return { state: 'done', detail: 'the failed step was told' };
  const what = describeRun(run).replace(/ (\S+) > (\S+)$/, ' from $1 to $2');
  const detail = `${service.name}: ${what}, epoch ${run.epoch} (${run.reason}, by ${run.by})`;
  const { epoch, kind, from, to, reason } = run;
  const { dataAtRiskMs } = run.times;
  const data = { epoch, kind, from, to, reason, serving: run.serving.join(' '), dataAtRiskMs, steps: stepsSoFar(run) };
  const event = newEvent('failover', service.name, detail, { site: to, data });
  yield* call('log', { event });
  const answer = yield* call('notify', { event });
  // People who cannot be told do not make the move a failure: the register and the log say the same.
  return answer.ok
    ? { state: 'done', detail: 'sent' }
    : { state: 'fallback', detail: `not sent (${answer.fault.kind}); see the log` };
}
