import { expect, test } from 'vitest';
import { alarmNames, alarmOf } from '../../../src/core/alarm.ts';
import { type Happening, type HappeningKind, happen } from '../../../src/core/happening.ts';

const cases: [HappeningKind, Happening['data'], ReturnType<typeof alarmOf>][] = [
  ['verdict-changed', { verdict: 'down' }, 'site-down'],
  ['verdict-changed', { verdict: 'degraded' }, 'site-degraded'],
  ['verdict-changed', { verdict: 'up' }, null],
  ['decision', { reason: 'no-eligible-site' }, 'no-eligible-standby'],
  ['decision', { reason: 'blocked' }, 'blocked-awaiting-ack'],
  ['decision', { reason: 'no-quorum' }, 'no-quorum'],
  ['decision', { reason: 'quorum-unreachable' }, 'no-quorum'],
  ['decision', { reason: 'healthy' }, null],
  ['decision', {}, null],
  ['step-ended', { state: 'failed' }, 'step-failed'],
  ['step-ended', { state: 'done' }, null],
  ['failover', {}, 'failed-over'],
  ['watcher-silent', {}, 'watcher-silent'],
  ['no-majority', {}, 'no-majority'],
  ['drift-repaired', {}, 'drift-repaired'],
  ['drift-stuck', {}, 'drift-stuck'],
  ['self-fenced', {}, 'self-fenced'],
  ['clock-gap', {}, 'clock-gap'],
  ['self-check-failed', {}, 'self-check-failed'],
  ['invariant-broken', {}, 'invariant-broken'],
  ['run-started', {}, null],
  ['opinion-changed', {}, null],
];

test.each(cases)('%s with %j raises %s', (kind, data, alarm) => {
  expect(alarmOf(happen(kind, 'shop', '', { data }))).toBe(alarm);
});

test('every alarm is raised by something', () => {
  const raised = new Set(cases.map(([, , alarm]) => alarm));

  expect(alarmNames.filter((name) => !raised.has(name))).toEqual([]);
});
