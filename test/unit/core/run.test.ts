import { expect, test } from 'vitest';
import { endStep, isOlder, readySteps, tokenOf } from '../../../src/core/run.ts';
import { runWith, step } from './service.fixture.ts';

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
