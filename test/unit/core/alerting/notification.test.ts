import { expect, test } from 'vitest';
import { happen } from '../../../../src/core/alerting/event.ts';
import {
  ageNotices,
  closeNotices,
  heldBackKeptMs,
  isQuiet,
  isStillKnown,
  noticeKey,
  noticeOf,
  quietMs,
  spokesman,
} from '../../../../src/core/alerting/notification.ts';
import type { Deployment } from '../../../../src/core/model/deployment.ts';
import { service } from '../service.fixture.ts';

const deployment: Deployment = {
  name: 'shop',
  controlRegions: ['region-1', 'region-2', 'region-3'],
  services: { shop: service },
  notify: { emails: [] },
  watcher: { tracing: false },
  accept: {},
  groups: {},
};
const down = happen('verdict-changed', 'shop', 'one: down', { site: 'one', data: { verdict: 'down' } });
const open = noticeOf('site-down', 'verdict:shop/one', down, true);
const closed = { ...open, isOpen: false };

test('an open notice is kept however old; a closed one for as long as it keeps quiet', () => {
  const aged = ageNotices({ open, closed }, quietMs);

  expect(Object.keys(aged)).toEqual(['open']);
  expect(Object.keys(ageNotices({ open, closed }, quietMs - 1))).toEqual(['open', 'closed']);
});

test('a count of what was held back outlives the quiet time', () => {
  const counting = { ...closed, heldBack: 2 };

  expect(Object.keys(ageNotices({ counting }, quietMs))).toEqual(['counting']);
  expect(Object.keys(ageNotices({ counting }, heldBackKeptMs))).toEqual([]);
});

test('ageing nothing makes nothing new', () => {
  const none = {};

  expect(ageNotices(none, 2_000)).toBe(none);
});

test.each([
  ['nothing was told', undefined, false],
  ['it is open', open, false],
  ['it ended a moment ago', closed, true],
  ['it ended long ago', { ...closed, ageMs: quietMs }, false],
])('quiet when %s: %#', (_, notice, quiet) => {
  expect(isQuiet(notice)).toBe(quiet);
});

test('after a gap nothing is open', () => {
  expect(closeNotices({ open })).toEqual({ open: closed });
});

test('a silent watcher is one message for all services; a site of two services is two', () => {
  const silent = (service: string) => happen('watcher-silent', service, '', { data: { region: 'region-2' } });
  const site = (service: string) => happen('verdict-changed', service, '', { site: 'one' });

  expect(noticeKey('watcher-silent', silent('a'))).toBe(noticeKey('watcher-silent', silent('b')));
  expect(noticeKey('site-down', site('a'))).not.toBe(noticeKey('site-down', site('b')));
});

test('the first region that is heard speaks for all', () => {
  const regions = ['region-1', 'region-2', 'region-3'];

  expect(spokesman(regions, ['region-3', 'region-2'])).toBe('region-2');
  expect(spokesman(regions, [])).toBeNull();
});

test('what a newer configuration no longer has is forgotten', () => {
  const gone = { ...open, happening: { ...down, site: 'removed' } };
  const silence = happen('watcher-silent', 'shop', '', { data: { region: 'elsewhere' } });

  expect(isStillKnown(open, deployment)).toBe(true);
  expect(isStillKnown(gone, deployment)).toBe(false);
  expect(isStillKnown(noticeOf('watcher-silent', 'any', silence, true), deployment)).toBe(false);
});
