import { alertOf } from './alert.ts';
import type { Severity } from './alert-facts.ts';
import { type AlertName, alertNames } from './alert-name.ts';
import { alertCatalogue } from './catalogue.ts';
import type { FailoverEvent } from './event.ts';
import { notificationKey } from './notification.ts';

/**
 * Version of the shape of an event detail. A new field leaves it as it is; a field that is taken out or means something
 * else raises it.
 */
const detailVersion = 1;

/** What a watcher hands on for others to hear. */
export interface Announcement {
  readonly deployment: string;
  /** Control region whose watcher tells. */
  readonly region: string;
  /** The same for every attempt to tell it, and for no other announcement. */
  readonly id: string;
  /** When the watcher told it, in epoch milliseconds of its own clock. */
  readonly atMs: number;
  readonly event: FailoverEvent;
}

/** What an event says of an alert. */
export interface AlertDetail {
  readonly name: AlertName;
  readonly severity: Severity;
  /** `resolved` when the event says that the alert is over. */
  readonly state: 'raised' | 'resolved';
  /** The same when the alert is raised, raised again and resolved; what incidents are grouped by. */
  readonly key: string;
}

/** An event as machines see it: the detail on EventBridge, and the data of a webhook. */
export interface EventDetail extends FailoverEvent {
  readonly version: typeof detailVersion;
  readonly id: string;
  readonly atMs: number;
  readonly deployment: string;
  readonly region: string;
  /** Null when the event is about no alert. */
  readonly alert: AlertDetail | null;
}

/** What is handed on, as machines see it. */
export function eventDetailOf({ deployment, region, id, atMs, event }: Announcement): EventDetail {
  return { version: detailVersion, id, atMs, deployment, region, ...event, alert: alertIn(deployment, event) };
}

function alertIn(deployment: string, event: FailoverEvent): AlertDetail | null {
  const { kind, data } = event;
  if (kind === 'alert-resolved') {
    const name = alertNames.find((known) => known === data.alarm);
    if (name === undefined) return null;
    const { severity } = alertCatalogue[name];
    return { name, severity, state: 'resolved', key: `${deployment}/${data.key}` };
  }
  const name = alertOf(event);
  if (name === null) return null;
  const { severity } = alertCatalogue[name];
  return { name, severity, state: 'raised', key: `${deployment}/${notificationKey(name, event)}` };
}
