import { expect, test } from 'vitest';
import type { DecisionInput } from '../../../../src/core/decision/decision-input.ts';
import { dayMs } from '../../../../src/core/decision/limits.ts';
import {
  fencesFor,
  type Move,
  openRun,
  planSteps,
  settleStep,
  takeoverOrder,
} from '../../../../src/core/decision/plan.ts';
import { sitesToStart } from '../../../../src/core/kinds/start.ts';
import { lastResortName, type NamedService } from '../../../../src/core/model/service.ts';
import type { Register } from '../../../../src/core/register/register.ts';
import type { RunOutline, Step, StepName } from '../../../../src/core/register/run.ts';

type Route = Omit<RunOutline, 'fences'>;

import {
  address,
  fence,
  globalData,
  madeMove,
  noTimes,
  oracleDns,
  recordsDns,
  registerWith,
  service,
  serviceWith,
  targets,
  warm,
  weightedDns,
} from '../service.fixture.ts';

/** The steps of a move out of the register of a service whose `from` writes. */
function stepsOf(given: NamedService, route: Route): readonly Step[] {
  const register = registerWith({ active: route.from, writer: route.from });
  return planSteps(given, { ...route, fences: fencesFor(given, register, route) });
}

const move: Move = {
  kind: 'failover',
  from: 'one',
  to: 'two',
  serving: ['two'],
  reason: 'active-down',
  by: 'region-1',
  holder: null,
  isDataLossAllowed: false,
  isProofWaived: false,
  isShortAllowed: false,
  demand: null,
  times: noTimes,
};
const fenced = { one: { fence } };

function automatic(register: Register, stopwatches = {}): DecisionInput {
  return {
    service,
    register,
    knowledge: { verdicts: {}, reports: {}, dependencies: {} },
    isActiveSuspected: false,
    watcherCount: 3,
    freshWatcherCount: 3,
    stopwatches,
    group: null,
    disputes: [],
  };
}

test.each<[string, NamedService, string, string[]]>([
  ['DNS', service, 'two', ['dns', 'verify', 'notify']],
  ['an address', serviceWith({ traffic: { address } }), 'two', ['address', 'verify', 'notify']],
  ['both', serviceWith({ traffic: { address, dns: oracleDns } }), 'two', ['address', 'dns', 'verify', 'notify']],
  [
    'both, to a site without the address',
    serviceWith({ traffic: { address, dns: oracleDns } }),
    'far',
    ['dns', 'verify', 'notify'],
  ],
  ['DNS and a fence', serviceWith({ sites: fenced }), 'two', ['fence', 'dns', 'verify', 'notify']],
  ['DNS and a fence elsewhere', serviceWith({ sites: { two: { fence } } }), 'two', ['dns', 'verify', 'notify']],
])('the steps of a service with %s', (_, given, to, names) => {
  const steps = stepsOf(given, { kind: 'failover', from: 'one', to, serving: [to] });

  expect(steps.map(({ name }) => name)).toEqual(names);
});

test('the fence comes before all traffic, traffic before its verification; address and DNS wait for neither other', () => {
  const steps = stepsOf(serviceWith({ sites: fenced, traffic: { address, dns: recordsDns } }), move);

  const after = Object.fromEntries(steps.map(({ name, after }) => [name, after]));

  expect(after).toEqual({
    fence: [],
    address: ['fence', 'promote', 'start'],
    dns: ['fence', 'promote', 'start'],
    verify: ['address', 'route', 'targets', 'accelerator', 'controls', 'edge', 'zonal', 'dns'],
    notify: ['address', 'route', 'targets', 'accelerator', 'controls', 'edge', 'zonal', 'dns'],
  });
});

test('S11: a member that follows its group fences its old site first', () => {
  const given = serviceWith({ sites: fenced, data: globalData });

  const opened = openRun(given, registerWith(), { ...move, kind: 'follow', reason: 'group-failover' }, null);

  const promote = opened.run?.steps.find(({ name }) => name === 'promote');
  expect(opened.run?.steps[0]).toMatchObject({ name: 'fence', resource: 'one', state: 'pending' });
  expect(promote?.after).toContain('fence');
  expect(opened.owed).toEqual([{ site: 'one', epoch: 2, proof: 'none', guardsData: true }]);
});

test('a run is opened in one value: next epoch, new active, journal of steps, history', () => {
  const opened = openRun(serviceWith({ traffic: { dns: recordsDns } }), registerWith(), move, null);

  expect(opened).toMatchObject({ epoch: 2, active: 'two', serving: ['one'] });
  expect(opened.run).toMatchObject({ epoch: 2, attempt: 1, from: 'one', to: 'two', state: 'running' });
  expect(opened.history).toEqual([{ epoch: 2, atMs: 5, by: 'region-1', what: 'failover one > two (active-down)' }]);
});

test('the history says that data loss was allowed', () => {
  const opened = openRun(service, registerWith(), { ...move, isDataLossAllowed: true }, null);

  expect(opened.history[0]?.what).toBe('failover one > two (active-down, data loss allowed)');
});

test.each([
  ['failover', ['far', 'one']],
  ['switchover', ['far']],
  ['failback', ['far']],
] as const)('a %s leaves %j lost: the target is found again, the origin is lost only by a failover', (kind, lost) => {
  const opened = openRun(service, registerWith({ lost: ['two', 'far'] }), { ...move, kind }, null);

  expect(opened.lost).toEqual(lost);
});

test('only an automatic failover begins a block period', () => {
  const register = registerWith({ epoch: 6, moves: [madeMove(3)] });

  const blocks = [
    openRun(service, register, move, automatic(register)),
    openRun(service, register, { ...move, kind: 'failback' }, automatic(register)),
    openRun(service, register, move, null),
  ].map((opened) => opened.moves.filter(({ kind }) => kind === 'failover').map(({ epoch }) => epoch));

  expect(blocks).toEqual([[3, 7], [3], [3]]);
});

test('an automatic move counts against the daily limit, and the epochs that are a day old are forgotten', () => {
  const register = registerWith({ epoch: 6, moves: [madeMove(4), madeMove(6)] });

  const counted = openRun(service, register, move, automatic(register, { 'epoch:shop:4': dayMs }));
  const byHand = openRun(service, register, move, null);

  expect(counted.moves.map(({ epoch }) => epoch)).toEqual([6, 7]);
  expect(byHand.moves.map(({ epoch }) => epoch)).toEqual([4, 6]);
});

test('with oracles and nothing to fence, the value that opens the run is what moves the traffic', () => {
  const opened = openRun(service, registerWith(), move, null);

  expect(opened.serving).toEqual(['two']);
  expect(opened.run?.steps[0]).toMatchObject({ name: 'dns', state: 'done', detail: 'oracles vote for two' });
  expect(opened.run?.times.shiftedMs).toBe(5);
});

test.each(['done', 'fallback'] as const)('with oracles, serving follows once the fence is %s', (state) => {
  const given = serviceWith({ sites: fenced });
  const opened = openRun(given, registerWith(), move, null);

  const settled = settleStep(given, opened, 'fence', { state, detail: '' }, 70);

  expect([opened.serving, settled.serving]).toEqual([['one'], ['two']]);
  expect(settled.run?.times).toMatchObject({ fencedMs: state === 'done' ? 70 : null, shiftedMs: 70 });
});

test.each([
  ['dns', { dns: recordsDns, address }, 'address', 'dns'],
  ['address', { address }, 'verify', 'address'],
] as const)('without oracles, serving follows the %s step, however it ends', (_, traffic, other, decisive) => {
  const given = serviceWith({ traffic });
  const opened = openRun(given, registerWith(), move, null);

  const before = settleStep(given, opened, other, { state: 'done', detail: '' }, 70);
  const after = settleStep(given, before, decisive, { state: 'failed', detail: '' }, 80);

  expect([before.serving, after.serving]).toEqual([['one'], ['two']]);
});

test('times are noted once: the first end of a phase stands', () => {
  const given = serviceWith({ traffic: { dns: recordsDns } });
  const opened = openRun(given, registerWith(), move, null);

  const shifted = settleStep(given, opened, 'dns', { state: 'done', detail: '' }, 70);
  const verified = settleStep(given, shifted, 'verify', { state: 'done', detail: '' }, 90);

  expect(verified.run?.times).toEqual({ ...noTimes, shiftedMs: 70, verifiedMs: 90 });
});

test('the last step ends the run', () => {
  const opened = openRun(service, registerWith(), move, null);

  const told = settleStep(service, opened, 'notify', { state: 'fallback', detail: '' }, 70);
  const over = settleStep(service, told, 'verify', { state: 'done', detail: '' }, 90);

  expect([told.run?.state, over.run?.state]).toEqual(['running', 'done']);
});

test('a step of no run changes nothing', () => {
  const register = registerWith();

  expect(settleStep(service, register, 'dns', { state: 'done', detail: '' }, 1)).toBe(register);
});

test('the watcher beside the new active steps forward first, the others in the order of the deployment', () => {
  const order = takeoverOrder(service, ['region-3', 'region-2', 'region-1'], 'two');

  expect(order).toEqual(['region-1', 'region-3', 'region-2']);
});

test('a watcher that functions do not answer comes last, the gaining site its own or not', () => {
  const regions = ['region-3', 'region-2', 'region-1'];

  const order = takeoverOrder(service, regions, 'two', { 'region-1': ['region-1'], 'region-3': ['region-1'] });

  expect(order).toEqual(['region-2', 'region-1', 'region-3']);
});

const clients = { fleet: 1, askMs: 5_000, endpoints: { one: 'https://one.example' } };
/** Has something of everything; `one` and `two` can be fenced and are scaled. */
const whole = serviceWith({
  sites: { one: { fence, ...warm }, two: { fence, ...warm } },
  traffic: { address, targets, dns: oracleDns },
  data: globalData,
  clients,
});
const wholePool: NamedService = { ...whole, mode: 'active-active', traffic: { targets, dns: weightedDns } };
const moving: readonly StepName[] = [
  'fence',
  'promote',
  'start',
  'address',
  'targets',
  'dns',
  'publish',
  'verify',
  'notify',
];
const namesOf = (given: NamedService, route: Route) => stepsOf(given, route).map(({ name }) => name);
const oneToTwo = { from: 'one', to: 'two', serving: ['two'] };

test.each<[Route['kind'], NamedService, Omit<Route, 'kind'>, readonly StepName[]]>([
  ['failover', whole, oneToTwo, moving],
  ['switchover', whole, oneToTwo, moving],
  ['failback', whole, { from: 'two', to: 'one', serving: ['one'] }, moving],
  ['follow', whole, oneToTwo, moving],
  ['recover', whole, oneToTwo, moving],
  [
    'recover',
    whole,
    { from: 'one', to: 'one', serving: ['one'] },
    ['start', 'targets', 'dns', 'publish', 'verify', 'notify'],
  ],
  ['last-resort', whole, { from: 'one', to: 'one', serving: [lastResortName] }, ['dns', 'publish', 'verify', 'notify']],
  [
    'withdraw',
    wholePool,
    { from: 'far', to: 'one', serving: ['one', 'two'] },
    ['start', 'targets', 'dns', 'publish', 'verify', 'notify'],
  ],
  [
    'readmit',
    wholePool,
    { from: 'two', to: 'one', serving: ['one', 'two'] },
    ['start', 'targets', 'dns', 'publish', 'verify', 'notify'],
  ],
  [
    'readmit',
    wholePool,
    { from: 'one', to: 'far', serving: ['one', 'far', 'two'] },
    ['targets', 'dns', 'publish', 'verify', 'notify'],
  ],
])('the steps of a %s with everything: %#', (kind, given, route, names) => {
  expect(namesOf(given, { kind, ...route })).toEqual(names);
});

test('what is written by every site is not promoted', () => {
  const given = { ...whole, data: { kind: 'dynamodb-global', tableName: 'orders' } } as const;

  expect(namesOf(given, { kind: 'failover', ...oneToTwo })).not.toContain('promote');
});

test('a move to a site without a target group leaves the balancer as it is', () => {
  expect(namesOf(whole, { kind: 'failover', from: 'one', to: 'far', serving: ['far'] })).not.toContain('targets');
});

test('promotion waits for the fence, the start for nothing, traffic for all three, DNS also for the balancer', () => {
  const after = Object.fromEntries(
    stepsOf(whole, { kind: 'failover', ...oneToTwo }).map((each) => [each.name, each.after]),
  );

  expect(after).toMatchObject({
    fence: [],
    promote: ['fence'],
    start: [],
    address: ['fence', 'promote', 'start'],
    targets: ['fence', 'promote', 'start'],
    dns: ['fence', 'promote', 'start', 'targets'],
    publish: ['address', 'route', 'targets', 'accelerator', 'controls', 'edge', 'zonal', 'dns'],
  });
});

test('a pool that can shift in parts does not wait until the rest has grown; one that cannot does', () => {
  const withdraw: Route = { kind: 'withdraw', from: 'far', to: 'one', serving: ['one', 'two'] };
  const oracles: NamedService = { ...wholePool, traffic: { dns: oracleDns } };

  const afterOf = (given: NamedService) => stepsOf(given, withdraw).find(({ name }) => name === 'dns')?.after;

  expect(afterOf(wholePool)).toEqual(['targets']);
  expect(afterOf(oracles)).toEqual(['fence', 'promote', 'start']);
});

test.each<[Route['kind'], readonly string[], readonly string[]]>([
  ['failover', ['two'], ['two']],
  ['withdraw', ['one', 'two', 'far'], ['one', 'two']],
  ['readmit', ['one', 'two'], ['two']],
  ['recover', ['one', 'far'], ['one']],
  ['last-resort', [lastResortName], []],
])('a %s to %j starts %j: whoever gains traffic and has something to start', (kind, serving, started) => {
  expect(sitesToStart(whole, { kind, to: 'two', serving })).toEqual(started);
});

/** Ends steps of an opened run one after another. */
function settledAfter(
  given: NamedService,
  opened: Register,
  ...ends: readonly (readonly [StepName, 'done' | 'failed' | 'fallback' | 'turned-back'])[]
): Register {
  return ends.reduce((register, [name, state]) => settleStep(given, register, name, { state, detail: '' }, 70), opened);
}

test.each([
  ['two', { kind: 'failover' }, 'active-passive'],
  ['two', { kind: 'failover' }, 'active-active'],
  ['one', { kind: 'withdraw', from: 'far', to: 'one', serving: ['one'] }, 'active-active'],
] as const)('%s writes when %j ends in what is then %s', (writer, more, mode) => {
  const given = serviceWith({ sites: { one: { fence }, two: { fence } } });
  const register = registerWith({ owed: [{ site: 'two', epoch: 1, proof: 'closed' }] });
  const opened = openRun(given, register, { ...move, ...more }, null);

  const settled = settledAfter({ ...given, mode }, opened, ['fence', 'done'], ['dns', 'done']);

  expect(settled.writer).toBe(writer);
  expect(settled.owed.some(({ site }) => site === 'two')).toBe(writer !== 'two');
});

const started = serviceWith({ sites: { two: warm }, data: globalData });

test('with oracles, votes wait for promotion and start', () => {
  const opened = openRun(started, registerWith(), move, null);
  const promoted = settledAfter(started, opened, ['promote', 'done']);
  const ready = settledAfter(started, promoted, ['start', 'done']);

  expect([opened.serving, promoted.serving, ready.serving]).toEqual([['one'], ['one'], ['two']]);
  expect(ready.run?.times).toMatchObject({ promotedMs: 70, startedMs: 70, shiftedMs: 70 });
});

test.each(['promote', 'start'] as const)('with oracles, a %s that fails leaves clients where they are', (name) => {
  const other = name === 'promote' ? 'start' : 'promote';
  const opened = openRun(started, registerWith(), move, null);

  const failed = settledAfter(started, opened, [name, 'failed'], [other, 'done'], ['notify', 'done']);

  expect(failed).toMatchObject({ active: 'two', serving: ['one'], run: { state: 'failed' } });
});

test('without oracles, a promotion that fails leaves clients where they are, though the record step counts as failed', () => {
  const given = serviceWith({ traffic: { dns: recordsDns }, data: globalData });

  const failed = settledAfter(given, openRun(given, registerWith(), move, null), ['promote', 'failed']);

  expect(failed.serving).toEqual(['one']);
});

test('an automatic failover that moved nothing starts no block period; one that moved in part does', () => {
  const given = serviceWith({ traffic: { dns: weightedDns }, data: globalData });
  const register = registerWith();
  const opened = openRun(given, register, move, automatic(register));

  const inVain = settledAfter(given, opened, ['promote', 'failed'], ['notify', 'done']);
  const running = settledAfter(given, opened, ['promote', 'failed']);
  const inPart = settledAfter(
    given,
    opened,
    ['promote', 'done'],
    ['dns', 'failed'],
    ['verify', 'failed'],
    ['notify', 'done'],
  );

  expect(opened.moves).toEqual([madeMove(2, { from: 'one', to: 'two' })]);
  expect([inVain.moves, running.moves, inPart.moves]).toEqual([[], opened.moves, opened.moves]);
});

test('a block period of an earlier failover outlives a later run that moved nothing', () => {
  const given = serviceWith({ traffic: { dns: weightedDns }, data: globalData });
  const moves = [madeMove(2)];
  const opened = openRun(given, registerWith({ epoch: 2, moves }), { ...move, kind: 'switchover' }, null);

  expect(settledAfter(given, opened, ['promote', 'failed'], ['notify', 'done']).moves).toEqual(moves);
});

const balanced = serviceWith({ traffic: { targets } });

test.each<['done' | 'failed' | 'turned-back' | 'fallback', readonly string[], Register['ramp']]>([
  ['done', ['two'], {}],
  ['failed', ['two'], {}],
  ['turned-back', ['one'], {}],
  ['fallback', ['two'], { one: 40, two: 60 }],
])(
  'a shift that ends %s leaves %j serving, with the ramp at %j: only what stays behind is on it',
  (state, serving, ramp) => {
    const opened = openRun(balanced, registerWith({ ramp: {} }), move, null);
    const shifting = { ...opened, ramp: { one: 40, two: 60 } };

    const ended = settledAfter(balanced, shifting, ['targets', state]);

    expect(ended).toMatchObject({ serving });
    expect(ended.ramp).toEqual(ramp);
  },
);

test('with a balancer and oracles, a shift that was turned back leaves DNS where it was', () => {
  const given = serviceWith({ traffic: { targets, dns: oracleDns } });
  const opened = openRun(given, registerWith(), { ...move, kind: 'switchover' }, null);

  const ended = settledAfter(given, { ...opened, ramp: { one: 90, two: 10 } }, ['targets', 'turned-back']);

  expect(ended).toMatchObject({ serving: ['one'], ramp: {} });
});

test('the ramp is kept while any shift is under way', () => {
  const given = serviceWith({ traffic: { targets, dns: weightedDns } });
  const opened = { ...openRun(given, registerWith(), move, null), ramp: { one: 40, two: 60 } };

  const half = settledAfter(given, opened, ['targets', 'done']);
  const over = settledAfter(given, half, ['dns', 'done']);

  expect([half.ramp, over.ramp]).toEqual([{ one: 40, two: 60 }, {}]);
});

test.each<[Route['kind'], Omit<Route, 'kind'>, object]>([
  ['withdraw', { from: 'one', to: 'far', serving: ['far', 'two'] }, { active: 'far', lost: [] }],
  ['withdraw', { from: 'two', to: 'one', serving: ['one', 'far'] }, { active: 'one', lost: [] }],
  ['readmit', { from: 'far', to: 'one', serving: ['one', 'far', 'two'] }, { active: 'one', lost: [] }],
  ['last-resort', { from: 'one', to: 'one', serving: [lastResortName] }, { active: 'one', lost: [] }],
])('after a %s %j the first of the pool is active, and nobody is lost', (kind, route, expected) => {
  const given: NamedService = { ...service, mode: 'active-active' };
  const register = registerWith({ active: kind === 'readmit' ? 'far' : 'one', serving: ['one', 'far', 'two'] });

  expect(openRun(given, register, { ...move, kind, ...route }, null)).toMatchObject(expected);
});

test.each<[Route['kind'], readonly number[]]>([
  ['failover', [2]],
  ['failback', [2]],
  ['readmit', [2]],
  ['withdraw', []],
  ['follow', []],
  ['last-resort', []],
  ['recover', []],
])('an automatic %s counts against the daily limit as %j', (kind, epochs) => {
  expect(
    openRun(service, registerWith(), { ...move, kind }, automatic(registerWith())).moves.map(({ epoch }) => epoch),
  ).toEqual(epochs);
});
