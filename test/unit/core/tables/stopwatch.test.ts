import { expect, test } from 'vitest';
import { advanceStopwatches, epochWatch, isEpochWatch, upWatch } from '../../../../src/core/tables/stopwatch.ts';

test('a watch that runs goes on, a new one starts at 0, one that does not run is forgotten', () => {
  const watches = advanceStopwatches({ old: 100, gone: 7 }, ['old', 'new'], 50, 1_000);

  expect(watches).toEqual({ old: 150, new: 0 });
});

test('time in which the watcher was frozen does not count (elapsedMs=90000, elapsedMaxMs=3000)', () => {
  const watches = advanceStopwatches({ a: 10 }, ['a'], 90_000, 3_000);

  expect(watches).toEqual({ a: 3_010 });
});

test('a clock that ran backwards adds nothing (elapsedMs=-5)', () => {
  const watches = advanceStopwatches({ a: 10 }, ['a'], -5, 3_000);

  expect(watches).toEqual({ a: 10 });
});

test('only watches of epochs are epoch watches, whatever a service is called', () => {
  const found = [epochWatch('shop', 3), upWatch('epoch', 'one')].map(isEpochWatch);

  expect(found).toEqual([true, false]);
});
