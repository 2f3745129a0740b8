import { describe, expect, test } from 'vitest';
import { plainPage } from '../../../../src/cli/show/layout.ts';
import { showStatus } from '../../../../src/cli/show/status.ts';
import { terminalPage } from '../../../../src/cli/terminal.ts';
import { nextStep } from '../../../../src/core/operator/next-step.ts';
import type { ServiceStatus } from '../../../../src/core/operator/status.ts';

const startMs = Date.UTC(2026, 0, 1);

const healthy: ServiceStatus = {
  protection: { level: 'protected', why: 'if virginia fails, oregon takes over', isWell: true },
  state: 'steady',
  reason: 'healthy',
  detail: 'virginia is up',
  epoch: 1,
  active: 'virginia',
  writer: 'virginia',
  owed: [],
  serving: ['virginia'],
  sites: {
    virginia: {
      role: 'active',
      verdict: 'up',
      opinions: { 'us-east-1': 'up', 'us-west-2': 'up', 'us-east-2': 'up' },
      failures: {},
      load: null,
      sharePercent: 0,
      replicationLagMs: null,
      backups: {},
      ineligible: ['is-active'],
    },
    oregon: {
      role: 'standby',
      verdict: 'up',
      opinions: { 'us-east-1': 'up', 'us-west-2': 'up', 'us-east-2': 'up' },
      failures: {},
      load: null,
      sharePercent: 0,
      replicationLagMs: 340,
      backups: {},
      ineligible: [],
    },
  },
  watchers: { 'us-east-1': 'fresh', 'us-west-2': 'fresh', 'us-east-2': 'fresh' },
  pause: null,
  blockLeftMs: 0,
  planned: null,
  away: null,
  approval: null,
  lost: [],
  disputes: [],
  run: null,
  stuck: null,
  dns: null,
  lastKnown: null,
  named: null,
  voters: null,
};

const blocked: ServiceStatus = {
  ...healthy,
  protection: { level: 'stuck', why: 'oregon is down; epoch 3 moved lately', isWell: false },
  state: 'blocked',
  reason: 'blocked',
  detail: 'epoch 3 moved lately',
  epoch: 3,
  active: 'oregon',
  writer: 'oregon',
  serving: ['oregon'],
  sites: {
    virginia: {
      role: 'lost',
      verdict: 'down',
      opinions: { 'us-east-1': 'down', 'us-west-2': 'down' },
      failures: {},
      load: null,
      sharePercent: 0,
      replicationLagMs: 61_000,
      backups: {},
      ineligible: ['not-up', 'lag-over-limit'],
    },
    oregon: {
      role: 'active',
      verdict: 'down',
      opinions: { 'us-east-1': 'suspect', 'us-west-2': 'down' },
      failures: { 'us-east-1': 'wrong-status', 'us-west-2': 'wrong-status' },
      load: null,
      sharePercent: 0,
      replicationLagMs: null,
      backups: {},
      ineligible: ['is-active', 'not-up'],
    },
  },
  watchers: { 'us-east-1': 'fresh', 'us-west-2': 'fresh', 'us-east-2': 'unreachable' },
  blockLeftMs: 3_480_000,
  run: {
    kind: 'failover',
    epoch: 3,
    attempt: 2,
    state: 'done',
    from: 'virginia',
    to: 'oregon',
    reason: 'active-down',
    by: 'us-west-2',
    holder: 'us-west-2',
    steps: [{ name: 'dns', resource: 'www.shop.example', state: 'done', detail: 'oracles vote for oregon' }],
    ledger: [
      { phase: 'fault', atMs: startMs, sinceStartMs: 0 },
      { phase: 'detected', atMs: startMs + 1_480, sinceStartMs: 1_480 },
    ],
  },
};

/** The standby is dead, and the active site serves. */
const alone: ServiceStatus = {
  ...healthy,
  protection: {
    ...{ level: 'unprotected', why: 'if virginia fails, clients stay there: no eligible site', isWell: false },
    ...{ reason: 'no-eligible-site', forMs: 720_000 },
  },
  sites: {
    ...healthy.sites,
    oregon: {
      ...(healthy.sites.oregon as ServiceStatus['sites'][string]),
      verdict: 'down',
      failures: { 'us-east-1': 'timeout', 'us-west-2': 'timeout' },
      ineligible: ['not-up', 'lag-unknown'],
    },
  },
};

const show = (service: ServiceStatus, silent = {}) =>
  showStatus({ deployment: 'shop', services: { web: service }, silent });

test('a healthy service is one table', () => {
  expect(show(healthy)).toBe(
    `
web: PROTECTED: if virginia fails, oregon takes over
  steady, healthy (virginia is up)
  active: virginia since epoch 1

  site      role     verdict  us-east-1  us-west-2  us-east-2  lag     not eligible
  virginia  active   up       up         up         up         -       -
  oregon    standby  up       up         up         up         340 ms  -`.trimStart(),
  );
});

test('a blocked service shows its block, its silent watcher, its last run and the way out', () => {
  expect(show(blocked, { 'us-east-2': 'timeout: 1000 ms' })).toBe(
    `
us-east-2: its table gives no answer (timeout: 1000 ms)

web: STUCK: oregon is down; epoch 3 moved lately
  blocked (epoch 3 moved lately)
  active: oregon since epoch 3

  site      role    verdict  us-east-1  us-west-2  us-east-2    lag     not eligible
  virginia  lost    down     down       down       unreachable  61.0 s  not-up, lag-over-limit
  oregon    active  down     suspect    down       unreachable  -       not-up

  block     no automatic move back for 58.0 min more; "cdk-failover ack web" ends that
  failing   oregon: wrong-status, seen from us-east-1, us-west-2
  last run  failover virginia > oregon, epoch 3, attempt 2: done (active-down, by us-west-2)

    step  of                state  detail
    dns   www.shop.example  done   oracles vote for oregon

    fault     2026-01-01T00:00:00.000Z  +0 ms
    detected  2026-01-01T00:00:01.480Z  +1.5 s

  next: look at the last failover, then allow the next automatic one: "cdk-failover ack web"`.trimStart(),
  );
});

test('services follow each other as blocks', () => {
  const shown = showStatus({ deployment: 'shop', services: { web: healthy, api: healthy }, silent: {} });

  expect(shown.split('\n\n').filter((block) => /^(web|api):/.test(block))).toHaveLength(2);
});

test('several services have a line that counts them, the worst first', () => {
  const shown = showStatus({ deployment: 'shop', services: { web: healthy, api: blocked, db: healthy }, silent: {} });

  expect(shown.split('\n')[0]).toBe('1 STUCK, 2 PROTECTED');
});

test.each([80, 60])('on a terminal of %i columns no line is wider', (width) => {
  const page = { ...plainPage, width };
  const shown = showStatus(
    { deployment: 'shop', services: { web: blocked }, silent: { 'us-east-2': 'timeout' } },
    page,
  );

  for (const line of shown.split('\n')) expect(line.length).toBeLessThanOrEqual(width);
});

test('a word is marked by what it means', () => {
  const page = terminalPage(200, true);
  const shown = showStatus({ deployment: 'shop', services: { web: healthy, api: blocked }, silent: {} }, page);

  expect(shown).toContain('web: \u001B[1;32mPROTECTED\u001B[0m: if virginia');
  expect(shown).toContain('api: \u001B[1;31mSTUCK\u001B[0m: oregon is down');
});

test('a service without a register has no active site', () => {
  const unborn: ServiceStatus = {
    ...healthy,
    protection: { level: 'unprotected', why: 'no register yet', isWell: false },
    state: 'unborn',
    reason: 'unborn',
    active: null,
    epoch: null,
    serving: [],
  };

  expect(show(unborn)).toContain('web: UNPROTECTED: no register yet\n  unborn (virginia is up)\n  active: not known\n');
  expect(show(unborn)).toContain('next: start the watchers');
});

test('what serves is named when it is not what is active', () => {
  expect(show({ ...blocked, serving: ['virginia'] })).toContain('active: oregon since epoch 3; serving: virginia');
});

test('backups are said that are too old, missing or not known, and none that are well', () => {
  const hourMs = 3_600_000;
  const asked = { limitMs: 26 * hourMs } as const;
  const [virginia, oregon] = [healthy.sites.virginia, healthy.sites.oregon];
  if (!virginia || !oregon) throw new Error('the fixture has two sites');
  const shown = show({
    ...healthy,
    sites: {
      virginia: {
        ...virginia,
        backups: {
          backup: { ...asked, ageMs: 30 * hourMs, state: 'old' },
          restore: { limitMs: 35 * 24 * hourMs, ageMs: null, state: 'none' },
        },
      },
      oregon: { ...oregon, backups: { backup: { ...asked, ageMs: null, state: 'unknown' } } },
      ohio: { ...oregon, backups: { backup: { ...asked, ageMs: hourMs, state: 'good' } } },
    },
  });

  expect(shown.split('\n').filter((line) => /^ {2}(backup|restore)/.test(line))).toEqual([
    '  backup   virginia: the newest is 30 h old; the limit is 26 h',
    '  restore  virginia: none was ever restored; the limit is 35 days',
    '  backup   oregon: not known; the limit is 26 h',
  ]);
});

test('a paused service names who paused it, and why', () => {
  const paused: ServiceStatus = {
    ...healthy,
    state: 'paused',
    reason: 'paused',
    pause: { by: 'bob', reason: 'work', untilMs: null },
  };

  expect(show(paused)).toMatch(
    /\n {2}paused {2}by bob: work\n\n {2}next: allow automatic moves again: "cdk-failover resume web"/,
  );
});

test('what is planned and what waits for a person is said, with its times', () => {
  const planned = {
    ...{ from: 'virginia', to: 'oregon', atMs: startMs, latestMs: startMs + 600_000, by: 'eve', reason: 'kernel' },
    waitsFor: 'oregon is refused (not-up)',
  };
  const asked = { from: 'virginia', askedMs: startMs, untilMs: startMs + 60_000, lapsedMs: null, approvedBy: null };
  const approval = { ...asked, atEnd: 'go', by: null } as const;

  const text = show({ ...healthy, planned, approval });

  expect(text).toContain(
    'planned   switchover to oregon at 2026-01-01T00:00:00Z, until 2026-01-01T00:10:00Z, by eve: kernel\n',
  );
  expect(text).toContain('planned   waits: oregon is refused (not-up)');
  expect(text).toContain(
    'approval  of the failover from virginia: not yet; it goes by itself at 2026-01-01T00:01:00Z\n',
  );
});

test.each([
  [{ atEnd: 'drop', by: ['OnCall'] }, 'not yet, by OnCall; it is dropped at 2026-01-01T00:01:00Z'],
  [{ atEnd: 'hold' }, 'not yet; it goes on waiting at 2026-01-01T00:01:00Z'],
  [{ atEnd: 'drop', lapsedMs: startMs }, 'nobody until 2026-01-01T00:00:00Z; it was dropped'],
  [
    { atEnd: 'hold', lapsedMs: startMs, by: ['OnCall', 'eve'] },
    'nobody until 2026-01-01T00:00:00Z; it is held until somebody does, by OnCall or eve',
  ],
  [{ atEnd: 'hold', lapsedMs: startMs, approvedBy: 'eve' }, 'by eve'],
] as const)('what a failover waits for is said (%j)', (more, says) => {
  const asked = { from: 'virginia', askedMs: startMs, untilMs: startMs + 60_000, lapsedMs: null, approvedBy: null };

  expect(`${show({ ...healthy, approval: { ...asked, by: null, ...more } })}\n`).toContain(
    ` of the failover from virginia: ${says}\n`,
  );
});

test('a stuck service says what is not so, where clients are, and what can be typed', () => {
  const stuck = {
    notSo: ['start of oregon: unavailable (3 attempts)'],
    clients: ['virginia'],
    commands: ['cdk-failover continue web', 'cdk-failover skip web start'],
  };

  expect(show({ ...healthy, state: 'stuck', reason: 'run-unfinished', stuck })).toMatch(
    /\n {2}not so {8}start of oregon: unavailable \(3 attempts\)\n {2}clients {7}are sent to virginia\n {2}you can type {2}cdk-failover continue web\n {2}you can type {2}cdk-failover skip web start\n/,
  );
});

describe('next step', () => {
  const stuckBy = (...ineligible: ServiceStatus['sites'][string]['ineligible'][number][]): ServiceStatus => ({
    ...blocked,
    reason: 'no-eligible-site',
    sites: {
      ...blocked.sites,
      virginia: { ...(blocked.sites.virginia as ServiceStatus['sites'][string]), ineligible },
    },
  });

  test.each([
    [stuckBy('in-maintenance'), /: "cdk-failover maintenance off web virginia"$/],
    [
      stuckBy('lag-over-limit'),
      /accept the loss .*: "cdk-failover failover web --to virginia --force --allow-data-loss"$/,
    ],
    [stuckBy('lost-in-last-failover'), /: "cdk-failover failover web --to virginia --force"$/],
    [stuckBy('not-up', 'lag-unknown'), /^repair a standby/],
    [{ ...healthy, reason: 'no-majority' } as const, /: "cdk-failover quorum web"$/],
    [{ ...healthy, reason: 'manual-only' } as const, /move by hand: "cdk-failover failover web"$/],
    [{ ...healthy, reason: 'run-in-progress' } as const, /^watch it: "cdk-failover status web"$/],
    [{ ...healthy, reason: 'suspected' } as const, /^wait: /],
    [{ ...healthy, reason: 'quorum-unreachable' } as const, /^lower detection.quorum/],
  ])('case %#', (service, advice) => {
    expect(nextStep('web', service)).toMatch(advice);
  });
});

test('an owed fence says how far it is closed, since when, what would open it, and what a person types', () => {
  const owed: ServiceStatus['owed'] = [
    {
      site: 'virginia',
      proof: 'lease',
      sinceEpoch: 2,
      sinceAtMs: startMs,
      state: 'by lease, unproven',
      data: 'not known',
      opensWhen: 'its part is a replica',
    },
  ];

  const text = show({ ...healthy, active: 'oregon', serving: ['oregon'], owed });

  expect(text).toContain('virginia: by lease, unproven, owed since epoch 2 (');
  expect(text).toContain('its data: not known; opens when its part is a replica');
  expect(text).toContain('"cdk-failover release web virginia"');
  expect(text).toContain('active: oregon since epoch 1; still written: virginia');
});

describe('votes and memories', () => {
  const says = (...sites: readonly string[]) => ({ sites, why: null });
  const silent = (why: string) => ({ sites: null, why });
  const agreeing: ServiceStatus['dns'] = {
    leadsTo: ['virginia'],
    state: 'agrees',
    followLeftMs: null,
    oracles: { 'us-east-1': says('virginia'), 'us-west-2': says('virginia'), 'us-east-2': says('virginia') },
    memories: { 'us-east-1': says('virginia'), 'us-west-2': says('virginia'), 'us-east-2': says('virginia') },
  };
  const shownWith = (dns: ServiceStatus['dns'], width = Number.POSITIVE_INFINITY, more: Partial<ServiceStatus> = {}) =>
    showStatus(
      { deployment: 'shop', services: { web: { ...healthy, ...more, dns } }, silent: {} },
      { ...plainPage, width },
    );

  test.each([80, 60])('are one line of a service (width=%i)', (width) => {
    const lines = shownWith(agreeing, width, { run: blocked.run }).split('\n');

    const [line] = lines.filter((each) => each.includes('oracles'));
    expect(line).toBe('  dns       oracles: virginia 3/3; memories: virginia 3/3');
    expect(lines.filter((each) => each.length > width)).toEqual([]);
  });

  test('that are not known are counted as such, and each cause has one line at the end, of all services', () => {
    const dns: ServiceStatus['dns'] = {
      ...agreeing,
      oracles: { ...agreeing.oracles, 'us-west-2': silent('no answer: timeout') },
      memories: { 'us-east-1': silent('denied'), 'us-west-2': silent('denied'), 'us-east-2': silent('denied') },
    };

    const shown = showStatus({
      deployment: 'shop',
      services: { web: { ...healthy, dns }, api: { ...healthy, dns } },
      silent: {},
    });

    expect(shown).toContain('  dns  oracles: virginia 2/3, unknown 1/3; memories: unknown 3/3\n');
    expect(shown.split('\n\n').at(-1)?.split('\n')).toEqual([
      'us-west-2: its oracle is not known (no answer: timeout)',
      'us-east-1, us-west-2, us-east-2: its memory is not known (denied)',
    ]);
  });

  test('that still follow a move say for how long they may', () => {
    const dns: ServiceStatus['dns'] = { ...agreeing, state: 'follows', followLeftMs: 90_000, leadsTo: ['oregon'] };

    expect(shownWith(dns)).toContain('  dns  still leads to oregon, as it may after a move for 90.0 s more');
  });

  test('that lead elsewhere have a next step', () => {
    expect(nextStep('web', { ...healthy, dns: { ...agreeing, state: 'differs' } })).toBe(
      'see which oracle or memory does not follow the register: "cdk-failover doctor"',
    );
  });

  test('that nobody has read are not spoken of', () => {
    expect(shownWith(null)).not.toMatch(/dns|oracle|memor/);
  });
});

describe('a service that is unprotected while its site serves', () => {
  test('says for how long, and what to do', () => {
    const shown = show(alone);

    expect(shown).toContain('clients stay there: no eligible site; for 12 min or a little more');
    expect(shown).toContain('  next: repair oregon; nobody can move to a site that a quorum calls down');
  });

  test('whose watchers have not counted says that the time is not known', () => {
    const shown = show({ ...alone, protection: { ...alone.protection, forMs: null } });

    expect(shown).toContain('no eligible site; since when is not known');
  });

  test.each([
    ['paused', 'allow automatic moves again: "cdk-failover resume web"'],
    ['blocked', 'look at the last failover, then allow the next automatic one: "cdk-failover ack web"'],
    ['manual-only', 'be ready to move it by hand when it fails; see what a move would do: "cdk-failover plan web"'],
    ['daily-limit', 'be ready to move it by hand when it fails; see what a move would do: "cdk-failover plan web"'],
    ['over-capacity', 'add capacity to the sites that serve, or drop load; the rest of the traffic follows as it fits'],
  ] as const)('has a next step by what forbids the move that would be needed (%s)', (reason, step) => {
    expect(nextStep('web', { ...alone, protection: { ...alone.protection, reason } })).toBe(step);
  });

  test('for which no step is known says so by no line where it is protected', () => {
    expect(nextStep('web', healthy)).toBeNull();
  });
});

test("a cause that several services share is one line, and one that is a service's own stays with it", () => {
  const own = { ...alone.sites.virginia, failures: { 'us-east-1': 'refused' } } as ServiceStatus['sites'][string];
  const services = { web: alone, api: alone, db: { ...healthy, sites: { ...healthy.sites, virginia: own } } };

  const shown = showStatus({ deployment: 'shop', services, silent: {} });

  expect(shown.match(/oregon: timeout/g)).toHaveLength(1);
  expect(shown).toContain('web, api: failing oregon: timeout, seen from us-east-1, us-west-2');
  expect(shown.slice(shown.indexOf('db: '))).toContain('virginia: refused, seen from us-east-1');
});
