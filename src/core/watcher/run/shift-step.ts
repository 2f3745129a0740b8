import { type Fit, fitOf, isGrowing, isOverLimit, keptWeightPercent, withLoads } from '../../decision/capacity.ts';
import { shiftedPercent } from '../../decision/plan.ts';
import type { SiteKnowledge } from '../../detection/site-knowledge.ts';
import { type Placed, recordWeightsFor, weightsFor } from '../../kinds/order.ts';
import type { Ramp } from '../../model/traffic.ts';
import type { Register } from '../../register/register.ts';
import type { Run, RunKind } from '../../register/run.ts';
import { rampPercent, type Shares } from '../../register/share.ts';
import { pause, type Routine, readTime } from '../../routine.ts';
import { executeOrder } from './order-execution.ts';
import type { StepContext, StepEnd } from './step-context.ts';

/** Pause between two looks at how the sites take what was shifted. */
const pollMs = 1_000;
/** Rounds without a gain, while nothing grows, after which what is left stays where it is for now. */
const idleRoundsMax = 2;

/** Runs in which the site that is left is dead: every percent that moves is a gain. */
const urgentKinds: readonly RunKind[] = ['failover', 'withdraw', 'last-resort'];

/** Makes the order of some weights, of a load balancer or of records; null when there is nothing to set. */
type Place = (shares: Shares) => Placed | null;

/** Shifts the weights of target groups. */
export function* shiftTargets(context: StepContext): Routine<StepEnd> {
  const { service } = context;
  const ramp = service.traffic.targets?.ramp ?? { stepsPercent: [100], pauseMs: 0 };
  return yield* shift(context, (shares) => weightsFor(service, shares), ramp);
}

/** Shifts the weights of records. */
export function* shiftRecords(context: StepContext): Routine<StepEnd> {
  const { service, ownRegion } = context;
  const ramp = service.traffic.dns?.ramp ?? { stepsPercent: [100], pauseMs: 0 };
  return yield* shift(context, (shares) => recordWeightsFor(service, shares, ownRegion), ramp);
}

function* shift(context: StepContext, place: Place, ramp: Ramp): Routine<StepEnd> {
  const { run } = context;
  const isUrgent = urgentKinds.includes(run.kind) || run.reason === 'group-failover';
  return isUrgent ? yield* shiftAsFits(context, place, ramp) : yield* shiftInSteps(context, place, ramp);
}

/**
 * Planned: step by step, with a look after each one. When a site that gains gets worse, traffic goes back to where it
 * was.
 */
function* shiftInSteps(context: StepContext, place: Place, { stepsPercent, pauseMs }: Ramp): Routine<StepEnd> {
  const { run } = context;
  const begun = rampPercent(context.register(), run.to);
  for (const percent of stepsPercent.filter((step) => step > begun || step === 100)) {
    const end = yield* setShare(context, place, percent);
    if (end.state !== 'done' || percent === 100) return end;
    const worse = yield* watchFor(context, [run.to], pauseMs);
    if (worse === null) continue;
    const back = yield* setShare(context, place, 0);
    if (back.state === 'stale') return back;
    return { state: 'turned-back', detail: `turned back at ${percent} %: ${worse}` };
  }
  return { state: 'done', detail: 'shifted' };
}

/**
 * Unplanned: as much as the rest can carry, and more as it grows. What does not fit stays with the site that is left,
 * where it is lost, but does not pull down the rest with it; when more fits later, that is a run of its own. All is
 * reckoned from the loads at the decision: more becomes possible only as sites grow.
 */
function* shiftAsFits(context: StepContext, place: Place, { pauseMs }: Ramp): Routine<StepEnd> {
  const { service, run } = context;
  const growthMs = Math.max(0, ...run.serving.map((site) => service.sites[site]?.bootMs ?? 0));
  let shifted = shiftedPercent(context.register(), run);
  for (let round = 0, idleRounds = 0; idleRounds < idleRoundsMax; round += 1) {
    const knowledge = yield* context.look();
    const fit = fitOf(service, withLoads(knowledge, run.basis.loads), [run.from], run.serving);
    const isUnlimited = fit === null || service.capacity.shortage === 'shift';
    const percent = isUnlimited ? 100 : Math.max(shifted, percentThatFits(run, fit));
    if (percent > shifted || round === 0) {
      const end = yield* setShare(context, place, percent);
      if (end.state !== 'done' || percent === 100) return end;
      idleRounds = percent > shifted ? 0 : idleRounds + 1;
      shifted = percent;
    } else if (context.ageMs() >= growthMs || !run.serving.some((site) => isGrowing(service, knowledge, site))) {
      idleRounds += 1;
    }
    yield* pause(pauseMs);
  }
  return { state: 'fallback', detail: `${shifted} % shifted; the rest would overload ${run.serving.join(', ')}` };
}

/** How much is shifted when as much is as fits. In active-passive the two shares add up to one; in a pool they are relative. */
function percentThatFits({ kind, basis }: Run, fit: Fit): number {
  if (kind !== 'withdraw') return Math.min(100, basis.shiftedPercent + fit.nowPercent);
  return 100 - Math.ceil(((100 - basis.shiftedPercent) * keptWeightPercent(fit, fit.nowPercent)) / 100);
}

/** Journals a share of the gaining side, then sets the weights that follow from it. */
function* setShare(context: StepContext, place: Place, percent: number): Routine<StepEnd> {
  const register = yield* context.setRamp(rampOf(context, percent));
  if (register === null) return { state: 'stale', detail: 'the run is in other hands' };
  const placed = place(register);
  return placed === null ? { state: 'done', detail: 'nothing to set' } : yield* executeOrder(context, placed);
}

/** The ramp at which `percent` of what is to move has moved. */
function rampOf({ run, register }: StepContext, percent: number): Register['ramp'] {
  switch (run.kind) {
    case 'readmit':
      return { ...register().ramp, [run.to]: percent };
    case 'withdraw':
      return { ...register().ramp, [run.from]: 100 - percent };
    case 'last-resort':
    case 'recover':
      return Object.fromEntries(run.serving.map((site) => [site, 100]));
    default:
      return { [run.from]: 100 - percent, [run.to]: percent };
  }
}

/** Watches sites for a while; what got worse, or null when nothing did. */
function* watchFor(context: StepContext, sites: readonly string[], forMs: number): Routine<string | null> {
  const untilMs = (yield* readTime()).monotonicMs + forMs;
  for (;;) {
    const knowledge = yield* context.look();
    const worse = sites.map((site) => whatIsWorse(context, knowledge, site)).find((why) => why !== null);
    if (worse !== undefined) return worse;
    if ((yield* readTime()).monotonicMs >= untilMs) return null;
    yield* pause(Math.min(pollMs, forMs));
  }
}

function whatIsWorse({ service }: StepContext, knowledge: SiteKnowledge, site: string): string | null {
  const verdict = knowledge.verdicts[site] ?? 'unclear';
  if (verdict === 'down' || verdict === 'degraded') return `${site} is ${verdict}`;
  return isOverLimit(service, knowledge, site) ? `${site} carries more than it may` : null;
}
