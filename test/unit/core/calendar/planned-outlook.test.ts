import { describe, expect, test } from 'vitest';
import { decidePlanned, plannedOutlook } from '../../../../src/core/calendar/planned-outlook.ts';
import type { DecisionInput } from '../../../../src/core/decision/decision-input.ts';
import { openRun } from '../../../../src/core/decision/plan.ts';
import { decide } from '../../../../src/core/decision/service-decision.ts';
import { restMs } from '../../../../src/core/decision/setback.ts';
import type { Verdict } from '../../../../src/core/detection/verdict.ts';
import { groupPart } from '../../../../src/core/model/digest.ts';
import { newRunTimes } from '../../../../src/core/register/ledger.ts';
import type { Register, Setback } from '../../../../src/core/register/register.ts';
import { madeMove, registerWith, service, serviceWith, situationWith } from '../service.fixture.ts';

const planned = { from: 'one', to: 'two', atMs: 1_000_000, latestMs: 1_600_000, by: 'eve', reason: 'kernel' };

function input(more: Partial<DecisionInput> = {}, register: Partial<Register> = {}): DecisionInput {
  return {
    service,
    register: registerWith({ planned, ...register }),
    knowledge: { verdicts: { one: 'up', two: 'up', far: 'up' }, reports: {}, dependencies: {} },
    isActiveSuspected: false,
    watcherCount: 3,
    freshWatcherCount: 3,
    stopwatches: {},
    disputes: [],
    group: null,
    wallMs: planned.atMs,
    ...more,
  };
}

const withVerdicts = (verdicts: Readonly<Record<string, Verdict>>) => ({
  knowledge: { verdicts, reports: {}, dependencies: {} },
});
const lagging = {
  service: serviceWith({ failover: { maxReplicationLagMs: 1_000 } }),
  knowledge: {
    verdicts: { one: 'up', two: 'up', far: 'up' },
    reports: { two: { replicationLagMs: 2_000 } },
    dependencies: {},
  },
} as const;
/** A group that the service leads, with another member that holds this of the sites. */
const groupWith = (verdicts: Readonly<Record<string, Verdict>>): NonNullable<DecisionInput['group']> => {
  const other = { service: { ...service, name: 'db' }, register: registerWith(), ...withVerdicts(verdicts) };
  return { name: 'g', leader: 'shop', needs: [], others: { db: other as never } };
};
/** A switchover to `two` that five rehearsals have refused. */
const refusal: Setback = { site: 'two', epoch: 1, count: 5, step: 'promote', detail: 'no answer', kind: 'rehearsal' };
const pause = { by: 'bob', reason: 'audit' };
const freeze = { calendar: { maintenance: [], freeze: { moves: 'planned', untilMs: 1_200_000 } } } as const;
const work = { calendar: { maintenance: [{ site: 'two', untilMs: 1_200_000 }], freeze: null } };

describe('by the time', () => {
  test.each([
    [planned.atMs - 1, 'early'],
    [planned.atMs, 'due'],
    [planned.latestMs, 'due'],
    [planned.latestMs + 1, 'over'],
  ])('at %i ms it is %s', (wallMs, kind) => {
    expect(plannedOutlook(input({ wallMs }))?.kind).toBe(kind);
  });

  test('nothing is judged without a plan, or without a time', () => {
    const { wallMs: _, ...timeless } = input();
    const { planned: __, ...bare } = registerWith({ planned });

    expect(plannedOutlook(timeless)).toBeNull();
    expect(plannedOutlook(input({ register: bare }))).toBeNull();
  });
});

describe('what stands in its way at its time', () => {
  test.each<[string, DecisionInput]>([
    ['two is refused (not-up)', input(withVerdicts({ one: 'up', two: 'down', far: 'up' }))],
    ['two is refused (lag-over-limit)', input(lagging)],
    ['two is refused (in-maintenance)', input({}, { maintenance: ['two'] })],
    ['two is refused (in-maintenance)', input(work)],
    ['one, which is to be left, is down', input(withVerdicts({ one: 'down', two: 'up', far: 'up' }))],
    ['one, which is to be left, is unclear', input(withVerdicts({ one: 'unclear', two: 'up', far: 'up' }))],
    ['paused by bob: audit', input({}, { pause })],
    ['the switchover to two waits: frozen until', input(freeze)],
    [
      'an automatic failover left two recently; blocked for 3600 s more',
      input({}, { epoch: 3, moves: [madeMove(3, { from: 'two', to: 'one' })] }),
    ],
    ['two is configured differently', input({ disputes: [{ site: 'two', regions: ['region-1'] }] })],
    ['the group is configured differently', input({ disputes: [{ site: groupPart, regions: ['region-1'] }] })],
    ['shop is a pool now', input({ service: serviceWith({ mode: 'active-active' }) })],
    ['the static endpoint serves', input({}, { serving: ['last-resort'] })],
    ['shop follows db now', input({ group: { name: 'g', leader: 'db', needs: [], others: {} } })],
    [
      'two is refused for another member of group g',
      input({ group: groupWith({ one: 'up', two: 'down', far: 'up' }) }),
    ],
    ['one, which is to be left, is unclear', input(withVerdicts({ two: 'up', far: 'up' }))],
    ['it could not be completed (promote: no answer)', input({}, { setbacks: [refusal] })],
    ['this configuration does not have gone', input({}, { planned: { ...planned, to: 'gone' } })],
  ])('%s', (why, waiting) => {
    expect(plannedOutlook(waiting)).toEqual({ kind: 'waits', why: expect.stringContaining(why) });
    expect(plannedOutlook({ ...waiting, wallMs: planned.latestMs + 1 })).toEqual({
      kind: 'over',
      why: expect.stringContaining(`it could not begin until 1970-01-01T00:26:40Z: ${why}`),
    });
    expect(decide(waiting)).not.toMatchObject({ reason: 'planned' });
  });
});

test('a rehearsal that was refused is made again after three rounds, however many there were', () => {
  const after = (ms: number) => input({ stopwatches: { 'setback:shop:two:1.5': ms } }, { setbacks: [refusal] });

  expect(plannedOutlook(after(restMs(service, 1) - 1))?.kind).toBe('waits');
  expect(plannedOutlook(after(restMs(service, 1)))?.kind).toBe('due');
});

test('a move that failed is no obstacle to one that a person has planned', () => {
  expect(plannedOutlook(input({}, { setbacks: [{ ...refusal, kind: 'move' }] }))?.kind).toBe('due');
});

test('once another site is active it is over, before its time too, wherever it leads', () => {
  const elsewhere = input({ wallMs: 0 }, { active: 'far', serving: ['far'] });
  const arrived = input({ wallMs: 0 }, { active: 'two', serving: ['two'] });

  expect(plannedOutlook(elsewhere)).toEqual({ kind: 'over', why: 'far has become active since it was planned' });
  expect(plannedOutlook(arrived)).toEqual({ kind: 'over', why: 'two has become active since it was planned' });
});

test('a person has asked for it: neither a service without automatic failover nor the daily limit holds it', () => {
  const manual = serviceWith({ failover: { automatic: false, maxMovesPerDay: 0 } });

  expect(decide(input({ service: manual }))).toMatchObject({ kind: 'move', run: 'switchover', to: 'two' });
});

test('it is decided while the active site is degraded, and is no reason beside a pause', () => {
  expect(decide(input(withVerdicts({ one: 'degraded', two: 'up', far: 'up' })))).toMatchObject({ reason: 'planned' });
  expect(decidePlanned(input({}, { pause }))).toBeNull();
  expect(decide(input({}, { pause }))).toMatchObject({ kind: 'hold', reason: 'paused' });
  expect(decide(input(freeze))).toMatchObject({ kind: 'hold', reason: 'planned-waits' });
});

test.each([
  ['planned', undefined],
  ['operator', planned],
] as const)('a run that begins for the reason %s leaves in the register what is planned: %j', (reason, left) => {
  const { register } = input();
  const move = {
    kind: 'switchover',
    from: 'one',
    to: 'two',
    serving: ['two'],
    reason,
    by: 'eve',
    holder: null,
    isDataLossAllowed: false,
    isProofWaived: false,
    isShortAllowed: false,
    demand: null,
    times: newRunTimes(5),
  } as const;

  expect(openRun(service, register, move, null).planned).toEqual(left);
});

test('the leader of a group goes where every member may go', () => {
  expect(plannedOutlook(input({ group: groupWith({ one: 'up', two: 'up', far: 'up' }) }))).toEqual({ kind: 'due' });
});

test('what nobody decided in its time is over, and says so', () => {
  const outlook = plannedOutlook(input({ wallMs: planned.latestMs + 1 }));

  expect(outlook).toEqual({ kind: 'over', why: expect.stringContaining('no majority of watchers decided it in time') });
});

test('a dispute about another site is none about the plan', () => {
  expect(plannedOutlook(input({ disputes: [{ site: 'far', regions: ['region-1'] }] }))).toEqual({ kind: 'due' });
});

test('it is decided as the switchover that was planned, by whom and for when', () => {
  expect(decidePlanned(input())).toEqual({
    ...{ kind: 'move', run: 'switchover', from: 'one', to: 'two', serving: ['two'], reason: 'planned' },
    detail: 'eve planned the switchover to two for 1970-01-01T00:16:40Z',
  });
});

test.each([
  ['before its time', input({ wallMs: planned.atMs - 1 })],
  ['after its time', input({ wallMs: planned.latestMs + 1 })],
  ['while the time is not known', situationWith({ register: registerWith({ planned }) })],
  ['without a plan', situationWith({ wallMs: planned.atMs })],
])('nothing is decided by it %s', (_, given) => {
  expect(decidePlanned(given)).toBeNull();
});

test('while it waits, the reason is told', () => {
  expect(decidePlanned(input(freeze))).toMatchObject({
    kind: 'hold',
    reason: 'planned-waits',
    detail: expect.stringMatching(/^the planned switchover to two waits: .*frozen until/),
  });
});
