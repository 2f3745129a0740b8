import { newEvent } from '../alerting/event.ts';
import { combineObservations, type Observation, type SiteObservation } from '../detection/observation.ts';
import { blankTrack, foldObservation, type SiteTrack } from '../detection/opinion.ts';
import type { SiteSurvey } from '../detection/site-survey.ts';
import type { NamedService } from '../model/service.ts';
import type { Site } from '../model/site.ts';
import { hasOpenRun, type Register } from '../register/register.ts';
import { all, call, type Routine, readTime, spawn } from '../routine.ts';
import { longestProbeMs } from '../timing.ts';
import { knownRegister, raise, resolve } from './alert-memory.ts';
import type { WatcherState } from './state.ts';
import { isAliveBySurvey, surveyOf, withSurvey } from './survey.ts';

const unseen: SiteObservation = {
  outcome: 'unknown',
  reason: null,
  isCorroboratedAlive: false,
  report: {},
  latencyMs: null,
  isPartial: false,
  dependencies: [],
};

interface Seen {
  readonly site: string;
  readonly observation: SiteObservation;
}

/**
 * Probes every site that is due and folds the results into the watcher's tracks, each service by itself.
 *
 * Waits for the services whose probes end inside the tick. A service with a longer interval may have longer probes: they
 * go on beside the next ticks and count when they end, so that its hung site delays nobody else.
 */
export function* observe(state: WatcherState): Routine<void> {
  const due = state.services.filter((service) => isDue(state, service) && !state.observing.has(service.name));
  const isSlow = (service: NamedService) => longestProbeMs(service) >= state.tickMs;
  for (const service of due.filter(isSlow)) yield* spawn(observeService(state, service));
  yield* all(due.filter((service) => !isSlow(service)).map((service) => observeService(state, service)));
}

/**
 * Probes the sites of one service at once.
 *
 * When none of them passes, the watcher doubts itself first: without a way out everything looks down from here, and
 * what it then saw is `unknown`.
 */
function* observeService(state: WatcherState, service: NamedService): Routine<void> {
  state.observing.add(service.name);
  const seen = yield* all(
    Object.entries(service.sites).map(function* ([name, site]): Routine<Seen> {
      const probed = yield* observeSite(site);
      const observation = withFacts(
        probed,
        service,
        name,
        surveyOf(state, service.name, name, (yield* readTime()).monotonicMs),
      );
      return { site: name, observation: withRole(observation, service, name, knownRegister(state, service.name)) };
    }),
  );
  const isBlind = yield* isBlindAfter(state, service, seen);
  const { wallMs } = yield* readTime();
  for (const { site, observation } of seen) yield* fold(state, service, site, isBlind ? unseen : observation, wallMs);
  state.observing.delete(service.name);
}

/** Services with a longer interval than the tick are probed every so many ticks. */
function isDue(state: WatcherState, service: NamedService): boolean {
  return state.sequence % Math.max(1, Math.round(service.detection.intervalMs / state.tickMs)) === 0;
}

function* observeSite(site: Site): Routine<SiteObservation> {
  const answers = yield* all(site.probes.map((probe) => call('probe', { probe })));
  const weighed = answers.map((answer, index) => ({
    observation: answer.ok ? answer.value : ({ outcome: 'unknown', detail: answer.fault.detail } satisfies Observation),
    isCorroborating: site.probes[index]?.corroborating ?? false,
    dependency: site.probes[index]?.dependency,
  }));
  return combineObservations(weighed, site.require);
}

/** Adds what the site's own region knows of it. */
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

/** A site that the register calls active and that says it is not would take no writes: its good answers are failures. */
function withRole(
  seen: SiteObservation,
  service: NamedService,
  site: string,
  register: Register | null,
): SiteObservation {
  const { role } = seen.report;
  const isJudged = service.sites[site]?.probes.some((probe) => probe.type !== 'tcp' && probe.expect.role === 'active');
  if (!isJudged || role === undefined || role === 'active' || seen.outcome !== 'pass') return seen;
  if (register === null || service.mode === 'active-active' || register.active !== site || hasOpenRun(register))
    return seen;
  return { ...seen, outcome: 'fail', reason: 'wrong-role', latencyMs: null };
}

function* isBlindAfter(state: WatcherState, service: NamedService, seen: readonly Seen[]): Routine<boolean> {
  const hasFailure = seen.some(({ observation }) => observation.outcome === 'fail');
  const hasPass = seen.some(({ observation }) => observation.outcome === 'pass');
  const name = `self-check:${service.name}`;
  // An answer from any site shows the way out; what was said of the self-check is over.
  if (hasPass) resolve(state, name);
  if (!state.setup.hasSelfCheck || !hasFailure || hasPass) return false;
  const answer = yield* call('checkSelf', {});
  const isBlind = !answer.ok || !answer.value.isConnected;
  yield* raise(
    state,
    name,
    isBlind ? 'blind' : 'connected',
    newEvent('self-check-failed', null, 'no control target answers; everything seen from here is unknown'),
    isBlind,
  );
  return isBlind;
}

function* fold(
  state: WatcherState,
  service: NamedService,
  site: string,
  observation: SiteObservation,
  wallMs: number,
): Routine<void> {
  const before: SiteTrack = state.tracks[service.name]?.[site] ?? blankTrack;
  const after = foldObservation(before, observation, service.detection);
  state.tracks = { ...state.tracks, [service.name]: { ...state.tracks[service.name], [site]: after } };

  const key = `${service.name}/${site}`;
  if (after.failureStreak === 0) state.faultTimes.delete(key);
  else if (!state.faultTimes.has(key)) state.faultTimes.set(key, { faultMs: wallMs, detectedMs: null });
  if (after.opinion !== before.opinion) {
    const detail = `${site}: ${before.opinion} > ${after.opinion}${after.reason ? ` (${after.reason})` : ''}`;
    yield* call('log', {
      event: newEvent('opinion-changed', service.name, detail, {
        site,
        data: { opinion: after.opinion, reason: after.reason, grey: after.window?.reason ?? null },
      }),
    });
  }
}
