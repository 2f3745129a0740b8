import { mergeReports, type SiteReport } from '../detection/observation.ts';
import type { SiteSurvey } from '../detection/site-survey.ts';
import type { NamedService } from '../model/service.ts';
import { isFenceOwed as isOwed } from '../register/owed-fence.ts';
import { call, type Routine, readTime, spawn } from '../routine.ts';
import type { HeldSurvey, Surveys } from './held-survey.ts';
import type { WatcherState } from './state.ts';

/** Pause between two surveys of a site. Source: ours; CloudWatch keeps a value a minute, a heartbeat is newer. */
export const surveyIntervalMs = 10_000;

/** Age beyond which a survey counts for nothing: three that were asked for and did not come. */
export const surveyAgeMsMax = 30_000;

/** The part of a watcher's state that surveys need. */
export type SurveyingState = Pick<WatcherState, 'setup' | 'services' | 'memories'> & { readonly surveys: Surveys };

/**
 * Asks for the surveys that are due, beside the tick: nothing waits for them.
 *
 * A watcher surveys the sites of its own region: their facts are there, and a question that crosses no border fails
 * with nothing but its own region.
 *
 * @param adopted - sites elsewhere of which nobody else would learn what opens their fence
 */
export function* surveySites(
  state: SurveyingState,
  adopted: (service: NamedService) => readonly string[] = () => [],
): Routine<void> {
  const { monotonicMs } = yield* readTime();
  for (const service of state.services) {
    for (const site of [...sitesToSurvey(service, state.setup.region), ...adopted(service)]) {
      const held = state.surveys.get(keyOf(service.name, site));
      const asksOpening = isFenceOwed(state, service.name, site);
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

/** A fence that has become owed is asked for at once: a process may learn of it after its first survey. */
function isDue(held: HeldSurvey, asksOpening: boolean, nowMs: number): boolean {
  return nowMs >= held.nextMs || (asksOpening && !held.asksOpening);
}

function isFenceOwed(state: SurveyingState, service: string, site: string): boolean {
  const register = state.memories.get(service)?.decided?.register;
  return register !== undefined && isOwed(register, site);
}

/** Sites of a region of which there is something to know besides what their probes tell. */
export function sitesToSurvey(service: NamedService, region: string): readonly string[] {
  return Object.entries(service.sites)
    .filter(([, site]) => site.region === region)
    .filter(
      ([name, { measures, scale, fence }]) =>
        service.data !== undefined ||
        fence !== undefined ||
        measures.lag !== undefined ||
        measures.load !== undefined ||
        scale.length > 0 ||
        service.traffic.targets?.targetGroups[name] !== undefined,
    )
    .map(([name]) => name);
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

/** Adds what a survey knows to what the probes were told; of two values of one fact the least favourable. */
export function withSurvey(report: SiteReport, survey: SiteSurvey | null): SiteReport {
  if (survey === null) return report;
  const { replicationLagMs, load, size, findings, isReplica } = survey;
  const surveyed: SiteReport = {
    ...(replicationLagMs === undefined ? {} : { replicationLagMs }),
    ...(load === undefined ? {} : { load }),
    ...(size === undefined ? {} : { size }),
    ...(isReplica === undefined ? {} : { isReplica }),
    findings: findings.length,
  };
  return mergeReports([report, surveyed]);
}

/** Whether the load balancer finds life in the site. That it finds none says nothing: it looks from inside. */
export function isAliveBySurvey(survey: SiteSurvey | null): boolean {
  return (survey?.healthyTargets ?? 0) > 0;
}

/** A fault leaves what is held to grow old. */
function* askFor(
  state: SurveyingState,
  { name: service, sites }: NamedService,
  site: string,
  isFenceOwed: boolean,
): Routine<void> {
  const askedAtMs = (yield* readTime()).monotonicMs;
  const region = sites[site]?.region ?? state.setup.region;
  const answer = yield* call('survey', { region, service, site, isFenceOwed });
  const held = state.surveys.get(keyOf(service, site));
  if (!held) return;
  const news = answer.ok ? { survey: answer.value, atMs: askedAtMs } : {};
  state.surveys.set(keyOf(service, site), { ...held, ...news, isAsking: false });
}

function keyOf(service: string, site: string): string {
  return `${service}/${site}`;
}
