import { expect, test } from 'vitest';
import { executeRun } from '../../../../src/core/watcher/run/run-execution.ts';
import { registerWith, runWith, service, step } from '../service.fixture.ts';
import { Tables, watcherOf } from './change.fixture.ts';

const run = runWith({ steps: [step('notify')] });
const begun = registerWith({ epoch: 2, active: 'two', run });

test('a holder journals the end of each step', () => {
  const tables = new Tables(begun);

  tables.run(executeRun(watcherOf(service), service, begun));

  expect(tables.held().map((register) => register?.run?.steps[0]?.state)).toEqual(['fallback', 'fallback', 'fallback']);
});

test.each([
  ['a higher attempt', { ...begun, run: { ...run, attempt: 2 } }],
  ['a later epoch', { ...begun, epoch: 3, run: { ...run, epoch: 3 } }],
  ['an end', { ...begun, run: { ...run, state: 'done' as const } }],
])('S6: a holder that was replaced journals nothing (the register has %s)', (_, now) => {
  const tables = new Tables(now);

  tables.run(executeRun(watcherOf(service), service, begun));

  expect(tables.proposed()).toEqual([]);
  expect(tables.held()).toEqual([now, now, now]);
});

test('a run that another process holds is not carried out', () => {
  const tables = new Tables(begun);
  const others = { ...begun, run: { ...run, holder: { region: 'region-1', invocation: 'y' } } };

  tables.run(executeRun(watcherOf(service), service, others));

  expect(tables.calls).toEqual([]);
});
