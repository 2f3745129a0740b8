import { expect, test } from 'vitest';
import { alertOf } from '../../../../src/core/alerting/alert.ts';
import { newEvent } from '../../../../src/core/alerting/event.ts';
import { deploymentPulse, pulseOf, raisedIn } from '../../../../src/core/alerting/pulse.ts';
import type { Deployment } from '../../../../src/core/model/deployment.ts';
import { genesis } from '../../../../src/core/register/register.ts';
import type { ServiceView } from '../../../../src/core/tables/service-view.ts';
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
const testimony = (watcher: string, opinion: 'up' | 'down') => ({
  watcher,
  opinion,
  isCorroboratedAlive: false,
  report: {},
});
const serviceView: ServiceView = {
  register: { kind: 'decided', register: genesis('one'), isTidy: true },
  knowledge: { verdicts: { one: 'up', two: 'down' }, reports: {}, dependencies: {} },
  testimonies: {
    one: [testimony('region-1', 'up')],
    two: [testimony('region-1', 'up'), testimony('region-2', 'down')],
  },
  members: ['region-1', 'region-2', 'region-3'],
  freshWatchers: ['region-1', 'region-2'],
  outOfContact: [],
  unanswered: {},
  disputes: [],
};
const view = {
  deployment,
  region: 'region-2',
  serviceViews: { shop: serviceView },
  stopwatches: {},
  raised: ['site-down', 'watcher-silent'],
} as const;

test('a pulse has the state, every verdict, the opinions from here, and each alarm that lasts', () => {
  expect(pulseOf(service, view).data).toEqual({
    epoch: 1,
    active: 'one',
    state: 'steady',
    reason: 'healthy',
    'verdict.one': 'up',
    'verdict.two': 'down',
    'verdict.far': 'unclear',
    'opinion.one': 'unknown',
    'opinion.two': 'down',
    'opinion.far': 'unknown',
    'site-down': true,
    'watcher-silent': true,
  });
});

test('a pulse says the same to people in one line', () => {
  const { detail } = pulseOf(service, view);

  expect(detail).toBe(
    'one active, epoch 1, steady (healthy): one up (from here unknown), two down (from here down), ' +
      'far unclear (from here unknown); raised: site-down, watcher-silent',
  );
});

test('without a majority the active site is not known, and the pulse says so', () => {
  const blind = {
    ...view,
    serviceViews: {
      shop: { ...serviceView, register: { kind: 'no-majority', lastKnown: null, isForgotten: false } as const },
    },
    raised: [],
  };

  expect(pulseOf(service, blind).data).toMatchObject({ epoch: null, active: null, state: 'failsafe' });
});

test('what a pulse raises is read back from it, and from nothing else', () => {
  expect(raisedIn(pulseOf(service, view))).toEqual(['site-down', 'watcher-silent']);
  expect(raisedIn(deploymentPulse(['self-check-failed']))).toEqual(['self-check-failed']);
  expect(raisedIn(newEvent('decision', 'shop', '', { data: { 'site-down': true } }))).toEqual([]);
});

test('a pulse is no alarm itself', () => {
  expect(alertOf(pulseOf(service, view))).toBeNull();
});

test('a pulse of a service in which nothing is raised names no alarm', () => {
  const { detail, data } = pulseOf(service, { ...view, raised: [] });

  expect(detail).not.toContain('raised');
  expect(Object.values(data)).not.toContain(true);
});

test('there is no pulse of a service that nothing was read of', () => {
  expect(() => pulseOf({ ...service, name: 'mail' }, view)).toThrow(new RangeError('nothing is known of mail'));
});
