import { mergeReports, type SiteReport } from '../../detection/observation.ts';
import type { SiteSurvey } from '../../detection/site-survey.ts';
import { actingRegionOf } from '../../model/place.ts';
import type { NamedService } from '../../model/service.ts';
import { isFenceOwed as isOwed } from '../../register/owed-fence.ts';
import { inOwnNames } from '../../register/renaming.ts';
import { call, type Routine, readTime, spawn } from '../../routine.ts';
import type { WatcherState } from '../state.ts';
import type { HeldSurvey, Surveys } from './held-survey.ts';

/**
 * Pause between two surveys of a site, in milliseconds. Source: our own; CloudWatch keeps one value a minute, and a
 * heartbeat is newer.
 */
export const surveyIntervalMs = 10_000;

/** Age beyond which a survey is ignored, in milliseconds: three surveys were missed. */
export const surveyAgeMsMax = 30_000;

/** The part of a watcher's state that surveys need. */
export type SurveyingState = Pick<WatcherState, 'setup' | 'services' | 'memories'> & { readonly surveys: Surveys };

/**
 * Asks for the surveys that are due, in parallel with the tick; nothing waits for them.
 *
 * A watcher surveys the sites of its own region, because their facts are there. Such a survey depends on no other
 * region.
 *
 * @param adopted - sites of other regions whose own watcher does not survey them
 */
export function* surveySites(
  state: SurveyingState,
  adopted: (service: NamedService) => readonly string[] = () => [],
): Routine<void> {
  const { monotonicMs } = yield* readTime();
  for (const service of state.services) {
    for (const site of [...sitesToSurvey(service, state.setup.region), ...adopted(service)]) {
      const held = state.surveys.get(keyOf(service.name, site));
      const asksOpening = isFenceOwed(state, service, site);
      if (held !== undefined && (held.isAsking || !isDue(held, asksOpening, monotonicMs))) continue;
      state.surveys.set(keyOf(service.name, site), {
        survey: held?.survey ?? null,
        atMs: held?.atMs ?? monotonicMs,
        nextMs: monotonicMs + surveyIntervalMs,
        isAsking: true,
        asksOpening,
      });
      yield* spawn(askFor(state, service, site, asksOpening));
    }
  }
}

/**
 * A survey of a fence that has become owed is due at once, because a process may learn of the fence after its first
 * survey.
 */
function isDue(held: HeldSurvey, asksOpening: boolean, nowMs: number): boolean {
  return nowMs >= held.nextMs || (asksOpening && !held.asksOpening);
}

function isFenceOwed(state: SurveyingState, service: NamedService, site: string): boolean {
  const register = state.memories.get(service.name)?.decided?.register;
  return register !== undefined && isOwed(inOwnNames(service, register), site);
}

/** Sites of a region, or for which it acts, that have facts which probes cannot see. */
export function sitesToSurvey(service: NamedService, region: string): readonly string[] {
  return Object.keys(service.sites).filter((name) => {
    const site = service.sites[name];
    return site !== undefined && actingRegionOf(site) === region && isSurveyed(service, name);
  });
}

/** Whether a site has facts which probes cannot see. */
export function isSurveyed({ data, sites, traffic }: NamedService, name: string): boolean {
  const { measures, scale = [], fence } = sites[name] ?? {};
  return (
    data !== undefined ||
    fence !== undefined ||
    (measures?.lag !== undefined && measures.lag.kind !== 'probe') ||
    measures?.load !== undefined ||
    measures?.backup !== undefined ||
    scale.length > 0 ||
    traffic.targets?.targetGroups[name] !== undefined
  );
}

/** The newest survey of a site; null when there is none, or none that still counts. */
export function surveyOf(
  state: { readonly surveys: Surveys },
  service: string,
  site: string,
  nowMs: number,
): SiteSurvey | null {
  const held = state.surveys.get(keyOf(service, site));
  return held?.survey && nowMs - held.atMs <= surveyAgeMsMax ? held.survey : null;
}

/**
 * The newest survey of a site, if it was asked for at `sinceMs` or later; null when there is none that still counts.
 */
export function surveySince(
  state: { readonly surveys: Surveys },
  service: string,
  site: string,
  sinceMs: number,
  nowMs: number,
): SiteSurvey | null {
  const held = state.surveys.get(keyOf(service, site));
  return held !== undefined && held.atMs >= sinceMs ? surveyOf(state, service, site, nowMs) : null;
}

/** Adds a survey to the report of the probes. When both have a value, the less favourable one counts. */
export function withSurvey(report: SiteReport, survey: SiteSurvey | null): SiteReport {
  if (survey === null) return report;
  const { replicationLagMs, load, size, inService, findings, dataRole, canTakeRole, backupAgeMs, restoreAgeMs } =
    survey;
  const { isDataUsable } = survey;
  const surveyed: SiteReport = {
    ...(replicationLagMs === undefined ? {} : { replicationLagMs }),
    ...(load === undefined ? {} : { load }),
    ...(size === undefined ? {} : { size }),
    ...(inService === undefined ? {} : { inService }),
    ...(dataRole === undefined ? {} : { dataRole }),
    ...(isDataUsable === undefined ? {} : { ready: isDataUsable }),
    ...(canTakeRole === undefined ? {} : { canTakeRole }),
    ...(backupAgeMs === undefined ? {} : { backupAgeMs }),
    ...(restoreAgeMs === undefined ? {} : { restoreAgeMs }),
    findings: findings.length,
  };
  return mergeReports([report, surveyed]);
}

/**
 * Whether the load balancer finds healthy targets in the site. When it finds none, that is no evidence against the
 * site.
 */
export function isAliveBySurvey(survey: SiteSurvey | null): boolean {
  return (survey?.healthyTargets ?? 0) > 0;
}

/** After a fault the old survey is kept, and grows older. */
function* askFor(
  state: SurveyingState,
  { name: service, sites }: NamedService,
  site: string,
  isFenceOwed: boolean,
): Routine<void> {
  const askedAtMs = (yield* readTime()).monotonicMs;
  const place = sites[site];
  const region = (place && actingRegionOf(place)) ?? state.setup.region;
  const answer = yield* call('survey', { region, service, site, isFenceOwed });
  const held = state.surveys.get(keyOf(service, site));
  if (!held) return;
  const news = answer.ok ? { survey: answer.value, atMs: askedAtMs } : {};
  state.surveys.set(keyOf(service, site), { ...held, ...news, isAsking: false });
}

function keyOf(service: string, site: string): string {
  return `${service}/${site}`;
}
