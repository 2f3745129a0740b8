import type { SiteKnowledge } from '../detection/site-knowledge.ts';
import type { NamedService } from '../model/service.ts';
import type { Run } from '../register/run.ts';
import { canonicalRamp, fullShareOf, rampPercent, type Shares, shareOf } from '../register/share.ts';
import { carriesMax, type SizeBasis } from './capacity.ts';

/**
 * The input of a plan of shares.
 *
 * Shares say which site carries how much of the demand: a site carries `demand * share / all shares`. Two invariants
 * hold for every plan. No healthy site is planned above its limit, unless it is above it already or `shortage` is
 * `shift`. A plan only takes traffic from sites that leave, or gives traffic to sites that come. Source: ADR-0016.
 */
export interface SharePlanInput {
  readonly service: NamedService;
  readonly shares: Shares;
  readonly knowledge: SiteKnowledge;
  /** In the unit of capacity. Null when it is not known; then the plan has no limit. */
  readonly demand: number | null;
}

/** Percentages by site, 0 to 100: how much of its own full share each site gets. */
export type SitePercents = Readonly<Record<string, number>>;

/**
 * Tolerance for rounding. A percentage that has to stay is rounded up, so that the other sites get no more than they
 * can carry. A whole number that a floating-point error has made slightly larger must not be rounded up.
 */
const roundingError = 1e-9;

/**
 * The percentages that leaving sites keep, so that the staying sites carry no more than they can. All leaving sites
 * keep the same percentage. Demand that the staying sites cannot carry stays with the dead site. It is lost there, but
 * it does not overload the others. When every staying site is down, all of it stays: nobody would gain.
 */
export function percentsLeft(input: SharePlanInput, leaving: readonly string[], size: SizeBasis): SitePercents {
  const { service, shares, knowledge } = input;
  const before = (site: string) => rampPercent(shares, site);
  const room = leaving.reduce((sum, site) => sum + shareOf(service, shares, site), 0);
  const others = Object.keys(service.sites).filter((site) => !leaving.includes(site));
  const rest = others.reduce((sum, site) => sum + shareOf(service, shares, site), 0);
  const missing = sharesNeeded(input, others, size) - rest;
  const isAnyWell = others.some((site) => shareOf(service, shares, site) > 0 && knowledge.verdicts[site] !== 'down');
  const fitting = room === 0 ? 0 : Math.max(0, Math.min(1, missing / room));
  const kept = isAnyWell ? fitting : 1;
  return Object.fromEntries(leaving.map((site) => [site, Math.max(0, Math.ceil(before(site) * kept - roundingError))]));
}

/**
 * The ramp after a withdrawal. Shares are relative: when all staying sites have only a part of their share, even one
 * percent of a dead site's share is much in comparison. So the staying sites get their full share wherever the
 * percentages of the dead sites can be adjusted to that.
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
 * The percentages that joining sites may get, so that they carry no more than they can. They get their full share,
 * unless the demand is more than they and the present sites can carry. All joining sites are raised alike, and none
 * gets less than it has.
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

/**
 * The percentages at which joining sites are left when their return is turned back: what they had before, and what the
 * other sites cannot carry. To put such a site back to where it was is a withdrawal, and nobody is overloaded by one.
 *
 * @param before - the ramp before the return
 */
export function percentsTurnedBack(
  input: SharePlanInput,
  joining: readonly string[],
  before: Shares['ramp'],
  size: SizeBasis,
): SitePercents {
  const { serving } = input.shares;
  const stays = percentsLeft(input, joining, size);
  const had = (site: string) => rampPercent({ serving, ramp: before }, site);
  return Object.fromEntries(joining.map((site) => [site, Math.max(had(site), stays[site] ?? 0)]));
}

/** Percentage of the demand that one site can take over from another in active-passive, 0 to 100. */
export function percentTakenOver(input: SharePlanInput, site: string, size: SizeBasis): number {
  const { service, knowledge, demand, shares } = input;
  if (isUnlimited(input) || demand === null || demand === 0) return 100;
  const fitting = Math.floor((100 * carriesMax(service, knowledge, site, size)) / demand + roundingError);
  return Math.max(rampPercent(shares, site), Math.min(100, fitting));
}

/** Part of all traffic that some sites get together, 0 to 1. */
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
 * Sites that a run gives traffic to, in a pool: the sites that it brings in, and the sites of the pool that have only a
 * part of their share. Shares are relative, so all of these are raised together. A site that is not well gets no more
 * than it has.
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
 * The smallest sum of all shares at which none of the given sites carries more than it can. Sites that are down are
 * left out.
 */
function sharesNeeded(input: SharePlanInput, sites: readonly string[], size: SizeBasis): number {
  const { service, shares, knowledge, demand } = input;
  if (isUnlimited(input)) return 0;
  const living = sites.filter((site) => knowledge.verdicts[site] !== 'down');
  const needs = living.map((site) => {
    const load = (demand ?? 0) * shareOf(service, shares, site);
    return load === 0 ? 0 : load / carriesMax(service, knowledge, site, size);
  });
  return Math.max(0, ...needs);
}

function isUnlimited({ service, demand }: SharePlanInput): boolean {
  return demand === null || service.capacity.shortage === 'shift';
}
