import type { Deployment } from '../model/deployment.ts';
import { type AlarmName, alarmCatalog } from './catalogue.ts';
import type { Happening } from './event.ts';

/**
 * What people were told of one trouble.
 *
 * Kept in the opinion item, so that the next watcher process, and the next spokesman, know what has been said.
 */
export interface Notice {
  readonly alarm: AlarmName;
  /** Name under which a watcher remembers the trouble. */
  readonly name: string;
  /** What was told. */
  readonly happening: Happening;
  /** Whether the trouble goes on and its end is still to be told. */
  readonly isOpen: boolean;
  /** Counted since people were told, by this watcher and its predecessors. */
  readonly ageMs: number;
  /** How often the same came back since and was not told. */
  readonly heldBack: number;
}

/** By `noticeKey`. */
export type Notices = Readonly<Record<string, Notice>>;

/** The same is told at most once in this time: a site that flaps sends one message, not one a minute. */
export const quietMs = 5 * 60_000;

/** How long a count of what was held back is kept for the next message. */
export const heldBackKeptMs = 60 * 60_000;

/** How long nothing is tried after a message could not be sent. */
export const noticeRetryMs = 60_000;

/** Names what a message is about: of two happenings with one key the second is a repetition. */
export function noticeKey(alarm: AlarmName, { service, site, data }: Happening): string {
  // A watcher is silent for every service at once.
  if (alarm === 'watcher-silent') return `${alarm}:${data.region}`;
  return `${alarm}:${service ?? '-'}/${site ?? data.step ?? data.thing ?? '-'}`;
}

/** A notice of what has just been told. */
export function noticeOf(alarm: AlarmName, name: string, happening: Happening, isOpen: boolean): Notice {
  return { alarm, name, happening, isOpen, ageMs: 0, heldBack: 0 };
}

/** Whether the same was told so lately that it is not told again. */
export function isQuiet(notice: Notice | undefined): boolean {
  return notice !== undefined && !notice.isOpen && notice.ageMs < quietMs;
}

/**
 * Ages notices and forgets those that hold nothing back any more.
 *
 * @param elapsedMs - own monotonic time since the last call; time in which the watcher was frozen left out
 */
export function ageNotices(notices: Notices, elapsedMs: number): Notices {
  const names = Object.keys(notices);
  if (names.length === 0) return notices;
  const aged: Record<string, Notice> = {};
  for (const name of names) {
    const notice = notices[name] as Notice;
    const ageMs = notice.ageMs + elapsedMs;
    const keptMs = notice.heldBack > 0 ? heldBackKeptMs : quietMs;
    if (notice.isOpen || ageMs < keptMs) aged[name] = { ...notice, ageMs };
  }
  return aged;
}

/** Closes what is open: after a gap nobody knows who has told the end of it. */
export function closeNotices(notices: Notices): Notices {
  return Object.fromEntries(Object.entries(notices).map(([name, notice]) => [name, { ...notice, isOpen: false }]));
}

/** Whether a notice is about something that the configuration, perhaps a newer one, still has. */
export function isStillKnown({ alarm, happening }: Notice, deployment: Deployment): boolean {
  const { service, site, data } = happening;
  if (alarm === 'watcher-silent' && !deployment.controlRegions.includes(String(data.region))) return false;
  if (service === null) return true;
  const sites = deployment.services[service]?.sites;
  return sites !== undefined && (site === null || Object.hasOwn(sites, site));
}

/** The first control region, in the order of the configuration, whose watcher is heard: it speaks for all. */
export function spokesman(controlRegions: readonly string[], fresh: readonly string[]): string | null {
  return controlRegions.find((region) => fresh.includes(region)) ?? null;
}

/** The message that a trouble is over. */
export function overHappening(notice: Notice): Happening {
  const { alarm, happening } = notice;
  const { service, site, detail } = happening;
  return {
    kind: 'alarm-over',
    service,
    site,
    detail: `${alarmCatalog[alarm].title}: over (was: ${detail})`,
    data: { alarm },
  };
}
