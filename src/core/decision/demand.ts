import type { SiteKnowledge } from '../detection/site-knowledge.ts';
import { longestTtlSeconds } from '../dns/zone-plan.ts';
import type { NamedService } from '../model/service.ts';
import type { Register } from '../register/register.ts';
import { shareOf } from '../register/share.ts';
import { type Stopwatches, sharesWatch } from '../tables/stopwatch.ts';
import { awsTiming } from '../timing.ts';

/** What the demand of a service is known from. */
export interface DemandInput {
  readonly service: NamedService;
  readonly register: Register;
  readonly knowledge: SiteKnowledge;
  readonly stopwatches: Stopwatches;
}

/**
 * What all clients of a service ask for together, in the unit of capacity; null when nobody says.
 *
 * Shares move demand from site to site and change nothing of it. So what was known at the last decision (`run.demand`)
 * stands until the reported loads can show the shares as they are now, and the loads count from then on. A site that
 * gets traffic and reports nothing is taken to carry what its share says. Source: ADR-0016.
 */
export function demandOf({ service, register, knowledge, stopwatches }: DemandInput): number | null {
  const remembered = register.run?.demand ?? null;
  const reported = reportedDemand(service, register, knowledge);
  const sinceMs = stopwatches[sharesWatch(service.name, register)] ?? 0;
  const isSettled = remembered === null || sinceMs >= loadSettleMs(service);
  return isSettled ? (reported ?? remembered) : remembered;
}

/**
 * How long after a change of shares its effect may still be missing in the loads that are reported, in milliseconds:
 * until clients are routed by it, and until the last report from before is too old to count.
 */
export function loadSettleMs({ sites, detection, traffic: { dns } }: NamedService): number {
  const reportMs = Math.max(
    detection.opinionTtlMs,
    ...Object.values(sites).map(({ measures }) => measures.load?.maxAgeMs ?? 0),
  );
  if (!dns) return reportMs;
  const steerMs = dns.mode === 'oracle' ? awsTiming.oracleCacheMs + awsTiming.checkIntervalMs : 0;
  return steerMs + longestTtlSeconds(dns) * 1_000 + reportMs;
}

/**
 * Demand by the loads that are reported now, each standing for its share. The load of a site that is down is what a
 * metric was left at, so it counts only where no other site says anything.
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
