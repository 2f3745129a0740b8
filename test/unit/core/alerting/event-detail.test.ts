import { expect, test } from 'vitest';
import { type FailoverEvent, newEvent } from '../../../../src/core/alerting/event.ts';
import { eventDetailOf } from '../../../../src/core/alerting/event-detail.ts';
import { notificationKey, notificationOf, resolvedEvent } from '../../../../src/core/alerting/notification.ts';

const down = newEvent('verdict-changed', 'web', 'left: down', { site: 'left', data: { verdict: 'down' } });
const silent = newEvent('watcher-silent', 'web', 'silent', { data: { region: 'us-west-2' } });
const stuck = newEvent('drift-stuck', 'web', 'stuck', { data: { thing: 'address' } });

const noticeFor = (event: FailoverEvent) =>
  eventDetailOf({ deployment: 'shop', region: 'us-east-1', id: 'msg_1', atMs: 5, event });

test('a event is the event, with who tells it, when, and what it says of an alert', () => {
  expect(noticeFor(down)).toEqual({
    version: 1,
    id: 'msg_1',
    atMs: 5,
    deployment: 'shop',
    region: 'us-east-1',
    kind: 'verdict-changed',
    service: 'web',
    site: 'left',
    detail: 'left: down',
    data: { verdict: 'down' },
    alert: { name: 'site-down', severity: 'critical', state: 'raised', key: 'shop/site-down:web/left' },
  });
});

test('an event about no alert has none', () => {
  expect(noticeFor(newEvent('run-ended', 'web', 'done')).alert).toBeNull();
  expect(
    noticeFor(newEvent('alert-resolved', 'web', 'over', { data: { alarm: 'of-another-version' } })).alert,
  ).toBeNull();
});

test.each([
  ['site-down', down],
  ['watcher-silent', silent],
  ['drift-stuck', stuck],
] as const)('an alert that is resolved has the key with which it was raised: %s', (alarm, event) => {
  const key = notificationKey(alarm, event);
  const over = resolvedEvent(notificationOf(alarm, key, event, true));

  expect(noticeFor(over).alert).toEqual({ ...noticeFor(event).alert, state: 'resolved' });
});
