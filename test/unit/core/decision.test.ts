import { expect, test } from 'vitest';
import { decide } from '../../../src/core/decision.ts';
import { blockLeftMs, dayMs, movesToday } from '../../../src/core/limits.ts';
import type { Reason, Situation } from '../../../src/core/situation.ts';
import type { Verdict } from '../../../src/core/verdict.ts';
import { registerWith, runWith, service, serviceWith } from './service.fixture.ts';

function situation(one: Verdict, more: Partial<Situation> = {}): Situation {
  return {
    service,
    register: registerWith(),
    knowledge: { verdicts: { one, two: 'up', far: 'up' }, reports: {}, dependencies: {} },
    isActiveSuspected: false,
    watcherCount: 3,
    freshWatcherCount: 3,
    stopwatches: {},
    group: null,
    ...more,
  };
}

const blocked = registerWith({ epoch: 2, block: { epoch: 2, isAcknowledged: false } });
const away = registerWith({ active: 'two' });
const returning = serviceWith({ failback: { mode: 'automatic' } });
const due: Partial<Situation> = {
  service: returning,
  register: away,
  stopwatches: { 'up:shop:one': 60_000 },
};

test.each<['hold' | 'abstain' | 'move', Reason, Situation]>([
  ['hold', 'run-in-progress', situation('down', { register: registerWith({ run: runWith() }) })],
  ['hold', 'quorum-unreachable', situation('down', { service: serviceWith({ detection: { quorum: 4 } }) })],
  ['hold', 'no-majority', situation('down', { freshWatcherCount: 1 })],
  ['hold', 'paused', situation('down', { register: registerWith({ pause: { by: 'eve', reason: 'drill' } }) })],
  ['hold', 'paused', situation('up', { register: registerWith({ pause: { by: 'eve', reason: 'drill' } }) })],
  ['hold', 'manual-only', situation('down', { service: serviceWith({ failover: { automatic: false } }) })],
  ['hold', 'blocked', situation('down', { register: blocked })],
  ['hold', 'daily-limit', situation('down', { register: registerWith({ epoch: 3, automaticEpochs: [2, 3] }) })],
  ['hold', 'no-eligible-site', situation('down', { register: registerWith({ maintenance: ['two', 'far'] }) })],
  ['move', 'active-down', situation('down')],
  ['hold', 'healthy', situation('up')],
  ['move', 'failback-due', situation('up', due)],
  ['hold', 'degraded', situation('degraded')],
  ['hold', 'suspected', situation('degraded', { isActiveSuspected: true })],
  ['hold', 'suspected', situation('unclear', { isActiveSuspected: true })],
  ['abstain', 'no-quorum', situation('unclear')],
  ['abstain', 'no-quorum', situation('up', { knowledge: { verdicts: {}, reports: {}, dependencies: {} } })],
])('%s: %s', (kind, reason, given) => {
  const decision = decide(given);

  expect(decision).toMatchObject({ kind, reason });
});

test('a failover goes to the first eligible candidate', () => {
  const decision = decide(situation('down', { register: registerWith({ lost: ['two'] }) }));

  expect(decision).toMatchObject({ run: 'failover', to: 'far' });
});

test.each([
  [3_599_999, 'hold', 1],
  [3_600_000, 'move', 0],
] as const)('%i ms after a failover the decision is to %s (blockMs=3600000)', (passedMs, kind, leftMs) => {
  const given = situation('down', { register: blocked, stopwatches: { 'epoch:shop:2': passedMs } });

  expect(decide(given).kind).toBe(kind);
  expect(blockLeftMs(given)).toBe(leftMs);
});

test('an acknowledged failover blocks nothing', () => {
  const register = registerWith({ epoch: 2, block: { epoch: 2, isAcknowledged: true } });

  const decision = decide(situation('down', { register }));

  expect(decision.kind).toBe('move');
});

test('an automatic move counts against the limit until this watcher has counted a day (maxMovesPerDay=2)', () => {
  const register = registerWith({ epoch: 3, automaticEpochs: [2, 3] });
  const given = situation('down', { register, stopwatches: { 'epoch:shop:2': dayMs, 'epoch:shop:3': dayMs - 1 } });

  expect(movesToday(given)).toBe(1);
  expect(decide(given).kind).toBe('move');
});

test.each<[string, Partial<Situation>]>([
  ['is manual', { service }],
  ['has waited too short', { stopwatches: { 'up:shop:one': 59_999 } }],
  ['finds its site in maintenance', { register: { ...away, maintenance: ['one'] } }],
  ['finds its site lost', { register: { ...away, lost: ['one'] } }],
  ['is there already', { register: registerWith() }],
])('no failback while it %s', (_, more) => {
  const decision = decide(situation('up', { ...due, ...more }));

  expect(decision).toMatchObject({ kind: 'hold', reason: 'healthy' });
});

test('a failback that is due is held by what holds any automatic move', () => {
  const decision = decide(situation('up', { ...due, register: { ...blocked, active: 'two' } }));

  expect(decision).toMatchObject({ kind: 'hold', reason: 'blocked' });
});

test('failback goes where the configuration says (to=far)', () => {
  const knowledge = { verdicts: { one: 'up', two: 'up', far: 'up' }, reports: {}, dependencies: {} } as const;
  const given = situation('up', {
    service: serviceWith({ failback: { mode: 'automatic', to: 'far' } }),
    knowledge,
    stopwatches: { 'up:shop:far': 60_000 },
  });

  expect(decide(given)).toMatchObject({ kind: 'move', run: 'failback', to: 'far' });
});
