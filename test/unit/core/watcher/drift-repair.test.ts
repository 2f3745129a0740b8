import { expect, test } from 'vitest';
import type { StepReport } from '../../../../src/core/kinds/order.ts';
import { reconcile } from '../../../../src/core/watcher/drift-repair.ts';
import { serviceViewOf } from '../../../../src/core/watcher/table-reading.ts';
import { registerWith } from '../service.fixture.ts';
import { done, fencedService, noAnswer, OwnRegion } from './fencing/own-region.fixture.ts';

const asItWas: StepReport = { outcome: 'as-ordered', hasWritten: false };
const register = registerWith();

/** The watcher of region-1, which all tables answer and which hears these watchers. */
function region(speaking: readonly string[] = ['region-1', 'region-2', 'region-3']): OwnRegion {
  const own = new OwnRegion(fencedService, register);
  // A mark that was seen to change is fresh.
  for (const atMs of [400, 500]) {
    own.speak(speaking);
    own.look(atMs);
  }
  return own;
}

/** Looks after what there is, and what was ordered: in which manner, and of which site. */
function reconciled(own: OwnRegion, nowMs = 600): readonly string[] {
  const before = own.orders.length;
  own.run(reconcile(own.state, fencedService, serviceViewOf(own.state, fencedService, nowMs), register), nowMs);
  return own.orders.slice(before).map(({ manner, ...order }) => `${manner} ${'site' in order ? order.site : ''}`);
}

test('a watcher repairs what is in its region, and leaves the rest to the watchers there', () => {
  expect(reconciled(region())).toEqual(['repair one', 'repair two']);
});

test('the first living watcher repairs for a silent one', () => {
  expect(reconciled(region(['region-1', 'region-3']))).toEqual(['repair one', 'repair two', 'repair far']);
});

test('a repair is announced; what is as it should be is not', () => {
  const own = region();
  own.reaction = (_, count) => (count === 1 ? done : asItWas);

  reconciled(own);

  expect(own.events.map(({ kind }) => kind)).toEqual(['drift-repaired']);
});

test('L1: a watcher without an answer says so, and leaves its region to others until it has one', () => {
  const own = region();
  own.reaction = (_, count) => (count <= 3 ? noAnswer : asItWas);

  const first = reconciled(own);
  const saidFirst = own.state.unanswered;
  const second = reconciled(own, 700);
  const third = reconciled(own, 800);
  const saidLast = own.state.unanswered;
  const fourth = reconciled(own, 900);

  expect([first, saidFirst]).toEqual([['repair one', 'repair two'], ['region-1']]);
  expect([second, third, saidLast]).toEqual([['rehearse one'], ['rehearse one'], []]);
  expect(fourth).toEqual(['repair one', 'repair two']);
});

test('an alert about what cannot be repaired ends when another watcher has taken it over', () => {
  const own = region();
  own.reaction = () => noAnswer;

  reconciled(own);
  const raised = [...own.state.raisedAlerts.values()].map(({ alarm }) => alarm);
  reconciled(own, 700);

  expect(raised).toEqual(['drift-stuck', 'drift-stuck']);
  expect(own.state.raisedAlerts.size).toBe(0);
});
