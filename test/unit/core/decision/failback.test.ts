import { expect, test } from 'vitest';
import type { DecisionInput } from '../../../../src/core/decision/decision-input.ts';
import { decide } from '../../../../src/core/decision/service-decision.ts';
import type { SiteReport } from '../../../../src/core/detection/observation.ts';
import type { Setback } from '../../../../src/core/register/register.ts';
import { globalData, madeMove, registerWith, serviceWith, situationWith } from '../service.fixture.ts';

const service = serviceWith({ failback: { mode: 'automatic' }, data: globalData });
const away = registerWith({ epoch: 9, active: 'two', writer: 'two', serving: ['two'] });
const setback: Setback = { site: 'one', epoch: 7, count: 1, step: 'promote', detail: 'refused', kind: 'move' };
const watch = 'setback:shop:one:7.1';

function given(report: SiteReport, more: Partial<DecisionInput> = {}): DecisionInput {
  const verdicts = { one: 'up', two: 'up', far: 'up' } as const;
  const knowledge = { verdicts, reports: { one: report }, dependencies: {} };
  return situationWith({ service, register: away, knowledge, stopwatches: { 'up:shop:one': 60_000 }, ...more });
}

const replica = { dataRole: 'replica' as const };
const after = (kind: Setback['kind'], restedMs: number, upMs: number) =>
  given(replica, {
    register: { ...away, setbacks: [{ ...setback, kind }] },
    stopwatches: { 'up:shop:one': upMs, [watch]: restedMs },
  });

test.each<[string, DecisionInput]>([
  ['its data is a replica', given(replica)],
  ['it has changed since a failback was refused', after('move', 900_000, 60_000)],
  ['a look that was refused is over for a while', after('rehearsal', 900_000, 990_000)],
  [
    'failovers have used up their own count',
    given(replica, { register: { ...away, moves: [2, 3].map((epoch) => madeMove(epoch, { isAcknowledged: true })) } }),
  ],
])('a failback begins when the preferred site is well and %s', (_, input) => {
  expect(decide(input)).toMatchObject({ kind: 'move', run: 'failback', to: 'one' });
});

test.each<[string, DecisionInput, string]>([
  ['its data still writes', given({ dataRole: 'takes-writes' as const }), 'make it a replica'],
  ['nobody tells of its data', given({}), 'is a replica'],
  ['its audit has findings', given({ ...replica, findings: 2 }), '2 findings about one'],
  ['one came to nothing and nothing has changed', after('move', 900_000, 990_000), 'nothing there has changed'],
  [
    'a look was refused a moment ago',
    after('rehearsal', 1_000, 990_000),
    'it could not be completed (promote: refused)',
  ],
  [
    'a block stands against it',
    given(replica, { register: { ...away, moves: [madeMove(2, { from: 'one', to: 'two' })] } }),
    'an automatic failover left',
  ],
])('a failback waits, and pages nobody, when %s', (_, input, says) => {
  expect(decide(input)).toMatchObject({
    kind: 'hold',
    reason: 'failback-waits',
    detail: expect.stringContaining(says),
  });
});

test('a look that was refused keeps no failover away', () => {
  const register = { ...away, maintenance: ['far'], setbacks: [{ ...setback, kind: 'rehearsal' as const }] };
  const verdicts = { one: 'up', two: 'down', far: 'up' } as const;

  const decision = decide(given(replica, { register, knowledge: { verdicts, reports: {}, dependencies: {} } }));

  expect(decision).toMatchObject({ kind: 'move', run: 'failover', to: 'one' });
});

test('a failback sends all clients home, and says how long home has been up', () => {
  expect(decide(given(replica))).toMatchObject({
    from: 'two',
    serving: ['one'],
    reason: 'failback-due',
    detail: 'one has been up for 60 s',
  });
});

test('a failback is not begun where moves are made by hand', () => {
  const byHand = { ...service, failover: { ...service.failover, automatic: false } };

  expect(decide(given(replica, { service: byHand }))).toMatchObject({ kind: 'hold', reason: 'manual-only' });
});

test('a move that failed a moment ago is told as that, and not as a look', () => {
  expect(decide(after('move', 1_000, 0))).toMatchObject({ reason: 'healthy' });
  expect(decide(after('move', 1_000, 60_000))).toMatchObject({
    reason: 'failback-waits',
    detail: expect.stringContaining('the last move to one failed (promote: refused)'),
  });
});

test.each([
  ['a block against another site', [madeMove(2, { from: 'far', to: 'two' })], 'failback-due'],
  [
    'as many failbacks as a day may have (maxMovesPerDay=2)',
    [2, 3].map((epoch) => madeMove(epoch, { kind: 'failback' })),
    'failback-waits',
  ],
])('what other moves make of a failback: %s', (_, moves, reason) => {
  expect(decide(given(replica, { register: { ...away, moves } }))).toMatchObject({ reason });
});

test('a service without data needs no report of the site that it returns to', () => {
  const plain = serviceWith({ failback: { mode: 'automatic' } });
  const verdicts = { one: 'up', two: 'up', far: 'up' } as const;
  const silent = { verdicts, reports: {}, dependencies: {} };

  expect(decide(given({}, { service: plain, knowledge: silent }))).toMatchObject({ run: 'failback' });
  expect(decide(given({}, { knowledge: silent }))).toMatchObject({ reason: 'failback-waits' });
});
