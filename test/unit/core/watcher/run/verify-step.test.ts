import { describe, expect, test } from 'vitest';
import { noKnowledge } from '../../../../../src/core/detection/site-knowledge.ts';
import type { NamedService } from '../../../../../src/core/model/service.ts';
import type { Register } from '../../../../../src/core/register/register.ts';
import type { Run, StepName, StepState } from '../../../../../src/core/register/run.ts';
import { verifyLimitMs } from '../../../../../src/core/timing.ts';
import { oracleDns, registerWith, service, serviceWith, step } from '../../service.fixture.ts';
import { dispatch, hangs, type Outside, says } from '../dispatch.fixture.ts';

const toTwo = { from: 'one', to: 'two', serving: ['two'] };

/** Verifies a move to site `two` while every name answers so; where several are given, by name. */
function verified(
  answers: readonly string[] | Readonly<Record<string, readonly string[]>>,
  more: { given?: NamedService; states?: Partial<Run>; ramp?: Register['ramp'] } = {},
) {
  const outside: Outside = ({ input }) => {
    const { name } = input as { readonly name: string };
    return says({ addresses: Array.isArray(answers) ? answers : ((answers as never)[name] ?? []) })();
  };
  const { end, endedMs, calls } = dispatch('verify', more.given ?? service, outside, {
    states: { ...toTwo, ...more.states },
    register: registerWith({ epoch: 2, ramp: more.ramp ?? {} }),
  });
  return { end: end as { readonly state: StepState; readonly detail: string }, endedMs, calls };
}

test.each<[StepName, StepState, string]>([
  ['targets', 'failed', 'failed'],
  ['dns', 'turned-back', 'failed'],
  ['targets', 'fallback', 'fallback'],
  ['dns', 'fallback', 'fallback'],
])('nothing is verified of a run whose %s step is %s', (name, state, expected) => {
  const { end, calls } = verified(['192.0.2.1'], {
    states: { steps: [step('promote', [], 'done'), step(name, [], state)] },
  });

  expect(end.state).toBe(expected);
  expect(end.detail).toBe(expected === 'fallback' ? 'only a part was shifted' : `nothing to verify: ${name} failed`);
  expect(calls).toEqual([]);
});

test.each<[StepName, StepState]>([
  ['address', 'fallback'],
  ['publish', 'fallback'],
  ['targets', 'done'],
  ['fence', 'failed'],
])('a run whose %s step is %s is verified', (name, state) => {
  expect(verified(['192.0.2.2'], { states: { steps: [step(name, [], state)] } }).end.state).toBe('done');
});

test('a service without a name has nothing to verify', () => {
  const { end, calls } = verified([], { given: { ...service, traffic: {} } });

  expect([end.state, calls]).toEqual(['done', []]);
});

test('the name of the record is asked for', () => {
  const { calls } = verified(['192.0.2.2']);

  expect(calls.map(({ name, input }) => [name, input])).toEqual([['resolve', { name: 'shop.example.com' }]]);
});

test('a name that nobody resolves is no answer of the new site', () => {
  const silent: Outside = () => ({ answer: { ok: false, fault: { kind: 'timeout', detail: '' } }, afterMs: 10 });

  expect(dispatch('verify', service, silent, { states: toTwo }).end).toEqual({
    state: 'failed',
    detail: 'shop.example.com: timeout',
  });
});

test.each([
  ['nothing', [], 'shop.example.com still answers nothing'],
  ['the old site', ['192.0.2.1'], 'shop.example.com still answers 192.0.2.1'],
  ['both sites', ['192.0.2.2', '192.0.2.1'], 'shop.example.com still answers 192.0.2.2, 192.0.2.1'],
])('a move has failed where the name answers with %s until the limit', (_, answers, detail) => {
  const { end, endedMs } = verified(answers);

  expect(end).toEqual({ state: 'failed', detail });
  expect(endedMs).toBeGreaterThanOrEqual(verifyLimitMs(service, toTwo));
  expect(endedMs).toBeLessThan(verifyLimitMs(service, toTwo) + 1_000);
});

test('the limit is over at its very end, counted over all holders', () => {
  const ageMs = verifyLimitMs(service, toTwo) - 10;

  expect(dispatch('verify', service, says({ addresses: [] }), { states: toTwo, ageMs }).endedMs).toBe(10);
});

test.each([
  [1_000, 250],
  [60_000, 500],
])(
  'the name is asked for again after a quarter of a tick of %i ms, and after half a second at most',
  (intervalMs, pauseMs) => {
    const { calls } = dispatch('verify', serviceWith({ detection: { intervalMs } }), says({ addresses: [] }), {
      states: toTwo,
    });

    expect((calls[1]?.atMs ?? 0) - (calls[0]?.atMs ?? 0)).toBe(10 + pauseMs);
  },
);

describe('a site of several addresses', () => {
  const addresses = { ...oracleDns.addresses, two: { a: ['192.0.2.2', '192.0.2.3'] } };
  const given = serviceWith({ traffic: { dns: { ...oracleDns, addresses } } });

  test.each([
    [['192.0.2.3', '192.0.2.2'], 'done'],
    [['192.0.2.2'], 'failed'],
  ])('answers with all of them, in any order: %s', (answers, state) => {
    expect(verified(answers, { given }).end.state).toBe(state);
  });
});

describe('a pool', () => {
  const given: NamedService = { ...service, mode: 'active-active' };
  const states = { to: 'two', serving: ['two', 'far'] };

  test.each([
    ['one of its sites', ['192.0.2.3'], 'done'],
    ['both of its sites', ['192.0.2.2', '192.0.2.3'], 'done'],
    ['one of its sites and another', ['192.0.2.2', '192.0.2.1'], 'failed'],
    ['nothing', [], 'failed'],
  ])('is where it shall be when the name answers with %s', (_, answers, state) => {
    expect(verified(answers, { given, states }).end.state).toBe(state);
  });

  test.each([
    ['keeps a part of its traffic', { one: 10 }, 'done'],
    ['has given all of it away', { one: 0 }, 'failed'],
    ['is not known to keep any', {}, 'failed'],
  ])('may still answer with a site that has left it and %s', (_, ramp, state) => {
    expect(verified(['192.0.2.1'], { given, states, ramp }).end.state).toBe(state);
  });

  test('that one site is left of answers with all of its addresses, ramped up or not', () => {
    const addresses = { ...oracleDns.addresses, two: { a: ['192.0.2.2', '192.0.2.3'] } };
    const alone = { ...given, traffic: { dns: { ...oracleDns, addresses } } };

    expect(verified(['192.0.2.2'], { given: alone, ramp: { two: 50 } }).end.state).toBe('failed');
  });

  test('answers with the addresses behind a name, and those of a site that has none', () => {
    const addresses = { ...oracleDns.addresses, far: { cname: 'far.example.net' } };
    const named = { ...given, traffic: { dns: { ...oracleDns, addresses } } } as NamedService;
    const answers = { 'shop.example.com': ['198.51.100.1', '192.0.2.2'], 'far.example.net': ['198.51.100.1'] };

    const { end, calls } = verified(answers, { given: named, states });

    expect(end.state).toBe('done');
    expect(calls.map(({ input }) => (input as { name: string }).name)).toEqual(['shop.example.com', 'far.example.net']);
  });
});

test('a static endpoint is answered with its own addresses', () => {
  const given = serviceWith({ traffic: { dns: { ...oracleDns, lastResort: { a: ['192.0.2.250'] } } } });
  const states = { kind: 'last-resort', serving: ['last-resort'] } as const;

  expect(verified(['192.0.2.250'], { given, states }).end.state).toBe('done');
  expect(verified(['192.0.2.1'], { given, states }).end.state).toBe('failed');
});

test('a site that the name does not know is never answered with', () => {
  expect(verified(['192.0.2.1'], { states: { to: 'gone', serving: ['gone'] } }).end.state).toBe('failed');
});

describe('a new site that is called down', () => {
  const knowledge = { ...noKnowledge, verdicts: { two: 'down' as const } };
  const grounds = { verdicts: { two: 'down' }, opinions: {}, refused: {} };
  const given = serviceWith({ detection: { bootGraceMs: 60_000 } });
  const endOf = (states: Partial<Run>, ageMs: number) =>
    dispatch('verify', given, says({ addresses: [] }), { knowledge, ageMs, states: { ...toTwo, ...states } });

  test('may have been booting until the end of its grace', () => {
    expect(endOf({}, 60_000 - 10).endedMs).toBe(10);
  });

  test.each<[string, StepName, StepState]>([
    ['was started only in part', 'start', 'fallback'],
    ['was promoted, and not started', 'promote', 'done'],
  ])('though it was down when it was chosen is waited for where it %s', (_, name, state) => {
    const { end } = endOf({ grounds, steps: [step(name, [], state)] }, 60_000);

    expect(end).toEqual({ state: 'failed', detail: 'shop.example.com still answers nothing' });
  });

  test('though it was down when it was chosen is given up where it was started since, beside other steps', () => {
    const { endedMs } = endOf({ grounds, steps: [step('fence', [], 'done'), step('start', [], 'done')] }, 60_000);

    expect(endedMs).toBe(10);
  });
});

test('a name that never answers holds nothing up but its own step', () => {
  expect(dispatch('verify', service, hangs, { states: toTwo }).end).toBeNull();
});
