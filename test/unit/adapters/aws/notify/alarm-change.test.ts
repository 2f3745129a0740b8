import { expect, test } from 'vitest';
import { type AlarmChange, announcementOf } from '../../../../../src/adapters/aws/notify/alarm-change.ts';
import { defineDeployment } from '../../../../../src/config/loader.ts';
import { notificationShapes } from '../../../../../src/config/published/notification-schema.ts';
import { eventDetailOf } from '../../../../../src/core/alerting/event-detail.ts';
import { messageOf } from '../../../../../src/core/alerting/message.ts';
import { shop } from '../../../config/shop.fixture.ts';

const deployment = defineDeployment(shop);
const change = (alarmName: string, value = 'OK'): AlarmChange => ({
  'detail-type': 'CloudWatch Alarm State Change',
  id: 'c4c1c1c9-6542-e61b-6ef0-8c4d36933a92',
  time: '2019-10-02T17:04:40Z',
  detail: { alarmName, state: { value } },
});

test('the end of an alarm of which no watcher tells is a message like that of any other end', () => {
  const end = announcementOf(deployment, 'us-west-2', change('shop-failover-oracle-errors'));

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
  const end = announcementOf(deployment, 'us-west-2', change('shop-failover-watcher-silent'));

  expect(end?.event.data.key).toBe('watcher-silent:us-west-2');
});

test.each(['shop-failover-web-site-down', 'shop-failover-clock-gap', 'shop-failover-endpoints-errors', 'strange'])(
  'nothing is told of an alarm that watchers tell of, or that is not there (%s)',
  (alarmName) => {
    expect(announcementOf(deployment, 'us-west-2', change(alarmName))).toBeNull();
  },
);

test('where no hourly check has come to an end, that is told, and what to do', () => {
  const missing = announcementOf(deployment, 'us-west-2', change('shop-failover-doctor-red', 'INSUFFICIENT_DATA'));

  if (missing === null) throw new TypeError('the deployment has this alarm there');
  expect(eventDetailOf(missing).alert).toEqual({
    name: 'doctor-red',
    severity: 'warning',
    state: 'raised',
    key: 'shop/doctor-red:us-west-2',
  });
  const { subject, body } = messageOf('shop', 'us-west-2', missing.event);
  expect(subject).toBe('[WARNING] shop: a failover would not work (us-west-2)');
  expect(body).toContain('no hourly check of us-west-2 has come to an end for hours');
  expect(body).toContain('$ cdk-failover doctor');
});

test('the end of what the hourly check found has the key of its beginning, where it runs', () => {
  const end = announcementOf(deployment, 'us-west-2', change('shop-failover-doctor-red'));

  expect(end?.event.data.key).toBe('doctor-red:us-west-2');
  expect(announcementOf(deployment, 'us-east-2', change('shop-failover-doctor-red'))).toBeNull();
});

test('an alarm that counts silence as well is not said to be unknown', () => {
  const unknown = announcementOf(deployment, 'us-west-2', change('shop-failover-oracle-errors', 'INSUFFICIENT_DATA'));

  expect(unknown).toBeNull();
});
