import type { Deployment } from '../model/deployment.ts';
import { type AlertName, alertCatalogue } from './catalogue.ts';
import type { FailoverEvent } from './event.ts';

/**
 * What people were told of one alert.
 *
 * Kept in the opinion item, so that the next watcher process, and the next notifier region, know what has been said.
 */
export interface Notification {
  readonly alarm: AlertName;
  /** Name under which a watcher remembers the alert. */
  readonly name: string;
  /** What was told. */
  readonly event: FailoverEvent;
  /** Whether the alert goes on and its end is still to be told. */
  readonly isOpen: boolean;
  /** Counted since people were told, by this watcher and its predecessors. */
  readonly ageMs: number;
  /** How often the same came back since and was not told. */
  readonly heldBack: number;
}

/** By `notificationKey`. */
export type Notifications = Readonly<Record<string, Notification>>;

/** The same is told at most once in this time: a site that flaps sends one message, not one a minute. */
export const quietMs = 5 * 60_000;

/** How long a count of what was held back is kept for the next message. */
export const heldBackKeptMs = 60 * 60_000;

/** How long nothing is tried after a message could not be sent. */
export const notificationRetryMs = 60_000;

/** Names what a message is about: of two events with one key the second is a repetition. */
export function notificationKey(alarm: AlertName, { service, site, data }: FailoverEvent): string {
  // A watcher is silent for every service at once.
  if (alarm === 'watcher-silent') return `${alarm}:${data.region}`;
  return `${alarm}:${service ?? '-'}/${site ?? data.step ?? data.thing ?? '-'}`;
}

/** A notification of what has just been told. */
export function notificationOf(alarm: AlertName, name: string, event: FailoverEvent, isOpen: boolean): Notification {
  return { alarm, name, event, isOpen, ageMs: 0, heldBack: 0 };
}

/** Whether the same was told so lately that it is not told again. */
export function isQuiet(notification: Notification | undefined): boolean {
  return notification !== undefined && !notification.isOpen && notification.ageMs < quietMs;
}

/**
 * Ages notifications and forgets those that hold nothing back any more.
 *
 * @param elapsedMs - own monotonic time since the last call; time in which the watcher was frozen left out
 */
export function ageNotifications(notifications: Notifications, elapsedMs: number): Notifications {
  const names = Object.keys(notifications);
  if (names.length === 0) return notifications;
  const aged: Record<string, Notification> = {};
  for (const name of names) {
    const notification = notifications[name] as Notification;
    const ageMs = notification.ageMs + elapsedMs;
    const keptMs = notification.heldBack > 0 ? heldBackKeptMs : quietMs;
    if (notification.isOpen || ageMs < keptMs) aged[name] = { ...notification, ageMs };
  }
  return aged;
}

/** Closes what is open: after a gap nobody knows who has told the end of it. */
export function closeNotifications(notifications: Notifications): Notifications {
  return Object.fromEntries(
    Object.entries(notifications).map(([name, notification]) => [name, { ...notification, isOpen: false }]),
  );
}

/** Whether a notification is about something that the configuration, perhaps a newer one, still has. */
export function isStillKnown({ alarm, event }: Notification, deployment: Deployment): boolean {
  const { service, site, data } = event;
  if (alarm === 'watcher-silent' && !deployment.controlRegions.includes(String(data.region))) return false;
  if (service === null) return true;
  const sites = deployment.services[service]?.sites;
  return sites !== undefined && (site === null || Object.hasOwn(sites, site));
}

/** The first control region, in the order of the configuration, whose watcher is heard: it speaks for all. */
export function notifierRegion(controlRegions: readonly string[], fresh: readonly string[]): string | null {
  return controlRegions.find((region) => fresh.includes(region)) ?? null;
}

/** The message that an alert is over. */
export function resolvedEvent(notification: Notification): FailoverEvent {
  const { alarm, event } = notification;
  const { service, site, detail } = event;
  return {
    kind: 'alert-resolved',
    service,
    site,
    detail: `${alertCatalogue[alarm].title}: over (was: ${detail})`,
    data: { alarm },
  };
}
