import { newEvent } from '../alerting/event.ts';
import { combineObservations, type Observation, type SiteObservation } from '../detection/observation.ts';
import { blankTrack, foldObservation, type SiteTrack } from '../detection/opinion.ts';
import type { SiteSurvey } from '../detection/site-survey.ts';
import { judgesRole } from '../model/probe.ts';
import type { NamedService } from '../model/service.ts';
import type { Site } from '../model/site.ts';
import { hasOpenRun, type Register } from '../register/register.ts';
import { all, call, type Routine, readTime } from '../routine.ts';
import { knownRegister } from './alert-memory.ts';
import type { WatcherState } from './state.ts';
import { isAliveBySurvey, surveyOf, withSurvey } from './surveys/survey.ts';

/** Observes one site: all its probes are made at once, and its own region's survey is added. */
export function* observeSite(
  state: WatcherState,
  service: NamedService,
  name: string,
  site: Site,
): Routine<SiteObservation> {
  const probed = yield* probeSite(site);
  const { monotonicMs } = yield* readTime();
  const observation = withFacts(probed, service, name, surveyOf(state, service.name, name, monotonicMs));
  const judged = withRole(observation, service, name, knownRegister(state, service.name));
  return withSelfFence(judged, state.selfFenced.has(`${service.name}/${name}`));
}

/** Adds to an observation that this region itself has cut the site off. */
function withSelfFence(seen: SiteObservation, isSelfFenced: boolean): SiteObservation {
  return isSelfFenced ? { ...seen, report: { ...seen.report, isSelfFenced: true } } : seen;
}

function* probeSite(site: Site): Routine<SiteObservation> {
  const answers = yield* all(site.probes.map((probe) => call('probe', { probe })));
  const weighed = answers.map((answer, index) => ({
    observation: answer.ok ? answer.value : ({ outcome: 'unknown', detail: answer.fault.detail } satisfies Observation),
    isCorroborating: site.probes[index]?.corroborating ?? false,
    dependency: site.probes[index]?.dependency,
  }));
  return combineObservations(weighed, site.require);
}

/** Adds the facts that the site's own region knows. */
function withFacts(
  seen: SiteObservation,
  { traffic }: NamedService,
  site: string,
  survey: SiteSurvey | null,
): SiteObservation {
  if (survey === null) return seen;
  const isAsked = traffic.targets?.corroborating === true && traffic.targets.targetGroups[site] !== undefined;
  const isCorroboratedAlive = seen.isCorroboratedAlive || (isAsked && isAliveBySurvey(survey));
  return { ...seen, isCorroboratedAlive, report: withSurvey(seen.report, survey) };
}

/**
 * When the register calls a site active and the site reports another role, it would take no writes. So its good answers
 * count as failures.
 */
function withRole(
  seen: SiteObservation,
  service: NamedService,
  site: string,
  register: Register | null,
): SiteObservation {
  const { role } = seen.report;
  const isJudged = service.sites[site]?.probes.some(judgesRole);
  if (!isJudged || role === undefined || role === 'active' || seen.outcome !== 'pass') return seen;
  if (register === null || service.mode === 'active-active' || register.active !== site || hasOpenRun(register))
    return seen;
  return { ...seen, outcome: 'fail', reason: 'wrong-role', latencyMs: null };
}

/** An observation of a site and when its probes began, on the own monotonic clock. */
export interface Seen {
  readonly site: string;
  readonly observation: SiteObservation;
  readonly beganMs: number;
  /** Made between two ticks because the site is suspected. */
  readonly isExtra: boolean;
}

/** The track of a site with one more observation; null when the observation comes too late to count. */
export function foldedTrack(state: WatcherState, service: NamedService, seen: Seen): SiteTrack | null {
  const { site, observation, beganMs, isExtra } = seen;
  const lastMs = state.observedMs.get(`${service.name}/${site}`) ?? beganMs;
  // A failure that began before the newest observation is outdated. A good answer counts whenever it comes.
  if (observation.outcome === 'fail' && beganMs < lastMs) return null;
  const timing = { sinceLastMs: Math.max(0, beganMs - lastMs), isExtra };
  return foldObservation(trackOf(state, service, site), observation, service.detection, timing);
}

/** This watcher's track of a site; the blank track for a site that it has not observed. */
export function trackOf(state: WatcherState, service: NamedService, site: string): SiteTrack {
  return state.tracks[service.name]?.[site] ?? blankTrack;
}

/**
 * Folds an observation into what this watcher holds.
 *
 * @returns whether its opinion of the site has changed
 */
export function* fold(state: WatcherState, service: NamedService, seen: Seen, wallMs: number): Routine<boolean> {
  const { site, beganMs } = seen;
  const before = trackOf(state, service, site);
  const after = foldedTrack(state, service, seen);
  if (after === null) return false;
  state.tracks = { ...state.tracks, [service.name]: { ...state.tracks[service.name], [site]: after } };

  const key = `${service.name}/${site}`;
  state.observedMs.set(key, Math.max(beganMs, state.observedMs.get(key) ?? beganMs));
  if (seen.observation.latencyMs === null) state.probeMs.delete(key);
  else state.probeMs.set(key, seen.observation.latencyMs);
  if (after.failureStreak === 0) state.faultTimes.delete(key);
  else if (!state.faultTimes.has(key)) state.faultTimes.set(key, { faultMs: wallMs, detectedMs: null });
  if (after.opinion === before.opinion) return false;
  const detail = `${site}: ${before.opinion} > ${after.opinion}${after.reason ? ` (${after.reason})` : ''}`;
  yield* call('log', {
    event: newEvent('opinion-changed', service.name, detail, {
      site,
      data: { opinion: after.opinion, reason: after.reason, grey: after.window?.reason ?? null },
    }),
  });
  return true;
}
