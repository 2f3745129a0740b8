import { expect, test } from 'vitest';
import type { NamedService } from '../../../src/core/deployment.ts';
import { dayMs } from '../../../src/core/limits.ts';
import { heirs, type Move, openRun, planSteps, settleStep } from '../../../src/core/plan.ts';
import type { Register } from '../../../src/core/register/register.ts';
import type { Situation } from '../../../src/core/situation.ts';
import {
  address,
  fence,
  noTimes,
  oracleDns,
  recordsDns,
  registerWith,
  service,
  serviceWith,
} from './service.fixture.ts';

const move: Move = {
  kind: 'failover',
  from: 'one',
  to: 'two',
  serving: ['two'],
  reason: 'active-down',
  by: 'region-1',
  holder: null,
  isDataLossAllowed: false,
  times: noTimes,
};
const fenced = { one: { fence } };

function automatic(register: Register, stopwatches = {}): Situation {
  return {
    service,
    register,
    knowledge: { verdicts: {}, reports: {}, dependencies: {} },
    isActiveSuspected: false,
    watcherCount: 3,
    freshWatcherCount: 3,
    stopwatches,
    group: null,
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
  const steps = planSteps(given, { kind: 'failover', from: 'one', to, serving: [to] });

  expect(steps.map(({ name }) => name)).toEqual(names);
});

test('the fence comes before all traffic, traffic before its verification; address and DNS wait for neither other', () => {
  const steps = planSteps(serviceWith({ sites: fenced, traffic: { address, dns: recordsDns } }), move);

  const after = Object.fromEntries(steps.map(({ name, after }) => [name, after]));

  expect(after).toEqual({
    fence: [],
    address: ['fence', 'promote', 'start'],
    dns: ['fence', 'promote', 'start'],
    verify: ['address', 'targets', 'dns'],
    notify: ['address', 'targets', 'dns'],
  });
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
  const register = registerWith({ epoch: 6, block: { epoch: 3, isAcknowledged: true } });

  const blocks = [
    openRun(service, register, move, automatic(register)),
    openRun(service, register, { ...move, kind: 'failback' }, automatic(register)),
    openRun(service, register, move, null),
  ].map(({ block }) => block);

  expect(blocks).toEqual([{ epoch: 7, isAcknowledged: false }, register.block, register.block]);
});

test('an automatic move counts against the daily limit, and the epochs that are a day old are forgotten', () => {
  const register = registerWith({ epoch: 6, automaticEpochs: [4, 6] });

  const counted = openRun(service, register, move, automatic(register, { 'epoch:shop:4': dayMs }));
  const byHand = openRun(service, register, move, null);

  expect(counted.automaticEpochs).toEqual([6, 7]);
  expect(byHand.automaticEpochs).toEqual([4, 6]);
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

test('the heir beside the new active steps forward first, the others in the order of the deployment', () => {
  const order = heirs(service, ['region-3', 'region-2', 'region-1'], 'two');

  expect(order).toEqual(['region-1', 'region-3', 'region-2']);
});
