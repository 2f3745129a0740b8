import { alertOf } from '../alerting/alert.ts';
import { alertCatalogue } from '../alerting/catalogue.ts';
import type { FailoverEvent } from '../alerting/event.ts';
import {
  closeNotifications,
  isQuiet,
  isStillKnown,
  type Notification,
  type Notifications,
  notificationKey,
  notificationOf,
  notificationRetryMs,
  notifierRegion,
  quietMs,
  resolvedEvent,
} from '../alerting/notification.ts';
import { call, type Routine, spawn } from '../routine.ts';
import { differsWatch } from '../tables/stopwatch.ts';
import { publishOpinions } from './opinion-writing.ts';
import type { RaisedAlert, WatcherState } from './state.ts';

/** Logs a single event, and notifies people when it raises an alarm. */
export function* announce(state: WatcherState, event: FailoverEvent): Routine<void> {
  yield* call('log', { event });
  yield* notifyOnce(state, event);
}

/**
 * Logs an event that raises no alarm, and makes one attempt to notify people of it. Whoever calls this sees to it that
 * it is told once.
 */
export function* tell(state: WatcherState, event: FailoverEvent): Routine<void> {
  yield* call('log', { event });
  yield* spawn(send(state, null, event));
}

/** Notifies people of an event that does not last, unless the same message was sent recently. */
export function* notifyOnce(state: WatcherState, event: FailoverEvent): Routine<void> {
  const alarm = alertOf(event);
  if (alarm === null || alertCatalogue[alarm].notifiedBy === 'nobody') return;
  const key = notificationKey(alarm, event);
  if (isQuiet(state.notifications[key])) holdBack(state, key);
  else yield* notify(state, key, notificationOf(alarm, key, event, false));
}

/**
 * Notifies people of the alerts of one service that have lasted long enough, and of alerts that are over.
 *
 * Every watcher sees the alerts. The watcher of the notifier region sends the messages, and the watcher that sent one
 * also sends the message about its end. When the notifier region falls silent, the next region takes over and reads in
 * the others' opinion items what was sent.
 *
 * @param service - null for the alerts of the whole deployment
 * @param fresh - control regions whose watchers this one hears
 */
export function* notifyRaisedAlerts(
  state: WatcherState,
  service: string | null,
  fresh: readonly string[],
  nowMs: number,
): Routine<void> {
  const lasting = new Set<string>();
  for (const [name, raisedAlert] of state.raisedAlerts) {
    const { alarm, event } = raisedAlert;
    const key = notificationKey(alarm, event);
    lasting.add(key);
    if (event.service === service && lastedMs(state, raisedAlert, nowMs) >= alertCatalogue[alarm].patienceMs)
      yield* notifyRaisedAlert(state, key, name, raisedAlert, fresh);
  }
  for (const [key, notification] of Object.entries(state.notifications)) {
    if (notification.isOpen && notification.event.service === service && !lasting.has(key))
      yield* notifyResolved(state, key, notification);
  }
}

/**
 * How long an alert has lasted, in milliseconds. People are told of configurations that differ for longer than any
 * process lives, so that is counted over processes.
 */
function lastedMs(state: WatcherState, { alarm, event, sinceMs }: RaisedAlert, nowMs: number): number {
  const isCounted = alarm === 'configurations-differ' && event.service !== null;
  const countedMs = isCounted ? (state.stopwatches[differsWatch(event.service)] ?? 0) : 0;
  return Math.max(nowMs - sinceMs, countedMs);
}

function* notifyRaisedAlert(
  state: WatcherState,
  key: string,
  name: string,
  raisedAlert: RaisedAlert,
  fresh: readonly string[],
): Routine<void> {
  const { alarm, event } = raisedAlert;
  const notification = state.notifications[key];
  if (notification?.isOpen) return;
  const isMine = notifierRegion(state.setup.deployment.controlRegions, fresh) === state.setup.region;
  if (alertCatalogue[alarm].notifiedBy === 'notifierRegion') {
    if (!isMine) return;
    const told = toldElsewhere(state, key, raisedAlert, fresh);
    if (told !== null) {
      if (told.isSilent) state.notifications = { ...state.notifications, [key]: told.notification };
      return;
    }
  }
  // A thing that several watchers have tried is told once; each of them may be the one that finds it well.
  const told = alarm === 'drift-stuck' ? toldElsewhere(state, key, raisedAlert, fresh) : null;
  if (told !== null) state.notifications = { ...state.notifications, [key]: { ...told.notification, name } };
  else if (!isQuiet(notification)) yield* notify(state, key, notificationOf(alarm, name, event, true));
  else if (!raisedAlert.isHeldBack) {
    raisedAlert.isHeldBack = true;
    holdBack(state, key);
  }
}

/**
 * The message that another region's watcher has sent about the same alert. A silent watcher counts only when it was
 * heard while this alert lasted.
 */
function toldElsewhere(
  state: WatcherState,
  key: string,
  raisedAlert: RaisedAlert,
  fresh: readonly string[],
): { readonly notification: Notification; readonly isSilent: boolean } | null {
  for (const [region, { view }] of state.reads) {
    const notification = region === state.setup.region ? undefined : view.opinions?.notifications?.[key];
    if (!notification?.isOpen) continue;
    const isSilent = !fresh.includes(region);
    const silence = state.raisedAlerts.get(silenceName(raisedAlert.event.service, region));
    if (!isSilent || silence === undefined || silence.sinceMs >= raisedAlert.sinceMs) return { notification, isSilent };
  }
  return null;
}

/** Leaves the message about an alert's end to another living watcher that has told people of the same alert. */
export function leaveEndToOthers(state: WatcherState, { alarm, event }: RaisedAlert, fresh: readonly string[]): void {
  const key = notificationKey(alarm, event);
  const own = state.notifications[key];
  const others = fresh.filter((region) => region !== state.setup.region);
  const isTold = others.some((region) => state.reads.get(region)?.view.opinions?.notifications?.[key]?.isOpen);
  if (own !== undefined && isTold) state.notifications = { ...state.notifications, [key]: { ...own, isOpen: false } };
}

/** Name under which the silence of a region's watcher is remembered. */
export function silenceName(service: string | null, region: string): string {
  return `watcher:${service}:${region}`;
}

function* notifyResolved(state: WatcherState, key: string, notification: Notification): Routine<void> {
  state.notifications = { ...state.notifications, [key]: { ...notification, isOpen: false } };
  const event = resolvedEvent(notification);
  yield* call('log', { event });
  yield* spawn(send(state, key, event));
}

function* notify(state: WatcherState, key: string, notification: Notification): Routine<void> {
  const heldBack = state.notifications[key]?.heldBack ?? 0;
  state.notifications = { ...state.notifications, [key]: notification };
  const { event } = notification;
  const more = heldBack > 0 ? { ...event, data: { ...event.data, heldBack } } : event;
  yield* spawn(send(state, key, more));
}

/**
 * Continues from the notifications of a predecessor. An open alert counts as open until this watcher has checked it.
 * After a gap this is not known, and another watcher may have sent the message about the end.
 */
export function inheritNotifications(
  state: WatcherState,
  notifications: Notifications,
  hasNoGap: boolean,
  nowMs: number,
): void {
  const known = Object.entries(notifications).filter(([, notification]) =>
    isStillKnown(notification, state.setup.deployment),
  );
  const inherited = Object.fromEntries(known);
  state.notifications = { ...(hasNoGap ? inherited : closeNotifications(inherited)), ...state.notifications };
  if (!hasNoGap) return;
  for (const [, { alarm, name, event, isOpen }] of known) {
    if (!isOpen || state.logged.has(name)) continue;
    state.raisedAlerts.set(name, { alarm, event, sinceMs: nowMs, isHeldBack: false });
  }
}

function holdBack(state: WatcherState, key: string): void {
  const notification = state.notifications[key];
  if (notification)
    state.notifications = { ...state.notifications, [key]: { ...notification, heldBack: notification.heldBack + 1 } };
}

/**
 * Makes one attempt to send a message, in parallel with the ticks. When it fails, an alert that lasts is tried again
 * after a pause.
 *
 * The notification is recorded only after the message was sent, and at once. A successor that takes over in between may
 * send it a second time, but it is never lost.
 *
 * @param key - of the notification; null for an event that raises no alarm, of which none is kept
 */
function* send(state: WatcherState, key: string | null, event: FailoverEvent): Routine<void> {
  if (key !== null) state.sending.add(key);
  const answer = yield* call('notify', { event });
  if (key !== null) state.sending.delete(key);
  if (answer.ok) {
    if (state.generation > 0 && !state.isSuperseded) yield* publishOpinions(state);
    return;
  }
  const notification = key === null ? undefined : state.notifications[key];
  if (key !== null && notification?.isOpen)
    state.notifications = {
      ...state.notifications,
      [key]: { ...notification, isOpen: false, ageMs: quietMs - notificationRetryMs },
    };
  const { kind, service, site } = event;
  const detail = `nobody was notified of ${kind}: ${answer.fault.kind}, ${answer.fault.detail}`;
  const data = { of: kind, fault: answer.fault.kind };
  yield* call('log', { event: { kind: 'notification-lost', service, site, detail, data } });
}
