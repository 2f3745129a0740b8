import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { DecisionInput } from '../../../../src/core/decision/decision-input.ts';
import { ineligibilities } from '../../../../src/core/decision/eligibility.ts';
import { dayMs, limitedBecause } from '../../../../src/core/decision/limits.ts';
import { decide } from '../../../../src/core/decision/service-decision.ts';
import type { SiteReport } from '../../../../src/core/detection/observation.ts';
import type { Verdict } from '../../../../src/core/detection/verdict.ts';
import { madeMove, registerWith, runWith, serviceWith } from '../service.fixture.ts';

const sites = ['one', 'two', 'far'];
const siteNames = fc.constantFrom(...sites);
const eachSite = <T>(value: fc.Arbitrary<T>) => fc.record({ one: value, two: value, far: value });
/** Mostly nothing stands in the way, or hardly any situation would let a move through. */
const rarely = fc.integer({ min: 0, max: 5 }).map((drawn) => drawn === 5);
const fewOf = <T>(values: T[]) =>
  fc.oneof({ weight: 4, arbitrary: fc.constant<T[]>([]) }, { weight: 1, arbitrary: fc.subarray(values) });
const verdicts = fc.constantFrom<Verdict>('up', 'up', 'degraded', 'down', 'down', 'unclear');
const reports = fc.record(
  { replicationLagMs: fc.integer({ min: 0, max: 1_000 }), ready: fc.boolean() },
  { requiredKeys: [] },
) as fc.Arbitrary<SiteReport>;

const services = fc
  .record({
    isManual: rarely,
    allowedRegions: fc.constantFrom(undefined, ['us-east-1']),
    isLagLimited: fc.boolean(),
    mode: fc.constantFrom('manual', 'automatic'),
    priority: fc.constantFrom(0, 60),
  })
  .map(({ isManual, allowedRegions, isLagLimited, mode, priority }) =>
    serviceWith({
      failover: { automatic: !isManual, allowedRegions, ...(isLagLimited ? { maxReplicationLagMs: 500 } : {}) },
      failback: { mode },
      sites: { two: { priority } },
    }),
  );

const registers = fc
  .record({
    active: siteNames,
    isPaused: rarely,
    maintenance: fewOf(sites),
    lost: fewOf(sites),
    moves: fc
      .tuple(fc.subarray([2, 3, 4]), siteNames, siteNames, fc.boolean())
      .map(([epochs, from, to, isAcknowledged]) =>
        epochs.map((epoch) => madeMove(epoch, { from, to, isAcknowledged })),
      ),
    isRunning: rarely,
  })
  .map(({ isPaused, isRunning, ...more }) =>
    registerWith({
      ...more,
      epoch: 4,
      pause: isPaused ? { by: 'eve', reason: 'drill' } : null,
      run: runWith({ state: isRunning ? 'running' : 'done' }),
    }),
  );

const stopwatchMs = fc.constantFrom(0, 60_000, 3_600_000, dayMs);
const situations: fc.Arbitrary<DecisionInput> = fc.record({
  service: services,
  register: registers,
  knowledge: fc.record({ verdicts: eachSite(verdicts), reports: eachSite(reports), dependencies: fc.constant({}) }),
  isActiveSuspected: fc.boolean(),
  watcherCount: fc.constantFrom(3, 3, 1),
  freshWatcherCount: fc.constantFrom(3, 3, 2, 1),
  stopwatches: fc.dictionary(
    fc.constantFrom('epoch:shop:2', 'epoch:shop:3', 'epoch:shop:4', 'up:shop:one'),
    stopwatchMs,
  ),
  group: fc.constant(null),
  disputes: fc.constant([]),
});

/** Whether a decision keeps every rule about moves. */
function isAllowed(given: DecisionInput, decision: ReturnType<typeof decide>): boolean {
  if (decision.kind !== 'move') return true;
  const { service, register, knowledge } = given;
  return (
    ineligibilities(service, register, knowledge, decision.to).length === 0 &&
    register.run?.state !== 'running' &&
    register.pause === null &&
    service.failover.automatic &&
    limitedBecause(given, {
      kind: decision.run === 'failback' ? 'failback' : 'failover',
      from: decision.from,
      to: decision.to,
    }) === null &&
    given.freshWatcherCount > given.watcherCount / 2 &&
    (decision.run === 'failback') === (knowledge.verdicts[register.active] === 'up')
  );
}

test('decide never throws, and moves only to an eligible site while nothing forbids it', () => {
  let moves = 0;

  fc.assert(
    fc.property(situations, (given) => {
      const decision = decide(given);
      if (decision.kind === 'move') moves += 1;
      expect(isAllowed(given, decision)).toBe(true);
      expect(decide(given)).toEqual(decision);
    }),
    { numRuns: 5_000 },
  );

  expect(moves).toBeGreaterThan(20);
});

test.each([
  ['a pause', (given: DecisionInput) => ({ ...given, register: { ...given.register, pause: null } })],
  [
    'the block period and the daily limit',
    (given: DecisionInput) => ({ ...given, register: { ...given.register, moves: [] } }),
  ],
  ['maintenance', (given: DecisionInput) => ({ ...given, register: { ...given.register, maintenance: [] } })],
] as const)('the property catches a decider that overlooks %s', (_, overlook) => {
  const result = fc.check(
    fc.property(situations, (given) => isAllowed(given, decide(overlook(given)))),
    { numRuns: 20_000 },
  );

  expect(result.failed).toBe(true);
});
