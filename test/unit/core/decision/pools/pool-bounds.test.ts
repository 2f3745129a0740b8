import { describe, expect, test } from 'vitest';
import type { DecisionInput } from '../../../../../src/core/decision/decision-input.ts';
import { loadSettleMs } from '../../../../../src/core/decision/demand.ts';
import { decide } from '../../../../../src/core/decision/service-decision.ts';
import type { SiteReport } from '../../../../../src/core/detection/observation.ts';
import type { Verdict } from '../../../../../src/core/detection/verdict.ts';
import type { NamedService } from '../../../../../src/core/model/service.ts';
import type { Register } from '../../../../../src/core/register/register.ts';
import type { Run } from '../../../../../src/core/register/run.ts';
import { sharesWatch } from '../../../../../src/core/tables/stopwatch.ts';
import {
  oracleDns,
  registerWith,
  runWith,
  serviceWith,
  situationWith,
  step,
  targets,
  weightedDns,
  zonal,
} from '../../service.fixture.ts';

const sites = { one: { capacity: 100 }, two: { capacity: 100 }, far: { capacity: 100 } };
const failback = { mode: 'automatic', healthyForMs: 60_000 } as const;
const poolBy = (traffic: NamedService['traffic'], more: Parameters<typeof serviceWith>[0] = {}) =>
  serviceWith({ mode: 'active-active', sites, failback, traffic, ...more });
const pool = poolBy({ dns: oracleDns });
const split = poolBy({ dns: weightedDns });
const all = ['one', 'far', 'two'];

/** Verdicts by site, the others up; loads in the unit of capacity, the same at every site. */
function given(
  service: NamedService,
  verdicts: Readonly<Record<string, Verdict>>,
  register: Partial<Register> = {},
  {
    load,
    reports = {},
    ...more
  }: Partial<DecisionInput> & { load?: number; reports?: Record<string, SiteReport> } = {},
) {
  const names = Object.keys(service.sites);
  const reported = names.map((site) => [site, { ...(load === undefined ? {} : { load }), ...reports[site] }]);
  const up = Object.fromEntries(names.map((site) => [site, 'up' as const]));
  const knowledge = {
    verdicts: { ...up, ...verdicts },
    reports: Object.fromEntries(reported),
    dependencies: {},
  };
  return decide(situationWith({ service, knowledge, ...more, register: registerWith({ serving: all, ...register }) }));
}

describe('a pool', () => {
  test('says who serves while all is well', () => {
    expect(given(pool, {})).toEqual({ kind: 'hold', reason: 'healthy', detail: 'one, far, two serve' });
  });

  test('is not said to be kept open while no site is down, though none is known to be up', () => {
    const unclear = { one: 'unclear', two: 'unclear', far: 'unclear' } as const;

    expect(given(pool, unclear)).toMatchObject({ kind: 'hold', reason: 'healthy' });
  });

  test('behind a balancer alone stays open when every site is down: there is no static endpoint', () => {
    const service = poolBy({ targets }, { failover: { allDown: 'last-resort' } });

    expect(given(service, { one: 'down', two: 'down', far: 'down' })).toMatchObject({ reason: 'fail-open' });
  });

  test('leaves a dead site for one that is up, not for one of which nothing is known', () => {
    expect(given(pool, { one: 'unclear', two: 'down' })).toMatchObject({ to: 'far', serving: ['one', 'far'] });
  });

  test('says how long a site that is back has to be up', () => {
    expect(given(pool, {}, { serving: ['one', 'far'] })).toMatchObject({ detail: 'two must be up for 60 s' });
  });
});

describe('a site that has left a pool but for a part', () => {
  const ramp = { two: 40 };

  test('is not called back in when another one leaves', () => {
    expect(given(split, { far: 'down' }, { serving: ['one', 'far'], ramp })).toMatchObject({
      run: 'withdraw',
      from: 'far',
      serving: ['one'],
    });
  });

  test('is called back in when nobody else is left', () => {
    expect(given(split, { one: 'down' }, { serving: ['one'], ramp })).toMatchObject({
      run: 'withdraw',
      from: 'one',
      to: 'two',
      serving: ['two'],
    });
  });

  const grown = { kind: 'auto-scaling-group', name: 'asg', size: 4, asActive: false, standbySize: 1 } as const;
  const scaled = { capacity: 100, scale: [grown] };
  const scaling = poolBy({ dns: weightedDns }, { sites: { ...sites, one: scaled, far: scaled } });
  const sized = (size: number) => ({
    one: { inService: size, load: 40 },
    far: { inService: size, load: 40 },
    two: { load: 20 },
  });

  test.each([
    [1, { kind: 'hold', reason: 'over-capacity' }],
    [4, { kind: 'move', run: 'withdraw', from: 'two' }],
  ])('loses that part once the others have grown to carry it (size=%i of 4)', (size, expected) => {
    const register = { serving: ['one', 'far'], ramp };

    expect(given(scaling, { two: 'down' }, register, { reports: sized(size) })).toMatchObject(expected);
  });

  test('had been left at once by what the others will carry at their full size', () => {
    expect(given(scaling, { two: 'down' }, {}, { reports: sized(1) })).toMatchObject({ run: 'withdraw', from: 'two' });
  });
});

describe('of several sites that are down', () => {
  test('one leaves as a whole where that fits, rather than each in part', () => {
    expect(given(split, { one: 'down', two: 'down' }, {}, { load: 35 })).toMatchObject({
      from: 'two',
      serving: ['one', 'far'],
    });
  });

  test('all leave at once where that fits', () => {
    expect(given(split, { one: 'down', two: 'down' }, {}, { load: 30 })).toMatchObject({ serving: ['far'] });
  });
});

describe('a load balancer that is shifted away from zones', () => {
  const zones = poolBy({ zonal });

  test('is shifted from one of two dead zones', () => {
    expect(given(zones, { one: 'down', two: 'down' })).toMatchObject({ from: 'two', serving: ['one', 'far'] });
  });

  test('is shifted from no second zone; the first one is named', () => {
    expect(given(zones, { two: 'down', far: 'down' }, { serving: ['one', 'far'] })).toEqual({
      kind: 'hold',
      reason: 'over-capacity',
      detail: 'far has to stay: a load balancer is shifted away from one zone at a time, now from two',
    });
  });
});

describe('a withdrawal that came to nothing', () => {
  const failed: Partial<Run> = {
    kind: 'withdraw',
    from: 'two',
    serving: ['one', 'far'],
    state: 'failed',
    steps: [step('start', [], 'failed'), step('dns', [], 'failed')],
  };
  const withRun = (more: Partial<Run>, register: Partial<Register> = {}) =>
    given(split, { two: 'down' }, { epoch: 2, run: runWith({ ...failed, ...more }), ...register });

  test('is not decided anew: the run is tried again', () => {
    expect(withRun({})).toEqual({
      kind: 'hold',
      reason: 'over-capacity',
      detail: 'the run that withdraws two failed, and is tried again',
    });
  });

  test.each<[string, Partial<Run>, Partial<Register>]>([
    ['was of an earlier epoch', { epoch: 1 }, {}],
    ['was of another kind', { kind: 'readmit' }, {}],
    ['has ended well', { state: 'done', steps: [step('dns', [], 'done')] }, {}],
    ['has moved its traffic, and only could not be verified', { steps: [step('verify', [], 'failed')] }, {}],
    ['led elsewhere', { serving: ['one'] }, {}],
    ['has moved a part before it failed', {}, { serving: ['one', 'far'], ramp: { two: 40 } }],
  ])('is decided when the newest run %s', (_, run, register) => {
    expect(withRun(run, register)).toMatchObject({ kind: 'move', run: 'withdraw', from: 'two' });
  });
});

describe('a pool with a reserve', () => {
  const reserve = { capacity: 100, reserve: true };
  const withReserve = (more: object = {}, traffic: NamedService['traffic'] = { dns: oracleDns }) =>
    poolBy(traffic, { sites: { ...sites, far: { ...reserve, ...more } } });

  test('keeps it while the others cannot carry its part', () => {
    expect(given(withReserve(), {}, {}, { load: 70 })).toMatchObject({
      kind: 'hold',
      reason: 'over-capacity',
      detail: expect.stringMatching(/: 34 % of the share of far has to stay$/),
    });
  });

  test('has it leave for the others, however high its own priority is', () => {
    expect(given(withReserve({ priority: 200 }), {})).toMatchObject({
      run: 'withdraw',
      from: 'far',
      to: 'one',
      serving: ['one', 'two'],
      reason: 'site-back',
      detail: 'far in reserve: all other sites serve',
    });
  });

  test('keeps it while one of the others has only a part', () => {
    const register = { ramp: { one: 50 } };

    expect(given(withReserve({}, { dns: weightedDns }), {}, register, { load: 10 })).toMatchObject({ kind: 'hold' });
  });

  test('keeps it while another is to leave for maintenance and cannot', () => {
    const service = withReserve({ capacity: 10 });
    const reports = { one: { load: 80 }, two: { load: 80 }, far: { load: 8 } };

    expect(given(service, {}, { maintenance: ['two'] }, { reports })).toMatchObject({
      kind: 'hold',
      reason: 'over-capacity',
    });
  });

  test('calls it when one of two dead sites could leave without it, and the other could not', () => {
    const service = withReserve();
    const third = { ...service.sites.two, priority: 40, capacity: 20 } as NamedService['sites'][string];
    const four = { ...service, sites: { ...service.sites, third } };
    const serving = ['one', 'two', 'third'];

    expect(given(four, { two: 'down', third: 'down' }, { serving }, { reports: { one: { load: 68 } } })).toMatchObject({
      run: 'withdraw',
      serving: ['one', 'far'],
    });
  });
});

test('clients that are on their way count as there once loads can show them', () => {
  const run = runWith({ state: 'done', demand: 300 });
  const register = { epoch: 2, run };
  const watch = sharesWatch('shop', registerWith({ serving: all, ...register }));
  const since = (ms: number) => given(split, { two: 'down' }, register, { load: 40, stopwatches: { [watch]: ms } });

  expect(since(loadSettleMs(split, { run: null }) - 1)).toMatchObject({ kind: 'hold', reason: 'over-capacity' });
  expect(since(loadSettleMs(split, { run: null }))).toMatchObject({ run: 'withdraw', from: 'two' });
});
