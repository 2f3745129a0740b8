import { expect, test } from 'vitest';
import type { DecisionInput, Reason } from '../../../../src/core/decision/decision-input.ts';
import { blockLeftMs, dayMs, movesToday } from '../../../../src/core/decision/limits.ts';
import { decide } from '../../../../src/core/decision/service-decision.ts';
import type { Verdict } from '../../../../src/core/detection/verdict.ts';
import { lastResortName } from '../../../../src/core/model/service.ts';
import { madeMove, oracleDns, registerWith, runWith, service, serviceWith, step } from '../service.fixture.ts';

function input(one: Verdict, more: Partial<DecisionInput> = {}): DecisionInput {
  return {
    service,
    register: registerWith(),
    knowledge: { verdicts: { one, two: 'up', far: 'up' }, reports: {}, dependencies: {} },
    isActiveSuspected: false,
    watcherCount: 3,
    freshWatcherCount: 3,
    stopwatches: {},
    disputes: [],
    group: null,
    ...more,
  };
}

const seen = { isAcknowledged: true };
const blocked = registerWith({ epoch: 2, maintenance: ['far'], moves: [madeMove(2)] });
const away = registerWith({ active: 'two' });
const returning = serviceWith({ failback: { mode: 'automatic' } });
const due: Partial<DecisionInput> = {
  service: returning,
  register: away,
  stopwatches: { 'up:shop:one': 60_000 },
};

/** Windows that are open: a freeze, or work at some sites. */
const frozen = (moves: 'planned' | 'all') => ({ calendar: { maintenance: [], freeze: { moves, untilMs: 0 } } });
const atWork = (...sites: readonly string[]) => ({
  calendar: { maintenance: sites.map((site) => ({ site, untilMs: 0 })), freeze: null },
});
const cameToNothing = registerWith({
  epoch: 2,
  active: 'two',
  writer: 'one',
  run: runWith({ epoch: 2, state: 'failed', steps: [step('promote', [], 'failed')] }),
});

test.each<['hold' | 'abstain' | 'move', Reason, DecisionInput]>([
  ['hold', 'frozen', input('down', frozen('all'))],
  ['move', 'active-down', input('down', frozen('planned'))],
  ['hold', 'failback-waits', input('up', { ...due, ...frozen('planned') })],
  ['hold', 'failback-waits', input('up', { ...due, ...frozen('all') })],
  ['move', 'failover-undone', input('up', { register: cameToNothing, ...frozen('all') })],
  ['hold', 'no-eligible-site', input('down', atWork('two', 'far'))],
  ['hold', 'healthy', input('up', atWork('one'))],
  ['hold', 'run-in-progress', input('down', { register: registerWith({ run: runWith() }) })],
  ['hold', 'quorum-unreachable', input('down', { service: serviceWith({ detection: { quorum: 4 } }) })],
  ['hold', 'no-majority', input('down', { freshWatcherCount: 1 })],
  ['hold', 'paused', input('down', { register: registerWith({ pause: { by: 'eve', reason: 'drill' } }) })],
  ['hold', 'paused', input('up', { register: registerWith({ pause: { by: 'eve', reason: 'drill' } }) })],
  ['hold', 'manual-only', input('down', { service: serviceWith({ failover: { automatic: false } }) })],
  ['hold', 'blocked', input('down', { register: blocked })],
  [
    'hold',
    'daily-limit',
    input('down', {
      register: registerWith({ epoch: 3, maintenance: ['far'], moves: [2, 3].map((epoch) => madeMove(epoch, seen)) }),
    }),
  ],
  ['hold', 'no-eligible-site', input('down', { register: registerWith({ maintenance: ['two', 'far'] }) })],
  ['move', 'active-down', input('down')],
  ['hold', 'healthy', input('up')],
  ['move', 'failback-due', input('up', due)],
  ['hold', 'degraded', input('degraded')],
  ['hold', 'suspected', input('degraded', { isActiveSuspected: true })],
  ['hold', 'suspected', input('unclear', { isActiveSuspected: true })],
  ['abstain', 'no-quorum', input('unclear')],
  ['abstain', 'no-quorum', input('up', { knowledge: { verdicts: {}, reports: {}, dependencies: {} } })],
])('%s: %s', (kind, reason, given) => {
  const decision = decide(given);

  expect(decision).toMatchObject({ kind, reason });
});

test('a failover goes to the first eligible candidate', () => {
  const decision = decide(input('down', { register: registerWith({ lost: ['two'] }) }));

  expect(decision).toMatchObject({ run: 'failover', to: 'far' });
});

test.each([
  [3_599_999, 'hold', 1],
  [3_600_000, 'move', 0],
] as const)('%i ms after a failover the decision is to %s (blockMs=3600000)', (passedMs, kind, leftMs) => {
  const given = input('down', { register: blocked, stopwatches: { 'epoch:shop:2': passedMs } });

  expect(decide(given).kind).toBe(kind);
  expect(blockLeftMs(given)).toBe(leftMs);
});

test('an acknowledged failover blocks nothing', () => {
  const register = registerWith({ epoch: 2, maintenance: ['far'], moves: [madeMove(2, seen)] });

  const decision = decide(input('down', { register }));

  expect(decision.kind).toBe('move');
});

test('an automatic move counts against the limit until this watcher has counted a day (maxMovesPerDay=2)', () => {
  const moves = [2, 3].map((epoch) => madeMove(epoch, seen));
  const register = registerWith({ epoch: 3, maintenance: ['far'], moves });
  const given = input('down', { register, stopwatches: { 'epoch:shop:2': dayMs, 'epoch:shop:3': dayMs - 1 } });

  expect(movesToday(given, { kind: 'failover', from: 'one', to: 'two' })).toBe(1);
  expect(decide(given).kind).toBe('move');
});

test.each<[string, Partial<DecisionInput>]>([
  ['is manual', { service }],
  ['has waited too short', { stopwatches: { 'up:shop:one': 59_999 } }],
  ['finds its site in maintenance', { register: { ...away, maintenance: ['one'] } }],
  ['finds its site lost', { register: { ...away, lost: ['one'] } }],
  ['is there already', { register: registerWith() }],
])('no failback while it %s', (_, more) => {
  const decision = decide(input('up', { ...due, ...more }));

  expect(decision).toMatchObject({ kind: 'hold', reason: 'healthy' });
});

test('failback goes where the configuration says (to=far)', () => {
  const knowledge = { verdicts: { one: 'up', two: 'up', far: 'up' }, reports: {}, dependencies: {} } as const;
  const given = input('up', {
    service: serviceWith({ failback: { mode: 'automatic', to: 'far' } }),
    knowledge,
    stopwatches: { 'up:shop:far': 60_000 },
  });

  expect(decide(given)).toMatchObject({ kind: 'move', run: 'failback', to: 'far' });
});

const young = registerWith({ epoch: 2, active: 'one' });
const patient = serviceWith({ detection: { bootGraceMs: 90_000 } });

test.each([
  [89_999, 'hold', 'boot-grace'],
  [90_000, 'move', 'active-down'],
] as const)('%i ms after a site became active its being down is a %s: %s (bootGraceMs=90000)', (ms, kind, reason) => {
  const given = input('down', { service: patient, register: young, stopwatches: { 'epoch:shop:2': ms } });

  expect(decide(given)).toMatchObject({ kind, reason });
});

test('a site that was active from the beginning has no boot grace', () => {
  expect(decide(input('down', { service: patient })).kind).toBe('move');
});

const failing = (one: readonly string[], two: readonly string[]): DecisionInput['knowledge'] => ({
  verdicts: { one: 'down', two: 'up', far: 'up' },
  reports: {},
  dependencies: { one, two },
});

test.each<[string, DecisionInput['knowledge'], Reason]>([
  ['fails there too', failing(['db'], ['db']), 'shared-dependency'],
  ['is one of several that fail there', failing(['queue', 'db'], ['mail', 'db']), 'shared-dependency'],
  ['fails nowhere else', failing(['db'], []), 'active-down'],
  ['is another than the one that fails there', failing(['db'], ['mail']), 'active-down'],
  ['is none at all', failing([], ['db']), 'active-down'],
])('a site that is down over a dependency that %s: %#', (_, knowledge, reason) => {
  expect(decide(input('down', { knowledge })).reason).toBe(reason);
});

test('a shared dependency does not hold up a planned return: only a fault is blamed on it', () => {
  const knowledge: DecisionInput['knowledge'] = {
    ...failing(['db'], ['db']),
    verdicts: { one: 'up', two: 'up', far: 'up' },
  };

  expect(decide(input('up', { ...due, knowledge }))).toMatchObject({ run: 'failback' });
});

const withLast = serviceWith({
  failover: { allDown: 'last-resort' },
  traffic: { dns: { ...oracleDns, lastResort: { a: ['192.0.2.250'] } } },
});
const verdictsOf = (one: Verdict, two: Verdict, far: Verdict): DecisionInput['knowledge'] => ({
  verdicts: { one, two, far },
  reports: {},
  dependencies: {},
});
const allDown = verdictsOf('down', 'down', 'down');

test('with every site down clients are sent to the static endpoint, and the active site stays', () => {
  expect(decide(input('down', { service: withLast, knowledge: allDown }))).toMatchObject({
    run: 'last-resort',
    from: 'one',
    to: 'one',
    serving: [lastResortName],
    reason: 'all-down',
  });
});

test.each<[string, Partial<DecisionInput>, Reason]>([
  ['the service does not ask for it', { knowledge: allDown }, 'no-eligible-site'],
  [
    'the service asks for it and has none',
    { service: serviceWith({ failover: { allDown: 'last-resort' } }), knowledge: allDown },
    'no-eligible-site',
  ],
  [
    'a site is only unclear',
    { service: withLast, knowledge: verdictsOf('down', 'down', 'unclear') },
    'no-eligible-site',
  ],
  ['a site is up', { service: withLast, knowledge: verdictsOf('down', 'down', 'up') }, 'active-down'],
  [
    'the service is paused',
    { service: withLast, knowledge: allDown, register: registerWith({ pause: { by: 'eve', reason: 'drill' } }) },
    'paused',
  ],
])('the static endpoint does not take over while %s', (_, more, reason) => {
  const decision = decide(input('down', more));

  expect(decision.reason).toBe(reason);
});

test.each<[string, Partial<DecisionInput>]>([
  ['all share a dependency that fails', { knowledge: { ...allDown, dependencies: { one: ['db'], two: ['db'] } } }],
  [
    'the others are in maintenance',
    { knowledge: verdictsOf('down', 'up', 'up'), register: registerWith({ maintenance: ['far', 'two'] }) },
  ],
])('the static endpoint takes over while %s', (_, more) => {
  expect(decide(input('down', { service: withLast, ...more }))).toMatchObject({ run: 'last-resort' });
});

test('a block period and the daily limit do not keep clients from the static endpoint', () => {
  const register = { ...blocked, moves: [madeMove(1), madeMove(2)] };

  expect(decide(input('down', { service: withLast, knowledge: allDown, register }))).toMatchObject({
    run: 'last-resort',
  });
});

const lastServes = registerWith({ epoch: 2, serving: [lastResortName] });

test.each<[string, DecisionInput['knowledge'], object]>([
  [
    'the active site is up',
    verdictsOf('up', 'up', 'down'),
    { run: 'recover', from: 'one', to: 'one', serving: ['one'] },
  ],
  [
    'only another is up',
    verdictsOf('down', 'down', 'up'),
    { run: 'failover', from: 'one', to: 'far', serving: ['far'] },
  ],
  ['none is up', verdictsOf('down', 'degraded', 'unclear'), { kind: 'hold', reason: 'all-down' }],
])('the static endpoint, when %s: %#', (_, knowledge, expected) => {
  expect(decide(input('down', { service: withLast, register: lastServes, knowledge }))).toMatchObject(expected);
});

test.each([
  ['oracle', 'the static endpoint serves, which this configuration has no more: the deployment of the records waits'],
  ['records', 'the static endpoint serves, which this configuration has no more'],
] as const)('the static endpoint that a deployment has taken out while it serves, in mode %s: %s', (mode, said) => {
  const { lastResort: _, ...dns } = withLast.traffic.dns ?? {};
  const service = { ...withLast, traffic: { dns: { ...dns, mode } } } as typeof withLast;
  const knowledge = verdictsOf('down', 'down', 'down');

  expect(decide(input('down', { service, register: lastServes, knowledge }))).toMatchObject({
    reason: 'all-down',
    detail: expect.stringContaining(said),
  });
});

test('the static endpoint does not give way during a pause', () => {
  const register = { ...lastServes, pause: { by: 'eve', reason: 'drill' } };

  expect(decide(input('up', { service: withLast, register }))).toMatchObject({ reason: 'paused' });
});

test.each<[string, Partial<DecisionInput>]>([
  ['a block period', { register: { ...lastServes, maintenance: ['far'], moves: [madeMove(2)] } }],
  [
    'the daily limit',
    { register: { ...lastServes, maintenance: ['far'], moves: [madeMove(1, seen), madeMove(2, seen)] } },
  ],
  [
    'automatic: false',
    { register: lastServes, service: { ...withLast, failover: { ...withLast.failover, automatic: false } } },
  ],
])(
  'leaving the static endpoint for another site than the active is an automatic failover: %s forbids it',
  (_, more) => {
    const knowledge = verdictsOf('down', 'down', 'up');

    expect(decide(input('down', { service: withLast, knowledge, ...more })).kind).toBe('hold');
  },
);

test('a cold site that waits answers nobody, which is not down: it is started rather than the static endpoint used', () => {
  const cold = { ...withLast, sites: { ...withLast.sites, far: { ...withLast.sites.far, standby: 'cold' } } } as const;

  expect(decide(input('down', { service: cold as typeof withLast, knowledge: allDown }))).toMatchObject({
    run: 'failover',
    to: 'far',
  });
});

const turnedBack = (more: Parameters<typeof runWith>[0] = {}) =>
  registerWith({
    epoch: 2,
    active: 'two',
    serving: ['one'],
    run: runWith({ kind: 'switchover', state: 'failed', steps: [step('targets', [], 'turned-back')], ...more }),
  });

const dataMoved = (more: Parameters<typeof runWith>[0] = {}) => ({ ...turnedBack(more), writer: 'two' });

test.each<[string, Partial<DecisionInput>]>([
  ['it still writes', { register: turnedBack() }],
  ['it still writes, after a failover', { register: turnedBack({ kind: 'failover', reason: 'operator' }) }],
  ['it still writes, whoever paused', { register: { ...turnedBack(), pause: { by: 'eve', reason: 'drill' } } }],
  ['it still writes, well or not', { register: turnedBack(), knowledge: verdictsOf('down', 'up', 'up') }],
  ['its clients are still there', { register: dataMoved() }],
])('after a move that came to nothing the old site is active again, since %s', (_, more) => {
  expect(decide(input('up', more))).toMatchObject({
    kind: 'move',
    run: 'recover',
    from: 'two',
    to: 'one',
    serving: ['one'],
    reason: 'turned-back',
  });
});

test('what is taken back from a site that was down is called a failover that was undone', () => {
  expect(decide(input('up', { register: turnedBack({ kind: 'failover' }) }))).toMatchObject({
    run: 'recover',
    reason: 'failover-undone',
  });
});

test.each<[string, Partial<DecisionInput>]>([
  ['the run is still open', { register: turnedBack({ state: 'running' }) }],
  ['the run ended well', { register: turnedBack({ state: 'done' }) }],
  ['it was a failover that took the data along', { register: dataMoved({ kind: 'failover' }) }],
  ['the run is of an older epoch', { register: { ...turnedBack(), epoch: 3 } }],
  ['the traffic has moved', { register: { ...dataMoved(), serving: ['two'] } }],
  [
    'the data has moved, and the service is paused',
    { register: { ...dataMoved(), pause: { by: 'eve', reason: 'drill' } } },
  ],
  [
    'the data has moved, and the old site is not up',
    { register: dataMoved(), knowledge: verdictsOf('degraded', 'up', 'up') },
  ],
])('nothing is turned back while %s', (_, more) => {
  expect(decide(input('up', more))).not.toMatchObject({ reason: 'turned-back' });
});

test('a dead site is left for one that has not failed, within the block period and past the better candidate', () => {
  const register = registerWith({ epoch: 2, moves: [madeMove(2)] });

  expect(decide(input('down', { register }))).toMatchObject({ kind: 'move', run: 'failover', to: 'far' });
});

test('a failback that a limit holds is no fault of the active site: nobody is told of it', () => {
  const register = registerWith({ active: 'two', moves: [madeMove(2, { from: 'one', to: 'two' })] });

  expect(decide(input('up', { ...due, register }))).toMatchObject({ kind: 'hold', reason: 'failback-waits' });
});

test.each([
  [[], 'two'],
  [['two'], 'far'],
])('a failover goes to no site whose window of work is open (open=%j, goes to %s)', (sites, to) => {
  expect(decide(input('down', atWork(...sites)))).toMatchObject({ kind: 'move', to });
});
