import { describe, expect, test } from 'vitest';
import { edgeLookMs } from '../../../../../src/core/kinds/edge.ts';
import type { StepReport } from '../../../../../src/core/kinds/order.ts';
import { epochWatch } from '../../../../../src/core/tables/stopwatch.ts';
import { reconcile } from '../../../../../src/core/watcher/drift-repair.ts';
import { serviceViewOf } from '../../../../../src/core/watcher/table-reading.ts';
import { edge, registerWith, runWith, serviceWith } from '../../service.fixture.ts';
import { done, fencedService, noAnswer, OwnRegion } from '../fencing/own-region.fixture.ts';

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

describe('an alert about what cannot be repaired, once another watcher has taken it over', () => {
  const { failover, detection } = fencedService;
  const handoverMs = 2 * failover.reconcileMs + failover.stepTimeoutMs + detection.intervalMs;
  const handedOver = () => {
    const own = region();
    own.reaction = () => noAnswer;
    reconciled(own);
    const raised = [...own.state.raisedAlerts.values()].map(({ alarm }) => alarm);
    reconciled(own, 700);
    /** What is raised after a further round, in which these are heard. */
    const raisedAt = (nowMs: number) => {
      own.speak(['region-1', 'region-2', 'region-3']);
      own.look(nowMs - 10);
      reconciled(own, nowMs);
      return own.state.raisedAlerts.size;
    };
    return { raised, raisedAt };
  };

  test('stands until that one has had time to look', () => {
    const { raised, raisedAt } = handedOver();

    expect(raised).toEqual(['drift-stuck', 'drift-stuck']);
    expect(raisedAt(700 + handoverMs - 100)).toBe(2);
    expect(raisedAt(700 + handoverMs)).toBe(0);
  });
});

describe('what is dear to look at', () => {
  const service = serviceWith({ traffic: { edge } });
  const { reconcileMs } = service.failover;
  const looks = (ageMs: number, held = register) => {
    const own = new OwnRegion(service, held);
    for (const atMs of [400, 500]) {
      own.speak(['region-1', 'region-2', 'region-3']);
      own.look(atMs);
    }
    own.reaction = () => ({ outcome: 'failed', fault: { kind: 'denied', detail: 'no' } });
    return {
      own,
      at: (epochAgeMs = ageMs) => {
        own.state.stopwatches = { [epochWatch(service.name, held.epoch)]: epochAgeMs };
        const before = own.orders.length;
        own.run(reconcile(own.state, service, serviceViewOf(own.state, service, 600), held), 600);
        return own.orders.length - before;
      },
    };
  };

  test.each([
    ['when its epoch is new', 0, 1],
    ['not in the rounds after that', reconcileMs, 0],
    ['not just before its pause is over', edgeLookMs - 1, 0],
    ['once its pause is over', edgeLookMs, 1],
    ['after the second pause', 2 * edgeLookMs + reconcileMs - 1, 1],
  ])('is looked at %s (age %i ms)', (_, ageMs, count) => {
    expect(looks(ageMs).at()).toBe(count);
  });

  test('is looked at in every round after a run that has failed', () => {
    const failed = registerWith({ run: { ...runWith({}), state: 'failed' } });

    expect(looks(reconcileMs, failed).at()).toBe(1);
  });

  test('is looked at in every round while something is known to be wrong with it, by all who cannot repair it', () => {
    const watcher = looks(0);
    const first = watcher.at(0);

    watcher.own.speak(['region-2', 'region-3'], ['region-2']);
    watcher.own.look(550);

    expect([first, watcher.at(reconcileMs), watcher.at(2 * reconcileMs)]).toEqual([1, 1, 1]);
    expect(watcher.own.events.map(({ kind }) => kind)).toContain('drift-stuck');
    expect(watcher.own.orders.map(({ manner }) => manner)).toEqual(['repair', 'repair', 'repair']);
  });

  test('is looked at by one watcher alone, the first that lives', () => {
    const [first, second] = [looks(0), looks(0)];
    Object.assign(second.own.state, { setup: { ...second.own.state.setup, region: 'region-2' } });

    expect([first.at(), second.at()]).toEqual([1, 0]);
  });
});
