import { describe, expect, test } from 'vitest';
import type { DecisionInput } from '../../../../src/core/decision/decision-input.ts';
import { decide } from '../../../../src/core/decision/service-decision.ts';
import type { Register, Setback } from '../../../../src/core/register/register.ts';
import {
  address,
  madeMove,
  registerWith,
  route,
  runWith,
  serviceWith,
  situationWith,
  step,
  targets,
} from '../service.fixture.ts';

const oneDown = { verdicts: { one: 'down', two: 'up', far: 'up' }, reports: {}, dependencies: {} } as const;
const setback: Setback = { site: 'two', epoch: 2, count: 1, step: 'start', detail: 'no room', kind: 'move' };

describe('data was promoted at a site that does not start', () => {
  const failed = (retries: number, more: Partial<Register> = {}) =>
    registerWith({
      epoch: 2,
      active: 'two',
      writer: 'two',
      serving: ['one'],
      lost: ['one'],
      run: runWith({
        state: 'failed',
        retries,
        steps: [step('promote', [], 'done'), step('start', [], 'failed'), step('dns', [], 'failed')],
      }),
      ...more,
    });
  const given = (register: Register, more: Partial<DecisionInput> = {}) =>
    situationWith({
      service: serviceWith({ failover: { runAttemptsMax: 3 } }),
      register,
      knowledge: oneDown,
      ...more,
    });

  test('after the last attempt the next eligible site is tried (runAttemptsMax=3, attempts=3)', () => {
    expect(decide(given(failed(2)))).toMatchObject({
      kind: 'move',
      run: 'failover',
      from: 'two',
      to: 'far',
      serving: ['far'],
      reason: 'attempts-used-up',
      detail: 'two could not be made to serve in 3 attempts, and nobody is sent there',
    });
  });

  const ended = runWith({
    state: 'failed',
    retries: 2,
    steps: [step('promote', [], 'done'), step('start', [], 'failed')],
  });

  test.each<[string, Partial<Register>]>([
    ['the move was a switchover', { run: { ...ended, kind: 'switchover' } }],
    ['something else has been decided since', { epoch: 3 }],
    ['its data still writes where it did', { writer: 'one' }],
    ['it started, and only its record is missing', { run: { ...ended, steps: [step('dns', [], 'failed')] } }],
    ['some of its clients are well', { serving: ['one', 'far'] }],
  ])('it is not given up when %s', (_, more) => {
    expect(decide(given(failed(2, more)))).not.toMatchObject({ reason: 'attempts-used-up' });
  });

  test.each<[string, DecisionInput]>([
    ['before the last attempt', given(failed(1))],
    ['while paused', given(failed(2, { pause: { by: 'eve', reason: 'drill' } }))],
    ['where moves are made by hand', given(failed(2), { service: serviceWith({ failover: { automatic: false } }) })],
    ['without another eligible site', given(failed(2, { maintenance: ['far'] }))],
    [
      'while clients are well where they are',
      given(failed(2), { knowledge: { ...oneDown, verdicts: { one: 'up', two: 'up', far: 'up' } } }),
    ],
  ])('it is not left %s', (_, input) => {
    expect(decide(input).kind).toBe('hold');
  });
});

describe('a failover whose site cannot be brought to its size', () => {
  const given = (
    more: Partial<Setback> = {},
    register: Partial<Register> = {},
    onStartFailure: 'wait' | 'serve-as-is' = 'serve-as-is',
  ) =>
    situationWith({
      service: serviceWith({ failover: { onStartFailure } }),
      register: registerWith({ epoch: 3, setbacks: [{ ...setback, ...more }], maintenance: ['far'], ...register }),
      knowledge: oneDown,
    });

  test('serves with what there is, where no other site is eligible', () => {
    expect(decide(given())).toMatchObject({ kind: 'move', to: 'two', isShortAllowed: true });
  });

  test('gives way to another eligible site first', () => {
    const decision = decide(given({}, { maintenance: [] }));

    expect(decision).toMatchObject({ kind: 'move', to: 'far' });
    expect(decision).not.toHaveProperty('isShortAllowed');
  });

  test.each<[string, DecisionInput]>([
    ['the service waits', given({}, {}, 'wait')],
    ['another step failed', given({ step: 'promote' })],
    ['that came to nothing too', given({ kind: 'short-move' })],
    ['its probes do not pass', { ...given(), knowledge: { ...oneDown, verdicts: { one: 'down', two: 'unclear' } } }],
    ['a block stands against it', given({}, { moves: [madeMove(2, { from: 'two', to: 'one' })] })],
    ['it is paused', given({}, { pause: { by: 'eve', reason: 'drill' } })],
  ])('does not, and says so, when %s', (_, input) => {
    expect(decide(input).kind).toBe('hold');
  });

  test('says which step failed, and what it said', () => {
    expect(decide(given({}, {}, 'wait'))).toMatchObject({
      reason: 'no-eligible-site',
      detail: expect.stringMatching(
        /two: waits after a move that failed; .*a move to two failed \(start: no room\); it is tried again later/,
      ),
    });
  });
});

test('a site that was left out and has failed for good comes after every other', () => {
  const register = registerWith({ epoch: 9, setbacks: [{ ...setback, site: 'two', count: 3 }] });
  const stopwatches = { 'setback:shop:two:2.3': 10 * 60_000 };
  const input = situationWith({ register, knowledge: oneDown, stopwatches });

  expect(decide(input)).toMatchObject({ kind: 'move', to: 'far' });
  expect(decide({ ...input, register: { ...register, setbacks: [] } })).toMatchObject({ kind: 'move', to: 'two' });
});

test('a site that is active again because a move came to nothing is given no grace to boot', () => {
  const run = runWith({ kind: 'recover', reason: 'turned-back', state: 'done', from: 'two', to: 'one', steps: [] });
  const service = serviceWith({ detection: { bootGraceMs: 60_000 } });

  const decision = decide(situationWith({ service, register: registerWith({ epoch: 2, run }), knowledge: oneDown }));

  expect(decision).toMatchObject({ kind: 'move', to: 'two' });
});

test.each<[string, Partial<Register>, string]>([
  [
    'a step that failed',
    { run: runWith({ state: 'failed', steps: [step('address', [], 'failed')] }) },
    'run-unfinished',
  ],
  [
    'a site with less than its size',
    { run: runWith({ state: 'done', steps: [step('start', [], 'fallback')] }) },
    'run-unfinished',
  ],
  [
    'a record that was skipped',
    { run: runWith({ state: 'done', steps: [step('dns', [], 'skipped')] }) },
    'run-unfinished',
  ],
  [
    'a shift that was turned back',
    { run: runWith({ state: 'failed', steps: [step('targets', [], 'turned-back')] }) },
    'healthy',
  ],
  [
    'an older run that failed',
    { epoch: 3, run: runWith({ state: 'failed', steps: [step('address', [], 'failed')] }) },
    'healthy',
  ],
])('with the active site well, and %s, the reason is %s', (_, more, reason) => {
  const register = registerWith({ epoch: 2, active: 'two', writer: 'two', serving: ['two'], ...more });

  expect(decide(situationWith({ register })).reason).toBe(reason);
});

describe('what leads clients to the new site cannot be moved', () => {
  const addressed = serviceWith({
    traffic: { address: address as never },
    failover: { runAttemptsMax: 3, reconcileMs: 10_000 },
  });
  const failed = runWith({ state: 'failed', steps: [step('address', [], 'failed'), step('verify', [], 'failed')] });
  const register = registerWith({
    epoch: 2,
    active: 'two',
    writer: 'two',
    serving: ['two'],
    lost: ['one'],
    run: failed,
  });
  const given = (failedMs: number, more: Partial<DecisionInput> = {}) =>
    situationWith({
      service: addressed,
      register,
      knowledge: oneDown,
      stopwatches: { 'failed:shop:2.1': failedMs, 'epoch:shop:2': 300_000 },
      ...more,
    });

  test('after a minute and a half, a site that does not need it is gone to', () => {
    expect(decide(given(90_000))).toMatchObject({
      kind: 'move',
      run: 'failover',
      from: 'two',
      to: 'far',
      reason: 'attempts-used-up',
      detail: expect.stringMatching(/^address of .* could not be moved to two, and far does not need it$/),
    });
  });

  test.each(['switchover', 'failback'] as const)(
    'a %s that nobody had to make leaves clients with a site that may die, and is gone around then, too',
    (kind) => {
      expect(decide(given(90_000, { register: { ...register, run: { ...failed, kind } } }))).toMatchObject({
        kind: 'move',
        run: 'failover',
        to: 'far',
        reason: 'attempts-used-up',
      });
    },
  );

  test('where drift repair looks seldom, it has as many rounds as a run has attempts', () => {
    const slow = serviceWith({ ...addressed, failover: { runAttemptsMax: 3, reconcileMs: 60_000 } });

    expect(decide(given(179_999, { service: slow }))).not.toMatchObject({ kind: 'move' });
    expect(decide(given(180_000, { service: slow }))).toMatchObject({ kind: 'move', to: 'far' });
  });

  const routed = serviceWith({
    traffic: {
      address: address as never,
      route: { ...route, targets: { ...route.targets, far: { instanceId: 'i-3' } } },
    },
    failover: addressed.failover,
  });
  const bothFailed = {
    ...register,
    run: {
      ...failed,
      steps: [step('address', [], 'failed'), step('route', [], 'failed'), step('verify', [], 'failed')],
    },
  };
  const balanced = serviceWith({
    traffic: { targets: { ...targets, targetGroups: { ...targets.targetGroups, far: 'tg-far' } } as never },
    failover: addressed.failover,
  });
  const weightsFailed = { ...register, run: { ...failed, steps: [step('targets', [], 'failed')] } };
  const oneUp = { ...oneDown, verdicts: { ...oneDown.verdicts, one: 'up' } } as const;
  const farDown = { ...oneDown, verdicts: { ...oneDown.verdicts, far: 'down' } } as const;
  const everywhere = serviceWith({
    traffic: { address: { ...address, instances: { ...address.instances, far: address.instances.two } as never } },
    failover: addressed.failover,
  });
  test.each<[string, DecisionInput]>([
    ['it may still be moved', given(89_999)],
    ['the site that clients are led to is well again', given(90_000, { knowledge: oneUp })],
    ['no other site is well', given(90_000, { knowledge: farDown })],
    ['another site needs one of two that could not be moved', given(90_000, { service: routed, register: bothFailed })],
    ['every other site has weights, too', given(90_000, { service: balanced, register: weightsFailed })],
    ['another epoch has begun', given(90_000, { register: { ...register, epoch: 3 } })],
    ['every other site needs it, too', given(90_000, { service: everywhere })],
    ['nothing moves by itself', given(90_000, { register: { ...register, pause: { by: 'eve', reason: '' } } })],
    [
      'the move took another one back',
      given(90_000, { register: { ...register, run: { ...failed, kind: 'recover' } } }),
    ],
    [
      'it has moved since',
      given(90_000, {
        register: {
          ...register,
          run: { ...failed, steps: [step('address', [], 'done'), step('verify', [], 'failed')] },
        },
      }),
    ],
  ])('the site is kept while %s', (_, input) => {
    expect(decide(input)).not.toMatchObject({ kind: 'move' });
  });
});

describe('a move is under way that a site which is configured no more is part of', () => {
  const underWay = (more: Parameters<typeof runWith>[0]) =>
    decide(
      situationWith({ register: registerWith({ epoch: 2, active: 'two', serving: ['gone'], run: runWith(more) }) }),
    );

  test.each([
    ['it has to be cut off', { from: 'gone', to: 'two', steps: [step('fence', [], 'pending')] }],
    ['it is to serve', { from: 'one', to: 'gone', steps: [step('dns', [], 'pending')] }],
  ])('the reason is that site: %s', (_, more) => {
    expect(underWay(more)).toMatchObject({
      kind: 'hold',
      reason: 'unknown-site',
      detail: expect.stringContaining('gone'),
    });
  });

  test('the move goes on where whoever began it knew that nobody can cut that site off', () => {
    const run = runWith({ from: 'gone', to: 'two', steps: [step('fence', [], 'pending')] });
    const register = registerWith({ epoch: 2, active: 'two', serving: ['gone'], leftUnfenced: ['gone'], run });
    expect(decide(situationWith({ register }))).toMatchObject({ kind: 'hold', reason: 'run-in-progress' });
  });

  test('the move just goes on once its fence is closed', () => {
    const more = { from: 'gone', to: 'two', steps: [step('fence', [], 'done'), step('dns', [], 'pending')] };
    expect(underWay(more)).toMatchObject({ kind: 'hold', reason: 'run-in-progress' });
  });
});
