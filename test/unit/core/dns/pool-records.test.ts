import { describe, expect, it } from 'vitest';
import { guardIdOf } from '../../../../src/core/dns/checks.ts';
import { recordNames } from '../../../../src/core/dns/record-tree.ts';
import { recordWeightsOf } from '../../../../src/core/register/share.ts';
import {
  controlRegions,
  dns,
  lastResort,
  PoolRig,
  poolWith,
  record,
  serving,
  servings,
  siteNames,
} from '../pool.fixture.ts';

/** Id of a site's guard. */
function guardOf(site: string): string {
  return guardIdOf({ name: 'shop', controlRegions }, 'web', { sites: [site] });
}

const policies = ['weighted', 'latency', 'multivalue'] as const;

describe('a weighted pool', () => {
  it('spreads by capacity', () => {
    expect(new PoolRig(poolWith()).answered()).toEqual({ virginia: 50, frankfurt: 25, ireland: 25 });
  });

  it.each([
    [['virginia', 'frankfurt'], { virginia: 66.7, frankfurt: 33.3 }],
    [['frankfurt', 'ireland'], { frankfurt: 50, ireland: 50 }],
    [['ireland'], { ireland: 100 }],
  ])('spreads what a site that was voted off had (serving=%j)', (sites, expected) => {
    const rig = new PoolRig(poolWith());

    rig.hold(serving(...sites));

    expect(rig.answered()).toEqual(expected);
  });

  it('gives every site a weight of its capacity, 1 to 100, and a guard of its own', () => {
    const { checks, records } = new PoolRig(poolWith()).tree;
    const name = records[0]?.name;

    expect(records).toMatchObject([
      {
        name,
        setIdentifier: 'virginia',
        routing: { kind: 'weighted', weight: 100 },
        checkId: guardOf('virginia'),
      },
      {
        name,
        setIdentifier: 'frankfurt',
        routing: { kind: 'weighted', weight: 50 },
        checkId: guardOf('frankfurt'),
      },
      {
        name,
        setIdentifier: 'ireland',
        routing: { kind: 'weighted', weight: 50 },
        checkId: guardOf('ireland'),
      },
      { name: record, setIdentifier: null, target: { kind: 'alias', name, isSteadfast: true } },
    ]);
    expect(records.every(({ failover }) => failover === null)).toBe(true);
    expect(checks.filter(({ kind }) => kind === 'oracle')).toHaveLength(9);
    expect(checks.filter((check) => check.kind === 'calculated')).toMatchObject(
      siteNames.map((site) => ({
        children: controlRegions.map((region) => `shop.web.${site}.off.${region}`),
        threshold: 2,
        isInverted: true,
      })),
    );
  });
});

describe('a pool by latency', () => {
  it.each([
    ['us-east-1', 'virginia', 'frankfurt'],
    ['eu-central-1', 'frankfurt', 'ireland'],
    ['eu-west-1', 'ireland', 'frankfurt'],
    ['eu-north-1', 'frankfurt', 'ireland'],
    ['us-west-2', 'virginia', 'frankfurt'],
  ])('answers clients near %s with %s, and with %s while that is voted off', (region, near, next) => {
    const rig = new PoolRig(poolWith({ policy: 'latency' }));
    const before = rig.answered({ region });

    rig.hold(serving(...siteNames.filter((site) => site !== near)));

    expect(before).toEqual({ [near]: 100 });
    expect(rig.answered({ region })).toEqual({ [next]: 100 });
  });

  it('has one record a region', () => {
    const { records } = new PoolRig(poolWith({ policy: 'latency' })).tree;

    expect(records.flatMap(({ routing }) => routing ?? [])).toEqual(
      ['us-east-1', 'eu-central-1', 'eu-west-1'].map((region) => ({ kind: 'latency', region })),
    );
  });
});

describe('a multivalue pool', () => {
  it.each(servings())('answers all that serve, evenly (%s, %s, %s)', (...sites) => {
    const rig = new PoolRig(poolWith({ policy: 'multivalue' }));

    rig.hold(serving(...sites));

    expect(Object.keys(rig.answered()).sort()).toEqual([...sites].sort());
    expect(new Set(Object.values(rig.answered())).size).toBe(1);
  });
});

describe.each(policies)('any pool (policy=%s)', (policy) => {
  it('answers the sites that serve and no others, whichever they are', () => {
    const rig = new PoolRig(poolWith({ policy }));

    for (const sites of servings()) {
      rig.hold(serving(...sites));

      expect(rig.answeredAnywhere()).toEqual([...sites].sort());
    }
  });

  it('does not change whatever one oracle of three says', () => {
    const rig = new PoolRig(poolWith({ policy }));

    for (const liar of controlRegions) {
      for (const lie of [null, ...servings().map((sites) => serving(...sites))]) {
        rig.hold((region) => (region === liar ? lie : serving('frankfurt', 'ireland')));

        expect(rig.answeredAnywhere()).toEqual(['frankfurt', 'ireland']);
      }
    }
  });

  it('answers every site, those withdrawn too, when two oracles of three are dead', () => {
    const rig = new PoolRig(poolWith({ policy }));

    rig.hold((region) => (region === 'us-east-1' ? serving('frankfurt') : null));

    expect(rig.answeredAnywhere()).toEqual([...siteNames].sort());
  });

  it('answers every site when a majority votes each of them off: Route 53 fails open', () => {
    const rig = new PoolRig(poolWith({ policy }));

    rig.hold((region) =>
      serving(region === 'us-east-1' ? 'virginia' : region === 'us-west-2' ? 'frankfurt' : 'ireland'),
    );

    expect(rig.answeredAnywhere()).toEqual([...siteNames].sort());
  });

  it('with a last resort, answers it only while the register says so', () => {
    const rig = new PoolRig(poolWith({ policy, lastResort }));

    for (const sites of servings()) {
      rig.hold(serving(...sites));
      expect(rig.answeredAnywhere()).toEqual([...sites].sort());
    }
    rig.hold(serving('last-resort'));

    expect(rig.answeredAnywhere()).toEqual(['last-resort']);
    expect(rig.answered({ region: 'eu-west-1' })).toEqual({ 'last-resort': 100 });
  });

  it('makes what an alias leads to before the alias, and tells every name', () => {
    for (const service of [poolWith({ policy }), poolWith({ policy, lastResort })]) {
      const { records } = new PoolRig(service).tree;
      const made = records.map(({ name }) => name);

      for (const [index, { target }] of records.entries()) {
        if (target.kind === 'alias') expect(made.slice(0, index)).toContain(target.name);
      }
      expect([...recordNames(service)].sort()).toEqual([...new Set(made)].sort());
    }
  });

  it('is made for both types only when every site has both', () => {
    const aaaa = (site: string) => ({ ...dns.addresses[site], aaaa: ['2001:db8::1'] });
    const both = Object.fromEntries(siteNames.map((site) => [site, aaaa(site)]));
    const typesOf = (addresses: typeof dns.addresses) =>
      new Set(new PoolRig(poolWith({ policy, addresses })).tree.records.map(({ type }) => type));

    expect([...typesOf(both)]).toEqual(['A', 'AAAA']);
    expect([...typesOf({ ...both, ireland: dns.addresses.ireland ?? {} })]).toEqual(['A']);
  });
});

describe('a pool whose weights are edited', () => {
  it('has weighted records and no checks', () => {
    const { checks, records } = new PoolRig(poolWith({ mode: 'records' })).tree;

    expect(checks).toEqual([]);
    expect(records.map(({ setIdentifier, checkId, routing }) => [setIdentifier, checkId, routing])).toEqual([
      ['virginia', null, { kind: 'weighted', weight: 100 }],
      ['frankfurt', null, { kind: 'weighted', weight: 50 }],
      ['ireland', null, { kind: 'weighted', weight: 50 }],
    ]);
  });

  it('has the static endpoint as a record of weight 0: with all at 0, Route 53 would answer all', () => {
    const { records } = new PoolRig(poolWith({ mode: 'records', lastResort })).tree;

    expect(records.at(-1)).toMatchObject({ setIdentifier: 'last-resort', routing: { kind: 'weighted', weight: 0 } });
    expect(recordNames(poolWith({ mode: 'records', lastResort }))).toEqual([record]);
  });
});

describe('edited weights with a last resort', () => {
  const service = poolWith({ mode: 'records', lastResort });
  const all = { virginia: 100, frankfurt: 50, ireland: 50, 'last-resort': 0 };
  const none = { virginia: 0, frankfurt: 0, ireland: 0 };

  it.each([
    ['all sites serve', siteNames, {}, all],
    ['one is withdrawn', ['virginia', 'ireland'], {}, { ...all, frankfurt: 0 }],
    ['the run to the endpoint has begun', siteNames, { 'last-resort': 100 }, { ...none, 'last-resort': 100 }],
    ['the endpoint serves', ['last-resort'], {}, { ...none, 'last-resort': 100 }],
    ['the run back has begun', ['last-resort'], { ireland: 100 }, { ...none, ireland: 50, 'last-resort': 0 }],
    ['a site has taken over', ['ireland'], {}, { ...none, ireland: 50, 'last-resort': 0 }],
  ])('are above 0 for the endpoint alone or for sites alone: %s', (_, sites, ramp, expected) => {
    expect(recordWeightsOf(service, { serving: sites, ramp })).toEqual(expected);
  });

  it('know no endpoint where oracles steer, or where there is none', () => {
    const { 'last-resort': _, ...sites } = all;

    expect(recordWeightsOf(poolWith({ lastResort }), { serving: siteNames, ramp: {} })).toEqual(sites);
    expect(recordWeightsOf(poolWith({ mode: 'records' }), { serving: siteNames, ramp: {} })).toEqual(sites);
  });
});
