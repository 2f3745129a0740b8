import { expect, test } from 'vitest';
import { newEvent } from '../../../../src/core/alerting/event.ts';
import {
  ageNotifications,
  closeNotifications,
  heldBackKeptMs,
  isQuiet,
  isStillKnown,
  notificationKey,
  notificationOf,
  notifierRegion,
  quietMs,
} from '../../../../src/core/alerting/notification.ts';
import type { Deployment } from '../../../../src/core/model/deployment.ts';
import { service } from '../service.fixture.ts';

const deployment: Deployment = {
  name: 'shop',
  controlRegions: ['region-1', 'region-2', 'region-3'],
  services: { shop: service },
  notify: { emails: [], topics: [], webhooks: [] },
  watcher: { tracing: false },
  doctor: { hourly: true },
  accept: {},
  groups: {},
};
const down = newEvent('verdict-changed', 'shop', 'one: down', { site: 'one', data: { verdict: 'down' } });
const open = notificationOf('site-down', 'verdict:shop/one', down, true);
const closed = { ...open, isOpen: false };

test('an open notification is kept however old; a closed one for as long as it keeps quiet', () => {
  const aged = ageNotifications({ open, closed }, quietMs);

  expect(Object.keys(aged)).toEqual(['open']);
  expect(ageNotifications({ open, closed }, quietMs - 1)).toEqual({
    open: { ...open, ageMs: quietMs - 1 },
    closed: { ...closed, ageMs: quietMs - 1 },
  });
});

test('a count of what was held back outlives the quiet time', () => {
  const counting = { ...closed, heldBack: 2 };

  expect(Object.keys(ageNotifications({ counting }, quietMs))).toEqual(['counting']);
  expect(Object.keys(ageNotifications({ counting }, heldBackKeptMs))).toEqual([]);
});

test('ageing nothing makes nothing new', () => {
  const none = {};

  expect(ageNotifications(none, 2_000)).toBe(none);
});

test.each([
  ['nothing was told', undefined, false],
  ['it is open', open, false],
  ['it ended a moment ago', closed, true],
  ['it ended long ago', { ...closed, ageMs: quietMs }, false],
])('quiet when %s: %#', (_, notification, quiet) => {
  expect(isQuiet(notification)).toBe(quiet);
});

test('after a gap nothing is open', () => {
  expect(closeNotifications({ open })).toEqual({ open: closed });
});

test('a silent watcher is one message for all services; a site of two services is two', () => {
  const silent = (service: string) => newEvent('watcher-silent', service, '', { data: { region: 'region-2' } });
  const site = (service: string) => newEvent('verdict-changed', service, '', { site: 'one' });

  expect(notificationKey('watcher-silent', silent('a'))).toBe(notificationKey('watcher-silent', silent('b')));
  expect(notificationKey('site-down', site('a'))).not.toBe(notificationKey('site-down', site('b')));
});

test('a region whose checks are red is one message for all services, and another region is another one', () => {
  const red = (service: string, region: string) => newEvent('checkup-missing', service, '', { data: { region } });

  expect(notificationKey('doctor-red', red('a', 'region-1'))).toBe(notificationKey('doctor-red', red('b', 'region-1')));
  expect(notificationKey('doctor-red', red('a', 'region-1'))).not.toBe(
    notificationKey('doctor-red', red('a', 'region-2')),
  );
});

test('the first region that is heard speaks for all', () => {
  const regions = ['region-1', 'region-2', 'region-3'];

  expect(notifierRegion(regions, ['region-3', 'region-2'])).toBe('region-2');
  expect(notifierRegion(regions, [])).toBeNull();
});

test('what a newer configuration no longer has is forgotten', () => {
  const gone = { ...open, event: { ...down, site: 'removed' } };
  const silence = newEvent('watcher-silent', 'shop', '', { data: { region: 'elsewhere' } });

  expect(isStillKnown(open, deployment)).toBe(true);
  expect(isStillKnown(gone, deployment)).toBe(false);
  expect(isStillKnown(notificationOf('watcher-silent', 'any', silence, true), deployment)).toBe(false);
});

test.each([
  ['the deployment as a whole', null, null, true],
  ['a service as a whole', 'shop', null, true],
  ['a service that is gone', 'mail', null, false],
  ['a site of a service that is gone', 'mail', 'one', false],
])('what is about %s is still known: %#', (_, about, site, isKnown) => {
  const event = { ...newEvent('clock-gap', about, ''), site };

  expect(isStillKnown(notificationOf('clock-gap', 'any', event, true), deployment)).toBe(isKnown);
});
