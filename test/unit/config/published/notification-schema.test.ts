import { expect, test } from 'vitest';
import { notificationSchema, notificationShapes } from '../../../../src/config/published/notification-schema.ts';
import { alertNames } from '../../../../src/core/alerting/catalogue.ts';
import { type FailoverEvent, newEvent } from '../../../../src/core/alerting/event.ts';
import { type Notice, noticeOf } from '../../../../src/core/alerting/notice.ts';
import { notificationOf, resolvedEvent } from '../../../../src/core/alerting/notification.ts';
import { webhookBody } from '../../../../src/core/alerting/webhook-body.ts';
import { readRepository } from '../shop.fixture.ts';

const { event, webhook } = notificationShapes;
const strictEvent = event.strict();

const down = newEvent('verdict-changed', 'web', 'left: down', { site: 'left', data: { verdict: 'down', of: null } });
const events: readonly (readonly [string, FailoverEvent])[] = [
  ['an alert', down],
  ['no alert', newEvent('run-ended', 'web', 'done', { data: { ms: 12, isDone: true } })],
  ['nothing of a service', newEvent('clock-gap', null, 'no tick for 61 s')],
  ...alertNames.map((alarm) => [`the end of ${alarm}`, resolvedEvent(notificationOf(alarm, 'x', down, true))] as const),
];
const notices = events.map(
  ([name, each]) =>
    [
      name,
      noticeOf({ deployment: 'shop', region: 'us-east-1', id: 'msg_00000000000000ab', atMs: 1, event: each }),
    ] as const,
);

test('schemas/notification.schema.json is what the shapes say (npm run docs writes it)', () => {
  expect(readRepository('schemas/notification.schema.json')).toBe(notificationSchema());
});

test.each(notices)('the event of %s has the published shape, and no field besides', (_, notice) => {
  expect(strictEvent.parse(JSON.parse(JSON.stringify(notice)))).toEqual(notice);
});

test.each(notices)('the webhook of %s has the published shape', (_, notice) => {
  const body = webhookBody('json', notice, '');

  expect(webhook.strict().parse(JSON.parse(JSON.stringify(body)))).toEqual(body);
});

test.each<[keyof Notice]>([['version'], ['id'], ['alert'], ['detail']])(
  'an event without %s has not the shape',
  (key) => {
    const [, notice] = notices[0] ?? [];

    expect(event.safeParse({ ...notice, [key]: undefined }).success).toBe(false);
  },
);
