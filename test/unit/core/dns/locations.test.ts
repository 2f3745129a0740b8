import { describe, expect, it } from 'vitest';
import { answeredSites } from '../../../../src/core/dns/locations.ts';
import { recordNames } from '../../../../src/core/dns/record-tree.ts';
import {
  american,
  askers,
  controlRegions,
  french,
  german,
  lastResort,
  locations,
  PoolRig,
  poolWith,
  record,
  serving,
  servings,
  siteNames,
} from '../pool.fixture.ts';

const policy = 'geolocation';
const europe = { allowedRegions: ['eu-central-1', 'eu-west-1'] };
const open = () => poolWith({ policy, locations });
const limited = () => poolWith({ policy, locations }, europe);
const nowhere = () => poolWith({ policy, locations }, { allowedRegions: [] });

describe('a pool by geolocation', () => {
  it.each([
    ['Germany', german, 'frankfurt'],
    ['France', french, 'ireland'],
    ['America', american, 'virginia'],
    ['nowhere in particular', {}, 'virginia'],
  ])('answers clients in %s with the smallest location around them', (_, asker, site) => {
    for (const service of [open(), limited(), nowhere()]) {
      expect(new PoolRig(service).answered(asker)).toEqual({ [site]: 100 });
    }
  });

  it.each([
    ['frankfurt', german, { ireland: 100 }],
    ['ireland', french, { virginia: 100 }],
    ['virginia', american, { frankfurt: 50, ireland: 50 }],
  ])('without limits, answers the next broader location while %s is voted off', (off, asker, expected) => {
    const rig = new PoolRig(open());

    rig.hold(serving(...siteNames.filter((site) => site !== off)));

    expect(rig.answered(asker)).toEqual(expected);
  });

  it('without limits, answers sites that serve and no others, wherever and whichever they are', () => {
    const rig = new PoolRig(open());

    for (const sites of servings()) {
      rig.hold(serving(...sites));

      for (const asker of askers) {
        const answered = Object.keys(rig.answered(asker));
        expect(answered.length).toBeGreaterThan(0);
        expect(sites).toEqual(expect.arrayContaining(answered));
      }
    }
  });

  it('shares a location by capacity', () => {
    const both = { ...locations, virginia: [{ kind: 'default' }, { kind: 'country', code: 'DE' }] } as const;

    expect(new PoolRig(poolWith({ policy, locations: both })).answered(german)).toEqual({
      virginia: 66.7,
      frankfurt: 33.3,
    });
  });
});

describe('allowed regions', () => {
  it.each([
    ['frankfurt', german, { ireland: 100 }],
    ['ireland', french, { frankfurt: 100 }],
    ['virginia', american, { frankfurt: 50, ireland: 50 }],
  ])('hold the stand-ins of %s', (off, asker, expected) => {
    const rig = new PoolRig(limited());

    rig.hold(serving(...siteNames.filter((site) => site !== off)));

    expect(rig.answered(asker)).toEqual(expected);
  });

  it.each([
    ['three oracles', () => controlRegions],
    ['two oracles', () => controlRegions.slice(1)],
    ['one oracle', () => controlRegions.slice(2)],
  ])('are never left, whatever serves, with a register in %s', (_, alive) => {
    for (const service of [limited(), poolWith({ policy, locations, lastResort }, europe)]) {
      const rig = new PoolRig(service);

      for (const sites of [...servings(), ['last-resort']]) {
        rig.hold((region) => (alive().includes(region) ? serving(...sites) : null));

        for (const asker of [german, french]) {
          expect(rig.answered(asker)).not.toHaveProperty('virginia');
          expect(rig.answered(asker)).not.toEqual({});
        }
      }
    }
  });

  it('keep clients with their own sites when nothing else is allowed', () => {
    const rig = new PoolRig(nowhere());

    for (const sites of servings()) {
      rig.hold(serving(...sites));

      expect([german, french, american].map((asker) => rig.answered(asker))).toEqual([
        { frankfurt: 100 },
        { ireland: 100 },
        { virginia: 100 },
      ]);
    }
  });

  it('are kept by the plan, not by chance: an alias that evaluates its target leaves them', () => {
    const rig = new PoolRig(limited());
    const evaluating = {
      ...rig.tree,
      records: rig.tree.records.map((each) =>
        each.target.kind === 'alias' ? { ...each, target: { kind: 'alias', name: each.target.name } as const } : each,
      ),
    };
    const planted = Object.assign(new PoolRig(limited()), { tree: evaluating });

    planted.hold(serving('virginia'));

    expect(planted.answered(german)).toEqual({ virginia: 100 });
  });
});

describe('the last resort by geolocation', () => {
  it.each([
    ['without limits', {}],
    ['with limits', europe],
    ['with nothing allowed', { allowedRegions: [] }],
  ])('answers everybody while the register says so, %s', (_, failover) => {
    const rig = new PoolRig(poolWith({ policy, locations, lastResort }, failover));

    rig.hold(serving('last-resort'));

    for (const asker of askers) expect(rig.answered(asker)).toEqual({ 'last-resort': 100 });
  });

  it('answers a location whose sites and stand-ins are all voted off, and no other', () => {
    const rig = new PoolRig(poolWith({ policy, locations, lastResort }, europe));

    rig.hold(serving('virginia'));

    expect(rig.answered(german)).toEqual({ 'last-resort': 100 });
    expect(rig.answered(american)).toEqual({ virginia: 100 });
  });
});

describe('answeredSites', () => {
  it.each([
    ['without limits', {}, {}],
    ['with limits', europe, {}],
    ['with nothing allowed', { allowedRegions: [] }, {}],
    ['with limits and a last resort', europe, { lastResort }],
    ['with nothing allowed and a last resort', { allowedRegions: [] }, { lastResort }],
  ])('tells what Route 53 answers, %s', (_, failover, changes) => {
    const service = poolWith({ policy, locations, ...changes }, failover);
    const rig = new PoolRig(service);
    const known = [...servings(), ...('lastResort' in changes ? [['last-resort']] : [])];

    for (const sites of known) {
      rig.hold(serving(...sites));

      const told = answeredSites(service, sites);
      for (const site of rig.answeredAnywhere()) expect(told).toContain(site);
      expect(told.length).toBeGreaterThan(0);
      // Without limits it tells all that serve, of which some may have no client just now.
      if (service.failover.allowedRegions !== undefined) expect([...told].sort()).toEqual(rig.answeredAnywhere());
    }
  });

  it('is what serves by any other policy', () => {
    expect(answeredSites(poolWith(), ['ireland'])).toEqual(['ireland']);
  });
});

describe('the records', () => {
  it.each([
    ['without limits', {}, {}],
    ['with limits', europe, {}],
    ['with nothing allowed', { allowedRegions: [] }, {}],
    ['with a last resort', {}, { lastResort }],
    ['with limits and a last resort', europe, { lastResort }],
    ['with nothing allowed and a last resort', { allowedRegions: [] }, { lastResort }],
  ])('come after what they lead to, have names of their own, and are told, %s', (_, failover, changes) => {
    const service = poolWith({ policy, locations, ...changes }, failover);
    const { records } = new PoolRig(service).tree;
    const made = records.map(({ name }) => name);

    for (const [index, { target }] of records.entries()) {
      if (target.kind === 'alias') expect(made.slice(0, index)).toContain(target.name);
    }
    const keys = records.map(({ name, type, setIdentifier }) => `${name} ${type} ${setIdentifier}`);
    expect(new Set(keys).size).toBe(keys.length);
    expect([...recordNames(service)].sort()).toEqual([...new Set(made)].sort());
    expect(made.at(-1)).toBe(record);
  });
});
