import { expect, test } from 'vitest';
import type { DecisionInput, MoveDecision } from '../../../../src/core/decision/decision-input.ts';
import { frozenBecause, withMaintenance } from '../../../../src/core/decision/open-windows.ts';
import { registerWith, situationWith } from '../service.fixture.ts';

const untilMs = Date.UTC(2026, 10, 29, 6, 30, 15, 250);

function calendarWith(more: Partial<NonNullable<DecisionInput['calendar']>>): Pick<DecisionInput, 'calendar'> {
  return { calendar: { freeze: null, maintenance: [], ...more } as NonNullable<DecisionInput['calendar']> };
}

const frozen = (moves: 'all' | 'planned') => calendarWith({ freeze: { moves, untilMs } as never });

test.each<[MoveDecision['run'], string | undefined, string | undefined]>([
  ['failover', 'frozen', undefined],
  ['withdraw', 'frozen', undefined],
  ['last-resort', 'frozen', undefined],
  ['switchover', 'planned-waits', 'planned-waits'],
  ['failback', 'failback-waits', 'failback-waits'],
  ['readmit', 'failback-waits', 'failback-waits'],
  ['recover', undefined, undefined],
  ['follow', undefined, undefined],
])('S7: a %s in a freeze of all moves: %s, of planned ones: %s', (run, all, planned) => {
  const reasonIn = (moves: 'all' | 'planned') => frozenBecause(frozen(moves), { run, to: 'two' })?.reason;

  expect([reasonIn('all'), reasonIn('planned')]).toEqual([all, planned]);
});

test('what waits says until when, to the minute', () => {
  expect(frozenBecause(frozen('all'), { run: 'failback', to: 'two' })).toMatchObject({
    kind: 'hold',
    detail: 'the failback to two waits: frozen until 2026-11-29T06:30Z',
  });
});

test('nothing waits where no window is open, or where there is no calendar', () => {
  expect(frozenBecause(calendarWith({}), { run: 'failover', to: 'two' })).toBeNull();
  expect(frozenBecause({}, { run: 'failover', to: 'two' })).toBeNull();
});

test('a site whose window of work is open counts as in maintenance, once, beside the others in order', () => {
  const input = situationWith({
    register: registerWith({ maintenance: ['two'] }),
    ...calendarWith({ maintenance: ['two', 'far'].map((site) => ({ site })) as never }),
  });

  expect(withMaintenance(input).register.maintenance).toEqual(['far', 'two']);
  expect(input.register.maintenance).toEqual(['two']);
});

test('without such a window the input is what it was', () => {
  const input = situationWith(calendarWith({}));

  expect(withMaintenance(input)).toBe(input);
  expect(withMaintenance(situationWith()).register.maintenance).toEqual([]);
});
