import { newEvent } from '../../alerting/event.ts';
import { type RejoinFacts, rejoined } from '../../decision/rejoin.ts';
import { isAnswering } from '../../detection/verdict.ts';
import { actingRegionOf } from '../../model/place.ts';
import type { NamedService } from '../../model/service.ts';
import { changeRegister } from '../../register/proposer.ts';
import { hasOpenRun, type Register } from '../../register/register.ts';
import { call, type Routine, readTime } from '../../routine.ts';
import type { ServiceView } from '../../tables/service-view.ts';
import { epochWatch } from '../../tables/stopwatch.ts';
import { proposerFor, type WatcherState } from '../state.ts';
import { surveySince } from '../surveys/survey.ts';

/**
 * Makes lost sites standbys again, and opens fences that need not be closed any longer. The watcher in the site's own
 * region does this or, while that one is silent, the watcher that looks after the site meanwhile.
 *
 * @param isKeeper - whether this watcher is the one to act for a region; null for a site for which no region acts
 */
export function* rejoinSites(
  state: WatcherState,
  service: NamedService,
  serviceView: ServiceView,
  register: Register,
  isKeeper: (region: string | null) => boolean,
): Routine<void> {
  const { monotonicMs, wallMs } = yield* readTime();
  noteOwed(state, service, register, monotonicMs);
  const kept = Object.keys(service.sites).filter((site) => {
    const place = service.sites[site];
    return isKeeper((place && actingRegionOf(place)) ?? null);
  });
  const factsOf = (site: string): RejoinFacts => ({
    verdict: kept.includes(site) ? (serviceView.knowledge.verdicts[site] ?? 'unclear') : 'unclear',
    isAnswering: isAnswering(serviceView.testimonies[site] ?? []),
    survey: kept.includes(site) ? surveyOfOwed(state, service, register, site, monotonicMs) : null,
    epochAgeMs: kept.includes(site) ? (state.stopwatches[epochWatch(service.name, register.epoch)] ?? 0) : 0,
  });
  const change = (current: Register) => rejoined(service, current, factsOf, state.setup.region, wallMs);
  const planned = change(register);
  if (planned === null) return;
  const proposer = proposerFor(state, service.name, monotonicMs + service.detection.opinionTtlMs);
  const outcome = yield* changeRegister(proposer, (current) =>
    current === null || hasOpenRun(current) || current.epoch !== register.epoch
      ? null
      : (change(current)?.register ?? null),
  );
  if (outcome.outcome !== 'changed') return;
  state.nextReconcileMs.set(service.name, 0);
  for (const site of planned.back) {
    yield* call('log', { event: newEvent('rejoined', service.name, `${site} is back, as a standby`, { site }) });
  }
  for (const site of planned.opened) {
    const detail = `the fence of ${site} is no longer owed, and is opened`;
    yield* call('log', { event: newEvent('fence-released', service.name, detail, { site }) });
  }
}

/** Notes since when each fence has been owed with no run open. A survey from before that moment must not count. */
function noteOwed(state: WatcherState, service: NamedService, register: Register, nowMs: number): void {
  for (const { site } of register.owed) {
    const key = owedKey(service, register, site);
    if (!state.owedSinceMs.has(key)) state.owedSinceMs.set(key, nowMs);
  }
}

function surveyOfOwed(state: WatcherState, service: NamedService, register: Register, site: string, nowMs: number) {
  const sinceMs = state.owedSinceMs.get(owedKey(service, register, site));
  return sinceMs === undefined ? null : surveySince(state, service.name, site, sinceMs, nowMs);
}

function owedKey(service: NamedService, register: Register, site: string): string {
  return `${service.name}/${site}/${register.epoch}.${register.run?.attempt ?? 0}`;
}
