import { expect, test } from 'vitest';
import { type AlertName, alertNames } from '../../../../src/core/alerting/alert-name.ts';
import { alertCatalogue } from '../../../../src/core/alerting/catalogue.ts';
import { type FailoverEvent, newEvent } from '../../../../src/core/alerting/event.ts';
import { guidance } from '../../../../src/core/alerting/guidance.ts';
import { messageOf, subjectLengthMax } from '../../../../src/core/alerting/message.ts';
import { notificationOf, resolvedEvent } from '../../../../src/core/alerting/notification.ts';

/** An event that raises each alarm; null where Lambda raises it and nobody here says anything. */
const raisers: Readonly<Record<AlertName, FailoverEvent | null>> = {
  'site-down': newEvent('verdict-changed', 'web', 'virginia: down', {
    site: 'virginia',
    data: { verdict: 'down', reason: 'timeout' },
  }),
  'site-degraded': newEvent('verdict-changed', 'web', 'virginia: degraded', {
    site: 'virginia',
    data: { verdict: 'degraded' },
  }),
  'watcher-silent': newEvent('watcher-silent', 'web', 'the watcher in us-west-2 has fallen silent', {
    data: { region: 'us-west-2' },
  }),
  'no-quorum': newEvent('decision', 'web', 'abstain: no-quorum', { data: { kind: 'abstain', reason: 'no-quorum' } }),
  'no-majority': newEvent('no-majority', 'web', 'too few state tables answer'),
  'no-eligible-standby': newEvent('decision', 'web', 'hold', { data: { kind: 'hold', reason: 'no-eligible-site' } }),
  'replication-lag': newEvent('replication-lag', 'web', 'oregon is 31 s behind', {
    site: 'oregon',
    data: { lagMs: 31_000 },
  }),
  'run-too-slow': newEvent('run-too-slow', 'web', 'failover virginia > oregon is older than 41 s'),
  'step-failed': newEvent('step-ended', 'web', 'address: failed', { data: { step: 'address', state: 'failed' } }),
  'move-unfinished': newEvent('decision', 'web', 'hold', { data: { kind: 'hold', reason: 'run-unfinished' } }),
  'writer-elsewhere': newEvent('decision', 'web', 'hold', { data: { kind: 'hold', reason: 'writer-elsewhere' } }),
  'failed-over': newEvent('failover', 'web', 'web: failover from virginia to oregon, epoch 2', {
    site: 'oregon',
    data: {
      epoch: 2,
      from: 'virginia',
      to: 'oregon',
      reason: 'active-down',
      steps: 'fence: done (nothing to fence); dns: done (oracles steer)',
    },
  }),
  'blocked-awaiting-ack': newEvent('decision', 'web', 'hold', { data: { kind: 'hold', reason: 'blocked' } }),
  'approval-lapsed': newEvent('decision', 'web', 'hold', { data: { kind: 'hold', reason: 'approval-lapsed' } }),
  'awaiting-approval': newEvent('decision', 'web', 'hold', { data: { kind: 'hold', reason: 'approval-waits' } }),
  'switchover-dropped': newEvent('switchover-dropped', 'web', 'switchover to oregon: dropped', { site: 'oregon' }),
  'oracle-errors': null,
  'endpoints-errors': null,
  'notify-errors': null,
  'doctor-red': newEvent('checkup-missing', null, 'no hourly check has come to an end', {
    data: { region: 'us-west-2' },
  }),
  'actuator-errors': newEvent('attempt-failed', 'web', 'address in us-east-1: timeout', {
    data: { step: 'address', region: 'us-east-1' },
  }),
  'drift-repaired': newEvent('drift-repaired', 'web', 'address was put back', { data: { thing: 'address' } }),
  'drift-stuck': newEvent('drift-stuck', 'web', 'address cannot be repaired', { data: { thing: 'address' } }),
  'self-fenced': newEvent('self-fenced', 'web', 'virginia was cut off here', { site: 'virginia' }),
  'fence-owed': newEvent('fence-owed', 'web', 'the fence of virginia is closed, read back', { site: 'virginia' }),
  'fence-unproven': newEvent('fence-unproven', 'web', 'the fence of virginia is by lease', { site: 'virginia' }),
  'clock-gap': newEvent('clock-gap', null, 'no tick for 61000 ms', { data: { gapMs: 61_000 } }),
  'self-check-failed': newEvent('self-check-failed', null, 'no control target answers'),
  'pool-fail-open': newEvent('decision', 'web', 'hold', { data: { kind: 'hold', reason: 'fail-open' } }),
  'over-capacity': newEvent('decision', 'web', 'hold', { data: { kind: 'hold', reason: 'over-capacity' } }),
  'spare-capacity': newEvent('spare-capacity', 'web', 'the rest could not carry the load'),
  'standby-unready': newEvent('standby-unready', 'web', '2 findings about oregon', { site: 'oregon' }),
  'recovery-time-missed': newEvent('recovery-time-missed', 'web', 'app not at oregon after 60 s'),
  'clock-offset': newEvent('clock-offset', 'web', 'the clock of oregon is 90 s off', { site: 'oregon' }),
  'certificate-ending': newEvent('certificate-ending', 'web', 'ends in 3 days', { site: 'oregon' }),
  'backup-old': newEvent('backup-old', 'web', 'backups of oregon: there is none', { site: 'oregon' }),
  'probe-failing': newEvent('probe-failing', 'web', 'one of three probes fails', { site: 'oregon' }),
  'last-resort': newEvent('decision', 'web', 'hold', { data: { kind: 'hold', reason: 'all-down' } }),
  'shared-dependency': newEvent('decision', 'web', 'hold', { data: { kind: 'hold', reason: 'shared-dependency' } }),
  'configurations-differ': newEvent('configurations-differ', 'web', 'us-west-2 runs another configuration'),
  'unknown-site': newEvent('unknown-site', 'web', 'ireland serves', { site: 'ireland' }),
  'memory-short': newEvent('memory-short', null, 'the watcher has used 170 MB of 192'),
  'invariant-broken': newEvent('invariant-broken', null, 'two testimonies of one watcher'),
};
const raised = alertNames.flatMap((name) => {
  const event = raisers[name];
  return event === null ? [] : [{ name, event }];
});
const verbs = new Set(
  'status plan switchover failover failback pause resume ack maintenance quorum history release continue skip approve doctor'.split(
    ' ',
  ),
);

function commandsIn(body: string): readonly string[] {
  return [...body.matchAll(/^ *\$ (.+)$/gm)].map(([, line = '']) => line);
}

test.each(raised)('$name becomes a message to act on', ({ name, event }) => {
  const { subject, body } = messageOf('shop', 'us-east-2', event);

  expect(subject).toContain(`[${alertCatalogue[name].severity.toUpperCase()}] shop`);
  expect(subject).toContain(alertCatalogue[name].title);
  expect(body).toContain(event.detail);
  expect(body).toContain(alertCatalogue[name].meaning);
  expect(body).toContain(guidance[name].doneByItself);
  expect(body).toContain(`docs/runbook.md#${name}\n`);
  expect(body).toContain('told by us-east-2');
  expect(commandsIn(body)).not.toEqual([]);
  expect(body).not.toMatch(/[{}]|undefined|null/);
});

test.each(raised)('$name: every command in the message exists and names its service', ({ event }) => {
  const commands = commandsIn(messageOf('shop', 'us-east-2', event).body);

  expect(commands.filter((line) => !verbs.has(line.split(' ')[1] ?? ''))).toEqual([]);
  if (event.service !== null) expect(commands.filter((line) => !line.includes(' web'))).toEqual([]);
});

test('every alarm has its own things to do', () => {
  const texts = alertNames.map((name) => JSON.stringify(guidance[name].toDo));

  expect(new Set(texts).size).toBe(alertNames.length);
});

test.each(raised)('the end of $name says so and asks for nothing', ({ name, event }) => {
  const { subject, body } = messageOf('shop', 'us-east-2', resolvedEvent(notificationOf(name, 'any', event, true)));

  expect(subject).toContain('[OVER] shop');
  expect(subject).toContain(alertCatalogue[name].title);
  expect(body).toContain('Nothing has to be done.');
  expect(body).toContain(event.detail);
});

test('a failover says from where to where, why, and what each step did', () => {
  const { subject, body } = messageOf('shop', 'us-west-2', raisers['failed-over'] as FailoverEvent);

  expect(subject).toBe('[WARNING] shop/web: failed over (virginia to oregon)');
  expect(body).toContain('Why: active-down');
  expect(body).toContain('  dns: done (oracles steer)\n');
  expect(commandsIn(body)).toEqual(['cdk-failover status web', 'cdk-failover ack web', 'cdk-failover failback web']);
});

test('a subject is cut to what SNS takes, in ASCII, on one line', () => {
  const site = `übersee-\n${'x'.repeat(200)}`;

  const { subject } = messageOf('shop', 'us-east-1', newEvent('rejoined', 'web', `${site} is back`, { site }));

  expect(subject).toHaveLength(subjectLengthMax);
  // SNS refuses a message whose subject has a hundred.
  expect(subject.length).toBeLessThan(100);
  expect(subject).toMatch(/^[\x20-\x7e]+\.\.\.$/);
});

test('a message says how many were held back before it', () => {
  const event = newEvent('verdict-changed', 'web', 'oregon: down', {
    site: 'oregon',
    data: { verdict: 'down', heldBack: 3 },
  });

  expect(messageOf('shop', 'us-east-1', event).body).toContain('happened 3 times');
});

test('what raises no alarm is told in plain words', () => {
  const { subject, body } = messageOf(
    'shop',
    'us-east-1',
    newEvent('rejoined', 'web', 'virginia is back, as a standby'),
  );

  expect(subject).toBe('shop: rejoined: virginia is back, as a standby');
  expect(commandsIn(body)).toEqual(['cdk-failover status web']);
});
