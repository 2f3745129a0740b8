import { expect, test } from 'vitest';
import type { DecisionInput } from '../../../../../src/core/decision/decision-input.ts';
import { decide } from '../../../../../src/core/decision/service-decision.ts';
import type { Verdict } from '../../../../../src/core/detection/verdict.ts';
import { lastResortName } from '../../../../../src/core/model/service.ts';
import type { Register } from '../../../../../src/core/register/register.ts';
import { oracleDns, registerWith, serviceWith, situationWith } from '../../service.fixture.ts';

const sites = { one: { capacity: 100 }, two: { capacity: 100 }, far: { capacity: 100, reserve: true } };
const failback = { mode: 'automatic', healthyForMs: 60_000 } as const;
const pool = serviceWith({ mode: 'active-active', sites, failback });

/** Verdicts of `one`, `two` and the reserve `far`; loads of each in the unit of its capacity. */
function given(
  [one, two, far]: readonly [Verdict, Verdict, Verdict],
  loads: readonly number[],
  register: Partial<Register> = {},
  more: Partial<Omit<DecisionInput, 'register'>> = {},
): DecisionInput {
  const reports = Object.fromEntries(loads.map((load, index) => [['one', 'two', 'far'][index], { load }]));
  return situationWith({
    service: pool,
    knowledge: { verdicts: { one, two, far }, reports, dependencies: {} },
    ...more,
    register: registerWith({ serving: ['one', 'two'], ...register }),
  });
}

test('a reserve waits while all is well, and is not taken in as one that is back', () => {
  const stopwatches = { 'up:shop:far': 10_000_000 };

  expect(decide(given(['up', 'up', 'up'], [30, 30], {}, { stopwatches }))).toMatchObject({ kind: 'hold' });
});

test.each([
  ['the other carries it', [30, 30], 'up', { run: 'withdraw', serving: ['one'] }],
  ['the other cannot carry it', [60, 60], 'up', { run: 'withdraw', serving: ['one', 'far'] }],
  ['the reserve is down too', [60, 60], 'down', { kind: 'hold', reason: 'over-capacity' }],
  ['the reserve is not known to be up', [60, 60], 'unclear', { kind: 'hold', reason: 'over-capacity' }],
] as const)('one of two is down, and %s', (_, loads, far, expected) => {
  expect(decide(given(['up', 'down', far], loads))).toMatchObject(expected);
});

test('none of the others is up: the reserve serves alone, and nothing is kept open', () => {
  const [both, one] = [
    decide(given(['down', 'down', 'up'], [30, 30])),
    decide(given(['down', 'down', 'up'], [30, 30], { maintenance: ['far'] })),
  ];

  expect(both).toMatchObject({ kind: 'move', run: 'withdraw', to: 'far', serving: ['far'] });
  expect(one).toMatchObject({ kind: 'hold', reason: 'fail-open' });
});

test('a reserve that says that it is not ready is not called', () => {
  const input = given(['up', 'down', 'up'], [60, 60]);
  const reports = { ...input.knowledge.reports, far: { ready: false } };

  expect(decide({ ...input, knowledge: { ...input.knowledge, reports } })).toMatchObject({ reason: 'over-capacity' });
});

test.each([
  [
    'all others serve',
    ['one', 'two', 'far'],
    ['up', 'up', 'up'],
    { run: 'withdraw', from: 'far', serving: ['one', 'two'] },
  ],
  ['another is still out', ['one', 'far'], ['up', 'down', 'up'], { kind: 'hold' }],
  ['another is in and not known to be up', ['one', 'two', 'far'], ['up', 'unclear', 'up'], { kind: 'hold' }],
] as const)('a reserve that serves, and %s', (_, serving, verdicts, expected) => {
  expect(decide(given(verdicts, [30, 30, 30], { serving }))).toMatchObject(expected);
});

test('from the static endpoint the others come back without the reserve, and the reserve where none is up', () => {
  const service = serviceWith({
    mode: 'active-active',
    sites,
    failback,
    failover: { allDown: 'last-resort' },
    traffic: { dns: { ...oracleDns, lastResort: { a: ['192.0.2.250'] } } },
  });
  const back = (verdicts: readonly [Verdict, Verdict, Verdict]) =>
    decide(given(verdicts, [], { serving: [lastResortName] }, { service }));

  expect(back(['down', 'up', 'up'])).toMatchObject({ run: 'recover', serving: ['two'] });
  expect(back(['down', 'down', 'up'])).toMatchObject({ run: 'recover', serving: ['far'] });
});
