import { expect, test } from 'vitest';
import { withoutPlan } from '../../../../src/core/register/planned-switchover.ts';
import {
  epochAfterLoss,
  genesis,
  hasOpenRun,
  historyLengthMax,
  watchedSites,
  withHistory,
} from '../../../../src/core/register/register.ts';
import { registerWith, runWith } from '../service.fixture.ts';

test('a register begins with one site that is active, writes and serves, and with nothing owed, moved or forbidden', () => {
  expect(genesis('one')).toMatchObject({ epoch: 1, active: 'one', writer: 'one', serving: ['one'], stage: 'naming' });
  for (const part of ['voters', 'promoting', 'owed', 'opening', 'setbacks', 'maintenance', 'lost', 'moves', 'history'])
    expect(genesis('one')).toHaveProperty(part, []);
  expect(genesis('one')).toMatchObject({ ramp: {}, pause: null, run: null, voterChange: null });
});

test('a pool begins with all of its sites', () => {
  expect(genesis('one', ['one', 'two'])).toMatchObject({ active: 'one', serving: ['one', 'two'] });
});

test('a register that was lost with all that was known of it begins at the seconds since 1970', () => {
  expect(epochAfterLoss(null, 1_700_000_000_999)).toBe(1_700_000_000);
});

test('a register that was lost begins a thousand above what is known, for what nobody told of any more', () => {
  expect(epochAfterLoss(7, 1_700_000_000_999)).toBe(1_007);
});

test(`the history has the newest line first, and at most ${historyLengthMax} lines`, () => {
  const epochs = Array.from({ length: historyLengthMax + 2 }, (_, index) => index + 1);
  const lineOf = (epoch: number) => ({ epoch, atMs: 0, by: 'eve', what: 'moved' });

  const { history } = epochs.reduce((register, epoch) => withHistory(register, lineOf(epoch)), registerWith());

  expect(history.map(({ epoch }) => epoch)).toEqual(epochs.slice(2).reverse());
});

test('what counts is the health of the active site alone, in a pool of all that serve', () => {
  const register = registerWith({ serving: ['two', 'far'] });

  expect(watchedSites('active-passive', register)).toEqual(['one']);
  expect(watchedSites('active-active', register)).toEqual(['two', 'far']);
});

test.each([
  ['running', true],
  ['done', false],
  ['failed', false],
] as const)('a run that is %s is under way: %s', (state, isOpen) => {
  expect(hasOpenRun(registerWith({ run: runWith({ state }) }))).toBe(isOpen);
});

test('no run is under way before the first', () => {
  expect(hasOpenRun(registerWith())).toBe(false);
});

test('a register loses its plan and nothing else', () => {
  const planned = { from: 'one', to: 'two', atMs: 1, latestMs: 2, by: 'eve', reason: 'work' };

  expect(withoutPlan(registerWith({ planned }))).toEqual(registerWith());
  expect(withoutPlan(registerWith({ planned }))).not.toHaveProperty('planned');
});
