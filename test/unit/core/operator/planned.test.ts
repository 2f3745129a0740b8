import { describe, expect, test } from 'vitest';
import { cancelledLine, droppedLine, endOfPlan } from '../../../../src/core/calendar/planned-words.ts';
import { obey } from '../../../../src/core/operator/command.ts';
import type { CommandContext } from '../../../../src/core/operator/command-outcome.ts';
import type { PlannedOrder } from '../../../../src/core/operator/planned/planned-order.ts';
import { withSitesRenamed } from '../../../../src/core/register/renaming.ts';
import { registerWith, runWith, service, serviceWith } from '../service.fixture.ts';

const minuteMs = 60_000;
const dayMs = 86_400_000;
const nowMs = Date.UTC(2026, 10, 29);

function context(more: Partial<CommandContext> = {}): CommandContext {
  return {
    service,
    register: registerWith(),
    knowledge: { verdicts: { one: 'up', two: 'up', far: 'up' }, reports: {}, dependencies: {} },
    stopwatches: {},
    group: null,
    disputes: [],
    by: 'eve',
    wallMs: nowMs,
    votersMs: nowMs,
    ...more,
  };
}

const order: PlannedOrder = { to: 'two', atMs: nowMs + dayMs, withinMs: 10 * minuteMs, reason: 'kernel' };
const plan = (more: Partial<PlannedOrder> = {}, where = context()) =>
  obey({ verb: 'plan-switchover', ...order, ...more }, where);
const cancel = (where: CommandContext) => obey({ verb: 'cancel-switchover' }, where);
const { to: _to, withinMs: _within, ...rest } = order;
const planned = { ...rest, from: 'one', to: 'two', latestMs: order.atMs + 10 * minuteMs, by: 'eve' };

test('a plan is in the register with its times and its planner, and in the history', () => {
  const outcome = plan();

  expect(outcome).toMatchObject({
    outcome: 'accepted',
    register: {
      epoch: 1,
      active: 'one',
      planned,
      history: [{ by: 'eve', what: 'switchover one > two planned for 2026-11-30T00:00:00Z: kernel' }],
    },
    message:
      'shop: switchover one > two planned for 2026-11-30T00:00:00Z, or until 2026-11-30T00:10:00Z if something stands in its way',
  });
});

test('what would be refused today is said, and does not stand against a plan', () => {
  const down = { verdicts: { one: 'up', two: 'down', far: 'up' }, reports: {}, dependencies: {} } as const;

  expect(plan({}, context({ knowledge: down }))).toMatchObject({
    outcome: 'accepted',
    message: expect.stringContaining('today two would be refused (not-up)'),
  });
});

describe('a line that is wrong whatever the state of the service', () => {
  test.each<[Partial<PlannedOrder>, string]>([
    [{ to: null }, 'name the target: --to SITE'],
    [{ to: 'one' }, '--to one: it is active already; name another site'],
    [{ atMs: nowMs }, "is past, for the watchers' clocks say 2026-11-29T00:00:00Z; to move now, leave --at out"],
    [{ atMs: nowMs + 30 * dayMs + 1 }, 'is too far ahead: write a time until 2026-12-29T00:00:00Z'],
    [{ withinMs: minuteMs - 1 }, '--within is too short for the watchers: write 1m or more'],
    [{ withinMs: dayMs + 1 }, '--within is too long: write 24h or less'],
  ])('%j: %s', (more, says) => {
    expect(plan(more)).toEqual({ outcome: 'refused', isMistake: true, message: expect.stringContaining(says) });
  });

  test('with slow ticks the shortest wait is longer (intervalMs=60000)', () => {
    const slow = serviceWith({ detection: { intervalMs: 60_000 } });

    expect(plan({ withinMs: 2 * minuteMs }, context({ service: slow }))).toMatchObject({
      message: expect.stringContaining('write 3m or more'),
    });
  });

  test('the clocks of the watchers count, not that of the operator', () => {
    expect(plan({}, context({ votersMs: order.atMs }))).toMatchObject({ outcome: 'refused', isMistake: true });
  });
});

test('without a majority of the watchers nobody knows their time', () => {
  const outcome = plan({}, context({ votersMs: null }));

  expect(outcome).toEqual({ outcome: 'refused', message: expect.stringContaining('too few watchers are heard') });
});

describe('what the state of the service stands against', () => {
  const frozen = (
    forMs: number,
    from = { ...service, freeze: [{ cron: '0 0 * * *', forMs, moves: 'all' as const }] },
  ) => context({ service: from });
  const atWork = { ...service, maintenance: [{ site: 'two', cron: '50 23 * * *', forMs: 30 * minuteMs }] };

  test.each<[string, Partial<PlannedOrder>, CommandContext]>([
    ['is in progress', {}, context({ register: registerWith({ epoch: 2, active: 'far', run: runWith() }) })],
    ['is there already', { to: 'far' }, context({ register: registerWith({ planned }) })],
    ['is there already', { atMs: order.atMs + 1 }, context({ register: registerWith({ planned }) })],
    ['two is refused (never-eligible)', {}, context({ service: serviceWith({ sites: { two: { priority: 0 } } }) })],
    ['shop is frozen from before 2026-11-30T00:00:00Z until 2026-11-30T00:20:00Z', {}, frozen(20 * minuteMs)],
    ['work is planned at two from before', {}, context({ service: atWork })],
    ['is active-active', {}, context({ service: serviceWith({ mode: 'active-active' }) })],
  ])('%s', (says, more, where) => {
    expect(plan(more, where)).toEqual({ outcome: 'refused', message: expect.stringContaining(says) });
  });

  test('a window that ends in time leaves an instant', () => {
    expect(plan({ withinMs: 30 * minuteMs }, frozen(20 * minuteMs))).toMatchObject({ outcome: 'accepted' });
  });

  test('the same plan again changes nothing', () => {
    expect(plan({}, context({ register: registerWith({ planned }) }))).toMatchObject({ outcome: 'unchanged' });
  });
});

describe('cancel', () => {
  test('takes the plan out, and says so in the history', () => {
    const outcome = cancel(context({ register: registerWith({ planned }), by: 'bob' }));

    expect(outcome).toMatchObject({ outcome: 'accepted', register: { history: [{ by: 'bob' }] } });
    expect(outcome.outcome === 'accepted' && 'planned' in outcome.register).toBe(false);
  });

  test('changes nothing where nothing is planned', () => {
    expect(cancel(context())).toEqual({ outcome: 'unchanged', message: 'no switchover of shop is planned' });
  });

  test('is refused once the switchover has begun', () => {
    const begun = registerWith({ epoch: 2, active: 'two', run: runWith({ epoch: 2, reason: 'planned' }) });

    expect(cancel(context({ register: begun }))).toMatchObject({ outcome: 'refused' });
  });
});

test('the history says how a plan ended', () => {
  const line = (what: string, by: string) => ({ epoch: 1, atMs: 0, by, what });

  expect(endOfPlan(planned, [line('pause: x', 'bob'), line(cancelledLine(planned), 'bob')])).toEqual({
    kind: 'cancelled',
    by: 'bob',
  });
  expect(endOfPlan(planned, [line(droppedLine(planned, 'far is active'), 'region-1')])).toEqual({
    kind: 'dropped',
    why: 'far is active',
  });
  expect(endOfPlan(planned, [line('switchover one > two (planned)', 'eve')])).toBeNull();
});

test('a site that is renamed keeps its plan', () => {
  const renamed = withSitesRenamed(registerWith({ planned }), { two: 'dublin', one: 'cork' });

  expect(renamed.planned).toEqual({ ...planned, from: 'cork', to: 'dublin' });
});
