import { expect, test } from 'vitest';
import type { FenceProof } from '../../../../../src/core/register/owed-fence.ts';
import { hasOpenRun } from '../../../../../src/core/register/register.ts';
import type { StepState } from '../../../../../src/core/register/run.ts';
import { closeLate } from '../../../../../src/core/watcher/fencing/late-proof.ts';
import { serviceViewOf } from '../../../../../src/core/watcher/table-reading.ts';
import { registerWith, runWith, step } from '../../service.fixture.ts';
import { fencedService, noAnswer, OwnRegion } from './own-region.fixture.ts';

const nowMs = 600;

/** The watcher of `region-1`, while a run leaves `far`, in `region-2`, for `one`. */
function leaving(proof: FenceProof, fence: StepState, speaking: readonly string[] = ['region-1', 'region-3']) {
  const steps = [{ ...step('fence'), state: fence }, step('promote', ['fence'])];
  const register = registerWith({
    ...{ epoch: 2, active: 'one', writer: 'far', serving: ['far'] },
    owed: [
      { site: 'far', epoch: 2, proof },
      { site: 'one', epoch: 2, proof: 'lease' },
    ],
    run: runWith({ from: 'far', to: 'one', serving: ['one'], steps }),
  });
  const own = new OwnRegion(fencedService, register);
  // A mark that was seen to change is fresh.
  for (const atMs of [400, 500]) {
    own.speak(speaking);
    own.look(atMs);
  }
  return own;
}

function closeIn(own: OwnRegion): readonly string[] {
  const view = serviceViewOf(own.state, fencedService, nowMs);
  if (view.register.kind !== 'decided' || !hasOpenRun(view.register.register)) throw new Error('no run is open');
  return own.ordersOf(closeLate(own.state, fencedService, view, view.register.register), nowMs);
}

const proofsOf = (own: OwnRegion) =>
  own.held().map((register) => register?.owed.find(({ site }) => site === 'far')?.proof);

test('S11: a fence that was left by lease is closed once its region answers, and the register knows', () => {
  const own = leaving('lease', 'fallback');

  expect(closeIn(own)).toEqual(['close far']);
  expect(proofsOf(own).filter((proof) => proof === 'closed').length).toBeGreaterThanOrEqual(2);
  expect(own.events.map(({ kind, site }) => [kind, site])).toEqual([['step-ended', 'far']]);
});

test('S11: so is one whose step a person has skipped', () => {
  expect(closeIn(leaving('none', 'skipped'))).toEqual(['close far']);
});

test('a watcher without an answer leaves the region to the next one, and notes nothing', () => {
  const own = leaving('lease', 'fallback');
  own.reaction = () => noAnswer;

  expect([closeIn(own), closeIn(own)]).toEqual([['close far'], []]);
  expect(own.state.unanswered).toEqual(['region-2']);
  expect(proofsOf(own)).toEqual(['lease', 'lease', 'lease']);
  expect(own.events).toEqual([]);
});

test('where nobody has an answer, the first watcher asks again at each tick', () => {
  const own = leaving('lease', 'fallback', ['region-1', 'region-3']);
  own.reaction = () => noAnswer;
  own.state.unanswered = ['region-2'];
  own.speak(['region-1', 'region-3'], ['region-2']);
  own.look(550);

  expect([closeIn(own), closeIn(own)]).toEqual([['close far'], ['close far']]);
});

test.each<[string, FenceProof, StepState]>([
  ['the fence is proven', 'closed', 'done'],
  ['its step goes on, and orders it itself', 'none', 'pending'],
])('nothing is ordered while %s', (_, proof, fence) => {
  expect(closeIn(leaving(proof, fence))).toEqual([]);
});

test('the own watcher of a region leaves it to its lease', () => {
  const own = leaving('closed', 'fallback');
  const register = registerWith({ ...own.held()[0], owed: [{ site: 'two', epoch: 2, proof: 'lease' }] });
  own.hold(register);
  own.look(550);

  expect(closeIn(own)).toEqual([]);
});

test('one watcher orders it: the own one of its region, once that lives', () => {
  expect(closeIn(leaving('lease', 'fallback', ['region-1', 'region-2', 'region-3']))).toEqual([]);
});
