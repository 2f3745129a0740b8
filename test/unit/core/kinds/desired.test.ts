import { describe, expect, it } from 'vitest';
import { type KindName, kindNames } from '../../../../src/core/kinds/kind-name.ts';
import { type Desired, kindOf } from '../../../../src/core/kinds/kinds.ts';
import { isLosslessRun, writerQuestion } from '../../../../src/core/kinds/promote.ts';
import { isOffDue } from '../../../../src/core/kinds/work.ts';
import type { NamedService } from '../../../../src/core/model/service.ts';
import type { Register } from '../../../../src/core/register/register.ts';
import type { Run } from '../../../../src/core/register/run.ts';
import {
  address,
  controls,
  edge,
  fence,
  globalData,
  recordsDns,
  registerWith,
  route,
  runWith,
  service,
  serviceWith,
  step,
  targets,
  warm,
  weightedDns,
  zonal,
} from '../service.fixture.ts';
import { nightly, whole } from './whole.fixture.ts';

const regions = ['region-1', 'region-2', 'region-3'];
const moved = { epoch: 2, active: 'two', writer: 'two', serving: ['two'] } as const;

interface Facts {
  readonly of?: NamedService;
  readonly run?: Partial<Run>;
  readonly register?: Partial<Register>;
  readonly epochAgeMs?: number;
}

function factsOf({ of = whole, run = {}, register = moved, epochAgeMs = 0 }: Facts) {
  const opened = runWith(run);
  const rest = { service: of, ownRegion: 'region-3', controlRegions: regions, epochAgeMs };
  return { ...rest, run: opened, register: registerWith(register) };
}

const inRun = (kind: KindName, facts: Facts = {}) => kindOf(kind).inRun(factsOf(facts));
const atRest = (kind: KindName, facts: Facts = {}) => kindOf(kind).atRest(factsOf(facts));
const at = (region: string, desired: Desired) => ({ region, desired });

describe('in a run', () => {
  it.each<[KindName, ReturnType<typeof inRun>]>([
    [
      'promote',
      [at('region-1', { kind: 'promote', from: 'one', to: 'two', isPlanned: false, isDataLossAllowed: false })],
    ],
    [
      'start',
      [
        at('region-1', {
          ...{ kind: 'start', site: 'two', part: 'auto-scaling-group asg' },
          ...{ isServing: true, activeSize: null },
        }),
      ],
    ],
    ['address', [at('region-1', { kind: 'address', address: 0, site: 'two' })]],
    ['route', [at('region-1', { kind: 'route', site: 'two' })]],
    ['targets', [at('region-1', { kind: 'targets', listener: 0, weights: { one: 0, two: 100 } })]],
    ['accelerator', [at('region-3', { kind: 'accelerator', site: 'two' })]],
    ['controls', [at('region-3', { kind: 'controls', site: 'two' })]],
    ['edge', [at('region-3', { kind: 'edge', site: 'two' })]],
    [
      'zonal',
      [
        at('region-1', { kind: 'zonal', resource: 0, away: ['far', 'one'] }),
        at('region-1', { kind: 'zonal', resource: 1, away: ['far', 'one'] }),
      ],
    ],
    ['dns', [at('region-3', { kind: 'dns', site: 'two' })]],
    [
      'work',
      [
        at('region-1', { kind: 'work', site: 'one', isOn: false, isSelfFence: false }),
        at('region-1', { kind: 'work', site: 'two', isOn: true, isSelfFence: false }),
      ],
    ],
    ['rebuild', []],
    ['publish', regions.map((region) => at(region, { kind: 'publish', epoch: 2, sites: ['two'], isReadOnly: false }))],
  ])('%s leads to the new site', (kind, wanted) => {
    expect(inRun(kind)).toEqual(wanted);
  });

  it.each([
    'promote',
    'address',
    'route',
    'targets',
    'accelerator',
    'controls',
    'edge',
    'zonal',
    'work',
    'publish',
  ] as const)('there is nothing of %s to order where the service has none', (kind) => {
    const none = serviceWith({ traffic: {} });

    expect([...inRun(kind, { of: none }), ...atRest(kind, { of: none })]).toEqual([]);
  });

  it('oracles are not edited, nor are records that answer by themselves', () => {
    const latency = serviceWith({ traffic: { dns: { ...recordsDns, policy: 'latency' } } });

    for (const of of [service, latency, serviceWith({ traffic: {} })]) {
      expect(inRun('dns', { of })).toEqual([]);
      expect(atRest('dns', { of })).toEqual([]);
    }
  });

  it('a record is left as it is while nobody serves', () => {
    expect(inRun('dns', { run: { serving: [] } })).toEqual([]);
  });

  it('weighted records follow the shares of the register', () => {
    const of = serviceWith({ mode: 'active-active', traffic: { dns: weightedDns } });
    const weights = { one: 100, two: 0, far: 50 };

    const register = { serving: ['one'], ramp: { far: 50 } };

    expect(inRun('dns', { of, register })).toEqual([at('region-3', { kind: 'dns', weights })]);
    expect(atRest('dns', { of, register })).toEqual([at('region-3', { kind: 'dns', weights })]);
  });

  it('weights of a listener stay while none of its sites gets traffic', () => {
    expect(inRun('targets', { register: { ...moved, serving: ['far'] } })).toEqual([]);
  });

  it('a fence that is owed of a site that is gone closes nothing', () => {
    const owed = [{ site: 'gone', epoch: 2, proof: 'none' }] as const;

    expect(inRun('fence', { register: { ...moved, owed } })).toEqual([]);
  });

  it('S11: fences close that are owed, but for that of the new site', () => {
    const of = serviceWith({ sites: { one: { fence }, two: { fence }, far: { fence } } });
    const owed = (['one', 'two', 'far'] as const).map((site) => ({ site, epoch: 2, proof: 'none' }) as const);

    expect(inRun('fence', { of, register: { ...moved, owed } })).toEqual([
      at('region-1', { kind: 'fence', site: 'one', isIsolated: true, isSelfFence: false }),
      at('region-2', { kind: 'fence', site: 'far', isIsolated: true, isSelfFence: false }),
    ]);
  });
});

describe('at rest', () => {
  it.each(kindNames.filter((kind) => !['fence', 'start', 'promote', 'work', 'rebuild'].includes(kind)))(
    '%s stays as the run has left it',
    (kind) => {
      expect(atRest(kind, { register: { ...moved, run: null } })).toEqual(inRun(kind));
    },
  );

  it('S11: work stays as the run has left it, and is turned off whatever else a function was deployed with', () => {
    const { one } = whole.sites;
    const of = { ...whole, sites: { ...whole.sites, one: { ...one, renamedFrom: 'uno' } } } as NamedService;
    const register = { ...moved, run: null };

    expect(atRest('work', { register })).toEqual([
      at('region-1', { kind: 'work', site: 'one', isOn: false, isSelfFence: false, isAnyhow: true }),
      at('region-1', { kind: 'work', site: 'two', isOn: true, isSelfFence: false }),
    ]);
    expect(atRest('work', { of, register })[0]?.desired).toMatchObject({ site: 'one', formerly: 'uno' });
  });

  it('the fence of the site that has the service is opened whatever else its function was deployed with', () => {
    const of = serviceWith({ sites: { one: { fence }, two: { fence } } });
    const anyhow = (register: Partial<Register>) =>
      atRest('fence', { of, register: { ...moved, ...register } }).map(({ desired }) =>
        'isAnyhow' in desired ? desired.isAnyhow : false,
      );

    expect(anyhow({})).toEqual([false, true]);
    expect(anyhow({ writer: 'one' })).toEqual([false, false]);
    expect(anyhow({ owed: [{ site: 'two', epoch: 2, proof: 'closed' }] })).toEqual([false, false]);
  });

  it('S12: no data is ever promoted', () => {
    expect(atRest('promote')).toEqual([]);
  });

  it('S11: owed fences are closed, all others are open', () => {
    const of = serviceWith({ sites: { one: { fence }, far: { fence } } });
    const owed = [{ site: 'one', epoch: 2, proof: 'closed' }] as const;

    expect(atRest('fence', { of, register: { ...moved, owed } })).toEqual([
      at('region-1', { kind: 'fence', site: 'one', isIsolated: true, isSelfFence: false }),
      at('region-2', { kind: 'fence', site: 'far', isIsolated: false, isSelfFence: false }),
    ]);
  });

  it.each(['address', 'route'] as const)('a pool has no %s that belongs to the active site', (kind) => {
    expect(atRest(kind, { of: { ...whole, mode: 'active-active' } })).toEqual([]);
  });

  it('each address of a service has an order of its own', () => {
    const two = { ...address, allocationId: ['eipalloc-1', '10.0.0.7'] };

    expect(atRest('address', { of: serviceWith({ traffic: { address: two } }) })).toEqual([
      at('region-1', { kind: 'address', address: 0, site: 'two' }),
      at('region-1', { kind: 'address', address: 1, site: 'two' }),
    ]);
  });

  it('each listener of a service has the same weights', () => {
    const two = { ...targets, listenerArn: ['listener-1', 'listener-2'] };
    const listenersOf = (register: Partial<Register>) =>
      atRest('targets', { of: serviceWith({ traffic: { targets: two } }), register }).map(({ desired }) => desired);

    expect(listenersOf(moved)).toEqual([
      { kind: 'targets', listener: 0, weights: { one: 0, two: 100 } },
      { kind: 'targets', listener: 1, weights: { one: 0, two: 100 } },
    ]);
  });

  it.each([
    ['address', serviceWith({ traffic: { address } })],
    ['route', serviceWith({ traffic: { route } })],
    ['accelerator', serviceWith({ traffic: { accelerator: { endpointGroupArns: { one: 'arn:one' } } } })],
    ['controls', serviceWith({ traffic: { controls: { ...controls, routingControlArns: { one: 'arn:one' } } } })],
    ['edge', serviceWith({ traffic: { edge: { ...edge, originIds: { one: 'origin-one' } } } })],
    ['fence', serviceWith({ sites: { one: { fence: undefined } } })],
    ['start', serviceWith({ sites: { one: warm } })],
  ] as const)('nothing of %s is wanted at a site that has no part in it', (kind, of) => {
    const register = { epoch: 2, active: 'far', serving: ['far'] };

    expect(atRest(kind, { of, register })).toEqual([]);
    expect(inRun(kind, { of, run: { to: 'far', serving: ['far'] } })).toEqual([]);
  });

  it('no zone is left while every site serves', () => {
    const pool = serviceWith({ mode: 'active-active', traffic: { zonal } });
    const away = (serving: readonly string[]) =>
      atRest('zonal', { of: pool, register: { serving } }).map(({ desired }) => desired);

    expect(away(['one', 'two', 'far'])).toMatchObject([{ away: [] }, { away: [] }]);
    expect(away(['one'])).toMatchObject([{ away: ['far', 'two'] }, { away: ['far', 'two'] }]);
  });
});

describe('work', () => {
  const off = (site: string) => ({ site, isOn: false });
  const on = (site: string) => ({ site, isOn: true });
  const ended = (more: Partial<Run>, name: 'promote' | 'dns' = 'promote') =>
    runWith({ state: 'failed', steps: [step(name, [], 'done'), step('work', [], 'failed')], ...more });

  it.each<[string, Run | null, readonly object[]]>([
    ['without a run', null, [off('one'), on('two')]],
    [
      'after a run that turned it',
      runWith({ state: 'done', steps: [step('work', [], 'done')] }),
      [off('one'), on('two')],
    ],
    ['after an older run that could not turn it', ended({ epoch: 1 }), [off('one'), on('two')]],
    ['after a run that could not turn it off elsewhere', ended({}), [off('one')]],
    ['after a run that got no further than making the site ready', failedAtPromotion(), []],
  ])('%s is wanted as %j', (_, run, wanted) => {
    expect(atRest('work', { register: { ...moved, run } })).toMatchObject(wanted.map((desired) => ({ desired })));
    expect(isOffDue(whole, registerWith({ ...moved, run }), 'one')).toBe(wanted.length > 0);
    expect(isOffDue(whole, registerWith({ ...moved, run }), 'two')).toBe(false);
  });

  function failedAtPromotion(): Run {
    return runWith({ state: 'failed', steps: [step('promote', [], 'failed'), step('work', [], 'failed')] });
  }

  it.each([
    ['its turn has come', 'done', true],
    ['something has to end before it', 'pending', false],
  ] as const)('in an open run is off at the old site once %s', (_, promote, isDue) => {
    const run = runWith({ steps: [step('promote', [], promote), step('work', ['promote'])] });

    expect(isOffDue(whole, registerWith({ ...moved, run }), 'one')).toBe(isDue);
    expect(isOffDue(whole, registerWith({ ...moved, run }), 'two')).toBe(false);
  });

  it('in an open run is off at the old site beside whatever else has its turn', () => {
    const run = runWith({ steps: [step('dns'), step('work')] });

    expect(isOffDue(whole, registerWith({ ...moved, run }), 'one')).toBe(true);
  });

  it('of a run that changes no work is not off', () => {
    const run = runWith({ steps: [step('dns')] });

    expect(isOffDue(whole, registerWith({ ...moved, run }), 'one')).toBe(false);
  });

  it('is at no site outside AWS, and at none without any', () => {
    const of = serviceWith({
      sites: { one: { work: nightly, region: undefined, location: 'cellar' } as never, two: { work: nightly } },
    });

    expect(atRest('work', { of })).toEqual([
      at('region-1', { kind: 'work', site: 'two', isOn: true, isSelfFence: false }),
    ]);
  });
});

describe('the data', () => {
  it('is promoted by no run where it has no writer of its own', () => {
    const of = serviceWith({ data: { kind: 'dynamodb-global', tables: ['carts'] } as never });

    expect(inRun('promote', { of })).toEqual([]);
  });

  it.each([
    ['failover', 'active-down', false],
    ['switchover', 'operator', true],
    ['follow', 'group-failover', false],
    ['follow', 'group-planned', true],
  ] as const)('a %s because of %s is lossless: %s', (kind, reason, isLossless) => {
    const run = runWith({ kind, reason: reason as never });

    expect(isLosslessRun(serviceWith({ data: globalData }), run)).toBe(isLossless);
    expect(isLosslessRun(whole, run)).toBe(false);
    expect(isLosslessRun(service, run)).toBe(false);
  });

  it('is asked who writes it without a wish to change that', () => {
    expect(writerQuestion(serviceWith({ data: globalData }), 'one')).toEqual([
      at('region-1', { kind: 'promote', from: 'two', to: 'one', isPlanned: true, isDataLossAllowed: false }),
    ]);
    expect(writerQuestion(serviceWith({ data: globalData }), 'far')[0]).toMatchObject({ region: 'region-2' });
  });

  it.each([
    ['the data has no writer of its own', serviceWith({}), 'one'],
    ['the site is not known', serviceWith({ data: globalData }), 'ohio'],
    ['there is one site', { ...serviceWith({ data: globalData }), sites: { one: service.sites.one } }, 'one'],
  ])('is not asked who writes it where %s', (_, of, site) => {
    expect(writerQuestion(of as NamedService, site)).toEqual([]);
  });
});
