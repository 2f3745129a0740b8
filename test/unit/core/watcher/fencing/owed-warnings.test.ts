import { expect, test } from 'vitest';
import type { FenceProof } from '../../../../../src/core/register/owed-fence.ts';
import { noteOwedFences } from '../../../../../src/core/watcher/fencing/owed-warnings.ts';
import { serviceViewOf } from '../../../../../src/core/watcher/table-reading.ts';
import { registerWith, runWith } from '../../service.fixture.ts';
import { fencedService, OwnRegion } from './own-region.fixture.ts';

const tenMinutesMs = 600_000;

/** Alerts of a watcher in an epoch of this age, in which the fence of `one` is owed. */
function alertsAt(epochAgeMs: number, proof: FenceProof, isRunOpen = false): readonly string[] {
  const register = registerWith({
    ...{ epoch: 2, active: 'far', writer: 'far', serving: ['far'] },
    owed: [{ site: 'one', epoch: 2, proof }],
    run: runWith({ state: isRunOpen ? 'running' : 'done' }),
  });
  const own = new OwnRegion(fencedService, register);
  own.look(500);
  own.state.stopwatches = { 'epoch:shop:2': epochAgeMs };
  own.run(noteOwedFences(own.state, fencedService, serviceViewOf(own.state, fencedService, 600), register), 600);
  return [...own.state.raisedAlerts.values()].map(({ alarm, event }) => `${alarm} ${event.site} ${event.data?.proof}`);
}

test.each([
  [tenMinutesMs - 1, 'closed', []],
  [tenMinutesMs, 'closed', ['fence-owed one closed']],
  [0, 'none', ['fence-unproven one none']],
  [0, 'lease', ['fence-unproven one lease']],
  [tenMinutesMs, 'lease', ['fence-unproven one lease']],
] as const)('a fence that has been owed for %i ms with proof %s raises %j', (ageMs, proof, expected) => {
  expect(alertsAt(ageMs, proof)).toEqual(expected);
});

test.each(['none', 'closed', 'lease'] as const)('an open run reports its own fences: proof %s', (proof) => {
  expect(alertsAt(tenMinutesMs, proof, true)).toEqual([]);
});
