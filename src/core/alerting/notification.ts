import type { Deployment } from '../model/deployment.ts';
import type { AlertName } from './alert-name.ts';
import { alertCatalogue } from './catalogue.ts';
import type { FailoverEvent } from './event.ts';

/**
 * The newest message that people were sent about one alert.
 *
 * It is kept in the opinion item, so that the next watcher process and the next notifier region know what was sent.
 */
export interface Notification {
  readonly alarm: AlertName;
  /** Name under which a watcher remembers the alert. */
  readonly name: string;
  /** The event that was sent. */
  readonly event: FailoverEvent;
  /** Whether the alert lasts, so that a message about its end is still due. */
  readonly isOpen: boolean;
  /** Time since people were notified, as this watcher and its predecessors have counted it. */
  readonly ageMs: number;
  /** How often the same happened since then without a message. */
  readonly heldBack: number;
}

/** Notifications by `notificationKey`. */
export type Notifications = Readonly<Record<string, Notification>>;

/** The same message is sent at most once in this time: a site that flaps causes one message, not one a minute. */
export const quietMs = 5 * 60_000;

/** How long the count of messages that were held back is kept for the next message. */
export const heldBackKeptMs = 60 * 60_000;

/** Pause before the next attempt after a message could not be sent. */
export const notificationRetryMs = 60_000;

/**
 * Names what a message is about. Two events with the same key are about the same thing: the second is a repetition.
 */
export function notificationKey(alarm: AlertName, { service, site, data }: FailoverEvent): string {
  // A silent watcher is silent for every service at once, so the service is not part of the key; nor is it where a
  // region checks them all.
  if (alarm === 'watcher-silent' || alarm === 'doctor-red') return `${alarm}:${data.region}`;
  return `${alarm}:${service ?? '-'}/${site ?? data.step ?? data.name ?? data.thing ?? '-'}`;
}

/** The notification of a message that has just been sent. */
export function notificationOf(alarm: AlertName, name: string, event: FailoverEvent, isOpen: boolean): Notification {
  return { alarm, name, event, isOpen, ageMs: 0, heldBack: 0 };
}

/** Whether the same message was sent so recently that it is not sent again. */
export function isQuiet(notification: Notification | undefined): boolean {
  return notification !== undefined && !notification.isOpen && notification.ageMs < quietMs;
}

/**
 * Adds elapsed time to notifications, and drops those that no longer hold a message back.
 *
 * @param elapsedMs - own monotonic time since the last call, without time in which the watcher was frozen
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

/** Closes the open notifications. After a gap it is not known who has sent the message about the end. */
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

/**
 * The notifier region: the first control region, in the order of the configuration, whose watcher is heard. Null when
 * none is heard.
 */
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
    data: { alarm, key: notificationKey(alarm, event) },
  };
}
