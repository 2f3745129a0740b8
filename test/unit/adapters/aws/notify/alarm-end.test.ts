import { expect, test } from 'vitest';
import { type AlarmChange, announcementOfEnd } from '../../../../../src/adapters/aws/notify/alarm-end.ts';
import { defineDeployment } from '../../../../../src/config/loader.ts';
import { notificationShapes } from '../../../../../src/config/published/notification-schema.ts';
import { eventDetailOf } from '../../../../../src/core/alerting/event-detail.ts';
import { messageOf } from '../../../../../src/core/alerting/message.ts';
import { shop } from '../../../config/shop.fixture.ts';

const deployment = defineDeployment(shop);
const change = (alarmName: string): AlarmChange => ({
  'detail-type': 'CloudWatch Alarm State Change',
  id: 'c4c1c1c9-6542-e61b-6ef0-8c4d36933a92',
  time: '2019-10-02T17:04:40Z',
  detail: { alarmName },
});

test('the end of an alarm of which no watcher tells is a message like that of any other end', () => {
  const end = announcementOfEnd(deployment, 'us-west-2', change('shop-failover-oracle-errors'));

  if (end === null) throw new TypeError('the deployment has this alarm');
  expect(end).toMatchObject({ id: 'msg_c4c1c1c96542e61b', atMs: Date.UTC(2019, 9, 2, 17, 4, 40) });
  const detail = eventDetailOf(end);
  expect(notificationShapes.event.safeParse(detail).success).toBe(true);
  expect(detail.alert).toEqual({
    name: 'oracle-errors',
    severity: 'warning',
    state: 'resolved',
    key: 'shop/oracle-errors:us-west-2',
  });
  expect(messageOf('shop', 'us-west-2', end.event).subject).toBe('[OVER] shop: oracle errors (us-west-2)');
});

test('a silent watcher has the key by which the other watchers tell of it', () => {
  const end = announcementOfEnd(deployment, 'us-west-2', change('shop-failover-watcher-silent'));

  expect(end?.event.data.key).toBe('watcher-silent:us-west-2');
});

test.each(['shop-failover-web-site-down', 'shop-failover-clock-gap', 'shop-failover-endpoints-errors', 'strange'])(
  'nothing is told of an alarm that watchers tell of, or that is not there (%s)',
  (alarmName) => {
    expect(announcementOfEnd(deployment, 'us-west-2', change(alarmName))).toBeNull();
  },
);
