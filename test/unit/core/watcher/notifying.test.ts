import { expect, test } from 'vitest';
import type { AlertName } from '../../../../src/core/alerting/alert-name.ts';
import { newEvent } from '../../../../src/core/alerting/event.ts';
import { type Notification, notificationOf, quietMs } from '../../../../src/core/alerting/notification.ts';
import type { Routine } from '../../../../src/core/routine.ts';
import {
  announce,
  inheritNotifications,
  leaveEndToOthers,
  notifyOnce,
  notifyRaisedAlerts,
  silenceName,
  tell,
} from '../../../../src/core/watcher/notifying.ts';
import type { WatcherState } from '../../../../src/core/watcher/state.ts';
import { service } from '../service.fixture.ts';
import { controlRegions, watcherOf } from './change.fixture.ts';

/** Raises `site-down`, which lasts, is told at once, and by the first control region that is heard. */
const siteDown = newEvent('verdict-changed', 'shop', 'one: down', { site: 'one', data: { verdict: 'down' } });
const downKey = 'site-down:shop/one';
/** Raises `probe-failing`, which is told once it has lasted for half a minute. */
const probeFailing = newEvent('probe-failing', 'shop', 'a probe fails', { site: 'one' });
/** Raises `drift-stuck`, which every watcher tells that has met it. */
const driftStuck = newEvent('drift-stuck', 'shop', 'an address is stuck', { data: { thing: 'address' } });
const stuckKey = 'drift-stuck:shop/address';
/** Raises `failed-over`, which does not last. */
const failover = newEvent('failover', 'shop', 'from one to two', { site: 'two' });
const failoverKey = 'failed-over:shop/two';

/** A watcher of a region that acts, of whose calls is kept what they say; people can be told unless it is said. */
class Telling {
  readonly state: WatcherState;
  readonly logged: string[] = [];
  readonly losses: unknown[] = [];
  /** What happens while a message is on its way. */
  meanwhile = () => {};
  readonly sent: { readonly kind: string; readonly data: Readonly<Record<string, unknown>> }[] = [];
  written = 0;
  isReached = true;
  /** What is under way while a message is being sent. */
  sending: readonly string[] = [];

  constructor(region = 'region-1') {
    const state = watcherOf(service);
    this.state = { ...state, setup: { ...state.setup, region } };
    this.state.generation = 1;
  }

  /** Runs a routine and what it starts. */
  run(routine: Routine<unknown>): void {
    const started: Routine<unknown>[] = [];
    this.#advance(routine, started);
    for (const job of started) this.#advance(job, started);
  }

  raised(alarm: AlertName, event = siteDown, sinceMs = 0, name = 'a name') {
    const alert = { alarm, event, sinceMs, isHeldBack: false };
    this.state.raisedAlerts.set(name, alert);
    return alert;
  }

  /** What another region's item says that it has told. */
  hears(region: string, notifications: Readonly<Record<string, Notification>> | null): void {
    const opinions = notifications && { notifications };
    this.state.reads.set(region, { view: { opinions, acceptors: {} }, askedAtMs: 0 } as never);
  }

  /** Kinds of the messages that people are sent at an instant. */
  told(nowMs: number, fresh: readonly string[] = controlRegions, about: string | null = 'shop'): readonly string[] {
    const before = this.sent.length;
    this.run(notifyRaisedAlerts(this.state, about, fresh, nowMs));
    return this.sent.slice(before).map(({ kind }) => kind);
  }

  #advance(routine: Routine<unknown>, started: Routine<unknown>[]): void {
    let next = routine.next();
    while (!next.done) {
      const request = next.value;
      let given: unknown;
      if (request.kind === 'time') given = { wallMs: 5_000, monotonicMs: 1_000 };
      if (request.kind === 'spawn') started.push(request.routine);
      if (request.kind === 'call') given = this.#answer(request.name, request.input as never);
      next = routine.next(given);
    }
  }

  #answer(name: string, { event }: { readonly event: typeof siteDown }): unknown {
    if (name === 'log') this.logged.push(event.kind);
    if (name === 'log' && event.kind === 'notification-lost') this.losses.push(event.data);
    if (name === 'writeOpinions') this.written += 1;
    if (name === 'writeOpinions') return { ok: true, value: { isSuperseded: false } };
    if (name !== 'notify') return { ok: true, value: undefined };
    this.sending = [...this.state.sending];
    this.meanwhile();
    this.sent.push({ kind: event.kind, data: event.data });
    return this.isReached
      ? { ok: true, value: undefined }
      : { ok: false, fault: { kind: 'timeout', detail: 'no answer' } };
  }
}

const openOf = (alarm: AlertName, event = siteDown) => notificationOf(alarm, 'a name', event, true);
const closedOf = (alarm: AlertName, event = siteDown, ageMs = 0): Notification => ({
  ...openOf(alarm, event),
  isOpen: false,
  ageMs,
});

test('what does not last is logged and told, and the next watcher reads that it was', () => {
  const telling = new Telling();

  telling.run(announce(telling.state, failover));

  expect(telling.logged).toEqual(['failover']);
  expect(telling.sent).toEqual([{ kind: 'failover', data: failover.data }]);
  expect(telling.state.notifications[failoverKey]).toMatchObject({ isOpen: false, ageMs: 0, heldBack: 0 });
  expect(telling.written).toBe(1);
});

test('a message is under way until it has been sent', () => {
  const telling = new Telling();

  telling.run(notifyOnce(telling.state, failover));

  expect(telling.sending).toEqual([failoverKey]);
  expect([...telling.state.sending]).toEqual([]);
});

test.each([
  ['raises no alarm', newEvent('decision', 'shop', 'up', { data: { reason: 'healthy' } })],
  ['is for the log alone', newEvent('invariant-broken', 'shop', 'it is broken')],
])('nobody is told of what %s', (_, event) => {
  const telling = new Telling();

  telling.run(notifyOnce(telling.state, event));

  expect(telling.sent).toEqual([]);
  expect(telling.state.notifications).toEqual({});
});

test('a repetition is held back, and the next message says how many were', () => {
  const telling = new Telling();
  for (const _ of [1, 2, 3]) telling.run(notifyOnce(telling.state, failover));
  const told = telling.state.notifications[failoverKey];
  if (!told) throw new Error('it has been told');
  telling.state.notifications = { [failoverKey]: { ...told, ageMs: quietMs } };

  telling.run(notifyOnce(telling.state, failover));

  expect(telling.sent).toEqual([
    { kind: 'failover', data: failover.data },
    { kind: 'failover', data: { ...failover.data, heldBack: 2 } },
  ]);
});

test('what raises no alarm is told when somebody wants it told, and no notification is kept of it', () => {
  const telling = new Telling();
  const event = newEvent('pause-ended', 'shop', 'it is over', { data: { by: 'a person' } });

  telling.run(tell(telling.state, event));

  expect(telling.logged).toEqual(['pause-ended']);
  expect(telling.sent).toEqual([{ kind: 'pause-ended', data: event.data }]);
  expect(telling.sending).toEqual([]);
  expect(telling.state.notifications).toEqual({});
});

test.each([
  ['has not claimed its generation yet', 0, false],
  ['has been superseded', 1, true],
])('a watcher that %s writes no opinions when it has told people', (_, generation, isSuperseded) => {
  const telling = new Telling();
  Object.assign(telling.state, { generation, isSuperseded });

  telling.run(announce(telling.state, failover));

  expect(telling.sent.length).toBe(1);
  expect(telling.written).toBe(0);
});

test('an alert that lasts is told once, and its end is told', () => {
  const telling = new Telling();
  telling.raised('site-down');

  expect(telling.told(0)).toEqual(['verdict-changed']);
  expect(telling.told(10_000)).toEqual([]);
  telling.state.raisedAlerts.clear();
  expect(telling.told(20_000)).toEqual(['alert-resolved']);
  expect(telling.logged).toEqual(['alert-resolved']);
  // It stays quiet about the same for a while.
  expect(telling.state.notifications[downKey]).toMatchObject({ alarm: 'site-down', isOpen: false });
  expect(telling.told(30_000)).toEqual([]);
});

test.each([
  [29_999, []],
  [30_000, ['probe-failing']],
])('an alert with patience is told once it has lasted for half a minute (%i ms)', (lastedMs, expected) => {
  const telling = new Telling();
  telling.raised('probe-failing', probeFailing, 5_000);

  expect(telling.told(5_000 + lastedMs)).toEqual(expected);
});

test('the alerts of one service are told with that service', () => {
  const telling = new Telling();
  telling.raised('site-down');
  telling.told(0);

  telling.raised('site-down', { ...siteDown, service: 'other' }, 0, 'another name');
  telling.state.raisedAlerts.delete('a name');

  expect(telling.told(0, controlRegions, null)).toEqual([]);
  expect(telling.told(0)).toEqual(['alert-resolved']);
});

test.each([
  ['the first region that is heard', 'region-1', controlRegions, ['verdict-changed']],
  ['another one', 'region-2', controlRegions, []],
  ['the next one, as the first is silent', 'region-2', ['region-2', 'region-3'], ['verdict-changed']],
])('an alert is told by the first region that is heard: it is %s', (_, region, fresh, expected) => {
  const telling = new Telling(region);
  telling.raised('site-down');

  expect(telling.told(0, fresh)).toEqual(expected);
});

test('an alert that any watcher may meet is told by whoever meets it', () => {
  const telling = new Telling('region-2');
  telling.raised('drift-stuck', driftStuck);

  expect(telling.told(0)).toEqual(['drift-stuck']);
});

test('an alert that another living region has told is not told again', () => {
  const telling = new Telling();
  telling.raised('site-down');
  telling.hears('region-2', { [downKey]: openOf('site-down') });

  expect(telling.told(0)).toEqual([]);
  expect(telling.state.notifications).toEqual({});
});

test.each([
  ['is over there', { [downKey]: closedOf('site-down') }],
  ['is about something else', { 'site-down:shop/two': openOf('site-down') }],
  ['is not known there', {}],
  ['is not known, as there is no item', null],
])('an alert is told that another region has told of when it %s', (_, notifications) => {
  const telling = new Telling();
  telling.raised('site-down');
  telling.hears('region-2', notifications);

  expect(telling.told(0)).toEqual(['verdict-changed']);
});

test('an old item of the own table tells nothing', () => {
  const telling = new Telling();
  telling.raised('site-down');
  telling.hears('region-1', { [downKey]: openOf('site-down') });

  expect(telling.told(0)).toEqual(['verdict-changed']);
});

test.each([
  ['since the alert was there', 2_000, 1_000, true],
  ['since the alert began, in the same look', 1_000, 1_000, true],
  ['since before the alert', 1_000, 2_000, false],
])('what a region has told that is silent %s counts while it was heard', (_, silentSinceMs, sinceMs, isTold) => {
  const telling = new Telling();
  telling.raised('site-down', siteDown, sinceMs);
  telling.raised(
    'watcher-silent',
    newEvent('watcher-silent', 'shop', 'silent'),
    silentSinceMs,
    silenceName('shop', 'region-2'),
  );
  telling.hears('region-2', { [downKey]: openOf('site-down') });

  expect(telling.told(3_000, ['region-1', 'region-3'])).toEqual(isTold ? [] : ['verdict-changed']);
  // Whoever goes on from a silent region tells the end, too.
  expect(telling.state.notifications[downKey]?.isOpen).toBe(true);
});

test('what a region has told counts when nobody has noticed its silence yet', () => {
  const telling = new Telling();
  telling.raised('site-down');
  telling.hears('region-2', { [downKey]: openOf('site-down') });

  expect(telling.told(0, ['region-1', 'region-3'])).toEqual([]);
  expect(telling.state.notifications[downKey]).toEqual(openOf('site-down'));
});

test('a thing that several watchers meet is told by the first, and each may tell that it is over', () => {
  const telling = new Telling('region-3');
  telling.raised('drift-stuck', driftStuck, 0, 'own name');
  telling.hears('region-2', { [stuckKey]: openOf('drift-stuck', driftStuck) });

  expect(telling.told(0)).toEqual([]);
  expect(telling.state.notifications[stuckKey]).toEqual({ ...openOf('drift-stuck', driftStuck), name: 'own name' });
  telling.state.raisedAlerts.clear();
  expect(telling.told(0)).toEqual(['alert-resolved']);
});

test('another alert that each watcher tells by itself is told though others have', () => {
  const event = newEvent('self-check-failed', null, 'nothing answers');
  const telling = new Telling('region-3');
  telling.raised('self-check-failed', event);
  telling.hears('region-2', { 'self-check-failed:-/-': openOf('self-check-failed', event) });

  expect(telling.told(0, controlRegions, null)).toEqual(['self-check-failed']);
});

test('an alert that comes back within minutes is held back once, and told when the quiet time is over', () => {
  const telling = new Telling();
  telling.state.notifications = { [downKey]: closedOf('site-down', siteDown, quietMs - 1_000) };
  telling.raised('site-down');

  expect([...telling.told(0), ...telling.told(500)]).toEqual([]);
  expect(telling.state.notifications[downKey]?.heldBack).toBe(1);

  telling.state.notifications = { [downKey]: { ...closedOf('site-down', siteDown, quietMs), heldBack: 1 } };
  telling.told(1_000);
  expect(telling.sent).toEqual([{ kind: 'verdict-changed', data: { ...siteDown.data, heldBack: 1 } }]);
});

test('a message about an alert that could not be sent is tried again after a minute', () => {
  const telling = new Telling();
  telling.isReached = false;
  telling.raised('site-down');

  expect(telling.told(0)).toEqual(['verdict-changed']);

  expect(telling.logged).toEqual(['notification-lost']);
  expect(telling.losses).toEqual([{ of: 'verdict-changed', fault: 'timeout' }]);
  expect(telling.state.notifications[downKey]).toMatchObject({ isOpen: false, ageMs: quietMs - 60_000 });
  expect(telling.written).toBe(0);
  expect([...telling.state.sending]).toEqual([]);
});

test('a message that could not be sent is not tried again once nobody remembers it', () => {
  const telling = new Telling();
  telling.isReached = false;
  telling.meanwhile = () => {
    telling.state.notifications = {};
  };
  telling.raised('site-down');

  telling.told(0);

  expect(telling.state.notifications).toEqual({});
  expect(telling.logged).toEqual(['notification-lost']);
});

test('an alert is told that an item of a region says nothing of, as it has told nobody of anything', () => {
  const telling = new Telling();
  telling.raised('site-down');
  telling.state.reads.set('region-2', { view: { opinions: {}, acceptors: {} }, askedAtMs: 0 } as never);

  expect(telling.told(0)).toEqual(['verdict-changed']);
});

test('a message that does not last and could not be sent is not tried again', () => {
  const telling = new Telling();
  telling.isReached = false;

  telling.run(announce(telling.state, failover));

  expect(telling.logged).toEqual(['failover', 'notification-lost']);
  expect(telling.state.notifications[failoverKey]).toMatchObject({ isOpen: false, ageMs: 0 });
});

test('a message without a notification that could not be sent leaves none', () => {
  const telling = new Telling();
  telling.isReached = false;

  telling.run(tell(telling.state, failover));

  expect(telling.state.notifications).toEqual({});
});

test.each([
  ['another living one has told of it, too', 'region-2', openOf('site-down'), ['region-1', 'region-2'], false],
  ['the other one is silent', 'region-2', openOf('site-down'), ['region-1'], true],
  ['the other one has told that it is over', 'region-2', closedOf('site-down'), ['region-1', 'region-2'], true],
  ['it is only the own table that says so', 'region-1', openOf('site-down'), ['region-1'], true],
])('whether a watcher tells the end of an alert when %s', (_, region, notification, fresh, isOpen) => {
  const telling = new Telling();
  const alert = telling.raised('site-down');
  telling.state.notifications = { [downKey]: openOf('site-down') };
  telling.hears(region, { [downKey]: notification });

  leaveEndToOthers(telling.state, alert, fresh);

  expect(telling.state.notifications[downKey]?.isOpen).toBe(isOpen);
});

test.each([
  ['has no item', null],
  ['knows nothing of it', {}],
])('a watcher tells the end of an alert itself when the other one %s', (_, notifications) => {
  const telling = new Telling();
  const alert = telling.raised('site-down');
  telling.state.notifications = { [downKey]: openOf('site-down') };
  telling.hears('region-2', notifications);

  leaveEndToOthers(telling.state, alert, ['region-2', 'region-3']);

  expect(telling.state.notifications[downKey]?.isOpen).toBe(true);
});

test('who has told nothing of an alert leaves no end to others', () => {
  const telling = new Telling();
  telling.hears('region-2', { [downKey]: openOf('site-down') });

  leaveEndToOthers(telling.state, telling.raised('site-down'), controlRegions);

  expect(telling.state.notifications).toEqual({});
});

test('a successor takes alerts that were told for raised until it has looked, and tells their end', () => {
  const telling = new Telling();

  inheritNotifications(telling.state, { [downKey]: openOf('site-down'), gone: goneNotification }, true, 7_000);

  expect(telling.state.notifications).toEqual({ [downKey]: openOf('site-down') });
  expect([...telling.state.raisedAlerts]).toEqual([
    ['a name', { alarm: 'site-down', event: siteDown, sinceMs: 7_000, isHeldBack: false }],
  ]);
});

const goneNotification = openOf('site-down', { ...siteDown, service: 'gone' });

test.each([
  ['the alert is over', closedOf('site-down'), false],
  ['it has looked already', openOf('site-down'), true],
])('a successor takes no alert for raised when %s', (_, notification, hasLooked) => {
  const telling = new Telling();
  if (hasLooked) telling.state.logged.set('a name', 'up');

  inheritNotifications(telling.state, { [downKey]: notification }, true, 7_000);

  expect(telling.state.notifications).toEqual({ [downKey]: notification });
  expect([...telling.state.raisedAlerts]).toEqual([]);
});

test('after a gap somebody else may have told the end', () => {
  const telling = new Telling();

  inheritNotifications(telling.state, { [downKey]: openOf('site-down') }, false, 7_000);

  expect(telling.state.notifications[downKey]?.isOpen).toBe(false);
  expect([...telling.state.raisedAlerts]).toEqual([]);
});

test('what a successor has told itself stands', () => {
  const telling = new Telling();
  telling.state.notifications = { [downKey]: { ...openOf('site-down'), heldBack: 3 } };

  inheritNotifications(telling.state, { [downKey]: closedOf('site-down') }, true, 7_000);

  expect(telling.state.notifications[downKey]).toMatchObject({ isOpen: true, heldBack: 3 });
});
