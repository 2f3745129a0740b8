import { describe, expect, test } from 'vitest';
import { gameDayPlan, missedReturn, withBegunGameDays } from '../../../../src/core/calendar/game-day.ts';
import { plannedOutlook } from '../../../../src/core/calendar/planned-outlook.ts';
import type { DecisionInput } from '../../../../src/core/decision/decision-input.ts';
import { awayStatus } from '../../../../src/core/operator/planned/away-status.ts';
import type { Register } from '../../../../src/core/register/register.ts';
import { registerWith, runWith, serviceWith } from '../service.fixture.ts';

const minuteMs = 60_000;
const startMs = Date.UTC(2026, 0, 1, 10);
const untilMs = startMs + 60 * minuteMs;
const middleMs = startMs + 30 * minuteMs;
/** The first of each month at 10:00 UTC. */
const window = { cron: '0 10 1 * *', forMs: 60 * minuteMs };
const held = { startMs, untilMs, home: 'one', to: 'two', isReturning: false };

function inputAt(wallMs: number, register: Partial<Register> = {}, more: Partial<DecisionInput> = {}): DecisionInput {
  return {
    service: { ...serviceWith({}), gameDays: [window] },
    register: registerWith(register),
    knowledge: { verdicts: { one: 'up', two: 'up', far: 'up' }, reports: {}, dependencies: {} },
    isActiveSuspected: false,
    watcherCount: 3,
    freshWatcherCount: 3,
    stopwatches: {},
    disputes: [],
    group: null,
    wallMs,
    ...more,
  };
}

const plan = (...given: Parameters<typeof inputAt>) => gameDayPlan(inputAt(...given));

const away = {
  active: 'two',
  gameDay: held,
  run: runWith({ epoch: 1, state: 'done', kind: 'switchover', from: 'one', to: 'two', reason: 'planned' }),
} as const;

describe('the way out', () => {
  test.each([
    ['more than ten minutes before its window', startMs - 10 * minuteMs - 1, false],
    ['ten minutes before it, so that people hear it', startMs - 10 * minuteMs, true],
    ['in its first half', middleMs - 1, true],
    ['in its second half, which is for the way back', middleMs, false],
    ['after it', untilMs, false],
  ])('%s', (_, wallMs, isPlanned) => {
    expect(plan(wallMs) !== null).toBe(isPlanned);
  });

  test('is a planned switchover of the first half, kept in the register with its window', () => {
    expect(plan(startMs)).toEqual({
      planned: { from: 'one', to: 'two', atMs: startMs, latestMs: middleMs, by: 'calendar', reason: 'game day' },
      gameDay: held,
    });
  });

  test('leads to the site that the window names', () => {
    const service = { ...serviceWith({}), gameDays: [{ ...window, to: 'far' }] };

    expect(plan(startMs, {}, { service })?.planned.to).toBe('far');
    expect(plan(startMs, { active: 'far' }, { service })).toBeNull();
  });

  test('is planned once: what was taken back or dropped stays so until the next window', () => {
    expect(plan(startMs, { gameDay: held })).toBeNull();
    expect(plan(Date.UTC(2026, 1, 1, 10), { gameDay: held })?.gameDay.startMs).toBe(Date.UTC(2026, 1, 1, 10));
  });

  test('of windows that overlap the earlier one is planned first, and none that began before the held one', () => {
    const [earlier, later] = [window, { ...window, cron: '5 10 1 * *', to: 'far' }];
    const service = { ...serviceWith({}), gameDays: [later, earlier] };
    const heldLater = { ...held, startMs: startMs + 5 * minuteMs, untilMs: untilMs + 5 * minuteMs, to: 'far' };

    expect(plan(startMs, {}, { service })?.planned.to).toBe('two');
    expect(plan(startMs, { gameDay: held }, { service })?.gameDay).toEqual(heldLater);
    expect(plan(startMs, { gameDay: heldLater }, { service })).toBeNull();
  });

  test('is none in a window that had begun when the register was born, and is one in the next', () => {
    const service = { ...serviceWith({}), gameDays: [window] };
    const born = (wallMs: number) => withBegunGameDays(service, registerWith({}), wallMs);

    expect(plan(startMs + 1, born(startMs))).toBeNull();
    expect(plan(startMs, born(startMs - 1))?.planned.atMs).toBe(startMs);
    expect(plan(middleMs, born(startMs))).toBeNull();
    expect(withBegunGameDays(serviceWith({}), registerWith({}), startMs)).toEqual(registerWith({}));
  });

  test('where nobody could take over it is planned all the same, and waits by the rules of every plan', () => {
    const knowledge = { verdicts: { one: 'up', two: 'down', far: 'down' }, reports: {}, dependencies: {} } as const;
    const planned = plan(startMs, {}, { knowledge })?.planned;

    expect(planned?.to).toBe('two');
    const input = {
      service: serviceWith({}),
      register: registerWith(planned === undefined ? {} : { planned }),
      knowledge,
      isActiveSuspected: false,
      watcherCount: 3,
      freshWatcherCount: 3,
      stopwatches: {},
      disputes: [],
      group: null,
      wallMs: startMs,
    };
    expect(plannedOutlook(input)?.kind).toBe('waits');
    expect(plannedOutlook({ ...input, wallMs: middleMs + 1 })?.kind).toBe('over');
  });
});

describe('the way back', () => {
  test.each([
    ['in the first half', middleMs - 1, false],
    ['in the second half', middleMs, true],
    ['at the end of the window', untilMs, true],
    ['after it', untilMs + 1, false],
  ])('%s', (_, wallMs, isPlanned) => {
    expect(plan(wallMs, away) !== null).toBe(isPlanned);
  });

  test('leads home within the window, and is planned once', () => {
    const back = plan(middleMs, away);

    expect(back?.planned).toEqual({
      from: 'two',
      to: 'one',
      atMs: middleMs,
      latestMs: untilMs,
      by: 'calendar',
      reason: 'return from the game day',
    });
    expect(back?.gameDay).toEqual({ ...held, isReturning: true });
    expect(plan(middleMs, { ...away, gameDay: back?.gameDay ?? held })).toBeNull();
  });

  test('is none from a site that something else has made active', () => {
    expect(plan(middleMs, { active: 'far', gameDay: held })).toBeNull();
    expect(plan(middleMs, { gameDay: held })).toBeNull();
    expect(plan(middleMs, { ...away, run: { ...away.run, reason: 'operator' } })).toBeNull();
    expect(plan(middleMs, { ...away, run: { ...away.run, kind: 'failover', reason: 'active-down' } })).toBeNull();
  });

  test('is led also by what put it right there since', () => {
    const run = runWith({ ...away.run, epoch: 2, kind: 'recover', from: 'two', reason: 'site-back' });

    expect(plan(middleMs, { ...away, epoch: 2, run })?.planned).toMatchObject({ from: 'two', to: 'one' });
  });
});

describe('a way back that was never planned', () => {
  const ofPerson = { from: 'two', to: 'far', atMs: untilMs, latestMs: untilMs + 1, by: 'eve', reason: '' };

  test('is missed once its window is over, and says what stood in its way', () => {
    const missed = missedReturn(inputAt(untilMs + 1, { ...away, planned: ofPerson }));

    expect(missed?.gameDay).toEqual({ ...held, isReturning: true });
    expect(missed?.planned).toMatchObject({ from: 'two', to: 'one', atMs: middleMs, latestMs: untilMs });
    expect(missed?.why).toBe(
      'the switchover two > far planned for 2026-01-01T11:00:00Z stood in its way until the window was over; the service stays at two',
    );
    expect(missedReturn(inputAt(untilMs + 1, away))?.why).toMatch(/^it was not planned until the window was over/);
  });

  test.each<[string, number, Partial<Register>]>([
    ['while the window lasts', untilMs, away],
    ['when it was planned', untilMs + 1, { ...away, gameDay: { ...held, isReturning: true } }],
    ['when the service is elsewhere', untilMs + 1, { active: 'far', gameDay: held }],
    ['while a move is under way', untilMs + 1, { ...away, run: runWith() }],
    ['when a later move led it there', untilMs + 1, { ...away, run: { ...away.run, reason: 'active-down' } }],
    ['when it was led there by a move of before', untilMs + 1, { ...away, epoch: 2 }],
    ['without a game day', untilMs + 1, { active: 'two' }],
  ])('is not missed %s', (_, wallMs, register) => {
    expect(missedReturn(inputAt(wallMs, register))).toBeNull();
  });
});

describe('the status of a service that a game day has led away', () => {
  const run = runWith({ epoch: 2, state: 'done', kind: 'switchover', from: 'one', to: 'two', reason: 'planned' });
  const left = { ...away, epoch: 2, run };

  test('says where it is and where it was, once the window is over', () => {
    expect(awayStatus(inputAt(untilMs + 1, left))).toEqual({ at: 'two', home: 'one', untilMs });
  });

  test.each<[string, number, Partial<Register>]>([
    ['while the window lasts', untilMs, left],
    ['when it has come back', untilMs + 1, { ...left, active: 'one' }],
    ['when a later move has led it there', untilMs + 1, { ...left, epoch: 3 }],
    ['when a person has moved it there', untilMs + 1, { ...left, run: { ...run, reason: 'operator' } }],
    [
      'while the way back is still planned',
      untilMs + 1,
      { ...left, planned: { from: 'two', to: 'one', atMs: 0, latestMs: 0, by: 'calendar', reason: '' } },
    ],
  ])('is null %s', (_, wallMs, register) => {
    expect(awayStatus(inputAt(wallMs, register))).toBeNull();
  });
});

describe('nothing is planned', () => {
  const planned = { from: 'one', to: 'far', atMs: startMs, latestMs: untilMs, by: 'eve', reason: 'kernel' };

  test('beside what a person has planned', () => {
    expect(plan(startMs, { planned })).toBeNull();
  });

  test('while the time is not known, and for a pool', () => {
    const pool = { ...serviceWith({}), mode: 'active-active' as const, gameDays: [window] };

    expect(plan(startMs, {}, { wallMs: undefined } as never)).toBeNull();
    expect(plan(startMs, {}, { service: pool })).toBeNull();
  });

  test('for a member of a group that follows another one', () => {
    const group = { name: 'shop', leader: 'other', needs: ['other'], others: {} };

    expect(plan(startMs, {}, { group })).toBeNull();
  });

  test('while a run is open, in either half', () => {
    const run = runWith({ state: 'running' });

    expect(plan(startMs, { run })).toBeNull();
    expect(plan(middleMs, { ...away, run })).toBeNull();
    expect(plan(startMs, { run: { ...run, state: 'done' } })).not.toBeNull();
  });
});

test('the leader of a group plans for the group', () => {
  const group = { name: 'g', leader: 'shop', needs: [], others: {} };

  expect(plan(startMs, {}, { group })?.planned.to).toBe('two');
});

test('who would take over now is who would in maintenance of others, too', () => {
  const calendar = { maintenance: [{ site: 'two', untilMs }], freeze: null };

  expect(plan(startMs, {}, { calendar })?.planned.to).toBe('far');
});

test('a site that is named is tried before the next window, and a window without a site to go to is passed over', () => {
  const later = { ...window, cron: '5 10 1 * *' };
  const service = { ...serviceWith({}), gameDays: [{ ...window, to: 'one' }, later] };

  expect(plan(startMs, {}, { service })?.planned).toMatchObject({ to: 'two', atMs: startMs + 5 * minuteMs });
});

test('a service with one site has nowhere to go', () => {
  const { one } = serviceWith({}).sites;
  const service = { ...serviceWith({}), sites: { one }, gameDays: [window] } as never;

  expect(plan(startMs, {}, { service })).toBeNull();
});

test('a service without game days plans none', () => {
  expect(plan(startMs, {}, { service: serviceWith({}) })).toBeNull();
  expect(
    withBegunGameDays({ ...serviceWith({}), gameDays: [window] }, registerWith({ active: 'far' }), 7).gameDay,
  ).toEqual({
    startMs: 7,
    untilMs: 7,
    home: 'far',
    to: 'far',
    isReturning: true,
  });
});
