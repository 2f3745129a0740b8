import { describe, expect, it } from 'vitest';
import type { DecisionInput, Reason } from '../../../../../src/core/decision/decision-input.ts';
import { loadSettleMs } from '../../../../../src/core/decision/demand.ts';
import { openRun } from '../../../../../src/core/decision/plan.ts';
import { decide } from '../../../../../src/core/decision/service-decision.ts';
import type { Verdict } from '../../../../../src/core/detection/verdict.ts';
import { lastResortName, type NamedService } from '../../../../../src/core/model/service.ts';
import type { Register } from '../../../../../src/core/register/register.ts';
import { sharesWatch } from '../../../../../src/core/tables/stopwatch.ts';
import {
  madeMove,
  noTimes,
  oracleDns,
  registerWith,
  runWith,
  serviceWith,
  situationWith,
  step,
  targets,
  weightedDns,
} from '../../service.fixture.ts';

const sites = { one: { capacity: 100 }, two: { capacity: 100 }, far: { capacity: 100 } };
const failback = { mode: 'automatic', healthyForMs: 60_000 } as const;
/** Votes of oracles steer: a site gets its share or nothing. */
const pool = serviceWith({ mode: 'active-active', sites, failback });
const split = serviceWith({ mode: 'active-active', sites, failback, traffic: { dns: weightedDns } });
const withLast = (failover: Partial<NamedService['failover']> = { allDown: 'last-resort' }) =>
  serviceWith({
    mode: 'active-active',
    sites,
    failback,
    failover,
    traffic: { dns: { ...oracleDns, lastResort: { a: ['192.0.2.250'] } } },
  });
const all = ['one', 'far', 'two'];
const paused = { by: 'eve', reason: 'drill' };

/** Verdicts of `one`, `two` and `far`; loads of each in the unit of its capacity. */
function given(
  verdicts: readonly [Verdict, Verdict, Verdict],
  more: Partial<Omit<DecisionInput, 'register'>> & { register?: Partial<Register>; loads?: readonly number[] } = {},
): DecisionInput {
  const [one, two, far] = verdicts;
  const { register, loads = [], ...rest } = more;
  const reports = Object.fromEntries(loads.map((load, index) => [['one', 'two', 'far'][index], { load }]));
  return situationWith({
    service: pool,
    knowledge: { verdicts: { one, two, far }, reports, dependencies: {} },
    ...rest,
    register: registerWith({ serving: all, ...register }),
  });
}

const upFor = (site: string, ms: number) => ({ [`up:shop:${site}`]: ms });

describe('a pool', () => {
  it('withdraws a site that is down, and the rest serves', () => {
    expect(decide(given(['up', 'down', 'up']))).toMatchObject({
      kind: 'move',
      run: 'withdraw',
      from: 'two',
      to: 'one',
      serving: ['one', 'far'],
      reason: 'site-down',
    });
  });

  it('begins with the site of the lowest priority when several are down', () => {
    const both = decide(given(['down', 'down', 'up']));
    const left = decide(given(['down', 'down', 'up'], { register: { serving: ['one', 'far'] } }));

    expect([both, left]).toMatchObject([
      { run: 'withdraw', from: 'two' },
      { run: 'withdraw', from: 'one', serving: ['far'] },
    ]);
  });

  it.each<[Verdict, Reason, boolean]>([
    ['degraded', 'degraded', false],
    ['degraded', 'suspected', true],
    ['unclear', 'healthy', false],
    ['unclear', 'suspected', true],
    ['up', 'healthy', false],
  ])('keeps a site that is %s: %s (suspected=%s)', (verdict, reason, isActiveSuspected) => {
    expect(decide(given(['up', verdict, 'up'], { isActiveSuspected }))).toMatchObject({ kind: 'hold', reason });
  });

  it('withdraws nothing while the others are not known to be up: a checker outage ejects nobody', () => {
    expect(decide(given(['unclear', 'down', 'degraded']))).toMatchObject({ kind: 'hold', reason: 'fail-open' });
  });

  it('stays whole when every site is down', () => {
    expect(decide(given(['down', 'down', 'down']))).toMatchObject({ kind: 'hold', reason: 'fail-open' });
  });

  it('stays whole when its only site is down', () => {
    const register = { active: 'two', serving: ['two'], maintenance: ['one', 'far'] };

    expect(decide(given(['up', 'down', 'up'], { register }))).toMatchObject({ kind: 'hold', reason: 'fail-open' });
  });

  it('takes a site back that has been well for long enough when every site that serves is down', () => {
    const stopwatches = upFor('two', 60_000);

    const decision = decide(given(['down', 'up', 'down'], { register: { serving: ['one', 'far'] }, stopwatches }));

    expect(decision).toMatchObject({ kind: 'move', run: 'readmit', to: 'two' });
  });

  it.each<[string, Reason, Parameters<typeof given>[1]]>([
    ['is paused', 'paused', { register: { pause: paused } }],
    ['is manual', 'manual-only', { service: { ...pool, failover: { ...pool.failover, automatic: false } } }],
    ['hears too few watchers', 'no-majority', { freshWatcherCount: 1 }],
  ])('withdraws nothing while it %s', (_, reason, more) => {
    expect(decide(given(['up', 'down', 'up'], more))).toMatchObject({ kind: 'hold', reason });
  });

  it('withdraws whatever the daily limit and a block period say: leaving is always allowed (maxMovesPerDay=2)', () => {
    const register = { epoch: 4, moves: [2, 3, 4].map((epoch) => madeMove(epoch, { kind: 'readmit' })) };

    expect(decide(given(['up', 'down', 'up'], { register }))).toMatchObject({ run: 'withdraw', from: 'two' });
  });
});

describe('a pool that is short of capacity', () => {
  // Three sites of 100, full at 90: two carry 180.
  it.each([
    [60, 'move'],
    [60.1, 'hold'],
  ] as const)('with whole sites: withdrawing one of three that carry %f each is a %s', (load, kind) => {
    expect(decide(given(['up', 'down', 'up'], { loads: [load, load, load] })).kind).toBe(kind);
  });

  it('says what has to stay when it keeps a site that is down', () => {
    expect(decide(given(['up', 'down', 'up'], { loads: [80, 80, 80] }))).toEqual({
      kind: 'hold',
      reason: 'over-capacity',
      detail: 'one, far cannot carry more: 67 % of the share of two has to stay',
    });
  });

  it.each([
    [87.6, 'move'],
    [87.7, 'hold'],
  ] as const)(
    'with weights, shifts a part while at least 5 %% of what it gets may go: a load of %f each is a %s',
    (load, kind) => {
      // 3 * 87.6 / 0.9 is 292: 92 of the dead site's 100 have to stay, 31.5 % of all instead of 33.3; with more it is
      // 93.
      expect(decide(given(['up', 'down', 'up'], { service: split, loads: [load, load, load] })).kind).toBe(kind);
    },
  );

  it('does not send the load of two sites at once onto one that can carry that of only one (35 each, 105 of 90)', () => {
    const decision = decide(given(['down', 'down', 'up'], { loads: [35, 35, 35] }));

    expect(decision).toMatchObject({ run: 'withdraw', from: 'two', serving: ['one', 'far'] });
  });

  it('shifts all of it where the service asks for that', () => {
    const service = { ...pool, capacity: { ...pool.capacity, shortage: 'shift' } } as const;

    expect(decide(given(['up', 'down', 'up'], { service, loads: [90, 80, 90] }))).toMatchObject({ run: 'withdraw' });
  });

  it('does not wait for loads that nobody reports', () => {
    expect(decide(given(['up', 'down', 'up']))).toMatchObject({ run: 'withdraw' });
  });

  const settledMs = loadSettleMs(split, { run: null });
  /** `two` is dead and has left but for 40 %, by a run that was decided when clients asked for 216. */
  const leftInPart = {
    epoch: 2,
    serving: ['one', 'far'],
    ramp: { two: 40 },
    run: runWith({ state: 'done', demand: 216 }),
  };
  const shiftedFor = (ms: number, register: Partial<Register> = leftInPart) => ({
    service: split,
    register,
    stopwatches: { [sharesWatch('shop', registerWith(register))]: ms },
  });

  it('goes on with a site that left only in part, once demand is less, and holds until then', () => {
    const full = decide(given(['up', 'down', 'up'], { ...shiftedFor(settledMs), loads: [90, 36, 90] }));
    const room = decide(given(['up', 'down', 'up'], { ...shiftedFor(settledMs), loads: [60, 36, 60] }));

    expect(full).toMatchObject({ kind: 'hold', reason: 'over-capacity' });
    expect(room).toMatchObject({ run: 'withdraw', from: 'two', serving: ['one', 'far'] });
  });

  it('does not take for room what loads from before the last shift show', () => {
    const early = shiftedFor(settledMs - 1);

    expect(decide(given(['up', 'down', 'up'], { ...early, loads: [60, 80, 60] }))).toMatchObject({
      kind: 'hold',
      reason: 'over-capacity',
    });
  });

  it('takes no metric of a dead site for load: its part follows its share', () => {
    const stale = decide(given(['up', 'down', 'up'], { ...shiftedFor(settledMs), loads: [75, 500, 75] }));

    expect(stale).toMatchObject({ run: 'withdraw', from: 'two' });
  });

  it('withdraws a second site without waiting for loads, by the demand that is known', () => {
    const register = { ...leftInPart, serving: all, ramp: {}, run: runWith({ state: 'done', demand: 150 }) };
    const early = shiftedFor(0, register);

    expect(decide(given(['up', 'down', 'up'], { ...early, loads: [90, 90, 90] }))).toMatchObject({
      run: 'withdraw',
      from: 'two',
    });
  });

  it('does not withdraw again what cannot gain', () => {
    const register = { ...leftInPart, ramp: { two: 4 }, run: runWith({ state: 'done', demand: 183 }) };

    expect(decide(given(['up', 'down', 'up'], shiftedFor(0, register))).kind).toBe('hold');
  });

  it('lets a site in that is well, though one that is dead cannot leave, and then lets that one leave', () => {
    const before = { epoch: 2, serving: ['one', 'two'], run: runWith({ state: 'done', demand: 120 }) };
    const stopwatches = upFor('far', 60_000);

    const into = decide(given(['up', 'down', 'up'], { register: before, stopwatches }));
    const out = decide(given(['up', 'down', 'up'], { register: { ...before, serving: all }, stopwatches }));

    expect([into, out]).toMatchObject([
      { run: 'readmit', to: 'far', serving: all },
      { run: 'withdraw', from: 'two', serving: ['one', 'far'] },
    ]);
  });

  it('sends to a site that comes back no more than it can carry, and holds when it gets that', () => {
    const before = { epoch: 2, serving: ['one'], run: runWith({ state: 'done', demand: 300 }) };
    const back = { service: split, stopwatches: upFor('two', 60_000) };

    const into = decide(given(['up', 'up', 'down'], { ...back, register: before }));
    const full = decide(
      given(['up', 'up', 'down'], { ...back, register: { ...before, serving: ['one', 'two'], ramp: { two: 42 } } }),
    );

    expect(into).toMatchObject({ run: 'readmit', to: 'two' });
    expect(full).toMatchObject({ kind: 'hold', reason: 'over-capacity' });
  });

  it.each([
    ['nothing is gained while all are in with a part', 356, 'over-capacity'],
    ['all are raised together once the demand has fallen', 200, 'site-back'],
  ])('of three that have a part each, %s (demand=%d)', (_, demand, reason) => {
    const ramp = { one: 49, two: 64, far: 64 };
    const register = { epoch: 2, serving: all, ramp, run: runWith({ state: 'done', demand }) };
    const stopwatches = { ...upFor('one', 60_000), ...upFor('two', 60_000), ...upFor('far', 60_000) };

    expect(decide(given(['up', 'up', 'up'], { service: split, register, stopwatches }))).toMatchObject({ reason });
  });

  it('does not raise a site that has a part and has only just come back', () => {
    const register = {
      epoch: 2,
      serving: all,
      ramp: { one: 49, two: 64 },
      run: runWith({ state: 'done', demand: 100 }),
    };
    const stopwatches = { ...upFor('one', 59_999), ...upFor('two', 60_000) };

    expect(decide(given(['up', 'up', 'up'], { service: split, register, stopwatches }))).toMatchObject({
      kind: 'hold',
      reason: 'warming-up',
    });
  });
});

describe('a pool in maintenance', () => {
  it('withdraws a site in maintenance that still serves, though it is up', () => {
    expect(decide(given(['up', 'up', 'up'], { register: { maintenance: ['two'] } }))).toMatchObject({
      run: 'withdraw',
      from: 'two',
      serving: ['one', 'far'],
      detail: 'two is in maintenance',
    });
  });

  it('keeps a site in maintenance while no other is up', () => {
    const register = { serving: ['one', 'two'], maintenance: ['two'] };

    expect(decide(given(['unclear', 'up', 'down'], { register })).kind).toBe('hold');
  });

  it('keeps a site that is down when the only one that is up is in maintenance', () => {
    const register = { serving: ['one', 'two'], maintenance: ['two'] };

    expect(decide(given(['down', 'up', 'down'], { register }))).toMatchObject({ kind: 'hold', reason: 'fail-open' });
  });

  it('withdraws what is down before what is in maintenance', () => {
    expect(decide(given(['up', 'down', 'up'], { register: { maintenance: ['far'] } }))).toMatchObject({
      from: 'two',
      serving: ['one'],
    });
  });

  it('does not take a site back before its maintenance is over', () => {
    const register = { serving: ['one', 'far'], maintenance: ['two'] };

    expect(decide(given(['up', 'up', 'up'], { register, stopwatches: upFor('two', 600_000) }))).toMatchObject({
      kind: 'hold',
      reason: 'healthy',
    });
  });
});

describe('a site that was withdrawn', () => {
  const without = { serving: ['one', 'far'] };

  it.each([
    [59_999, 'hold', 'warming-up'],
    [60_000, 'move', 'site-back'],
  ] as const)('after %i ms of health is a %s: %s (healthyForMs=60000)', (ms, kind, reason) => {
    expect(decide(given(['up', 'up', 'up'], { register: without, stopwatches: upFor('two', ms) }))).toMatchObject({
      kind,
      reason,
    });
  });

  it('comes back with all that serve and all that are ready, by priority', () => {
    const register = { active: 'far', serving: ['far'] };
    const stopwatches = { ...upFor('one', 60_000), ...upFor('two', 60_000) };

    expect(decide(given(['up', 'up', 'up'], { register, stopwatches }))).toMatchObject({
      run: 'readmit',
      from: 'far',
      to: 'one',
      serving: all,
    });
  });

  it('that came back in vain waits as long again before it is tried again', () => {
    const run = runWith({
      kind: 'readmit',
      to: 'two',
      serving: all,
      state: 'failed',
      steps: [step('targets', [], 'turned-back')],
    });
    const register = { ...without, epoch: 2, run };
    const after = (ms: number) => ({ ...upFor('two', 600_000), [sharesWatch('shop', registerWith(register))]: ms });

    const decisions = [59_999, 60_000].map((ms) =>
      decide(given(['up', 'up', 'up'], { register, stopwatches: after(ms) })),
    );

    expect(decisions).toMatchObject([{ kind: 'hold', reason: 'turned-back' }, { run: 'readmit' }]);
  });

  it('that has waited long enough is not held up by one of higher priority that has not', () => {
    const register = { active: 'far', serving: ['far'] };

    expect(decide(given(['up', 'up', 'up'], { register, stopwatches: upFor('two', 60_000) }))).toMatchObject({
      run: 'readmit',
      to: 'two',
    });
  });

  it.each<Verdict>(['down', 'degraded', 'unclear'])('that is %s stays outside, however long it was well', (verdict) => {
    expect(
      decide(given(['up', verdict, 'up'], { register: without, stopwatches: upFor('two', 600_000) })),
    ).toMatchObject({ kind: 'hold', reason: 'healthy' });
  });

  it('stays outside once the daily limit is reached (maxMovesPerDay=2)', () => {
    const register = { ...without, epoch: 4, moves: [2, 4].map((epoch) => madeMove(epoch, { kind: 'readmit' })) };

    expect(decide(given(['up', 'up', 'up'], { register, stopwatches: upFor('two', 60_000) }))).toMatchObject({
      kind: 'hold',
      reason: 'daily-limit',
    });
  });

  it('is not kept outside by a block period, which a pool does not have', () => {
    const register = { ...without, epoch: 4, moves: [madeMove(4)] };

    expect(decide(given(['up', 'up', 'up'], { register, stopwatches: upFor('two', 60_000) }))).toMatchObject({
      run: 'readmit',
    });
  });

  it('stays outside where failback is manual', () => {
    const service = { ...pool, failback: { mode: 'manual', healthyForMs: 60_000 } } as const;

    expect(
      decide(given(['up', 'up', 'up'], { service, register: without, stopwatches: upFor('two', 60_000) })),
    ).toMatchObject({ kind: 'hold', reason: 'healthy' });
  });

  it('only coming back counts against the daily limit, leaving does not', () => {
    const leave = given(['up', 'down', 'up']);
    const back = given(['up', 'up', 'up'], { register: without, stopwatches: upFor('two', 60_000) });

    const counted = [leave, back].map((input) => {
      const decision = decide(input);
      if (decision.kind !== 'move') throw new Error(decision.reason);
      const move = {
        ...decision,
        kind: decision.run,
        by: 'region-1',
        holder: null,
        isDataLossAllowed: false,
        isProofWaived: false,
        isShortAllowed: false,
        demand: null,
        times: noTimes,
      };
      return openRun(input.service, input.register, move, input).moves.map(({ epoch }) => epoch);
    });

    expect(counted).toEqual([[], [2]]);
  });
});

describe('the static endpoint of a pool', () => {
  const lastServes = { serving: [lastResortName] };

  it('takes over when every site is down, and only where the service asks for that', () => {
    const asked = decide(given(['down', 'down', 'down'], { service: withLast() }));
    const notAsked = decide(given(['down', 'down', 'down'], { service: withLast({ allDown: 'keep' }) }));
    const hasNone = decide(
      given(['down', 'down', 'down'], {
        service: { ...pool, failover: { ...pool.failover, allDown: 'last-resort' } },
      }),
    );

    expect(asked).toMatchObject({ run: 'last-resort', from: 'one', to: 'one', serving: [lastResortName] });
    expect([notAsked, hasNone]).toMatchObject([{ reason: 'fail-open' }, { reason: 'fail-open' }]);
  });

  it.each<Verdict>(['unclear', 'degraded'])('does not take over while a site is %s: that is not down', (verdict) => {
    expect(decide(given(['down', verdict, 'down'], { service: withLast() }))).toMatchObject({ reason: 'fail-open' });
  });

  it('stays while every site is down', () => {
    expect(decide(given(['down', 'down', 'unclear'], { service: withLast(), register: lastServes }))).toMatchObject({
      kind: 'hold',
      reason: 'all-down',
    });
  });

  it('gives way to every site that is up, at once', () => {
    expect(decide(given(['down', 'up', 'up'], { service: withLast(), register: lastServes }))).toMatchObject({
      run: 'recover',
      to: 'far',
      serving: ['far', 'two'],
    });
  });

  it('does not give way to a site in maintenance', () => {
    const register = { ...lastServes, maintenance: ['two'] };

    expect(decide(given(['down', 'up', 'down'], { service: withLast(), register }))).toMatchObject({
      kind: 'hold',
      reason: 'all-down',
    });
  });

  it('neither comes nor goes during a pause', () => {
    const decisions = [
      given(['down', 'down', 'down'], { service: withLast(), register: { pause: paused } }),
      given(['up', 'up', 'up'], { service: withLast(), register: { ...lastServes, pause: paused } }),
    ].map((input) => decide(input));

    expect(decisions).toMatchObject([{ reason: 'paused' }, { reason: 'paused' }]);
  });
});

describe('a pool behind a balancer', () => {
  it('may be left in part', () => {
    const service = serviceWith({ mode: 'active-active', sites, traffic: { targets } });

    expect(decide(given(['up', 'down', 'up'], { service, loads: [60, 80, 60] }))).toMatchObject({ run: 'withdraw' });
  });
});
