import { describe, expect, it } from 'vitest';
import { oracleCheckIntervalSeconds, type RecordPlan } from '../../../src/core/dns/zone-plan.ts';
import {
  checkerCount,
  type EndpointSettings,
  fastIntervalMs,
  HealthChecks,
} from '../../../src/sim/world/dns/health-checks.ts';
import {
  type Asker,
  answerQuery,
  answerShares,
  answersAnywhere,
  drawAnswer,
} from '../../../src/sim/world/dns/route53.ts';

const checkers = [...Array(checkerCount).keys()];

function endpoint(id: string) {
  return { id, kind: 'oracle' } as const;
}

function calculated(id: string, children: readonly string[], threshold: number, isInverted = false) {
  return { id, kind: 'calculated', children, threshold, isInverted } as const;
}

/** Health checks with one endpoint check each. */
function withEndpoints(ids: readonly string[], settings: EndpointSettings = {}): HealthChecks {
  const checks = new HealthChecks();
  for (const id of ids) checks.add(endpoint(id), settings);
  return checks;
}

function reportAll(checks: HealthChecks, id: string, isPassing: boolean): void {
  for (const checker of checkers) checks.report(id, checker, isPassing);
}

describe('an endpoint check', () => {
  it.each([
    ...[0, 1, 2].map((passing) => [passing, false] as const),
    ...[3, 4, 15, 16].map((passing) => [passing, true] as const),
  ])('is healthy when more than 18 %% of 16 checkers say so (passing=%i, healthy=%s)', (passing, expected) => {
    const checks = withEndpoints(['e']);

    for (const checker of checkers) checks.report('e', checker, checker < passing);

    expect(checks.isHealthy('e')).toBe(expected);
  });

  it.each([
    [false, true],
    [true, false],
  ])('is healthy while new, unless inverted (inverted=%s, healthy=%s)', (isInverted, expected) => {
    const checks = withEndpoints(['e'], { isInverted });

    expect(checks.isHealthy('e')).toBe(expected);
  });

  it.each([1, 3, 10])('turns after as many results in a row, both ways (failureThreshold=%i)', (failureThreshold) => {
    const checks = withEndpoints(['e'], { failureThreshold });

    for (const [before, after] of [
      [true, false],
      [false, true],
    ] as const) {
      for (let round = 1; round < failureThreshold; round += 1) reportAll(checks, 'e', after);
      expect(checks.isHealthy('e')).toBe(before);
      reportAll(checks, 'e', after);
      expect(checks.isHealthy('e')).toBe(after);
    }
  });

  it('counts only results in a row, a checker each (failureThreshold=3)', () => {
    const checks = withEndpoints(['e'], { failureThreshold: 3 });

    for (let round = 0; round < 10; round += 1) {
      reportAll(checks, 'e', false);
      reportAll(checks, 'e', false);
      reportAll(checks, 'e', true);
    }

    expect(checks.isHealthy('e')).toBe(true);
  });

  it.each([
    [false, true],
    [true, false],
  ])('counts as healthy while disabled, unless inverted (inverted=%s, healthy=%s)', (isInverted, expected) => {
    const checks = withEndpoints(['e'], { isInverted });
    reportAll(checks, 'e', false);
    expect(checks.isHealthy('e')).toBe(!expected);

    checks.setDisabled('e', true);
    expect(checks.isHealthy('e')).toBe(expected);

    checks.setDisabled('e', false);
    expect(checks.isHealthy('e')).toBe(!expected);
  });
});

describe('a calculated check', () => {
  it.each([0, 1, 2, 3, 4])('is healthy when enough children are (children=3, threshold=%i)', (threshold) => {
    for (const isInverted of [false, true]) {
      for (let healthy = 0; healthy <= 3; healthy += 1) {
        const checks = withEndpoints(['a', 'b', 'c']);
        checks.add(calculated('sum', ['a', 'b', 'c'], threshold, isInverted));

        for (const [index, id] of ['a', 'b', 'c'].entries()) reportAll(checks, id, index < healthy);

        expect(checks.isHealthy('sum')).toBe(healthy >= threshold !== isInverted);
      }
    }
  });

  it('starts from what its children are when it is made', () => {
    const checks = withEndpoints(['a', 'b', 'c']);
    reportAll(checks, 'a', false);
    reportAll(checks, 'b', false);

    checks.add(calculated('sum', ['a', 'b', 'c'], 2));

    expect(checks.isHealthy('sum')).toBe(false);
  });

  it('counts a disabled child as healthy', () => {
    const checks = withEndpoints(['a', 'b']);
    checks.add(calculated('sum', ['a', 'b'], 2));
    reportAll(checks, 'a', false);
    expect(checks.isHealthy('sum')).toBe(false);

    checks.setDisabled('a', true);

    expect(checks.isHealthy('sum')).toBe(true);
  });

  it('turns unhealthy when it is inverted and disabled', () => {
    const checks = withEndpoints(['a']);
    reportAll(checks, 'a', false);
    checks.add(calculated('guard', ['a'], 1, true));
    expect(checks.isHealthy('guard')).toBe(true);

    checks.setDisabled('guard', true);

    expect(checks.isHealthy('guard')).toBe(false);
  });

  it('follows its children through other calculated checks (every change of every state)', () => {
    const ids = ['a', 'b', 'c'];
    const checks = withEndpoints(ids);
    checks.add(calculated('any', ['a', 'b'], 1));
    checks.add(calculated('not', ['any'], 1, true));
    checks.add(calculated('top', ['not', 'c', 'a'], 2));

    for (let from = 0; from < 8; from += 1) {
      for (const to of Array(8).keys()) {
        for (const state of [from, to]) {
          const [a, b, c] = ids.map((_, bit) => Boolean((state >> bit) & 1));
          for (const [bit, id] of ids.entries()) reportAll(checks, id, Boolean((state >> bit) & 1));

          const isAny = Boolean(a || b);
          expect(checks.isHealthy('any')).toBe(isAny);
          expect(checks.isHealthy('not')).toBe(!isAny);
          expect(checks.isHealthy('top')).toBe([!isAny, c, a].filter(Boolean).length >= 2);
        }
      }
    }
  });
});

describe('health checks that are not there', () => {
  it.each([
    ['reading one', (checks: HealthChecks) => checks.isHealthy('x')],
    ['reporting on one', (checks: HealthChecks) => checks.report('x', 0, true)],
    ['disabling one', (checks: HealthChecks) => checks.setDisabled('x', true)],
    ['counting one', (checks: HealthChecks) => checks.add(calculated('sum', ['x'], 1))],
    ['a seventeenth checker', (checks: HealthChecks) => checks.report('e', checkerCount, true)],
    ['a checker of a calculated check', (checks: HealthChecks) => checks.report('sum-of-e', 0, true)],
    ['a second one of the same id', (checks: HealthChecks) => checks.add(endpoint('e'))],
  ])('are refused: %s', (_, act) => {
    const checks = withEndpoints(['e']);
    checks.add(calculated('sum-of-e', ['e'], 1));

    expect(() => act(checks)).toThrow(RangeError);
  });
});

describe('how long a changed answer of an endpoint takes', () => {
  /**
   * Milliseconds from the change to the flip, when checkers ask at equal distances and the change comes `phaseMs`
   * before the first.
   */
  function flipMs(isPassing: boolean, phaseMs: number): number {
    const checks = withEndpoints(['e']);
    reportAll(checks, 'e', !isPassing);
    for (const checker of checkers) {
      checks.report('e', checker, isPassing);
      if (checks.isHealthy('e') === isPassing) return phaseMs + (checker * fastIntervalMs) / checkerCount;
    }
    throw new Error('never flipped');
  }

  it.each([
    ['healthy', true, 1_250, 1_875],
    ['unhealthy', false, 8_125, 8_750],
  ] as const)('to %s, evenly spread at 10 s (isPassing=%s): %i to %i ms', (_, isPassing, leastMs, mostMs) => {
    expect(flipMs(isPassing, 0)).toBe(leastMs);
    expect(flipMs(isPassing, fastIntervalMs / checkerCount)).toBe(mostMs);
  });

  it('is for the interval at which the oracles are read', () => {
    expect(oracleCheckIntervalSeconds * 1_000).toBe(fastIntervalMs);
  });
});

interface Draft {
  readonly name?: string;
  readonly type?: 'A' | 'AAAA';
  readonly failover?: 'PRIMARY' | 'SECONDARY' | null;
  readonly checkId?: string | null;
  readonly value?: string;
  readonly alias?: string;
}

function make({
  name = 'www.shop.example',
  type = 'A',
  failover = null,
  checkId = null,
  ...target
}: Draft): RecordPlan {
  return {
    name,
    type,
    setIdentifier: failover,
    failover,
    checkId,
    target:
      target.alias === undefined
        ? { kind: 'values', values: [target.value ?? '192.0.2.1'], ttlSeconds: 30 }
        : { kind: 'alias', name: target.alias },
  };
}

/** Answers with the checks named healthy and all others unhealthy. */
function ask(records: readonly RecordPlan[], healthy: readonly string[] = [], name = 'www.shop.example') {
  return answerQuery(records, (id) => healthy.includes(id), name, 'A');
}

describe('failover records', () => {
  const pair = [
    make({ failover: 'SECONDARY', checkId: 's', value: 'second' }),
    make({ failover: 'PRIMARY', checkId: 'p', value: 'first' }),
  ];

  it.each([
    [['p', 's'], 'first'],
    [['p'], 'first'],
    [['s'], 'second'],
    [[], 'first'],
  ])('answer PRIMARY, else SECONDARY, and PRIMARY when neither is healthy (healthy=%j)', (healthy, expected) => {
    expect(ask(pair, healthy).values).toEqual([expected]);
  });

  it('answer a SECONDARY without a check whenever PRIMARY is unhealthy', () => {
    const records = [pair[1], make({ failover: 'SECONDARY', value: 'second' })].filter((each) => each !== undefined);

    expect(ask(records).values).toEqual(['second']);
    expect(ask(records, ['p']).values).toEqual(['first']);
  });

  it('answer a PRIMARY without a check always', () => {
    const records = [make({ failover: 'PRIMARY', value: 'first' }), make({ failover: 'SECONDARY', value: 'second' })];

    expect(ask(records).values).toEqual(['first']);
  });
});

describe('an alias', () => {
  const tree = [
    make({ failover: 'PRIMARY', checkId: 'p', value: 'first' }),
    make({ failover: 'SECONDARY', alias: 'rest.shop.example' }),
    make({ name: 'rest.shop.example', failover: 'PRIMARY', checkId: 'q', value: 'second' }),
    make({ name: 'rest.shop.example', failover: 'SECONDARY', checkId: 'r', value: 'third' }),
  ];

  it.each([
    [['p', 'q', 'r'], 'first'],
    [['q', 'r'], 'second'],
    [['r'], 'third'],
    [['p'], 'first'],
    [[], 'first'],
  ])('is as healthy as what it leads to (healthy=%j)', (healthy, expected) => {
    expect(ask(tree, healthy).values).toEqual([expected]);
  });

  it.each([
    [['own', 'q'], 'second'],
    [['q'], 'first'],
    [['own'], 'first'],
  ])('needs its own check besides, where it has one (healthy=%j)', (healthy, expected) => {
    const records = tree.map((record) => (record.target.kind === 'alias' ? { ...record, checkId: 'own' } : record));

    expect(ask(records, healthy).values).toEqual([expected]);
  });

  it('is answered with the time to live of what it leads to', () => {
    const records = [make({ alias: 'rest.shop.example' }), make({ name: 'rest.shop.example', value: 'target' })];

    expect(ask(records)).toEqual({ rcode: 'NOERROR', values: ['target'], ttlSeconds: 30 });
  });

  it.each([
    ['nothing', 'gone.shop.example'],
    ['itself', 'www.shop.example'],
  ])('that leads to %s counts for nothing', (_, alias) => {
    const records = [
      make({ failover: 'PRIMARY', alias }),
      make({ failover: 'SECONDARY', checkId: 's', value: 'second' }),
    ];

    expect(ask(records, ['s']).values).toEqual(['second']);
    expect(ask([make({ alias })])).toEqual({ rcode: 'NOERROR', values: [], ttlSeconds: 0 });
  });
});

describe('a name', () => {
  const records = [make({ value: '192.0.2.7' }), make({ name: 'v6.shop.example', type: 'AAAA', value: '2001:db8::7' })];

  it('with a simple record is answered with it', () => {
    expect(ask(records)).toEqual({ rcode: 'NOERROR', values: ['192.0.2.7'], ttlSeconds: 30 });
  });

  it.each(['WWW.Shop.Example', 'www.shop.example.'])('is found in any spelling (%s)', (name) => {
    expect(ask(records, [], name).values).toEqual(['192.0.2.7']);
  });

  it.each([
    ['with another type only', 'v6.shop.example', 'NOERROR'],
    ['with names below it only', 'shop.example', 'NOERROR'],
    ['that is not there', 'api.shop.example', 'NXDOMAIN'],
    ['that only ends like one', 'ww.shop.example', 'NXDOMAIN'],
    ['below one', 'a.www.shop.example', 'NXDOMAIN'],
  ])('%s is answered without values (%s: %s)', (_, name, rcode) => {
    expect(ask(records, [], name)).toEqual({ rcode, values: [], ttlSeconds: 0 });
  });
});

describe('records with a routing policy', () => {
  const member = (set: string, routing: RecordPlan['routing'], checkId: string | null = set): RecordPlan => ({
    ...make({ value: set, checkId }),
    setIdentifier: set,
    ...(routing === undefined ? {} : { routing }),
  });
  const weighted = (weights: Readonly<Record<string, number>>) =>
    Object.entries(weights).map(([set, weight]) => member(set, { kind: 'weighted', weight }));
  const sharesOf = (records: readonly RecordPlan[], healthy: readonly string[], asker: Asker = {}) =>
    Object.fromEntries(
      answerShares(records, (id) => healthy.includes(id), 'www.shop.example', 'A', asker).map(({ values, share }) => [
        values.join(),
        share,
      ]),
    );

  it.each([
    ['by weight', { a: 3, b: 1 }, ['a', 'b'], { a: 0.75, b: 0.25 }],
    ['never with weight 0', { a: 3, b: 0 }, ['a', 'b'], { a: 1 }],
    ['with weight 0 when nothing else is healthy', { a: 3, b: 0, c: 0 }, ['b', 'c'], { b: 0.5, c: 0.5 }],
    ['evenly when every weight is 0', { a: 0, b: 0 }, ['a', 'b'], { a: 0.5, b: 0.5 }],
    ['as if all were healthy when none is', { a: 3, b: 1 }, [], { a: 0.75, b: 0.25 }],
  ])('are answered %s', (_, weights, healthy, expected) => {
    expect(sharesOf(weighted(weights), healthy)).toEqual(expected);
  });

  it.each([
    [3, 3],
    [8, 8],
    [11, 8],
  ])('are answered up to eight at a time (healthy=%i, answered=%i)', (count, answered) => {
    const sets = Array.from({ length: count }, (_, index) => `m${index}`);
    const records = [...sets, 'sick'].map((set) => member(set, { kind: 'multivalue' }));

    expect(ask(records, sets).values).toHaveLength(answered);
    expect(ask(records, sets).values).not.toContain('sick');
    expect(ask(records, []).values).toHaveLength(Math.min(8, count + 1));
  });

  const places = [
    member('everywhere', { kind: 'geolocation', location: { kind: 'default' } }),
    member('europe', { kind: 'geolocation', location: { kind: 'continent', code: 'EU' } }),
    member('germany', { kind: 'geolocation', location: { kind: 'country', code: 'DE' } }),
  ];
  const german = { country: 'DE', continent: 'EU' };

  it.each([
    [['germany', 'europe', 'everywhere'], 'germany'],
    [['europe', 'everywhere'], 'europe'],
    [['everywhere'], 'everywhere'],
    [[], 'germany'],
  ])('are answered for the smallest healthy location around the asker (healthy=%j)', (healthy, expected) => {
    expect(sharesOf(places, healthy, german)).toEqual({ [expected]: 1 });
  });

  it('have no answer for a location that none is for', () => {
    expect(sharesOf(places.slice(1), ['europe', 'germany'], { country: 'US', continent: 'NA' })).toEqual({});
  });

  const drawn = (records: readonly RecordPlan[], random: () => number) =>
    drawAnswer(records, () => true, 'WWW.shop.example.', 'A', random).values;

  it.each([
    [0, 'a'],
    [0.74, 'a'],
    [0.76, 'b'],
    [0.999, 'b'],
  ])('are drawn one at a time by weight (random=%f, answer=%s)', (random, expected) => {
    expect(drawn(weighted({ a: 3, b: 1, c: 0 }), () => random)).toEqual([expected]);
  });

  it('are drawn together by multivalue, in a random order', () => {
    const records = ['a', 'b', 'c'].map((set) => member(set, { kind: 'multivalue' }));
    const randoms = [0.9, 0.1, 0.5];
    let index = 0;

    expect(drawn(records, () => randoms[index++] ?? 0)).toEqual(['b', 'c', 'a']);
  });

  it('are drawn without any randomness when there is one answer', () => {
    const random = () => {
      throw new Error('asked for randomness');
    };

    expect(drawn(places.slice(0, 1), random)).toEqual(['everywhere']);
    expect(drawn(weighted({ a: 3, b: 0 }), random)).toEqual(['a']);
  });

  it('are told all, over every location', () => {
    const { values } = answersAnywhere(places, (id) => id !== 'europe', 'www.shop.example', 'A');

    expect([...values].sort()).toEqual(['everywhere', 'germany']);
  });

  it.each([
    [undefined, 'everywhere'],
    [true, 'own'],
  ])(
    'leave an unhealthy alias for a broader location unless it is steadfast (isSteadfast=%s)',
    (isSteadfast, expected) => {
      const alias = { kind: 'alias', name: 'own.shop.example', ...(isSteadfast ? { isSteadfast } : {}) } as const;
      const records = [
        { ...make({ name: 'own.shop.example', checkId: 'own', value: 'own' }) },
        places[0],
        { ...places[2], checkId: null, target: alias },
      ] as readonly RecordPlan[];

      expect(sharesOf(records, ['everywhere'], german)).toEqual({ [expected]: 1 });
    },
  );
});
