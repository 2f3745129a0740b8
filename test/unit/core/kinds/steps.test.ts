import { describe, expect, it, test } from 'vitest';
import { arrivalSteps, type PlannedStep, type StepManner } from '../../../../src/core/kinds/kind.ts';
import { gateKinds, isKind, type KindName, kindNames, trafficKinds } from '../../../../src/core/kinds/kind-name.ts';
import { kindOf, kinds } from '../../../../src/core/kinds/kinds.ts';
import type { RunOutline } from '../../../../src/core/register/run.ts';
import {
  accelerator,
  address,
  controls,
  edge,
  fence,
  globalData,
  oracleDns,
  recordsDns,
  route,
  service,
  serviceWith,
  targets,
  warm,
  weightedDns,
} from '../service.fixture.ts';
import { nightly, orders, weighted, whole } from './whole.fixture.ts';

const failover: RunOutline = { kind: 'failover', from: 'one', to: 'two', serving: ['two'], fences: ['one'] };
const pooled: RunOutline = { kind: 'withdraw', from: 'far', to: 'one', serving: ['one', 'two'], fences: [] };
const stepsOf = (of: typeof whole, outline: RunOutline) => kindNames.filter((kind) => kindOf(kind).plan(of, outline));

describe('the step of a failover', () => {
  const ready = [...gateKinds];
  it.each<[KindName, PlannedStep | null]>([
    ['fence', { resource: 'one', region: 'region-1', after: [] }],
    ['promote', { resource: 'two', region: 'region-1', after: ['fence'] }],
    ['start', { resource: 'two', region: null, after: [] }],
    ['address', { resource: 'eipalloc-1', region: 'region-1', after: ready }],
    ['route', { resource: 'rtb-1+rtb-2', region: 'region-1', after: ready }],
    ['targets', { resource: 'listener-1', region: 'region-1', after: ready }],
    ['accelerator', { resource: 'dials of one and two and far', region: null, after: ready }],
    ['controls', { resource: 'controls of one and two and far', region: null, after: ready }],
    ['edge', { resource: 'key shop', region: null, after: ready }],
    ['zonal', { resource: 'arn:balancer-1+arn:balancer-2', region: 'region-1', after: ready }],
    ['dns', { resource: 'shop.example.com', region: null, after: [...ready, 'targets'] }],
    ['work', { resource: 'one+two', region: null, after: ready }],
    ['rebuild', null],
    ['publish', { resource: 'shop', region: null, after: [...trafficKinds] }],
  ])('%s: nothing gets traffic before its site is fenced off, promoted and started', (kind, step) => {
    expect(kindOf(kind).plan(whole, failover)).toEqual(step);
  });

  it('is only of what the service has', () => {
    expect(stepsOf(serviceWith({ traffic: {} }), failover)).toEqual(['fence']);
    expect(stepsOf(serviceWith({ traffic: {} }), { ...failover, fences: [] })).toEqual([]);
  });

  it('to a site without a part in an address, routes or groups leaves these alone', () => {
    const to = { ...failover, to: 'far', serving: ['far'] };

    expect(stepsOf(whole, to)).toEqual([
      ...['fence', 'promote', 'accelerator', 'controls', 'edge', 'zonal', 'dns', 'work', 'publish'],
    ]);
    expect(kindOf('dns').plan(whole, to)?.after).toEqual(ready);
  });

  it('changes the record after a load balancer that shifts the traffic of some of its sites', () => {
    expect(kindOf('dns').plan(whole, { ...failover, serving: ['two', 'far'] })?.after).toContain('targets');
  });

  it.each(['accelerator', 'controls', 'edge'] as const)('leaves %s alone where the site has no part in it', (kind) => {
    expect(kindOf(kind).plan(whole, { ...failover, to: 'ohio', serving: ['ohio'] })).toBeNull();
  });

  it.each([
    [['one'], 'region-1'],
    [['far'], 'region-2'],
    [['one', 'far'], null],
    [['ohio'], null],
  ])('fences %j by the function of region %s', (fences, region) => {
    const { resource, ...step } = kindOf('fence').plan(whole, { ...failover, fences }) ?? {};

    expect(resource).toBe(fences.join('+'));
    expect(step).toEqual({ region, after: [] });
  });

  it('promotes in the region of the new site, and not where the data has no writer of its own', () => {
    const shared = serviceWith({ data: { kind: 'dynamodb-global', tables: ['carts'] } as never });

    expect(kindOf('promote').plan(serviceWith({ data: globalData }), { ...failover, to: 'far' })?.region).toBe(
      'region-2',
    );
    expect(kindOf('promote').plan(serviceWith({ data: globalData }), { ...failover, to: 'ohio' })?.region).toBeNull();
    expect(kindOf('promote').plan(shared, failover)).toBeNull();
    expect(kindOf('promote').isIn(shared, 'region-1')).toBe(false);
  });
});

describe('a change of the pool', () => {
  const pool = { ...whole, mode: 'active-active' } as const;

  it('moves nothing that only one site can have', () => {
    expect(stepsOf(pool, pooled)).toEqual(['start', 'targets', 'zonal', 'dns', 'publish']);
  });

  it.each([
    ['records with weights', serviceWith({ mode: 'active-active', traffic: { dns: weightedDns } }), 'dns', []],
    ['oracles', serviceWith({ mode: 'active-active' }), 'dns', [...gateKinds]],
    [
      'a load balancer before all sites',
      serviceWith({
        mode: 'active-active',
        traffic: { targets: { ...targets, targetGroups: { one: 'g-1', two: 'g-2', far: 'g-3' } } },
      }),
      'targets',
      [],
    ],
    [
      'a load balancer before some sites',
      serviceWith({ mode: 'active-active', traffic: { targets } }),
      'targets',
      [...gateKinds],
    ],
  ] as const)('with %s begins with the part that fits, where parts can shift', (_, of, kind, after) => {
    expect(kindOf(kind).plan(of, pooled)?.after).toEqual(after);
    expect(kindOf(kind).plan(of, { ...pooled, kind: 'readmit' })?.after).toEqual([...gateKinds]);
  });

  it('starts every site that stays when one is withdrawn, and only the new one when one is readmitted', () => {
    const sized = serviceWith({ mode: 'active-active', sites: { one: warm, two: warm, far: warm } });
    const startedBy = (outline: RunOutline) => kindOf('start').plan(sized, outline)?.resource ?? null;

    expect(startedBy(pooled)).toBe('one+two');
    expect(startedBy({ ...pooled, kind: 'recover' })).toBe('one+two');
    expect(startedBy({ ...pooled, kind: 'readmit', to: 'two' })).toBe('two');
    expect(startedBy({ ...pooled, kind: 'last-resort', to: 'one' })).toBeNull();
    expect(startedBy({ ...pooled, kind: 'recover', serving: ['last-resort'] })).toBeNull();
  });
});

describe('the manner of a step', () => {
  it.each<[KindName, StepManner]>([
    ['fence', { kind: 'until-lease' }],
    ['promote', { kind: 'under-the-fence' }],
    ['start', { kind: 'until-ready' }],
    ['address', { kind: 'at-once' }],
    ['route', { kind: 'at-once' }],
    ['targets', { kind: 'in-shares', ramp: targets.ramp }],
    ['accelerator', { kind: 'at-once' }],
    ['controls', { kind: 'at-once' }],
    ['edge', { kind: 'at-once' }],
    ['zonal', { kind: 'at-once' }],
    ['dns', { kind: 'at-once' }],
    ['work', { kind: 'in-turn' }],
    ['rebuild', { kind: 'at-once' }],
    ['publish', { kind: 'at-once' }],
  ])('of %s is %j', (kind, manner) => {
    expect(kindOf(kind).mannerOf(whole)).toEqual(manner);
  });

  const atOnce = { kind: 'in-shares', ramp: { stepsPercent: [100], pauseMs: 0 } };

  it('of weighted records is their ramp, or all at once in one share', () => {
    const ramp = { stepsPercent: [20, 100], pauseMs: 9_000 };

    expect(kindOf('dns').mannerOf(serviceWith({ traffic: { dns: { ...weightedDns, ramp } } }))).toEqual({
      kind: 'in-shares',
      ramp,
    });
    expect(kindOf('dns').mannerOf(serviceWith({ traffic: { dns: weightedDns } }))).toEqual(atOnce);
    expect(kindOf('dns').mannerOf(serviceWith({ traffic: { dns: { ...oracleDns, policy: 'weighted' } } }))).toEqual({
      kind: 'at-once',
    });
    expect(kindOf('dns').mannerOf(serviceWith({ traffic: {} }))).toEqual({ kind: 'at-once' });
  });

  it('of target groups that are not there is all at once', () => {
    expect(kindOf('targets').mannerOf(service)).toEqual(atOnce);
  });
});

describe('what people are told of a step', () => {
  it.each(kindNames.filter((kind) => kind !== 'rebuild'))(
    'whoever skips %s hears which site the risk is about',
    (kind) => {
      expect(kindOf(kind).riskOfSkipping('virginia', 'oregon')).toMatch(/virginia|oregon/);
    },
  );

  it('whoever has no replica made anew hears that the old site is no standby', () => {
    expect(kindOf('rebuild').riskOfSkipping('virginia', 'oregon')).toContain('no standby');
  });

  it.each<[KindName, string]>([
    ['fence', 'fence of one'],
    ['promote', 'writer of the data'],
    ['start', 'size of two (auto-scaling-group asg)'],
    ['address', 'address 1'],
    ['route', 'route'],
    ['targets', 'weights of listener 1'],
    ['accelerator', 'dials'],
    ['controls', 'routing controls'],
    ['edge', 'key of the edge'],
    ['zonal', 'zonal shift 2'],
    ['dns', 'record'],
    ['work', 'work of two'],
    ['rebuild', 'data of one'],
    ['publish', 'publication'],
  ])('drift of %s is drift of the %s, counted from 1', (kind, name) => {
    expect(kindOf(kind).nameOf(orders[kind].wanted)).toBe(name);
  });

  it.each<[KindName, readonly string[]]>([
    ['fence', ['one']],
    ['promote', ['far', 'two']],
    ['start', ['two']],
    ['address', ['two']],
    ['route', ['two']],
    ['targets', ['one', 'two']],
    ['accelerator', ['two']],
    ['controls', ['two']],
    ['edge', ['two']],
    ['zonal', ['far']],
    ['dns', ['two']],
    ['work', ['two']],
    ['rebuild', ['one', 'far']],
    ['publish', ['two', 'far']],
  ])('an order of %s is about the sites %j', (kind, sites) => {
    expect(kindOf(kind).sitesOf(orders[kind].wanted)).toEqual(sites);
  });

  it('an order of weights is about each site with a weight', () => {
    expect(kindOf('dns').sitesOf({ kind: 'dns', weights: { one: 0, far: 100 } })).toEqual(['one', 'far']);
  });
});

describe('the fallback of a failed step', () => {
  const failure = { detail: 'no answer', regions: ['region-1'], askedCount: 1 };

  it.each(kindNames.filter((kind) => kind !== 'address'))('is none for %s', (kind) => {
    expect(kindOf(kind).fallbackOf(whole, failure)).toBeNull();
  });

  it('is DNS for an address, where the user says so', () => {
    const alone = serviceWith({ traffic: { address: { ...address, fallback: 'none' } } });

    expect(kindOf('address').fallbackOf(whole, failure)).toContain('no answer');
    expect(kindOf('address').fallbackOf(alone, failure)).toBeNull();
    expect(kindOf('address').fallbackOf(service, failure)).toBeNull();
  });

  it('is the oracles of other regions, while some region was told', () => {
    expect(kindOf('publish').fallbackOf(whole, { ...failure, askedCount: 2 })).toContain('region-1');
    expect(kindOf('publish').fallbackOf(whole, { ...failure, regions: ['a', 'b'], askedCount: 2 })).toBeNull();
  });
});

test('a kind is known by its name alone', () => {
  expect(kindNames.every(isKind)).toBe(true);
  expect(['constructor', 'fences', ''].some(isKind)).toBe(false);
});

test('a move has arrived after what steers clients, or, where nothing does, once the site is ready', () => {
  expect(arrivalSteps(whole)).toEqual(trafficKinds);
  expect(arrivalSteps({ traffic: {} })).toEqual(gateKinds);
  expect(arrivalSteps({ traffic: { dns: undefined } })).toEqual(gateKinds);
});

test('what belongs to sites is in their accounts, and what belongs to no region has one keeper', () => {
  const where = (is: (kind: KindName) => boolean | undefined) => kindNames.filter((kind) => is(kind));

  expect(where((kind) => !kinds[kind].isOfSites)).toEqual(['accelerator', 'controls', 'edge', 'dns', 'publish']);
  expect(where((kind) => kindOf(kind).isOfNoRegion)).toEqual(['edge', 'dns']);
});

test.each<[KindName, typeof whole, string, boolean]>([
  ['fence', serviceWith({ sites: { far: { fence } } }), 'region-2', true],
  ['fence', serviceWith({ sites: { far: { fence } } }), 'region-1', false],
  ['start', serviceWith({ sites: { far: warm } }), 'region-2', true],
  ['start', serviceWith({ sites: { far: warm } }), 'region-1', false],
  ['work', serviceWith({ sites: { far: { work: nightly } } }), 'region-2', true],
  ['work', serviceWith({ sites: { far: { work: nightly } } }), 'region-1', false],
  ['promote', serviceWith({ data: globalData }), 'region-2', true],
  ['promote', serviceWith({ data: globalData }), 'region-3', false],
  ['rebuild', whole, 'region-2', true],
  ['rebuild', whole, 'region-3', false],
  ['address', serviceWith({ traffic: { address } }), 'region-1', true],
  ['route', serviceWith({ traffic: { route } }), 'region-1', true],
  ['accelerator', serviceWith({ traffic: { accelerator } }), 'region-3', true],
  ['controls', serviceWith({ traffic: { controls } }), 'region-3', true],
  ['edge', serviceWith({ traffic: { edge } }), 'region-3', true],
  ['dns', serviceWith({ traffic: { dns: recordsDns } }), 'region-3', true],
  ['dns', service, 'region-3', false],
  ['dns', weighted, 'region-3', true],
  ['dns', serviceWith({ traffic: {} }), 'region-3', false],
  ['targets', whole, 'region-1', true],
  ['zonal', whole, 'region-1', true],
  ['publish', whole, 'region-3', true],
])('%s can be ordered where the thing is, and what is nowhere can be ordered everywhere', (kind, of, region, isIn) => {
  expect(kindOf(kind).isIn(of, region)).toBe(isIn);
});
