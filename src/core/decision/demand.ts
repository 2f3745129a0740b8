import type { SiteKnowledge } from '../detection/site-knowledge.ts';
import { longestTtlSeconds } from '../dns/zone-plan.ts';
import type { NamedService } from '../model/service.ts';
import { remembers } from '../model/traffic.ts';
import type { Register } from '../register/register.ts';
import { shareOf } from '../register/share.ts';
import { type Stopwatches, sharesWatch } from '../tables/stopwatch.ts';
import { answersFollowMs, awsTiming, memoryFollowMs } from '../timing.ts';

/** What the demand of a service is computed from. */
export interface DemandInput {
  readonly service: NamedService;
  readonly register: Register;
  readonly knowledge: SiteKnowledge;
  readonly stopwatches: Stopwatches;
}

/**
 * The demand of all clients of a service together, in the unit of capacity; null when no site reports a load.
 *
 * A change of shares moves demand from site to site; the demand itself stays the same. The demand of the last decision
 * (`run.demand`) is used until the reported loads can show the present shares, which they cannot while the write of the
 * shares has failed. From then on the reported loads are used. A site that gets traffic and reports nothing is taken
 * to carry its share of the demand. Source: ADR-0016.
 */
export function demandOf({ service, register, knowledge, stopwatches }: DemandInput): number | null {
  const remembered = register.run?.demand ?? null;
  const reported = reportedDemand(service, register, knowledge);
  const sinceMs = stopwatches[sharesWatch(service.name, register)] ?? 0;
  const isSettled = remembered === null || sinceMs >= loadSettleMs(service, register);
  return isSettled ? (reported ?? remembered) : remembered;
}

/**
 * How long a change of shares may be missing in the reported loads, in milliseconds. It is the time until clients are
 * routed by the new shares, and until the last report from before the change is too old to count. A site that a run has
 * given traffic shows less than its share until clients must be there.
 */
export function loadSettleMs(service: NamedService, { run }: Pick<Register, 'run'>): number {
  const { sites, detection } = service;
  const reportMs = Math.max(
    detection.opinionTtlMs,
    ...Object.values(sites).map(({ measures }) => measures.load?.maxAgeMs ?? 0),
  );
  return ((run?.joining ?? []).length > 0 ? arriveMs(service) : routeMs(service)) + reportMs;
}

/** How long it takes until clients are routed by shares that have changed, in milliseconds. */
function routeMs({ traffic: { dns } }: NamedService): number {
  return dns ? answersFollowMs(dns, awsTiming) + longestTtlSeconds(dns) * 1_000 : 0;
}

/** Sites that the newest runs have given traffic that clients do not bring yet. */
export function arrivingSites({
  service,
  register,
  stopwatches,
}: Pick<DemandInput, 'service' | 'register' | 'stopwatches'>): readonly string[] {
  const sinceMs = stopwatches[sharesWatch(service.name, register)] ?? 0;
  return sinceMs < arriveMs(service) ? (register.run?.joining ?? []) : [];
}

/** How long it takes until clients come to a site that is given traffic again: DNS may remember that it was left. */
function arriveMs(service: NamedService): number {
  const { dns } = service.traffic;
  return dns?.mode === 'oracle' && remembers(dns) ? memoryFollowMs + longestTtlSeconds(dns) * 1_000 : routeMs(service);
}

/**
 * The demand that follows from the loads that are reported now and from the shares of the sites that report them. A
 * site that is down may still show the last value of its metric, so its load counts only when no other site reports
 * one.
 */
function reportedDemand(service: NamedService, register: Register, knowledge: SiteKnowledge): number | null {
  const inUse = Object.keys(service.sites).filter((site) => shareOf(service, register, site) > 0);
  const speaking = inUse.filter((site) => knowledge.reports[site]?.load !== undefined);
  const living = speaking.filter((site) => knowledge.verdicts[site] !== 'down');
  const heard = living.length > 0 ? living : speaking;
  const shares = (of: readonly string[]) => of.reduce((sum, site) => sum + shareOf(service, register, site), 0);
  if (heard.length === 0) return null;
  const load = heard.reduce((sum, site) => sum + (knowledge.reports[site]?.load ?? 0), 0);
  return (load * shares(inUse)) / shares(heard);
}
