import { blankTrack, type SiteTrack } from '../detection/opinion.ts';
import { recordOf } from '../record.ts';
import type { TimeReading } from '../routine.ts';
import type { OpinionItem } from '../tables/opinion-item.ts';
import { outOfContactMs } from './contact.ts';
import { closingsSaid } from './fencing/closing-terms.ts';
import { leasesSaid } from './fencing/lease-terms.ts';
import type { WatcherState } from './state.ts';

/**
 * Continues from a predecessor's opinions of the sites, when there was no gap between it and this process.
 *
 * @param nowMs - own monotonic time, after the predecessor's item was read
 */
export function inheritTracks(state: WatcherState, before: OpinionItem['tracks'], nowMs: number): void {
  for (const { name, sites } of state.services) {
    const tracks = state.tracks[name] ?? {};
    const formed = Object.entries(tracks).filter(([, { opinion }]) => opinion !== 'unknown');
    const known = Object.entries(before[name] ?? {})
      .filter(([site]) => Object.hasOwn(sites, site))
      .map(([site, track]) => [site, withOwnStreak(track, tracks[site])] as const);
    const own = formed.map(([site, track]) => [site, continued(track, before[name]?.[site])] as const);
    state.tracks = { ...state.tracks, [name]: Object.fromEntries([...known, ...own]) };
    for (const [site, { newestAgeMs }] of known) {
      const key = `${name}/${site}`;
      // The observation is at least that old, because the item was written before it was read.
      const beganMs = newestAgeMs === undefined ? null : nowMs - newestAgeMs;
      if (beganMs !== null) state.observedMs.set(key, Math.max(beganMs, state.observedMs.get(key) ?? beganMs));
    }
  }
}

/**
 * The tracks as they are written. The track of a failing site holds the age of its newest observation, so that a
 * successor can continue the count.
 */
function agedTracks({ tracks, observedMs, lastTickMs }: WatcherState): OpinionItem['tracks'] {
  const aged = (service: string, site: string, track: SiteTrack): SiteTrack => {
    const beganMs = observedMs.get(`${service}/${site}`);
    if (track.failureStreak === 0 || track.opinion === 'down' || beganMs === undefined || lastTickMs === null)
      return track;
    return { ...track, newestAgeMs: Math.max(0, lastTickMs - beganMs) };
  };
  const agedOf = (service: string, sites: Readonly<Record<string, SiteTrack>>) =>
    recordOf(Object.keys(sites), (site) => aged(service, site, sites[site] ?? blankTrack));
  return recordOf(Object.keys(tracks), (service) => agedOf(service, tracks[service] ?? {}));
}

/** The inherited streak, or this process's own one when it has seen the inherited streak end. */
function withOwnStreak(before: SiteTrack, own: SiteTrack | undefined): SiteTrack {
  const isBroken = before.failureStreak > 0 ? (own?.passStreak ?? 0) > 0 : (own?.failureStreak ?? 0) > 0;
  if (own === undefined || !isBroken) return before;
  return { ...before, failureStreak: own.failureStreak, failingMs: own.failingMs, passStreak: own.passStreak };
}

/**
 * This process's own track, with what only its predecessor can know: the window of many ticks, and the load of a site
 * before it stopped answering.
 */
function continued(track: SiteTrack, before: SiteTrack | undefined): SiteTrack {
  // The old load of a site that answers without reporting a load is not used, because it may have changed.
  const load = track.report.load ?? (track.passStreak > 0 ? undefined : before?.report.load);
  const window = before?.window ?? track.window;
  return {
    ...track,
    ...(load === undefined ? {} : { report: { ...track.report, load } }),
    ...(window === undefined ? {} : { window }),
  };
}

/**
 * The item that the watcher writes now.
 *
 * @param time - of its own clocks
 */
export function opinionItemOf(state: WatcherState, { monotonicMs, wallMs }: TimeReading): OpinionItem {
  const { generation, invocation, sequence, stopwatches, digests } = state;
  const sent = Object.entries(state.notifications).filter(([key]) => !state.sending.has(key));
  const told = sent.length > 0 ? { notifications: Object.fromEntries(sent) } : {};
  const { controlRegions } = state.setup.deployment;
  const known = Object.keys(state.epochs).length > 0 ? { epochs: state.epochs } : {};
  const tracks = agedTracks(state);
  const silent = state.unanswered.length > 0 ? { unanswered: state.unanswered } : {};
  const witnessed = [...state.witnesses].flatMap(([name, { evidence }]) => (evidence ? [[name, evidence]] : []));
  const seen = witnessed.length > 0 ? { evidence: Object.fromEntries(witnessed) } : {};
  return {
    generation,
    invocation,
    sequence,
    wallMs,
    tracks,
    stopwatches,
    digests,
    controlRegions,
    ...known,
    ...told,
    ...silent,
    ...seen,
    ...leasesSaid(state),
    ...closingsSaid(state),
    outOfContactMs: recordOf(
      state.services.map(({ name }) => name),
      (name) => outOfContactMs(state, { name }, monotonicMs),
    ),
  };
}
