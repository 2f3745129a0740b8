import { expect, test } from 'vitest';
import {
  advanceStopwatches,
  type Counting,
  epochWatch,
  failedWatch,
  inheritStopwatches,
  isConditionWatch,
  isWatchOf,
  letGoWatch,
  longestOf,
  reopeningWatch,
  runWatch,
  setbackWatch,
  sharesWatch,
  shiftWatch,
  sightAfter,
  silentWatch,
  stepWatch,
  unheldWatch,
  unprotectedWatch,
  unsettledWatch,
  upWatch,
} from '../../../../src/core/tables/stopwatch.ts';
import { runWith } from '../service.fixture.ts';

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

test.each([
  ['unseen', {}],
  ['ended', {}],
  ['lasts', { 'up:web:a': 0 }],
  ['begins', { 'up:web:a': 0 }],
] as const)('a condition that is first %s: %j', (sight, expected) => {
  const watches = advanceStopwatches({}, counting({ conditions: { 'up:web:a': sight } }), [], 2_000);

  expect(watches).toStrictEqual(expected);
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

const run = { epoch: 2, retries: 0, attempt: 1 };
const again = [
  { ...run, epoch: 3 },
  { ...run, retries: 1 },
];

test.each<[string, () => readonly string[]]>([
  ['an epoch', () => [epochWatch('web', 2), epochWatch('web', 3), epochWatch('db', 2)]],
  ['a run', () => [run, ...again].map((one) => runWatch('web', one))],
  ['a step', () => [...[run, ...again].map((one) => stepWatch('web', one, 'dns')), stepWatch('web', run, 'fence')]],
  [
    'a shift',
    () => [...[run, ...again].map((one) => shiftWatch('web', one, { a: 10 })), shiftWatch('web', run, { a: 50 })],
  ],
  ['a failure', () => [failedWatch('web', run), failedWatch('web', { ...run, attempt: 2 })]],
  [
    'a setback',
    () => [
      setbackWatch('web', { site: 'a', epoch: 2, count: 1 }),
      setbackWatch('web', { site: 'b', epoch: 2, count: 1 }),
      setbackWatch('web', { site: 'a', epoch: 3, count: 1 }),
      setbackWatch('web', { site: 'a', epoch: 2, count: 2 }),
    ],
  ],
  ['a change half way', () => [unsettledWatch('web', '1.a'), unsettledWatch('web', '2.a')]],
  [
    'a split of the traffic',
    () =>
      [
        { epoch: 2, run: null, serving: ['a'], ramp: {} },
        { epoch: 3, run: null, serving: ['a'], ramp: {} },
        { epoch: 2, run: null, serving: ['a', 'b'], ramp: {} },
        { epoch: 2, run: null, serving: ['a'], ramp: { b: 10 } },
        { epoch: 2, run: runWith({ state: 'failed' }), serving: ['a'], ramp: {} },
        { epoch: 2, run: runWith({ state: 'running', retries: 1 }), serving: ['a'], ramp: {} },
      ].map((split) => sharesWatch('web', split)),
  ],
  ['an opening', () => [letGoWatch('web', 'a', 'x'), letGoWatch('web', 'a', 'y'), letGoWatch('web', 'b', 'x')]],
  ['a reopening', () => [reopeningWatch('web', 2), reopeningWatch('web', 3)]],
  ['a site that is up', () => [upWatch('web', 'a'), upWatch('web', 'b')]],
  ['a run without a holder', () => [unheldWatch('web', run), unheldWatch('web', { ...run, attempt: 2 })]],
  ['a region that is silent', () => [silentWatch('a'), silentWatch('b')]],
  ['a service without protection', () => [unprotectedWatch('web'), unprotectedWatch('db')]],
])('a wait since %s is not taken for another one', (_, namesOf) => {
  const names = namesOf();

  expect(new Set(names).size).toBe(names.length);
});

test('a split has one name, in whatever order its sites are listed', () => {
  expect(shiftWatch('web', run, { a: 10, b: 90 })).toBe(shiftWatch('web', run, { b: 90, a: 10 }));
});

test('a watch is of the service that it names, and of no other', () => {
  const names = [epochWatch('web', 2), upWatch('web', 'db'), silentWatch('web-1'), unprotectedWatch('webs')];

  expect(names.map((name) => isWatchOf('web', name))).toEqual([true, true, false, false]);
});

test('a wait since a split of the traffic goes on when its run ends well', () => {
  const split = { epoch: 2, serving: ['a'], ramp: {} };
  const names = (['running', 'done'] as const).map((state) =>
    sharesWatch('web', { ...split, run: runWith({ state }) }),
  );

  expect(new Set(names).size).toBe(1);
});
