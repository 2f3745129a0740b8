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

const replica = { isReplica: true };
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
  ['its data still writes', given({ isReplica: false }), 'is a replica'],
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
