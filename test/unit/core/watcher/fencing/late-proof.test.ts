import { expect, test } from 'vitest';
import type { FenceProof, OwedFence } from '../../../../../src/core/register/owed-fence.ts';
import type { StepState } from '../../../../../src/core/register/run.ts';
import { closeLate, isUnproven, noteClosed } from '../../../../../src/core/watcher/fencing/late-proof.ts';
import { serviceViewOf } from '../../../../../src/core/watcher/table-reading.ts';
import { registerWith, runWith, step } from '../../service.fixture.ts';
import { fencedService, noAnswer, OwnRegion } from './own-region.fixture.ts';

const nowMs = 600;

/** The watcher of `region-1`, while a run leaves `far`, in `region-2`, for `one`. */
function leaving(
  proof: FenceProof,
  fence: StepState,
  speaking: readonly string[] = ['region-1', 'region-3'],
  to: 'one' | 'far' = 'one',
) {
  const steps = [{ ...step('fence'), state: fence }, step('promote', ['fence'])];
  const register = registerWith({
    ...{ epoch: 2, active: 'one', writer: 'far', serving: ['far'] },
    owed: [
      { site: 'far', epoch: 2, proof },
      { site: 'one', epoch: 2, proof: 'lease' },
    ],
    run: runWith({ from: 'far', to, serving: [to], steps }),
  });
  const own = new OwnRegion(fencedService, register);
  // A mark that was seen to change is fresh.
  for (const atMs of [400, 500]) {
    own.speak(speaking);
    own.look(atMs);
  }
  return own;
}

function closeIn(own: OwnRegion, between?: () => void): readonly string[] {
  const view = serviceViewOf(own.state, fencedService, nowMs);
  if (view.register.kind !== 'decided') throw new Error('no register is read');
  return own.ordersOf(closeLate(own.state, fencedService, view, view.register.register), nowMs, between);
}

const proofsOf = (own: OwnRegion) =>
  own.held().map((register) => register?.owed.find(({ site }) => site === 'far')?.proof);

test('S11: a fence that was left by lease is closed once its region answers, and the register knows', () => {
  const own = leaving('lease', 'fallback');

  expect(closeIn(own)).toEqual(['close far']);
  expect(own.orders).toMatchObject([{ isAnyhow: true, isSelfFence: false, manner: 'repair' }]);
  expect(proofsOf(own).filter((proof) => proof === 'closed').length).toBeGreaterThanOrEqual(2);
  expect(own.events).toMatchObject([{ kind: 'step-ended', site: 'far', data: { state: 'done' } }]);
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

test.each([
  ['silent, beside an order that hangs', ['region-1', 'region-3'], ['close far']],
  ['heard: drift repair looks after it', ['region-1', 'region-2', 'region-3'], []],
] as const)('at rest it is ordered while its region is %s', (_, speaking, expected) => {
  const own = leaving('lease', 'fallback', speaking);
  const [before] = own.held();
  own.hold(registerWith({ ...before, run: { ...runWith({ from: 'far', to: 'one' }), state: 'done' } }));
  own.look(550);
  own.state.jobs.add('fence:shop/far:late:0');
  own.state.ticks = 1;

  expect(closeIn(own)).toEqual(expected);
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

test('the fence of the site that the run makes active is left to the run', () => {
  expect(closeIn(leaving('lease', 'fallback', ['region-1', 'region-3'], 'far'))).toEqual([]);
});

test('what another watcher has proven meanwhile is not told a second time', () => {
  const own = leaving('lease', 'fallback');
  const proven = { ...own.held()[0], owed: [{ site: 'far', epoch: 2, proof: 'closed' }] } as const;

  expect(closeIn(own, () => own.hold(registerWith(proven)))).toEqual(['close far']);
  expect(own.events).toEqual([]);
});

test.each<[string, OwedFence, boolean]>([
  ['owed to the move in which it was ordered', { site: 'far', epoch: 2, proof: 'lease' }, true],
  ['owed to an earlier move', { site: 'far', epoch: 1, proof: 'none' }, true],
  ['owed to a later move', { site: 'far', epoch: 3, proof: 'none' }, false],
  ['proven already', { site: 'far', epoch: 2, proof: 'closed' }, false],
  ['of another site', { site: 'one', epoch: 2, proof: 'none' }, false],
])('a fence that is %s: a proof of epoch 2 is news: %s', (_, owed, expected) => {
  expect(isUnproven({ owed: [owed] }, 'far', 2)).toBe(expected);
});

test('a proof is not noted in a register that is not there', () => {
  const own = new OwnRegion(fencedService, null);
  let isNews: boolean | null = null;

  own.run(
    (function* () {
      isNews = yield* noteClosed(own.state, fencedService, 'far', 2);
    })(),
    nowMs,
  );

  expect(isNews).toBe(false);
  expect(own.proposed).toEqual([]);
});
