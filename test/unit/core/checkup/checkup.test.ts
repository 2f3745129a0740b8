import { describe, expect, test } from 'vitest';
import { newEvent } from '../../../../src/core/alerting/event.ts';
import { type Notifications, notificationOf } from '../../../../src/core/alerting/notification.ts';
import { type Check, checkStates, exitOf, worstFirst } from '../../../../src/core/checkup/check.ts';
import { checkUp } from '../../../../src/core/checkup/checkup.ts';
import type { SiteReport } from '../../../../src/core/detection/observation.ts';
import { blankTrack } from '../../../../src/core/detection/opinion.ts';
import type { Verdict } from '../../../../src/core/detection/verdict.ts';
import type { Deployment } from '../../../../src/core/model/deployment.ts';
import type { NamedService } from '../../../../src/core/model/service.ts';
import type { DeploymentView } from '../../../../src/core/operator/table-survey.ts';
import { newRunTimes } from '../../../../src/core/register/ledger.ts';
import type { Register } from '../../../../src/core/register/register.ts';
import { poolWith, serving } from '../pool.fixture.ts';
import { registerWith, runWith, service, serviceWith } from '../service.fixture.ts';

const regions = ['region-1', 'region-2', 'region-3'];
const wallMs = Date.UTC(2026, 0, 1);
const dayMs = 86_400_000;

interface Given {
  readonly service?: NamedService;
  readonly register?: Register;
  readonly verdicts?: Readonly<Record<string, Verdict>>;
  readonly reports?: Readonly<Record<string, SiteReport>>;
  /** Watchers that were heard. */
  readonly heard?: readonly string[];
  readonly listenedMs?: number;
  readonly silent?: Readonly<Record<string, string>>;
  readonly missing?: readonly string[];
  /** What the first watcher has told people of. */
  readonly notifications?: Notifications;
}

function examine(given: Given = {}): readonly Check[] {
  const named = given.service ?? service;
  const heard = given.heard ?? regions;
  const silent = given.silent ?? {};
  const sites = Object.keys(named.sites);
  const verdicts = { ...Object.fromEntries(sites.map((site) => [site, 'up' as const])), ...given.verdicts };
  const tracks = {
    [named.name]: Object.fromEntries(sites.map((site) => [site, { ...blankTrack, opinion: 'up' as const }])),
  };
  const item = {
    generation: 1,
    invocation: 'a',
    sequence: 1,
    wallMs: 0,
    tracks,
    stopwatches: {},
    digests: {},
    outOfContactMs: {},
  };
  const view: DeploymentView = {
    serviceViews: {
      [named.name]: {
        register: { kind: 'decided', register: given.register ?? registerWith({}), isTidy: true },
        knowledge: { verdicts, reports: given.reports ?? {}, dependencies: {} },
        testimonies: {},
        members: regions,
        freshWatchers: heard,
        outOfContact: [],
        unanswered: {},
        disputes: [],
      },
    },
    answered: regions.filter((region) => silent[region] === undefined),
    silent,
    items: Object.fromEntries(
      heard.map((region, index) => [region, index === 0 ? { ...item, notifications: given.notifications } : item]),
    ),
    stopwatches: {},
    heardAgoMs: Object.fromEntries(heard.map((region) => [region, 300])),
    listenedMs: given.listenedMs ?? 10_000,
  };
  const deployment: Deployment = {
    name: 'shop',
    controlRegions: regions,
    services: { [named.name]: named },
    notify: { emails: [], topics: [], webhooks: [] },
    watcher: { tracing: false },
    doctor: { hourly: true },
    accept: {},
    groups: {},
  };
  return checkUp(deployment, { view, silent, missing: given.missing ?? [] }, wallMs);
}

const find = (checks: readonly Check[], name: string, subject: string) =>
  checks.find((check) => check.name === name && check.subject === subject);

const moved = (ageMs: number, more: Partial<Register['run']> = {}) =>
  registerWith({ run: { ...runWith({}), state: 'done', times: newRunTimes(wallMs - ageMs), ...more } });

test('a service with an eligible standby, a quorum to spare and a recent move has nothing but ok', () => {
  const checks = examine({ register: moved(dayMs) });

  expect(checks.filter(({ state }) => state !== 'ok')).toEqual([]);
  expect(exitOf(checks)).toBe(0);
});

describe('control regions', () => {
  test('a deployment without any state table is told to be deployed, and nothing else', () => {
    expect(examine({ missing: regions })).toEqual([
      {
        name: 'deployed',
        subject: 'shop',
        state: 'bad',
        found: 'no control region has its state table',
        todo: 'deploy it: "npx cdk deploy --all"',
      },
    ]);
  });

  test.each([
    [
      'a dark region',
      { silent: { 'region-3': 'no answer within 1.8 s' }, heard: ['region-1', 'region-2'] },
      'unknown',
      'unknown',
      'doubtful',
    ],
    [
      'a region without a table',
      { silent: { 'region-3': 'has no table' }, missing: ['region-3'], heard: ['region-1', 'region-2'] },
      'bad',
      'unknown',
      'doubtful',
    ],
    [
      'a watcher that is silent for as long as an opinion counts',
      { heard: ['region-1', 'region-2'] },
      'ok',
      'doubtful',
      'doubtful',
    ],
    ['a watcher that may be slow', { heard: ['region-1', 'region-2'], listenedMs: 2_000 }, 'ok', 'unknown', 'doubtful'],
    ['one watcher of three', { heard: ['region-1'] }, 'ok', 'doubtful', 'bad'],
    ['two watchers that may be slow', { heard: ['region-1'], listenedMs: 2_000 }, 'ok', 'unknown', 'unknown'],
    [
      'two dark regions',
      { silent: { 'region-2': 'x', 'region-3': 'x' }, heard: ['region-1'] },
      'unknown',
      'unknown',
      'bad',
    ],
  ] as const)('%s: table %#', (_, given, table, watcher, quorum) => {
    const checks = examine(given);

    expect(find(checks, 'state table', 'region-3')?.state).toBe(table);
    expect(find(checks, 'watcher', 'region-3')?.state).toBe(watcher);
    expect(find(checks, 'quorum', 'shop')?.state).toBe(quorum);
  });

  test('a protection that cannot be seen is bad, unless watchers may yet speak', () => {
    expect(find(examine({ heard: ['region-1'] }), 'protection', 'shop')?.state).toBe('bad');
    expect(find(examine({ heard: ['region-1'], listenedMs: 2_000 }), 'protection', 'shop')?.state).toBe('unknown');
  });
});

/** The second site in another account, with a fence there. */
const elsewhere = serviceWith({});
const { two } = elsewhere.sites;
if (two === undefined) throw new Error('the fixture has a second site');
const inAccount: NamedService = {
  ...elsewhere,
  sites: {
    ...elsewhere.sites,
    two: { ...two, account: '222233334444', fence: { kind: 'custom', functionName: 'close' } },
  },
};
const backedUp = serviceWith({
  sites: {
    two: {
      measures: {
        backup: {
          kind: 'aws-backup',
          vault: 'shop',
          resourceArn: 'arn:aws:s3:::shop',
          maxAgeMs: dayMs,
          maxRestoreAgeMs: 30 * dayMs,
        },
      },
    },
  },
});
const roleOf = (canTakeRole: boolean): Given => ({ service: inAccount, reports: { two: { canTakeRole } } });

const lagging = serviceWith({ failover: { maxReplicationLagMs: 30_000 } });

test.each<[string, Given, string, string, Check['state']]>([
  ['a pause', { register: registerWith({ pause: { by: 'eve', reason: 'work' } }) }, 'pause', 'shop', 'bad'],
  [
    'a paused service',
    { register: registerWith({ pause: { by: 'eve', reason: 'work' } }) },
    'protection',
    'shop',
    'bad',
  ],
  ['no eligible standby', { verdicts: { two: 'down', far: 'down' } }, 'standby', 'shop/two', 'bad'],
  ['one standby less', { verdicts: { two: 'down' } }, 'standby', 'shop/two', 'doubtful'],
  ['probes of a site that is down', { verdicts: { two: 'down' } }, 'probes', 'shop/two', 'bad'],
  ['probes of a site that nobody can judge', { verdicts: { two: 'unclear' } }, 'probes', 'shop/two', 'unknown'],
  ['maintenance', { register: registerWith({ maintenance: ['two'] }) }, 'maintenance', 'shop/two', 'doubtful'],
  ['a role that can be taken', roleOf(true), 'role', 'shop/two', 'ok'],
  ['a role that cannot be taken', roleOf(false), 'role', 'shop/two', 'bad'],
  ['a role that nobody has tried', { service: inAccount }, 'role', 'shop/two', 'unknown'],
  ['a lag that nobody reports', { service: lagging }, 'lag', 'shop/two', 'unknown'],
  ['a lag below the limit', { service: lagging, reports: { two: { replicationLagMs: 10 } } }, 'lag', 'shop/two', 'ok'],
  ['a lag over it', { service: lagging, reports: { two: { replicationLagMs: 40_000 } } }, 'lag', 'shop/two', 'bad'],
  ['a standby that is not ready', { reports: { two: { ready: false } } }, 'readiness', 'shop/two', 'doubtful'],
  ['an audit with findings', { reports: { two: { findings: 2 } } }, 'readiness', 'shop/two', 'doubtful'],
  ['a standby that is ready', { reports: { two: { ready: true } } }, 'readiness', 'shop/two', 'ok'],
  ['backups that nobody can see', { service: backedUp }, 'backup', 'shop/two', 'unknown'],
  ['a young backup', { service: backedUp, reports: { two: { backupAgeMs: 10 } } }, 'backup', 'shop/two', 'ok'],
  ['an old one', { service: backedUp, reports: { two: { backupAgeMs: 2 * dayMs } } }, 'backup', 'shop/two', 'doubtful'],
  [
    'no backup at all',
    { service: backedUp, reports: { two: { backupAgeMs: null } } },
    'backup',
    'shop/two',
    'doubtful',
  ],
  ['restores that nobody can see', { service: backedUp }, 'restore', 'shop/two', 'unknown'],
  ['a restore of today', { service: backedUp, reports: { two: { restoreAgeMs: 10 } } }, 'restore', 'shop/two', 'ok'],
  [
    'no restore ever',
    { service: backedUp, reports: { two: { restoreAgeMs: null } } },
    'restore',
    'shop/two',
    'doubtful',
  ],
  [
    'a certificate that ends soon',
    { reports: { one: { certificateDaysLeft: 3 } } },
    'certificate',
    'shop/one',
    'doubtful',
  ],
  [
    'a fence that is owed and unproven',
    { register: registerWith({ owed: [{ site: 'two', epoch: 1, proof: 'lease' }] }) },
    'fence',
    'shop/two',
    'bad',
  ],
  [
    'a fence that is owed and closed',
    { register: registerWith({ owed: [{ site: 'two', epoch: 1, proof: 'closed' }] }) },
    'fence',
    'shop/two',
    'doubtful',
  ],
  [
    'a setback',
    {
      register: registerWith({
        setbacks: [{ site: 'two', epoch: 1, count: 2, step: 'start', detail: 'no capacity', kind: 'move' }],
      }),
    },
    'setback',
    'shop/two',
    'doubtful',
  ],
  ['no move yet', {}, 'last move', 'shop', 'doubtful'],
  ['a move of last week', { register: moved(7 * dayMs) }, 'last move', 'shop', 'ok'],
  ['a move of last year', { register: moved(300 * dayMs) }, 'last move', 'shop', 'doubtful'],
  ['a move that has failed', { register: moved(dayMs, { state: 'failed' }) }, 'last move', 'shop', 'bad'],
])('%s', (_, given, name, subject, state) => {
  const checks = examine(given);

  expect(find(checks, name, subject)?.state).toBe(state);
  expect(checks.filter((check) => check.state === 'bad' && check.todo === null)).toEqual([]);
  expect(checks.map((check) => checkStates.indexOf(check.state))).toEqual(
    checks.map((check) => checkStates.indexOf(check.state)).toSorted((a, b) => a - b),
  );
  expect(exitOf(checks)).toBe(checks.some((check) => check.state === 'bad') ? 1 : 0);
});

test('the load of a pool is held against what is left without each of its sites', () => {
  const given = { service: poolWith(), register: serving('virginia', 'frankfurt', 'ireland') };
  const loads = (load: number) => ({ virginia: { load }, frankfurt: { load }, ireland: { load } });
  const name = given.service.name;

  const [little, much, unknown] = [{ reports: loads(1) }, { reports: loads(90) }, {}].map((more) =>
    find(examine({ ...given, ...more }), 'capacity', `${name} without virginia`),
  );

  expect([little?.state, much?.state, unknown?.state]).toEqual(['ok', 'doubtful', 'unknown']);
});

test('checks of equal state stay in their order', () => {
  const asked = (name: string, state: Check['state']): Check => ({ name, subject: 's', state, found: '', todo: 'x' });

  const sorted = worstFirst([asked('a', 'ok'), asked('b', 'bad'), asked('c', 'unknown'), asked('d', 'bad')]);

  expect(sorted.map(({ name }) => name)).toEqual(['b', 'd', 'c', 'a']);
});

describe('what cannot be repaired', () => {
  const zone = { id: 'Z1', name: 'shop.example', account: '222233334444' };
  const zoned = (mode: 'records' | 'oracle') =>
    serviceWith({
      traffic: { dns: { zone, record: 'www.shop.example', ttlSeconds: 30, mode, policy: 'failover', addresses: {} } },
    });
  const stuck = (thing: string, why: string, isOpen = true): Notifications => {
    const event = newEvent('drift-stuck', service.name, `${thing} cannot be checked or repaired (${why})`, {
      data: { thing, why },
    });
    return { stuck: notificationOf('drift-stuck', 'stuck', event, isOpen) };
  };
  const statesOf = (given: Given) =>
    examine(given)
      .filter(({ name }) => name === 'role' || name === 'drift')
      .map(({ name, state }) => `${name} ${state}`);

  test.each<[string, Given, readonly string[]]>([
    ['a record of the own account', { service: serviceWith({}) }, []],
    ['a record that nobody edits', { service: zoned('oracle') }, []],
    ['a record that is reached', { service: zoned('records') }, ['role ok']],
    ['a record that is denied', { service: zoned('records'), notifications: stuck('dns', 'denied') }, ['role bad']],
    ['one that was denied', { service: zoned('records'), notifications: stuck('dns', 'denied', false) }, ['role ok']],
    ['nobody to ask', { service: zoned('records'), heard: [] }, ['role unknown']],
    [
      'a record that Route 53 does not answer about',
      { service: zoned('records'), notifications: stuck('dns', 'timeout') },
      ['drift bad', 'role ok'],
    ],
    ['an address that cannot be put back', { notifications: stuck('address', 'denied') }, ['drift bad']],
  ])('%s', (_what, given, expected) => {
    expect(statesOf(given)).toEqual(expected);
  });

  test('says whose stack it is', () => {
    const checks = examine({ service: zoned('records'), notifications: stuck('dns', 'denied') });

    expect(find(checks, 'role', service.name)).toMatchObject({
      found: expect.stringContaining('222233334444'),
      todo: expect.stringContaining('deploy its stack of roles'),
    });
  });
});
