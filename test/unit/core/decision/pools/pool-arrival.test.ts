import { expect, test } from 'vitest';
import { arrivingSites, demandOf, loadSettleMs } from '../../../../../src/core/decision/demand.ts';
import { openRun } from '../../../../../src/core/decision/plan.ts';
import { decide } from '../../../../../src/core/decision/service-decision.ts';
import { sharesWatch } from '../../../../../src/core/tables/stopwatch.ts';
import { memoryFollowMs, recordsFollowMs } from '../../../../../src/core/timing.ts';
import { noTimes, oracleDns, registerWith, runWith, serviceWith, situationWith } from '../../service.fixture.ts';

const sites = { one: { capacity: 100 }, two: { capacity: 100 }, far: { capacity: 100 } };
const ttlMs = oracleDns.ttlSeconds * 1_000;

/** A pool of three; `one` has just come back when `far` dies. */
function situation(demand: number, sinceMs: number, joining: readonly string[] = ['one'], isRemembering = false) {
  const service = serviceWith({
    mode: 'active-active',
    sites,
    traffic: { dns: { ...oracleDns, memory: isRemembering, policy: 'weighted' } },
  });
  const run = runWith({ kind: 'readmit', to: 'one', serving: ['one', 'far', 'two'], state: 'done', demand, joining });
  const register = registerWith({ epoch: 2, serving: ['one', 'far', 'two'], run });
  return situationWith({
    service,
    register,
    knowledge: { verdicts: { one: 'up', two: 'up', far: 'down' }, reports: {}, dependencies: {} },
    stopwatches: { [sharesWatch(service.name, register)]: sinceMs },
  });
}

test('a dead site stays until clients are at the one that came back, where the third cannot carry its part', () => {
  expect(decide(situation(180, 1_000))).toMatchObject({
    kind: 'hold',
    reason: 'over-capacity',
    detail: 'far has to stay until clients are at one',
  });
});

test('it leaves once clients are there', () => {
  expect(decide(situation(180, 10 * 60_000))).toMatchObject({ kind: 'move', run: 'withdraw', from: 'far' });
});

test('it leaves at once where the third site can carry its part meanwhile', () => {
  expect(decide(situation(60, 1_000))).toMatchObject({ kind: 'move', run: 'withdraw', from: 'far' });
});

test('it leaves at once where nobody else would carry anything', () => {
  expect(decide(situation(180, 1_000, ['one', 'two']))).toMatchObject({ kind: 'move', run: 'withdraw', from: 'far' });
});

test.each([
  [180, { kind: 'hold', detail: 'two has to stay until clients are at one' }],
  [60, { kind: 'move', serving: ['one'] }],
])(
  'of two dead sites, with a demand of %d, none goes alone: the other one would be left with all',
  (demand, expected) => {
    const both = situation(demand, 1_000);
    const verdicts = { one: 'up', two: 'down', far: 'down' } as const;

    expect(decide({ ...both, knowledge: { ...both.knowledge, verdicts } })).toMatchObject(expected);
  },
);

test('clients come later where DNS remembers that a site was left', () => {
  const lateMs = memoryFollowMs + ttlMs;

  expect(arrivingSites(situation(180, lateMs - 1, ['one'], true))).toEqual(['one']);
  expect(arrivingSites(situation(180, lateMs, ['one'], true))).toEqual([]);
  expect(arrivingSites(situation(180, lateMs - 1, ['one'], false))).toEqual([]);
});

test('loads show the demand only once clients are at the one that came back', () => {
  const { service, register } = situation(180, 0, ['one'], true);
  const settledMs = memoryFollowMs + ttlMs + service.detection.opinionTtlMs;
  const after = (sinceMs: number, joining: readonly string[]) => {
    const { knowledge, ...input } = situation(180, sinceMs, joining, true);
    return demandOf({ ...input, knowledge: { ...knowledge, reports: { one: { load: 5 }, two: { load: 70 } } } });
  };

  expect(loadSettleMs(service, register)).toBe(settledMs);
  expect(after(settledMs - 1, ['one'])).toBe(180);
  expect(after(settledMs, ['one'])).toBe(112.5);
  expect(after(settledMs - 1, [])).toBe(112.5);
});

test('clients come to edited weights once every name server has heard of them', () => {
  const { service } = situation(180, 0);
  const edited = { ...service, traffic: { dns: { ...oracleDns, mode: 'records', policy: 'weighted' } } } as const;
  const settledMs = loadSettleMs(edited, { run: null });

  expect(settledMs).toBe(recordsFollowMs + ttlMs + edited.detection.opinionTtlMs);
});

test('a run keeps whom it gives traffic, and those to whom clients are still on their way', () => {
  const before = situation(180, 1_000);
  const { service, register } = before;
  const move = {
    kind: 'withdraw',
    from: 'far',
    to: 'one',
    serving: ['one', 'two'],
    reason: 'site-down',
    by: 'region-1',
    holder: null,
    isDataLossAllowed: false,
    isProofWaived: false,
    isShortAllowed: false,
    demand: 180,
    times: noTimes,
  } as const;
  const joiningOf = (input: typeof before) => openRun(service, input.register, move, input).run?.joining;

  expect(joiningOf(before)).toEqual(['one']);
  expect(joiningOf(situation(180, 10 * 60_000))).toBeUndefined();
  expect(openRun(service, { ...register, serving: ['two'] }, move, null).run?.joining).toEqual(['one']);
});
