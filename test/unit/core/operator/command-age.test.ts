import { expect, test } from 'vitest';
import { commandAgeMsMax, giveCommand } from '../../../../src/core/operator/command-run.ts';
import type { OperatorResult } from '../../../../src/core/operator/result.ts';
import type { Routine } from '../../../../src/core/routine.ts';
import { registerWith, service } from '../service.fixture.ts';
import { Tables, watcherOf } from '../watcher/change.fixture.ts';

const deployment = { ...watcherOf(service).setup.deployment, groups: {} };
const pause = { verb: 'pause', reason: 'network work' } as const;

/** Gives a command on a machine that sleeps for so long once it has asked the tables. */
function giveAsleep(sleptMs: number) {
  const tables: Tables = new Tables(registerWith(), () =>
    tables.calls.some(({ name }) => name === 'prepare') ? sleptMs : 0,
  );
  let result: OperatorResult | null = null;
  tables.run(
    keeping(giveCommand(deployment, service, pause, 'eve', false), (given) => {
      result = given;
    }),
  );
  return { tables, result: result as OperatorResult | null };
}

function* keeping<T>(routine: Routine<T>, keep: (value: T) => void): Routine<void> {
  keep(yield* routine);
}

test('a command that was given a moment ago takes effect', () => {
  const { tables, result } = giveAsleep(commandAgeMsMax - 5_000);

  expect(result?.exit).toBe(0);
  expect(tables.proposed()[0]).toMatchObject({ pause: { by: 'eve' } });
});

test('a laptop that slept between its look and its change changes nothing, and says so', () => {
  const { tables, result } = giveAsleep(commandAgeMsMax + 1);

  expect(tables.proposed()).toEqual([]);
  expect(result).toMatchObject({ exit: 1, json: { outcome: 'outdated' } });
  expect(result?.message).toContain('because this machine slept');
});
