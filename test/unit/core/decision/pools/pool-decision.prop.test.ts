import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Decision, DecisionInput } from '../../../../../src/core/decision/decision-input.ts';
import { decidePool } from '../../../../../src/core/decision/pool-decision.ts';
import type { Verdict } from '../../../../../src/core/detection/verdict.ts';
import { lastResortName, type NamedService } from '../../../../../src/core/model/service.ts';
import { madeMove, oracleDns, registerWith, serviceWith, situationWith, weightedDns } from '../../service.fixture.ts';

const sites = ['one', 'far', 'two'];
const eachSite = <T>(value: fc.Arbitrary<T>) => fc.record({ one: value, two: value, far: value });
const verdicts = fc.constantFrom<Verdict>('up', 'up', 'degraded', 'down', 'down', 'unclear');
const rarely = fc.integer({ min: 0, max: 5 }).map((drawn) => drawn === 5);

const services: fc.Arbitrary<NamedService> = fc
  .record({
    isWeighted: fc.boolean(),
    hasLastResort: fc.boolean(),
    allDown: fc.constantFrom('keep', 'last-resort'),
    shortage: fc.constantFrom('shed', 'shift'),
    isManual: rarely,
    capacity: fc.constantFrom(50, 100, 200),
  })
  .map(({ isWeighted, hasLastResort, allDown, shortage, isManual, capacity }) =>
    serviceWith({
      mode: 'active-active',
      sites: { one: { capacity }, two: { capacity: 100 }, far: { capacity: 100 } },
      failover: { allDown, automatic: !isManual },
      failback: { mode: 'automatic' },
      capacity: { shortage },
      traffic: {
        dns: {
          ...(isWeighted ? weightedDns : oracleDns),
          ...(hasLastResort ? { lastResort: { a: ['192.0.2.250'] } } : {}),
        },
      },
    }),
  );

const registers = fc
  .record({
    serving: fc.oneof(
      { weight: 6, arbitrary: fc.subarray(sites, { minLength: 1 }) },
      { weight: 1, arbitrary: fc.constant([lastResortName]) },
    ),
    ramp: fc.oneof(
      { weight: 3, arbitrary: fc.constant({}) },
      { weight: 1, arbitrary: fc.dictionary(fc.constantFrom(...sites), fc.integer({ min: 0, max: 100 })) },
    ),
    maintenance: fc.oneof(
      { weight: 3, arbitrary: fc.constant<string[]>([]) },
      { weight: 1, arbitrary: fc.subarray(sites) },
    ),
    isPaused: rarely,
    moves: fc.subarray([2, 3, 4]).map((epochs) => epochs.map((epoch) => madeMove(epoch, { kind: 'readmit' }))),
  })
  .map(({ isPaused, serving, ...more }) =>
    registerWith({
      ...more,
      serving,
      epoch: 4,
      active: serving[0] === lastResortName ? 'one' : (serving[0] ?? 'one'),
      pause: isPaused ? { by: 'eve', reason: 'drill' } : null,
    }),
  );

const situations: fc.Arbitrary<DecisionInput> = fc
  .record({
    service: services,
    register: registers,
    verdicts: eachSite(verdicts),
    loads: eachSite(fc.option(fc.integer({ min: 0, max: 200 }), { nil: undefined })),
    isActiveSuspected: fc.boolean(),
    stopwatches: fc.dictionary(
      fc.constantFrom('up:shop:one', 'up:shop:two', 'up:shop:far'),
      fc.constantFrom(0, 60_000, 600_000),
    ),
  })
  .map(({ verdicts: drawn, loads, ...more }) => {
    const reports = Object.fromEntries(
      Object.entries(loads).flatMap(([site, load]) => (load === undefined ? [] : [[site, { load }]])),
    );
    return situationWith({ ...more, knowledge: { verdicts: drawn, reports, dependencies: {} } });
  });

type Rule = (given: DecisionInput, decision: Decision & { readonly kind: 'move' }) => boolean;

/** Sites that leave the pool with a decision. */
function leavers({ register }: DecisionInput, { serving }: Decision & { readonly kind: 'move' }): readonly string[] {
  return register.serving.filter((site) => site !== lastResortName && !serving.includes(site));
}

const rules: Readonly<Record<string, Rule>> = {
  'the pool is never empty': (_, { serving }) => serving.length > 0,
  'nobody leaves whom no quorum calls down and who is not in maintenance': (given, decision) =>
    [...leavers(given, decision), ...(decision.run === 'withdraw' ? [decision.from] : [])].every(
      (site) => given.knowledge.verdicts[site] === 'down' || given.register.maintenance.includes(site),
    ),
  'somebody who is up stays when anybody leaves for the others': (given, { run, serving }) =>
    run !== 'withdraw' ||
    serving.some((site) => given.knowledge.verdicts[site] === 'up' && !given.register.maintenance.includes(site)),
  'only who is up comes in, and never one in maintenance': (given, { serving }) =>
    serving
      .filter((site) => site !== lastResortName && !given.register.serving.includes(site))
      .every((site) => given.knowledge.verdicts[site] === 'up' && !given.register.maintenance.includes(site)),
  'the static endpoint serves alone, and only when every site is down': (given, { serving }) =>
    !serving.includes(lastResortName) ||
    (serving.length === 1 && sites.every((site) => given.knowledge.verdicts[site] === 'down')),
  'nothing moves while paused or manual': ({ register, service }) =>
    register.pause === null && service.failover.automatic,
};

function isAllowed(given: DecisionInput, rule: Rule, decision = decidePool(given)): boolean {
  return decision.kind !== 'move' || rule(given, decision);
}

test.each(Object.entries(rules))('decidePool: %s', (_, rule) => {
  fc.assert(
    fc.property(situations, (given) => {
      expect(isAllowed(given, rule)).toBe(true);
    }),
    { numRuns: 3_000 },
  );
});

test('the situations that are drawn lead to every kind of run of a pool, and to every way of holding', () => {
  const seen = new Set(
    fc.sample(situations, 5_000).map((given) => {
      const decision = decidePool(given);
      return decision.kind === 'move' ? decision.run : decision.reason;
    }),
  );

  expect([...seen].sort()).toEqual(
    expect.arrayContaining([
      'withdraw',
      'readmit',
      'last-resort',
      'recover',
      'fail-open',
      'over-capacity',
      'warming-up',
      'all-down',
      'paused',
    ]),
  );
});

const withVerdicts = (given: DecisionInput, change: (verdict: Verdict) => Verdict): DecisionInput => ({
  ...given,
  knowledge: {
    ...given.knowledge,
    verdicts: Object.fromEntries(sites.map((site) => [site, change(given.knowledge.verdicts[site] ?? 'unclear')])),
  },
});

test.each<[string, keyof typeof rules, (given: DecisionInput) => Decision]>([
  [
    'takes degraded for down',
    'nobody leaves whom no quorum calls down and who is not in maintenance',
    (given) => decidePool(withVerdicts(given, (verdict) => (verdict === 'degraded' ? 'down' : verdict))),
  ],
  [
    'takes missing knowledge for up',
    'somebody who is up stays when anybody leaves for the others',
    (given) => decidePool(withVerdicts(given, (verdict) => (verdict === 'unclear' ? 'up' : verdict))),
  ],
  [
    'leaves whoever is down, the last one too',
    'the pool is never empty',
    (given) => {
      const serving = given.register.serving.filter((site) => given.knowledge.verdicts[site] !== 'down');
      return { kind: 'move', run: 'withdraw', from: 'one', to: 'one', serving, reason: 'site-down', detail: '' };
    },
  ],
  [
    'overlooks a pause',
    'nothing moves while paused or manual',
    (given) => decidePool({ ...given, register: { ...given.register, pause: null } }),
  ],
  [
    'overlooks maintenance',
    'only who is up comes in, and never one in maintenance',
    (given) => decidePool({ ...given, register: { ...given.register, maintenance: [] } }),
  ],
])('the property catches a decider that %s', (_, name, planted) => {
  const rule = rules[name] as Rule;

  const result = fc.check(
    fc.property(situations, (given) => isAllowed(given, rule, planted(given))),
    { numRuns: 5_000 },
  );

  expect(result.failed).toBe(true);
});
