import { expect, test } from 'vitest';
import { endStep, isOlder, readySteps, reopened, type StepName, tokenOf } from '../../../../src/core/register/run.ts';
import { runWith, step } from '../service.fixture.ts';

const steps = [step('fence'), step('address', ['fence']), step('dns', ['fence']), step('verify', ['address', 'dns'])];

test('a step is ready once all that it waits for has ended, however it ended', () => {
  const fresh = runWith({ steps });
  const fenced = endStep(fresh, 'fence', 'fallback', '');
  const moved = endStep(fenced, 'address', 'failed', '');
  const shifted = endStep(moved, 'dns', 'done', '');

  const ready = [fresh, fenced, moved, shifted].map((run) => readySteps(run).map(({ name }) => name));

  expect(ready).toEqual([['fence'], ['address', 'dns'], ['dns'], ['verify']]);
});

test('a step that waits for one that the run does not have waits for nothing', () => {
  const ready = readySteps(runWith({ steps: [step('dns', ['fence'])] }));

  expect(ready.map(({ name }) => name)).toEqual(['dns']);
});

test('ending a step again changes nothing: the first end stands', () => {
  const once = endStep(runWith(), 'dns', 'done', 'first');

  const twice = endStep(once, 'dns', 'failed', 'second');

  expect(twice).toEqual(once);
});

test('ending a step that the run does not have changes nothing', () => {
  const run = runWith();

  expect(endStep(run, 'address', 'failed', '')).toEqual(run);
});

test.each([
  ['done', 'done', 'done'],
  ['fallback', 'done', 'done'],
  ['failed', 'done', 'failed'],
  ['done', 'failed', 'failed'],
] as const)('steps that end in %s and %s end the run in %s', (first, second, state) => {
  const half = endStep(runWith(), 'dns', first, '');

  const over = endStep(half, 'verify', second, '');

  expect([half.state, over.state]).toEqual(['running', state]);
});

test.each([
  [1, 9, 2, 1, true],
  [2, 1, 2, 2, true],
  [2, 2, 2, 2, false],
  [2, 2, 2, 1, false],
  [3, 1, 2, 9, false],
] as const)('token (%i, %i) is older than (%i, %i): %s', (epoch, attempt, claimedEpoch, claimedAttempt, expected) => {
  const older = isOlder({ epoch, attempt }, { epoch: claimedEpoch, attempt: claimedAttempt });

  expect(older).toBe(expected);
});

test('the token has the attempt of the epoch’s own run, and attempt 0 when the epoch has none', () => {
  const run = runWith({ epoch: 2, attempt: 3 });

  const tokens = [tokenOf(2, run), tokenOf(3, run), tokenOf(1, null)];

  expect(tokens).toEqual([
    { epoch: 2, attempt: 3 },
    { epoch: 3, attempt: 0 },
    { epoch: 1, attempt: 0 },
  ]);
});

const gated = [
  step('fence'),
  step('promote', ['fence']),
  step('start'),
  step('targets', ['fence', 'promote', 'start']),
  step('dns', ['targets']),
  step('publish', ['targets', 'dns']),
  step('verify', ['targets', 'dns']),
  step('notify', ['targets', 'dns']),
];
const statesOf = (run: ReturnType<typeof runWith>) =>
  Object.fromEntries(run.steps.map(({ name, state }) => [name, state]));
const shut = { targets: 'failed', dns: 'failed', publish: 'failed', verify: 'failed' };

test.each<[StepName, StepName]>([
  ['promote', 'start'],
  ['start', 'promote'],
])(
  'a %s that fails fails all that would send clients there; fence and %s go on, and people are told',
  (name, other) => {
    const failed = endStep(runWith({ steps: gated }), name, 'failed', 'no');

    expect(statesOf(failed)).toEqual({
      ...shut,
      fence: 'pending',
      [other]: 'pending',
      [name]: 'failed',
      notify: 'pending',
    });
    expect(failed.steps.find((each) => each.name === 'dns')?.detail).toBe(`not done: ${name} failed`);
    expect(readySteps(failed).map((each) => each.name)).toEqual(expect.arrayContaining(['fence', 'notify']));
  },
);

test.each<[StepName, 'fallback' | 'failed' | 'done']>([
  ['fence', 'fallback'],
  ['promote', 'fallback'],
  ['start', 'done'],
  ['targets', 'failed'],
])('a %s that ends %s keeps nothing from going on', (name, state) => {
  const ended = endStep(runWith({ steps: gated }), name, state, '');

  expect(ended.steps.filter((each) => each.name !== name && each.state !== 'pending')).toEqual([]);
});

test('what was done before a promotion failed stays done', () => {
  const steps = [step('promote'), step('address', [], 'done'), step('dns', ['promote'])];

  const failed = endStep(runWith({ steps }), 'promote', 'failed', 'no');

  expect(statesOf(failed)).toEqual({ promote: 'failed', address: 'done', dns: 'failed' });
});

test('balancers that were turned back keep DNS where it is: it would send everybody to the site that got worse', () => {
  const ready = (['fence', 'promote', 'start'] as const).reduce(
    (run, name) => endStep(run, name, 'done', ''),
    runWith({ steps: gated }),
  );

  const turnedBack = endStep(ready, 'targets', 'turned-back', 'two is degraded');

  expect(statesOf(turnedBack)).toMatchObject({ dns: 'failed', publish: 'failed', verify: 'failed', notify: 'pending' });
});

test('a turn back makes the run failed', () => {
  const run = runWith({ steps: [step('targets')] });

  expect(endStep(run, 'targets', 'turned-back', '').state).toBe('failed');
});

test('a fence that fails fails the promotion that waits for it and all traffic; what is started beside it goes on', () => {
  const failed = endStep(runWith({ steps: gated }), 'fence', 'failed', 'no');

  expect(statesOf(failed)).toEqual({
    ...shut,
    fence: 'failed',
    promote: 'failed',
    start: 'pending',
    notify: 'pending',
  });
});

test('S5: a run that is opened again has a higher attempt, and nobody holds it', () => {
  const again = reopened(runWith({ state: 'failed', attempt: 3, retries: 1 }));

  expect(again).toMatchObject({ attempt: 4, retries: 2, holder: null, state: 'running' });
  expect(isOlder(tokenOf(2, runWith({ attempt: 3 })), tokenOf(2, again))).toBe(true);
});

test('a run that is opened again fences again and goes on from what failed', () => {
  const failed = endStep(
    runWith({ steps: gated.map((each) => (each.name === 'fence' ? { ...each, state: 'done' } : each)) }),
    'promote',
    'failed',
    'no',
  );
  const over = (['start', 'notify'] as const).reduce((run, name) => endStep(run, name, 'done', ''), failed);

  const again = reopened(over);

  expect(over.state).toBe('failed');
  expect(again).toMatchObject({ state: 'running', attempt: 2, retries: 1, holder: null, epoch: 2 });
  expect(statesOf(again)).toEqual({
    fence: 'pending',
    promote: 'pending',
    start: 'done',
    targets: 'pending',
    dns: 'pending',
    publish: 'pending',
    verify: 'pending',
    notify: 'pending',
  });
  expect(again.steps.filter((each) => each.state === 'pending' && each.detail !== '')).toEqual([]);
});
