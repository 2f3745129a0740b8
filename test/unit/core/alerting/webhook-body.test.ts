import { expect, test } from 'vitest';
import { newEvent } from '../../../../src/core/alerting/event.ts';
import { eventDetailOf } from '../../../../src/core/alerting/event-detail.ts';
import { messageOf } from '../../../../src/core/alerting/message.ts';
import { notificationOf, resolvedEvent } from '../../../../src/core/alerting/notification.ts';
import { webhookBody } from '../../../../src/core/alerting/webhook-body.ts';

const down = newEvent('verdict-changed', 'web', 'left: down <now> & here', { site: 'left', data: { verdict: 'down' } });
const over = resolvedEvent(notificationOf('site-down', 'x', down, true));
const noticeFor = (event = down) =>
  eventDetailOf({ deployment: 'shop', region: 'us-east-1', id: 'msg_1', atMs: 1_700_000_000_000, event });

test('json is the event, with its type and its time', () => {
  expect(webhookBody('json', noticeFor(), '')).toEqual({
    type: 'failover.verdict_changed',
    timestamp: '2023-11-14T22:13:20.000Z',
    data: noticeFor(),
  });
});

test('slack is a text: the subject, and the message, with nothing in it that Slack takes for markup', () => {
  const { subject } = messageOf('shop', 'us-east-1', down);

  const { text } = webhookBody('slack', noticeFor(), '') as { readonly text: string };

  expect(text.startsWith(`*${subject}*\n`)).toBe(true);
  expect(text).toContain('left: down &lt;now&gt; &amp; here');
  expect(text).not.toMatch(/[<>]|&(?!amp;|lt;|gt;)/);
});

test('slack takes 4,000 characters', () => {
  const long = newEvent('verdict-changed', 'web', 'x'.repeat(9_000), { data: { verdict: 'down' } });

  expect((webhookBody('slack', noticeFor(long), '') as { readonly text: string }).text).toHaveLength(4_000);
});

/** Fields and values that PagerDuty takes. Source: PagerDuty, "Send an Alert Event", Events API v2. */
test('pagerduty is an event that is opened and resolved by one key', () => {
  const key = 'R'.repeat(32);

  expect(webhookBody('pagerduty', noticeFor(), key)).toEqual({
    routing_key: key,
    event_action: 'trigger',
    dedup_key: 'shop/site-down:web/left',
    payload: {
      summary: '[CRITICAL] shop/web: site down (left)',
      source: 'left',
      severity: 'critical',
      timestamp: '2023-11-14T22:13:20.000Z',
      component: 'web',
      group: 'shop',
      class: 'site-down',
      custom_details: {
        id: 'msg_1',
        kind: 'verdict-changed',
        detail: 'left: down <now> & here',
        region: 'us-east-1',
        verdict: 'down',
      },
    },
  });
  expect(webhookBody('pagerduty', noticeFor(over), key)).toMatchObject({
    event_action: 'resolve',
    dedup_key: 'shop/site-down:web/left',
  });
});

test('pagerduty opens nothing for an event about no alert', () => {
  expect(webhookBody('pagerduty', noticeFor(newEvent('run-ended', 'web', 'done')), 'R')).toBeNull();
});

test('pagerduty takes 1,024 characters of a summary and 255 of a key', () => {
  const long = newEvent('verdict-changed', 'w'.repeat(2_000), '', { site: 'left', data: { verdict: 'down' } });

  const { dedup_key: key, payload } = webhookBody('pagerduty', noticeFor(long), 'R') as {
    readonly dedup_key: string;
    readonly payload: { readonly summary: string };
  };

  expect(key).toHaveLength(255);
  expect(payload.summary.length).toBeLessThanOrEqual(1_024);
});
