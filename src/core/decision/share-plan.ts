import type { SiteKnowledge } from '../detection/site-knowledge.ts';
import type { NamedService } from '../model/service.ts';
import type { Run } from '../register/run.ts';
import { canonicalRamp, fullShareOf, rampPercent, type Shares, shareOf } from '../register/share.ts';
import { carriesMax, type SizeBasis } from './capacity.ts';

/**
 * What shares are planned from.
 *
 * Demand is what it is; shares say who carries how much of it: a site carries `demand * share / all shares`. Invariants
 * of every plan: no site that is well is planned above its limit, unless it is above it already or `shortage` is
 * `shift`; and a plan only takes from those that leave, or gives to those that come. Source: ADR-0016.
 */
export interface SharePlanInput {
  readonly service: NamedService;
  readonly shares: Shares;
  readonly knowledge: SiteKnowledge;
  /** In the unit of capacity; null when nobody says, and then nothing stands in the way. */
  readonly demand: number | null;
}

/** Percent of its own full share that each of some sites gets. */
export type SitePercents = Readonly<Record<string, number>>;

/**
 * Rounds up what has to stay, so that the rest gets no more than fits, but not a whole number that floats a little
 * high.
 */
const roundingError = 1e-9;

/**
 * What sites that leave the pool keep, so that those that stay carry no more than they can. All of them are cut down
 * alike. Demand that fits nowhere stays with a site that is dead: lost, but not pulling down the others.
 */
export function percentsLeft(input: SharePlanInput, leaving: readonly string[], size: SizeBasis): SitePercents {
  const { service, shares } = input;
  const before = (site: string) => rampPercent(shares, site);
  const room = leaving.reduce((sum, site) => sum + shareOf(service, shares, site), 0);
  const others = Object.keys(service.sites).filter((site) => !leaving.includes(site));
  const rest = others.reduce((sum, site) => sum + shareOf(service, shares, site), 0);
  const missing = sharesNeeded(input, others, size) - rest;
  const kept = room === 0 ? 0 : Math.max(0, Math.min(1, missing / room));
  return Object.fromEntries(leaving.map((site) => [site, Math.max(0, Math.ceil(before(site) * kept - roundingError))]));
}

/**
 * The ramp after a withdrawal. Shares are relative: where all that stay have only a part of theirs, a hundredth of a
 * dead site's share would be much beside it. So those that stay get all of theirs, wherever what the dead keep can be
 * reckoned to that.
 */
export function rampWithdrawn(
  input: SharePlanInput,
  { from, serving }: Pick<Run, 'from' | 'serving'>,
  size: SizeBasis,
): SitePercents {
  const { service, shares, knowledge } = input;
  const leaving = leaversOf({ from, serving }, shares);
  const living = serving.filter((site) => knowledge.verdicts[site] !== 'down');
  const raised = { ...shares.ramp, ...Object.fromEntries(living.map((site) => [site, 100])) };
  const all = { ...input, shares: { ...shares, ramp: raised } };
  const sites = Object.keys(service.sites);
  const sum = sites.reduce((total, site) => total + shareOf(service, all.shares, site), 0);
  const isRoomy = sharesNeeded(all, serving, size) <= sum;
  const base = isRoomy ? all : input;
  return canonicalRamp({
    serving: shares.serving,
    ramp: { ...base.shares.ramp, ...percentsLeft(base, leaving, size) },
  });
}

/**
 * What sites that come into the pool may get, so that they carry no more than they can: all of their share, unless the
 * demand is more than they and all that is there can carry. All of them are raised alike, and none gets less than it
 * has.
 */
export function percentsJoined(input: SharePlanInput, joining: readonly string[], size: SizeBasis): SitePercents {
  const { service, shares, knowledge, demand } = input;
  const others = Object.keys(service.sites).filter((site) => !joining.includes(site));
  const rest = others.reduce((sum, site) => sum + shareOf(service, shares, site), 0);
  const whole = joining.reduce((sum, site) => sum + fullShareOf(service, site), 0);
  const part = (site: string) => {
    const limit = carriesMax(service, knowledge, site, size);
    // demand * own * part <= limit * (rest + whole * part)
    const excess = (demand ?? 0) * fullShareOf(service, site) - limit * whole;
    return excess <= 0 ? 1 : (limit * rest) / excess;
  };
  const least = isUnlimited(input) ? 1 : Math.min(1, ...joining.map(part));
  const percent = Math.floor(100 * least + roundingError);
  return Object.fromEntries(joining.map((site) => [site, Math.max(rampPercent(shares, site), percent)]));
}

/** Percent of the demand that one site takes over from another, in active-passive: what it can carry. */
export function percentTakenOver(input: SharePlanInput, site: string, size: SizeBasis): number {
  const { service, knowledge, demand, shares } = input;
  if (isUnlimited(input) || demand === null || demand === 0) return 100;
  const fitting = Math.floor((100 * carriesMax(service, knowledge, site, size)) / demand + roundingError);
  return Math.max(rampPercent(shares, site), Math.min(100, fitting));
}

/** Part of all traffic that lands at some sites together, 0 to 1. */
export function partOf(service: NamedService, shares: Shares, sites: readonly string[]): number {
  const sum = (of: readonly string[]) => of.reduce((total, site) => total + shareOf(service, shares, site), 0);
  const all = sum(Object.keys(service.sites));
  return all === 0 ? 0 : sum(sites) / all;
}

/** Sites that a run takes traffic from, in a pool. */
export function leaversOf({ from, serving }: Pick<Run, 'from' | 'serving'>, shares: Shares): readonly string[] {
  return [...new Set([from, ...shares.serving.filter((site) => !serving.includes(site))])];
}

/**
 * Sites that a run gives traffic to, in a pool: those that it brings in, and those that are in with a part of their
 * share. Shares are relative, so all of these are raised together. One that is not well gets no more than it has.
 */
export function joinersOf(
  { to, serving }: Pick<Run, 'to' | 'serving'>,
  shares: Shares,
  { verdicts }: Pick<SiteKnowledge, 'verdicts'>,
): readonly string[] {
  const isPartly = (site: string) => !shares.serving.includes(site) || rampPercent(shares, site) < 100;
  return [to, ...serving.filter((site) => site !== to && isPartly(site) && verdicts[site] === 'up')];
}

/**
 * The least sum of all shares at which none of some sites carries more than it can; those that are down carry nothing.
 */
function sharesNeeded(input: SharePlanInput, sites: readonly string[], size: SizeBasis): number {
  const { service, shares, knowledge, demand } = input;
  if (isUnlimited(input)) return 0;
  const living = sites.filter((site) => shareOf(service, shares, site) > 0 && knowledge.verdicts[site] !== 'down');
  const needs = living.map((site) => {
    const load = (demand ?? 0) * shareOf(service, shares, site);
    return load === 0 ? 0 : load / carriesMax(service, knowledge, site, size);
  });
  return Math.max(0, ...needs);
}

function isUnlimited({ service, demand }: SharePlanInput): boolean {
  return demand === null || service.capacity.shortage === 'shift';
}
