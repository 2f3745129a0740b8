import { expect, test } from 'vitest';
import { newRunTimes } from '../../../src/core/register/ledger.ts';
import type { Register } from '../../../src/core/register/register.ts';
import { FirstAccepts } from '../../../src/sim/checkers/facts/first-accepts.ts';
import type { SimEvent } from '../../../src/sim/event.ts';

const decided = { epoch: 1, active: 'one', run: null } as unknown as Register;
const moveTo = (active: string, decidedMs: number, state = 'running') =>
  ({
    epoch: 2,
    active,
    run: { kind: 'failover', from: 'one', to: active, by: 'a', state, times: newRunTimes(decidedMs) },
  }) as unknown as Register;
const accept = (atMs: number, region: string, register: Register) =>
  ({ type: 'accept', service: 'web', atMs, region, register }) as unknown as SimEvent;

/** Says of a move when it was looked at. */
function whenJudged(register: Register, ...events: readonly SimEvent[]): number | null {
  const firsts = new FirstAccepts(
    () => decided,
    ({ atMs }) => atMs,
  );
  for (const event of events) firsts.hear(event);
  return firsts.of({ service: 'web', register });
}

test('a move is judged by when one table first accepted it, however late another proposer completes it', () => {
  const proposed = moveTo('two', 1_000);

  const atMs = whenJudged(proposed, accept(1_050, 'a', proposed), accept(17_000, 'b', proposed));

  expect(atMs).toBe(1_050);
});

test('what was journaled to a move meanwhile makes no other move of it', () => {
  const atMs = whenJudged(
    moveTo('two', 1_000, 'done'),
    accept(1_050, 'a', moveTo('two', 1_000)),
    accept(17_000, 'b', moveTo('two', 1_000, 'done')),
  );

  expect(atMs).toBe(1_050);
});

test.each([
  ['goes elsewhere', moveTo('three', 1_000)],
  ['was decided again, later', moveTo('two', 9_000)],
])('a move of the same epoch that %s is judged by itself', (_, later) => {
  const atMs = whenJudged(later, accept(1_050, 'a', moveTo('two', 1_000)), accept(9_050, 'b', later));

  expect(atMs).toBe(9_050);
});

test('what begins no epoch is no move', () => {
  expect(whenJudged(decided, accept(1_050, 'a', decided))).toBeNull();
});
