import { expect, test } from 'vitest';
import {
  advanceStopwatches,
  type Counting,
  epochWatch,
  failedWatch,
  inheritStopwatches,
  isConditionWatch,
  isWatchOf,
  longestOf,
  runWatch,
  sightAfter,
  stepWatch,
  unheldWatch,
  upWatch,
} from '../../../../src/core/tables/stopwatch.ts';

const counting = (more: Partial<Counting> = {}): Counting => ({
  events: [],
  isKept: () => false,
  conditions: {},
  ...more,
});

test('a watch that runs goes on, a new one starts at 0, one that does not run is forgotten', () => {
  const watches = advanceStopwatches({ old: 100, gone: 7 }, counting({ events: ['old', 'new'] }), [], 50);

  expect(watches).toEqual({ old: 150, new: 0 });
});

test('since an event, time in which the watcher was frozen counts (elapsedMs=90000)', () => {
  const watches = advanceStopwatches({ 'epoch:a:2': 10 }, counting({ events: ['epoch:a:2'] }), [], 90_000);

  expect(watches).toEqual({ 'epoch:a:2': 90_010 });
});

test('a clock that ran backwards adds nothing (elapsedMs=-5)', () => {
  const watches = advanceStopwatches({ a: 10 }, counting({ events: ['a'] }), [], -5);

  expect(watches).toEqual({ a: 10 });
});

test('of an event the longest count of all tables is taken, of a condition the own', () => {
  const [event, condition] = [epochWatch('web', 2), upWatch('web', 'oregon')];

  const watches = advanceStopwatches(
    { [event]: 5, [condition]: 5 },
    counting({ events: [event], conditions: { [condition]: 'lasts' } }),
    [{ [event]: 500, [condition]: 500 }, { [event]: 70 }, {}],
    10,
  );

  expect(watches).toEqual({ [event]: 500, [condition]: 15 });
});

test('what cannot be read is still waited for, when it is an event', () => {
  const [event, condition] = [epochWatch('web', 2), upWatch('web', 'oregon')];

  const watches = advanceStopwatches(
    { [event]: 5, [condition]: 5, [epochWatch('db', 2)]: 5 },
    counting({ isKept: (name) => isWatchOf('web', name) }),
    [],
    10,
  );

  expect(watches).toEqual({ [event]: 15 });
});

test.each([
  { sight: 'lasts', shows: 12_000 },
  { sight: 'unseen', shows: 10_000 },
  { sight: 'begins', shows: 0 },
  { sight: 'ended', shows: undefined },
] as const)('a condition that $sight shows $shows (before=10000, elapsedMs=2000)', ({ sight, shows }) => {
  const before = { 'up:web:a': 10_000 };

  const watches = advanceStopwatches(before, counting({ conditions: { 'up:web:a': sight } }), [], 2_000);

  expect(watches['up:web:a']).toBe(shows);
});

test.each([
  ['lasts', 6_000, 'lasts'],
  ['lasts', 6_001, 'begins'],
  ['lasts', Number.POSITIVE_INFINITY, 'begins'],
  ['unseen', 6_000, 'unseen'],
  ['unseen', 6_001, 'ended'],
] as const)('what is %s after %d ms without sight counts as %s (seenMaxMs=6000)', (sight, unseenMs, counts) => {
  expect(sightAfter(sight, unseenMs, 6_000)).toBe(counts);
});

test('a condition that is not seen yet does not begin', () => {
  const watches = advanceStopwatches({}, counting({ conditions: { 'up:web:a': 'unseen' } }), [], 2_000);

  expect(watches).toEqual({});
});

test('a successor goes on with events over a gap, and with conditions only without one', () => {
  const own = { 'epoch:web:2': 1_000, 'up:web:a': 1_000 };
  const before = { 'epoch:web:2': 60_000, 'step:web:2.0:fence': 50_000, 'up:web:a': 60_000, 'up:web:b': 60_000 };

  const [withoutGap, withGap] = [true, false].map((hasNoGap) => inheritStopwatches(own, before, hasNoGap));

  expect(withoutGap).toEqual({ 'epoch:web:2': 60_000, 'step:web:2.0:fence': 50_000, 'up:web:a': 60_000 });
  expect(withGap).toEqual({ 'epoch:web:2': 60_000, 'step:web:2.0:fence': 50_000, 'up:web:a': 1_000 });
});

test('whoever reads the tables takes events from all of them and conditions from the living', () => {
  const dead = { 'epoch:web:2': 900, 'up:web:a': 900 };
  const living = { 'epoch:web:2': 300, 'up:web:a': 300 };

  const longest = longestOf([dead, living], [living]);

  expect(longest).toEqual({ 'epoch:web:2': 900, 'up:web:a': 300 });
});

test('only what lasts is a condition, whatever a service is called', () => {
  const run = { epoch: 2, retries: 0, attempt: 1 };
  const events = [epochWatch('up', 3), runWatch('up', run), stepWatch('unheld', run, 'fence'), failedWatch('up', run)];
  const conditions = [upWatch('epoch', 'one'), unheldWatch('epoch', run)];

  const found = [...events, ...conditions].map(isConditionWatch);

  expect(found).toEqual([...events.map(() => false), ...conditions.map(() => true)]);
});
