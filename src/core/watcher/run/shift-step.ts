import { isGrowing, isOverLimit } from '../../decision/capacity.ts';
import {
  joinersOf,
  leaversOf,
  percentsJoined,
  percentsTurnedBack,
  percentTakenOver,
  rampWithdrawn,
  type SharePlanInput,
  type SitePercents,
} from '../../decision/share-plan.ts';
import type { SiteKnowledge } from '../../detection/site-knowledge.ts';
import type { AnyKind } from '../../kinds/kinds.ts';
import { lastResortName } from '../../model/service.ts';
import type { Ramp } from '../../model/traffic.ts';
import type { Register } from '../../register/register.ts';
import type { RunKind } from '../../register/run.ts';
import { rampPercent } from '../../register/share.ts';
import { all, pause, type Routine } from '../../routine.ts';
import { executeOrder, worstOf } from './order-execution.ts';
import type { StepContext, StepEnd } from './step-context.ts';

/** Pause between two checks of how the sites bear the shifted traffic, in milliseconds. */
const pollMs = 1_000;
/** Number of pauses without progress, while no site grows, after which the rest of the traffic stays for now. */
const idlePauses = 2;

/** Runs in which the site that is left is dead: every percent that moves is a gain. */
const urgentKinds: readonly RunKind[] = ['failover', 'withdraw', 'last-resort'];

/**
 * Shifts weights, of target groups or of records: all at once, as much as fits, or in steps.
 *
 * @param kind - of the weights; what a run wants of it follows from the ramp in the register
 */
export function* shiftInShares(context: StepContext, kind: AnyKind, ramp: Ramp): Routine<StepEnd> {
  const { run } = context;
  const isUrgent = urgentKinds.includes(run.kind) || run.reason === 'group-failover';
  return isUrgent ? yield* shiftAsFits(context, kind, ramp) : yield* shiftInSteps(context, kind, ramp);
}

/**
 * A planned shift: step by step, with a check after each. When a gaining site gets worse, traffic goes back to where it
 * was, in a pool as far as the other sites can carry it. No site of a pool gets more than it can carry. Each step lasts
 * for its whole pause, counted over all holders of the run; a new holder continues at the present ramp.
 */
function* shiftInSteps(context: StepContext, kind: AnyKind, { stepsPercent, pauseMs }: Ramp): Routine<StepEnd> {
  const { run } = context;
  const gaining = run.kind === 'readmit' ? joinersOf(run, context.register(), yield* context.look()) : [run.to];
  const begun = Math.min(...gaining.map((site) => rampPercent(context.register(), site)));
  const isBegun = begun < 100 && begun > Math.min(...gaining.map((site) => run.rampBefore[site] ?? 0));
  const next = stepsPercent.filter((step) => step > begun || step === 100);
  for (const percent of isBegun ? [begun, ...next] : next) {
    const most = mostOf(context, yield* context.look());
    const end = yield* setRamp(context, kind, rampOf(context, percent, most));
    const least = Math.min(percent, ...gaining.map((site) => most[site] ?? 100));
    if (end.state === 'done' && least < percent) return staysAt(least, gaining);
    if (end.state !== 'done' || percent === 100) return end;
    const worse = yield* watchFor(context, gaining, pauseMs);
    if (worse === null) continue;
    const ramp = rampBack(context, yield* context.look(), gaining);
    const back = yield* setRamp(context, kind, ramp);
    if (back.state === 'stale') return back;
    return { state: 'turned-back', detail: `turned back at ${percent} %: ${worse}` };
  }
  return { state: 'done', detail: 'shifted' };
}

/**
 * An unplanned shift: as much traffic as the other sites can carry, and more as they grow. The rest stays with the old
 * site. It is lost there, but it does not overload the others. When more fits later, a new run shifts it. Everything is
 * computed from the demand at the decision, so more becomes possible only when sites grow.
 */
function* shiftAsFits(context: StepContext, kind: AnyKind, { pauseMs }: Ramp): Routine<StepEnd> {
  const { service, run } = context;
  const growthMs = Math.max(0, ...run.serving.map((site) => service.sites[site]?.bootMs ?? 0));
  for (let round = 0; ; round += 1) {
    const knowledge = yield* context.look();
    const { ramp } = context.register();
    const fitting = fittingRamp(context, knowledge);
    const hasGained = !isSameRamp(fitting, ramp);
    const sinceMs = context.shiftAgeMs();
    if (round === 0 || (hasGained && sinceMs >= pauseMs)) {
      const end = yield* setRamp(context, kind, fitting);
      if (end.state !== 'done' || isShifted(context)) return end;
    } else if (sinceMs >= idlePauses * pauseMs) {
      const isGrown = context.ageMs() >= growthMs || !run.serving.some((site) => isGrowing(service, knowledge, site));
      if (isGrown) break;
    }
    yield* pause(Math.min(pollMs, pauseMs));
  }
  return staysAt(100 - rampPercent(context.register(), run.from), run.serving);
}

function staysAt(percent: number, sites: readonly string[]): StepEnd {
  return { state: 'fallback', detail: `${percent} % shifted; more would overload ${sites.join(', ')}` };
}

/** Whether the sites that the run takes traffic from get none any more. */
function isShifted({ run, register }: StepContext): boolean {
  const now = register();
  return [run.from, ...leaversOf(run, now)].every((site) => run.serving.includes(site) || rampPercent(now, site) === 0);
}

function isSameRamp(a: Register['ramp'], b: Register['ramp']): boolean {
  return [...Object.keys(a), ...Object.keys(b)].every((site) => a[site] === b[site]);
}

/** Journals a split of traffic, then sets the weights that follow from it, wherever they are set. */
function* setRamp(context: StepContext, kind: AnyKind, ramp: Register['ramp']): Routine<StepEnd> {
  const register = yield* context.setRamp(ramp);
  if (register === null) return { state: 'stale', detail: 'another watcher holds the run' };
  const placed = kind.inRun({ ...context, register });
  if (placed.length === 0) return { state: 'done', detail: kind.nothingToDo };
  return worstOf(yield* all(placed.map((one) => executeOrder(context, one))));
}

function planInputOf({ service, run, register }: StepContext, knowledge: SiteKnowledge): SharePlanInput {
  return { service, shares: register(), knowledge, demand: run.demand };
}

/** The most that returning sites may get, at their present size. */
function mostOf(context: StepContext, knowledge: SiteKnowledge): SitePercents {
  const { run } = context;
  if (run.kind !== 'readmit') return {};
  return percentsJoined(planInputOf(context, knowledge), joinersOf(run, context.register(), knowledge), 'present');
}

/** The ramp at which as much traffic has moved as the other sites can carry. */
function fittingRamp(context: StepContext, knowledge: SiteKnowledge): Register['ramp'] {
  const { run } = context;
  const input = planInputOf(context, knowledge);
  switch (run.kind) {
    case 'withdraw':
      return rampWithdrawn(input, run, 'present');
    case 'last-resort': {
      const nobody = Object.keys(input.service.sites).map((site) => [site, 0] as const);
      return { ...Object.fromEntries(nobody), [lastResortName]: 100 };
    }
    default:
      return rampOf(context, percentTakenOver(input, run.to, 'present'), {});
  }
}

/** The ramp at which `percent` of the shift is done, with no site above the percentage that it may get. */
function rampOf({ run, register }: StepContext, percent: number, most: SitePercents): Register['ramp'] {
  const now = register();
  switch (run.kind) {
    case 'readmit': {
      const gained = Object.entries(most).map(([site, allowed]) => {
        return [site, Math.max(rampPercent(now, site), Math.min(percent, allowed))] as const;
      });
      return { ...now.ramp, ...Object.fromEntries(gained) };
    }
    case 'recover':
      return Object.fromEntries(run.serving.map((site) => [site, 100]));
    default:
      return { [run.from]: 100 - percent, [run.to]: percent };
  }
}

/** The ramp to which a planned shift is turned back: that of before. A pool keeps what the other sites cannot carry. */
function rampBack(context: StepContext, knowledge: SiteKnowledge, gaining: readonly string[]): Register['ramp'] {
  const { kind, rampBefore } = context.run;
  if (kind !== 'readmit') return rampBefore;
  return { ...rampBefore, ...percentsTurnedBack(planInputOf(context, knowledge), gaining, rampBefore, 'present') };
}

/** Watches sites until the present split has lasted for `forMs`. Returns what got worse, or null when nothing did. */
function* watchFor(context: StepContext, sites: readonly string[], forMs: number): Routine<string | null> {
  for (;;) {
    const knowledge = yield* context.look();
    const worse = sites.map((site) => whatIsWorse(context, knowledge, site)).find((why) => why !== null);
    if (worse !== undefined) return worse;
    if (context.shiftAgeMs() >= forMs) return null;
    yield* pause(Math.min(pollMs, forMs));
  }
}

function whatIsWorse({ service }: StepContext, knowledge: SiteKnowledge, site: string): string | null {
  const verdict = knowledge.verdicts[site] ?? 'unclear';
  if (verdict === 'down' || verdict === 'degraded') return `${site} is ${verdict}`;
  return isOverLimit(service, knowledge, site) ? `${site} carries more than its limit` : null;
}
