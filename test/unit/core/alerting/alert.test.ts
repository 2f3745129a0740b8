import { expect, test } from 'vitest';
import { alertOf } from '../../../../src/core/alerting/alert.ts';
import { alertNames } from '../../../../src/core/alerting/alert-name.ts';
import { alertCatalogue } from '../../../../src/core/alerting/catalogue.ts';
import { type EventKind, type FailoverEvent, newEvent } from '../../../../src/core/alerting/event.ts';

const cases: [EventKind, FailoverEvent['data'], ReturnType<typeof alertOf>][] = [
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
  ['attempt-failed', {}, 'actuator-errors'],
  ['failover', {}, 'failed-over'],
  ['watcher-silent', {}, 'watcher-silent'],
  ['no-majority', {}, 'no-majority'],
  ['replication-lag', {}, 'replication-lag'],
  ['run-too-slow', {}, 'run-too-slow'],
  ['decision', { reason: 'approval-waits' }, 'awaiting-approval'],
  ['decision', { reason: 'approval-lapsed' }, 'approval-lapsed'],
  ['switchover-dropped', {}, 'switchover-dropped'],
  ['switchover-planned', {}, null],
  ['switchover-cancelled', {}, null],
  ['drift-repaired', {}, 'drift-repaired'],
  ['drift-stuck', {}, 'drift-stuck'],
  ['self-fenced', {}, 'self-fenced'],
  ['fence-owed', {}, 'fence-owed'],
  ['fence-unproven', {}, 'fence-unproven'],
  ['clock-gap', {}, 'clock-gap'],
  ['memory-short', {}, 'memory-short'],
  ['self-check-failed', {}, 'self-check-failed'],
  ['invariant-broken', {}, 'invariant-broken'],
  ['spare-capacity', {}, 'spare-capacity'],
  ['standby-unready', {}, 'standby-unready'],
  ['recovery-time-missed', {}, 'recovery-time-missed'],
  ['clock-offset', {}, 'clock-offset'],
  ['certificate-ending', {}, 'certificate-ending'],
  ['backup-old', {}, 'backup-old'],
  ['probe-failing', {}, 'probe-failing'],
  ['configurations-differ', {}, 'configurations-differ'],
  ['unknown-site', {}, 'unknown-site'],
  ['decision', { reason: 'fail-open' }, 'pool-fail-open'],
  ['decision', { reason: 'over-capacity' }, 'over-capacity'],
  ['decision', { reason: 'all-down' }, 'last-resort'],
  ['decision', { reason: 'run-unfinished' }, 'move-unfinished'],
  ['decision', { reason: 'writer-elsewhere' }, 'writer-elsewhere'],
  ['fence-owed', {}, 'fence-owed'],
  ['fence-unproven', {}, 'fence-unproven'],
  ['decision', { reason: 'shared-dependency' }, 'shared-dependency'],
  ['step-ended', { state: 'turned-back' }, 'step-failed'],
  ['checkup-missing', {}, 'doctor-red'],
  ['checkup', { bad: 1 }, null],
  ['finding', { state: 'bad' }, null],
  ['run-started', {}, null],
  ['pulse', { 'site-down': true }, null],
  ['alert-resolved', { alarm: 'site-down' }, null],
  ['notification-lost', {}, null],
  ['opinion-changed', {}, null],
];

test.each(cases)('%s with %j raises %s', (kind, data, alarm) => {
  expect(alertOf(newEvent(kind, 'shop', '', { data }))).toBe(alarm);
});

test('every alarm that somebody tells of is raised by some event, and no other', () => {
  const raised = new Set(cases.map(([, , alarm]) => alarm).filter((alarm) => alarm !== null));
  const told = alertNames.filter((name) => alertCatalogue[name].source !== 'lambda-metric');

  expect([...raised].sort()).toEqual([...told].sort());
});

test('the catalog lists the alarms in the order of their names', () => {
  expect(Object.keys(alertCatalogue)).toEqual([...alertNames]);
});

test.each(alertNames)('%s has a title and a meaning for people', (name) => {
  const { title, meaning } = alertCatalogue[name];

  expect(title).toMatch(/^[\x20-\x7e]{4,40}$/);
  expect(meaning).toMatch(/^[A-Z][\x20-\x7e]{20,}\.$/);
});

test('no message waits for what does not last', () => {
  const waiting = alertNames.filter((name) => alertCatalogue[name].patienceMs > 0 && !alertCatalogue[name].isLasting);

  expect(waiting).toEqual([]);
});
