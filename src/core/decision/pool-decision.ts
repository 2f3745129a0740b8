import { pauseText } from '../calendar/pause.ts';
import { isReserve, lastResortName, type NamedService, regularSites, sitesByPriority } from '../model/service.ts';
import { sitesOutMax } from '../model/traffic.ts';
import type { Register } from '../register/register.ts';
import { isShut, type RunKind } from '../register/run.ts';
import { canShiftInParts, rampPercent, type Shares } from '../register/share.ts';
import { sharesWatch, upWatch } from '../tables/stopwatch.ts';
import { readyReserves, type SizeBasis } from './capacity.ts';
import { type Decision, type DecisionInput, hold, type MoveDecision } from './decision-input.ts';
import { arrivingSites, demandOf } from './demand.ts';
import { explainLastResort } from './failover-choice.ts';
import { limitedBecause } from './limits.ts';
import {
  joinersOf,
  leaversOf,
  partOf,
  percentsJoined,
  percentsLeft,
  rampWithdrawn,
  type SharePlanInput,
  type SitePercents,
} from './share-plan.ts';

/**
 * Smallest change of traffic that is worth a run, in percent of what the sites get when all serve. Source: our own; a
 * smaller change is within the noise of load reports.
 */
const gainPercentMin = 5;

/**
 * Decides about an active-active service: who leaves the pool, who comes back.
 *
 * A site that a quorum calls down is withdrawn, as far as the other sites can carry the demand; the site of lowest
 * priority goes first. The pool is never emptied. When every serving site is down, all stay in the pool (`fail-open`),
 * or the static endpoint takes over where the service asks for that. Sites come back when they have been up for
 * `failback.healthyForMs`, even while a dead site cannot leave. Only a return counts against the daily limit, so a
 * flapping site ends outside the pool.
 *
 * A reserve serves only when a leaving site's traffic is more than the others can carry, or when none of them is up. It
 * leaves again once every other site serves.
 *
 * Every move either takes traffic from dead sites or gives living sites more room. With the same verdicts and the same
 * demand, the number of moves is therefore bounded (ADR-0016).
 */
export function decidePool(input: DecisionInput): Decision {
  const { service, register, knowledge } = input;
  if (register.pause !== null) return hold('paused', `paused ${pauseText(register.pause)}`);
  if (!service.failover.automatic) return hold('manual-only', 'automatic failover is switched off');
  if (register.serving.includes(lastResortName)) return decideReturn(input);
  const areAllDown = Object.keys(service.sites).every((site) => knowledge.verdicts[site] === 'down');
  if (areAllDown && service.failover.allDown === 'last-resort' && service.traffic.dns?.lastResort !== undefined) {
    return toLastResort(register);
  }

  const parties = partiesOf(input);
  const readmission = decideReadmission(input);
  const decisions = [
    ...decideWithdrawals(input, parties),
    ...(readmission === null ? [] : [readmission]),
    ...decideRest(input, parties),
  ];
  const move = decisions.find(({ kind }) => kind === 'move');
  if (move !== undefined) return move;
  if (parties.hasDown && !parties.isAnyUp) return hold('fail-open', 'no serving site is up; all stay in the pool');
  return decisions[0] ?? hold(wellReason(input), describe(register));
}

/** The sites that get traffic, divided into those that have to leave and those that stay. */
interface Parties {
  /** Sites that are down come first, the lowest priority first; sites in maintenance follow. */
  readonly leaving: readonly string[];
  /**
   * In order of priority. A site that has left the pool but still gets part of its traffic counts only when no other
   * site stays.
   */
  readonly staying: readonly string[];
  readonly hasDown: boolean;
  readonly isAnyUp: boolean;
}

function partiesOf({ service, register, knowledge }: DecisionInput): Parties {
  const inUse = sitesByPriority(service).filter((site) => rampPercent(register, site) > 0);
  const down = inUse.filter((site) => knowledge.verdicts[site] === 'down');
  const inMaintenance = inUse.filter((site) => register.maintenance.includes(site) && !down.includes(site));
  const leaving = [...down.toReversed(), ...inMaintenance];
  const left = inUse.filter((site) => !leaving.includes(site));
  const inPool = left.filter((site) => register.serving.includes(site));
  const staying = inPool.length > 0 ? inPool : left;
  const isAnyUp = staying.some((site) => knowledge.verdicts[site] === 'up');
  return { leaving, staying, hasDown: down.length > 0, isAnyUp };
}

function wellReason({ register, isActiveSuspected, knowledge }: DecisionInput) {
  if (isActiveSuspected) return 'suspected';
  return register.serving.some((site) => knowledge.verdicts[site] === 'degraded') ? 'degraded' : 'healthy';
}

function describe({ serving }: Register): string {
  return `${serving.join(', ')} serve`;
}

/**
 * One withdrawal of all leaving sites together, if the other sites can carry their load; else one withdrawal for each
 * site, as far as the others can.
 */
function decideWithdrawals(input: DecisionInput, parties: Parties): readonly Decision[] {
  const alone = withdrawalsAmong(input, parties);
  if (alone.length > 0 && alone.every((one) => isWhole(input, one))) return alone;
  const called = readyReserves(input);
  if (called.length === 0) return alone;
  return withdrawalsAmong(input, { ...parties, staying: [...parties.staying, ...called], isAnyUp: true });
}

/** Has reserves leave once every other site serves in full, as far as those can carry their load. */
function decideRest(input: DecisionInput, parties: Parties): readonly Decision[] {
  const { service, register, knowledge } = input;
  if (parties.leaving.length > 0) return [];
  const inUse = sitesByPriority(service).filter((site) => rampPercent(register, site) > 0);
  const resting = inUse.filter((site) => isReserve(service, site)).toReversed();
  const isBack = (site: string) => rampPercent(register, site) >= 100 && knowledge.verdicts[site] === 'up';
  if (!regularSites(service).every(isBack)) return [];
  const staying = parties.staying.filter((site) => !isReserve(service, site));
  const [decision] = withdrawalsAmong(input, { ...parties, leaving: resting, staying });
  if (decision?.kind !== 'move') return decision ? [decision] : [];
  return [{ ...decision, reason: 'site-back', detail: `${resting.join(', ')} in reserve: all other sites serve` }];
}

function withdrawalsAmong(input: DecisionInput, parties: Parties): readonly Decision[] {
  const { leaving, isAnyUp } = parties;
  if (leaving.length === 0 || !isAnyUp) return [];
  const together = decideWithdrawal(input, parties, leaving);
  if (isWhole(input, together)) return [together];
  return leaving.map((site) => decideWithdrawal(input, parties, [site]));
}

/** Decides to take sites out of the pool, as far as the healthy sites can carry the load of the leaving ones. */
function decideWithdrawal(input: DecisionInput, parties: Parties, leaving: readonly string[]): Decision {
  const { service, register } = input;
  const move = withdrawal(input, parties, leaving);
  const out = Object.keys(service.sites).filter((site) => !move.serving.includes(site));
  if (out.length > sitesOutMax(service.traffic)) {
    const others = out.filter((site) => !leaving.includes(site));
    const why = `a load balancer is shifted away from one zone at a time${others.length > 0 ? `, now from ${others.join(', ')}` : ''}`;
    return hold('over-capacity', `${leaving.join(', ')} has to stay: ${why}`);
  }
  const after = { ...register, ramp: rampAfter(input, move) };
  if (!isCarriedWithout(input, leaving, parties, after)) {
    const arriving = arrivingSites(input).join(', ');
    return hold('over-capacity', `${leaving.join(', ')} has to stay until clients are at ${arriving}`);
  }
  const isOut = leaving.every((site) => rampPercent(after, site) === 0);
  const gain = partOf(service, register, leaving) - partOf(service, after, leaving);
  if (!isOut && !(canShiftInParts(service) && isWorthARun(service, [leaving, parties.staying], gain))) {
    const stays = leaving.map((site) => `${rampPercent(after, site)} % of the share of ${site}`);
    return hold('over-capacity', `${parties.staying.join(', ')} cannot carry more: ${stays.join(', ')} has to stay`);
  }
  if (!isFailedAlready(register, 'withdraw', move.serving)) return move;
  return hold('over-capacity', `the run that withdraws ${leaving.join(', ')} failed, and is tried again`);
}

/**
 * Whether the sites that stay carry what the leaving ones lose before clients have come to those that have just been
 * given traffic. DNS leads clients away from a site sooner than to one: until then the rest would carry both parts.
 * Where nobody else stays, the rest is whoever has to leave too: that site may be back at any moment, and would carry
 * all.
 */
function isCarriedWithout(input: DecisionInput, leaving: readonly string[], parties: Parties, after: Shares): boolean {
  const { register } = input;
  const arriving = arrivingSites(input);
  const there = parties.staying.filter((site) => !arriving.includes(site));
  if (arriving.length === 0) return true;
  if (there.length === 0) return parties.leaving.every((site) => leaving.includes(site));
  const ramp = { ...register.ramp, ...Object.fromEntries(arriving.map((site) => [site, 0])) };
  const plan = { ...planInputOf(input), shares: { serving: register.serving, ramp } };
  const kept = percentsLeft(plan, leaving, sizeBasis(register, leaving));
  return leaving.every((site) => (kept[site] ?? 0) <= rampPercent(after, site));
}

function isWhole(input: DecisionInput, decision: Decision): boolean {
  if (decision.kind !== 'move') return false;
  const after = { ...input.register, ramp: rampAfter(input, decision) };
  return leaversOf(decision, input.register).every((site) => rampPercent(after, site) === 0);
}

/**
 * The ramp after a withdrawal. When a site has left in part already, the present size of the other sites counts, so the
 * rest of its traffic waits until they have grown. Otherwise their full size counts.
 */
function rampAfter(input: DecisionInput, move: MoveDecision): SitePercents {
  const leaving = leaversOf(move, input.register);
  return rampWithdrawn(planInputOf(input), move, sizeBasis(input.register, leaving));
}

function sizeBasis(register: Register, leaving: readonly string[]): SizeBasis {
  return leaving.some((site) => rampPercent(register, site) < 100) ? 'present' : 'full';
}

function withdrawal(
  { register, knowledge }: DecisionInput,
  { staying }: Parties,
  leaving: readonly string[],
): MoveDecision {
  const [from = ''] = leaving;
  const up = staying.filter((site) => knowledge.verdicts[site] === 'up');
  const [to = from] = up;
  const isKept = (site: string) => register.serving.includes(site) && !leaving.includes(site);
  const serving = [...register.serving.filter(isKept), ...up.filter((site) => !register.serving.includes(site))];
  const what = register.maintenance.includes(from) ? 'is in maintenance' : 'is down for a quorum';
  return { kind: 'move', run: 'withdraw', from, to, serving, reason: 'site-down', detail: `${from} ${what}` };
}

/**
 * Whether a change of traffic is more than noise for one of two sides: the sites that lose traffic, or the healthy
 * sites that gain it. A small part of what a large dead site keeps may be much for a small living one.
 */
function isWorthARun(service: NamedService, sides: readonly (readonly string[])[], gain: number): boolean {
  const whole = { serving: Object.keys(service.sites), ramp: {} };
  const usual = sides.filter((side) => side.length > 0).map((side) => partOf(service, whole, side));
  return gain > 0 && gain >= (Math.min(...usual) * gainPercentMin) / 100;
}

/**
 * Decides the return of sites that have been well for long enough. They come back together, as far as they can carry
 * their traffic.
 */
function decideReadmission(input: DecisionInput): Decision | null {
  const { service, register, knowledge, stopwatches } = input;
  const { failback } = service;
  const isThere = (site: string) => register.serving.includes(site) && rampPercent(register, site) >= 100;
  const waiting = sitesByPriority(service).filter(
    (site) =>
      !isThere(site) &&
      !isReserve(service, site) &&
      !register.maintenance.includes(site) &&
      knowledge.verdicts[site] === 'up',
  );
  if (waiting.length === 0 || failback.mode === 'manual') return null;
  const ready = waiting.filter((site) => (stopwatches[upWatch(service.name, site)] ?? 0) >= failback.healthyForMs);
  const [to] = ready;
  const seconds = failback.healthyForMs / 1_000;
  if (to === undefined) return hold('warming-up', `${waiting.join(', ')} must be up for ${seconds} s`);
  const serving = sitesByPriority(service).filter((site) => ready.includes(site) || register.serving.includes(site));
  const joining = joinersOf({ to, serving }, register, knowledge);
  const early = joining.filter((site) => !ready.includes(site));
  if (early.length > 0) return hold('warming-up', `${early.join(', ')} must be up for ${seconds} s`);
  const percents = percentsJoined(planInputOf(input), joining, 'full');
  const after = { ...register, ramp: { ...register.ramp, ...percents } };
  const isIn = joining.every((site) => !canShiftInParts(service) || percents[site] === 100);
  const gain = partOf(service, after, joining) - partOf(service, register, joining);
  const giving = register.serving.filter((site) => !joining.includes(site) && knowledge.verdicts[site] === 'up');
  if (!isIn && !isWorthARun(service, [joining, giving], gain)) {
    return hold('over-capacity', `${joining.join(', ')} already get all that they can carry`);
  }
  const sinceMs = stopwatches[sharesWatch(service.name, register)] ?? 0;
  if (isFailedAlready(register, 'readmit', serving) && sinceMs < failback.healthyForMs) {
    return hold(
      'turned-back',
      `the return of ${ready.join(', ')} was turned back; it is tried again after ${seconds} s`,
    );
  }
  const forbidden = limitedBecause(input, { kind: 'readmit', from: register.active, to });
  if (forbidden !== null) return forbidden;
  return {
    kind: 'move',
    run: 'readmit',
    from: register.active,
    to,
    serving,
    reason: 'site-back',
    detail: `${ready.join(', ')} up for ${seconds} s`,
  };
}

/** Whether the newest run was of this kind, led to these sites, and moved nothing. */
function isFailedAlready({ run, epoch, ...now }: Register, kind: RunKind, serving: readonly string[]): boolean {
  if (run === null || run.epoch !== epoch || run.kind !== kind) return false;
  const hasMoved = now.serving.join() === run.serving.join();
  return run.state === 'failed' && isShut(run) && !hasMoved && run.serving.join() === serving.join();
}

function planInputOf(input: DecisionInput): SharePlanInput {
  return { service: input.service, shares: input.register, knowledge: input.knowledge, demand: demandOf(input) };
}

function toLastResort({ active }: Register): Decision {
  return {
    kind: 'move',
    run: 'last-resort',
    from: active,
    to: active,
    serving: [lastResortName],
    reason: 'all-down',
    detail: 'every site is down; clients are sent to the static endpoint',
  };
}

/** Decides, while the static endpoint serves, the return to all sites that are up. */
function decideReturn({ service, register, knowledge }: DecisionInput): Decision {
  const isUp = (site: string) => knowledge.verdicts[site] === 'up' && !register.maintenance.includes(site);
  const regular = regularSites(service).filter(isUp);
  const up = regular.length > 0 ? regular : sitesByPriority(service).filter(isUp);
  const [first] = up;
  if (first === undefined) return hold('all-down', explainLastResort(service));
  return {
    kind: 'move',
    run: 'recover',
    from: first,
    to: first,
    serving: up,
    reason: 'site-back',
    detail: `${up.join(', ')} are up again`,
  };
}
