import { expect, test } from 'vitest';
import { notificationSchema, notificationShapes } from '../../../../src/config/published/notification-schema.ts';
import { alertNames } from '../../../../src/core/alerting/alert-name.ts';
import { type FailoverEvent, newEvent } from '../../../../src/core/alerting/event.ts';
import { type EventDetail, eventDetailOf } from '../../../../src/core/alerting/event-detail.ts';
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
const details = events.map(
  ([name, each]) =>
    [
      name,
      eventDetailOf({ deployment: 'shop', region: 'us-east-1', id: 'msg_00000000000000ab', atMs: 1, event: each }),
    ] as const,
);

test('schemas/notification.schema.json is what the shapes say (npm run docs writes it)', () => {
  expect(readRepository('schemas/notification.schema.json')).toBe(notificationSchema());
});

test.each(details)('the event of %s has the published shape, and no field besides', (_, detail) => {
  expect(strictEvent.parse(JSON.parse(JSON.stringify(detail)))).toEqual(detail);
});

test.each(details)('the webhook of %s has the published shape', (_, detail) => {
  const body = webhookBody('json', detail, '');

  expect(webhook.strict().parse(JSON.parse(JSON.stringify(body)))).toEqual(body);
});

test.each<[keyof EventDetail]>([['version'], ['id'], ['alert'], ['detail']])(
  'an event without %s has not the shape',
  (key) => {
    const [, detail] = details[0] ?? [];

    expect(event.safeParse({ ...detail, [key]: undefined }).success).toBe(false);
  },
);
