import { describe, expect, test } from 'vitest';
import { newEvent } from '../../../../../src/core/alerting/event.ts';
import { blankTrack } from '../../../../../src/core/detection/opinion.ts';
import type { StepReport } from '../../../../../src/core/kinds/order.ts';
import type { Register } from '../../../../../src/core/register/register.ts';
import { epochWatch, reopeningWatch } from '../../../../../src/core/tables/stopwatch.ts';
import { reconcile } from '../../../../../src/core/watcher/drift-repair.ts';
import { serviceViewOf } from '../../../../../src/core/watcher/table-reading.ts';
import { address, edge, fence, registerWith, serviceWith, warm } from '../../service.fixture.ts';
import { controlRegions } from '../change.fixture.ts';
import { done, fencedService, noAnswer, OwnRegion, type Reaction } from '../fencing/own-region.fixture.ts';

const asItWas: StepReport = { outcome: 'as-ordered', hasWritten: false };
const refused: StepReport = { outcome: 'failed', fault: { kind: 'denied', detail: 'no' } };
const another: StepReport = { outcome: 'disagreed', detail: 'it has other sites' } as StepReport;

/** The watcher of region-1, which hears all others, and whose function answers so. */
function region(register: Register = registerWith(), reaction: Reaction = asItWas, service = fencedService): OwnRegion {
  const own = new OwnRegion(service, register);
  own.reaction = () => reaction;
  const up = { ...blankTrack, opinion: 'up' as const };
  own.state.tracks = { shop: { one: up, two: up, far: up } };
  listen(own, 500);
  return own;
}

/** Two words of each region, the last of them at an instant: a mark that was seen to change is fresh. */
function listen(own: OwnRegion, nowMs: number): void {
  for (const atMs of [nowMs - 100, nowMs]) {
    own.speak(controlRegions);
    own.look(atMs);
  }
}

/** One round at an instant, by what the watcher knows of the register. */
function round(own: OwnRegion, nowMs = 600): void {
  const view = serviceViewOf(own.state, own.service, nowMs);
  if (view.register.kind !== 'decided') throw new Error('the register is decided');
  own.run(reconcile(own.state, own.service, view, view.register.register), nowMs);
}

const alarms = (own: OwnRegion) => [...own.state.raisedAlerts.values()].map(({ alarm }) => alarm);
const kinds = (own: OwnRegion) => own.events.map(({ kind }) => kind);

describe('a table that lags', () => {
  const newer = registerWith({ epoch: 2 });
  const lagging = () => {
    const own = new OwnRegion(fencedService, registerWith());
    own.reaction = () => asItWas;
    own.hold(newer, ['region-1', 'region-2']);
    listen(own, 500);
    return own;
  };

  test('is given what the others hold', () => {
    const own = lagging();

    round(own);

    expect(own.held().map((register) => register?.epoch)).toEqual([2, 2, 2]);
    expect(kinds(own)).toEqual(['table-reseeded']);
  });

  test('is not said to have it where too few tables answer', () => {
    const own = lagging();
    own.reachable = ['region-1'];

    round(own);

    expect(kinds(own)).toEqual([]);
  });

  test('is left to a watcher whose functions answer', () => {
    const own = lagging();
    own.state.unanswered = ['region-1'];

    round(own);

    expect(own.proposed).toEqual([]);
  });

  test('that does not lag is written by nobody', () => {
    const own = region();

    round(own);

    expect([own.proposed, kinds(own)]).toEqual([[], []]);
  });
});

test('the things of another region are looked after beside the round, and its own are not', () => {
  const own = region();
  for (const atMs of [4_400, 4_500]) {
    own.speak(['region-1', 'region-3']);
    own.look(atMs);
  }
  const view = serviceViewOf(own.state, fencedService, 4_600);
  let early = 0;

  own.run(reconcile(own.state, fencedService, view, registerWith()), 4_600, () => {
    early = own.orders.length;
  });

  expect([early, own.orders.length]).toEqual([2, 3]);
});

describe('what a function says of a thing', () => {
  test.each([
    ['it was put back', done, ['drift-repaired', 'drift-repaired'], []],
    ['it is as it should be', asItWas, [], []],
    ['it is on its way', { outcome: 'pending', hasWritten: true, detail: 'it grows' } as StepReport, [], []],
    ['it cannot be put back', refused, ['drift-stuck', 'drift-stuck'], ['drift-stuck', 'drift-stuck']],
  ])('%s', (_, reaction, events, raised) => {
    const own = region(registerWith(), reaction);

    round(own);

    expect([kinds(own), alarms(own)]).toEqual([events, raised]);
  });

  test.each([
    ['refuses', refused, 'denied'],
    ['does not answer', noAnswer, 'timeout'],
    ['has seen a newer order', { outcome: 'stale', claimed: { epoch: 3, attempt: 1 } } as StepReport, 'stale'],
  ])('is told with the thing, its place, and why: the function %s', (_, reaction, why) => {
    const own = region(registerWith(), reaction);

    round(own);

    expect(own.events[0]?.data).toEqual({ thing: 'fence', name: 'fence of one in region-1', why });
  });

  test('is told without a place where it has none', () => {
    const own = region(registerWith(), refused, serviceWith({ traffic: { edge } }));
    own.state.stopwatches = { [epochWatch('shop', 1)]: 0 };

    round(own);

    expect(own.events[0]?.data).toEqual({ thing: 'edge', name: 'key of the edge', why: 'denied' });
  });

  test('is told of a repair by the sort of the thing', () => {
    const own = region(registerWith(), done);

    round(own);

    expect(own.events[0]?.data).toEqual({ thing: 'fence' });
  });

  test('ends an alert once it is as it should be', () => {
    const own = region(registerWith(), refused);
    round(own);

    own.reaction = () => asItWas;
    round(own, 700);

    expect(alarms(own)).toEqual([]);
  });

  test('leaves an alert as it is while the thing is on its way', () => {
    const own = region(registerWith(), refused);
    round(own);

    own.reaction = () => ({ outcome: 'pending', hasWritten: true, detail: 'it grows' }) as StepReport;
    round(own, 700);

    expect(alarms(own)).toEqual(['drift-stuck', 'drift-stuck']);
  });
});

describe('a function of another configuration', () => {
  test('is an alert of its own, and no drift', () => {
    const own = region(registerWith(), another);

    round(own);

    expect(alarms(own)).toEqual(['configurations-differ', 'configurations-differ']);
    expect(kinds(own)).toEqual(['configurations-differ', 'configurations-differ']);
  });

  test('is none any more once it agrees', () => {
    const own = region(registerWith(), another);
    round(own);

    own.reaction = () => asItWas;
    round(own, 700);

    expect(alarms(own)).toEqual([]);
  });

  test.each([
    ['refuses', refused],
    ['does not answer', noAnswer],
  ])('is none any more once it %s', (_, reaction) => {
    const own = region(registerWith(), another);
    round(own);

    own.reaction = () => reaction;
    round(own, 700);

    expect(alarms(own)).toEqual(['drift-stuck', 'drift-stuck']);
  });
});

describe('an owed fence that is read back as closed', () => {
  const owing = registerWith({ epoch: 2, owed: [{ site: 'two', epoch: 2, proof: 'none' }] });
  const proofs = (own: OwnRegion) => own.held().map((register) => register?.owed[0]?.proof);

  test('is not noted of a later move, which has to read it again', () => {
    const own = region({ ...owing, owed: [{ site: 'two', epoch: 3, proof: 'none' }] });

    round(own);

    expect(proofs(own)).toEqual(['none', 'none', 'none']);
  });

  test('is noted with its proof', () => {
    const own = region(owing);

    round(own);

    expect(proofs(own)).toEqual(['closed', 'closed', 'closed']);
  });

  test('is noted once', () => {
    const own = region({ ...owing, lost: ['two'], owed: [{ site: 'two', epoch: 2, proof: 'closed' }] });
    own.state.tracks = {};
    listen(own, 550);

    round(own);

    expect(own.proposed).toEqual([]);
  });

  test.each([
    ['cannot be closed', refused],
    ['is of another configuration', another],
    ['does not answer', noAnswer],
  ])('is not noted when it %s', (_, reaction) => {
    const own = region(owing, reaction);

    round(own);

    expect(proofs(own)).toEqual(['none', 'none', 'none']);
  });
});

test.each([
  ['is found well again', [], 'two'],
  ['is found well again, beside functions that do not answer', ['region-1'], ''],
])('a site that was left and %s is a standby by the word of who looks after it', (_, unanswered, expected) => {
  const owed = [{ site: 'two', epoch: 2, proof: 'closed' as const }];
  const own = region(registerWith({ epoch: 2, lost: ['two'], owed }));
  own.state.unanswered = unanswered;

  round(own);

  expect(own.held().map((register) => register?.opening.join())).toEqual([expected, expected, expected]);
});

describe('a fence that may be opened', () => {
  const opening = (...sites: string[]) => registerWith({ epoch: 2, opening: sites });
  const held = (own: OwnRegion) => own.held().map((register) => register?.opening.join());

  test('is noted as open once it was read back, and its opening is no repair', () => {
    const own = region(opening('two'), done);

    round(own);

    expect(held(own)).toEqual(['', '', '']);
    expect(kinds(own)).toEqual(['drift-repaired']);
  });

  test('and that a move owes meanwhile is closed again, which is a repair', () => {
    const owed = [{ site: 'two', epoch: 2, proof: 'closed' as const }];
    const own = region({ ...opening('two'), lost: ['two'], owed }, done);
    own.state.tracks = {};
    listen(own, 550);

    round(own);

    expect(own.orders).toContainEqual(expect.objectContaining({ kind: 'fence', site: 'two', isIsolated: true }));
    expect(kinds(own)).toEqual(['drift-repaired', 'drift-repaired']);
  });

  test('keeps no repair of something else at its site from being told', () => {
    const addressed = serviceWith({ sites: { one: { fence } }, traffic: { address: address as never } });
    const own = region(opening('one'), done, addressed);

    round(own);

    expect(own.events.map(({ data }) => data.thing)).toEqual(['address']);
  });

  test('is not noted as open when it could not be opened', () => {
    const own = region(opening('two'), refused);

    round(own);

    expect(held(own)).toEqual(['two', 'two', 'two']);
  });

  test('is not noted as open that a move owes meanwhile', () => {
    const own = region(opening('two'));
    const view = serviceViewOf(own.state, fencedService, 600);
    own.hold(registerWith({ epoch: 2, opening: ['two'], owed: [{ site: 'two', epoch: 2, proof: 'closed' }] }));

    own.run(reconcile(own.state, fencedService, view, opening('two')), 600);

    expect(held(own)).toEqual(['two', 'two', 'two']);
  });

  test('is noted as open although the fence of another site is owed', () => {
    const own = region({ ...opening('two'), lost: ['far'], owed: [{ site: 'far', epoch: 2, proof: 'closed' }] });
    own.state.tracks = {};
    listen(own, 550);

    round(own);

    expect(held(own)).toEqual(['', '', '']);
  });

  test('is not noted as open of an epoch that is over', () => {
    const own = region(opening('two'));
    const view = serviceViewOf(own.state, fencedService, 600);
    own.hold({ ...opening('two'), epoch: 3 });

    own.run(reconcile(own.state, fencedService, view, opening('two')), 600);

    expect(held(own)).toEqual(['two', 'two', 'two']);
  });

  test('is read back each round, and noted by nobody where nothing is being opened', () => {
    const own = region(registerWith({ epoch: 2 }));

    round(own);

    expect(own.proposed).toEqual([]);
  });

  test.each([
    ['has not been found well yet', 'down', 0, 'one'],
    ['has been found well', 'up', 0, ''],
    ['has had its time to answer', 'down', 1_000_000, ''],
  ] as const)('of the active site is noted as open when it %s', (_, opinion, sinceMs, expected) => {
    const own = region(opening('one'));
    own.state.tracks = { shop: { one: { ...blankTrack, opinion } } };
    own.state.stopwatches = { [reopeningWatch('shop', 2)]: sinceMs };
    listen(own, 550);

    round(own);

    expect(held(own)).toEqual([expected, expected, expected]);
  });

  test('of another site is noted as open at once, whatever the probes say', () => {
    const own = region(opening('one', 'two'));
    own.state.tracks = { shop: { two: { ...blankTrack, opinion: 'down' } } };
    own.state.stopwatches = { [reopeningWatch('shop', 2)]: 0 };
    listen(own, 550);

    round(own);

    expect(held(own)).toEqual(['one', 'one', 'one']);
  });
});

describe('an alert about a thing', () => {
  const raised = (own: OwnRegion, name: string) => {
    const event = newEvent('drift-stuck', 'shop', 'it is stuck');
    own.state.logged.set(name, 'x');
    own.state.raisedAlerts.set(name, { alarm: 'drift-stuck', event, sinceMs: 0, isHeldBack: false });
  };

  test.each([
    ['that is not configured any more ends', 'drift:shop:region-1:fence of gone', false],
    ['whose function was of another configuration ends with it', 'agreement:drift:shop:region-1:fence of gone', false],
    ['of another service stands', 'drift:other:region-1:fence of gone', true],
    ['that is no drift stands', 'verdict:shop/one', true],
  ])('%s', (_, name, isThere) => {
    const own = region();
    raised(own, name);

    round(own);

    expect(own.state.raisedAlerts.has(name)).toBe(isThere);
  });

  test('that another watcher looks after ends after two of its rounds and an attempt, counted anew each time', () => {
    const { reconcileMs, stepTimeoutMs } = fencedService.failover;
    const handoverMs = 2 * reconcileMs + stepTimeoutMs + fencedService.detection.intervalMs;
    const own = region(registerWith(), noAnswer);
    const roundAt = (nowMs: number) => {
      listen(own, nowMs - 10);
      round(own, nowMs);
      return own.state.raisedAlerts.size;
    };
    /** Its functions answer it again, and then do not. */
    const isKeeperAgain = (nowMs: number) => {
      own.state.unanswered = [];
      roundAt(nowMs);
    };

    isKeeperAgain(1_000);
    expect(own.state.unanswered).toEqual(['region-1']);
    roundAt(2_000);
    isKeeperAgain(40_000);
    roundAt(41_000);

    expect(roundAt(41_000 + handoverMs - 1)).toBe(2);
    expect(roundAt(41_000 + handoverMs)).toBe(0);
  });
});

test('a standby that waits for its failback keeps its size, and gives it back when nobody comes for long', () => {
  const service = serviceWith({ sites: { one: warm, far: warm } });
  const { healthyForMs } = service.failback;
  const ordersAt = (ageMs: number) => {
    const own = region(registerWith({ epoch: 2, active: 'far', serving: ['far'], writer: 'far' }), asItWas, service);
    own.state.stopwatches = { [epochWatch('shop', 2)]: ageMs };
    round(own);
    return own.orders.filter(({ kind }) => kind === 'start').length;
  };

  expect([ordersAt(0), ordersAt(healthyForMs)]).toEqual([0, 1]);
});
