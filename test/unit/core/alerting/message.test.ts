import { expect, test } from 'vitest';
import { type AlarmName, alarmCatalog, alarmNames } from '../../../../src/core/alerting/catalogue.ts';
import { type Happening, happen } from '../../../../src/core/alerting/event.ts';
import { guidance } from '../../../../src/core/alerting/guidance.ts';
import { messageOf, subjectLengthMax } from '../../../../src/core/alerting/message.ts';
import { noticeOf, overHappening } from '../../../../src/core/alerting/notification.ts';

/** A happening that raises each alarm; null where Lambda raises it and nobody here says anything. */
const raisers: Readonly<Record<AlarmName, Happening | null>> = {
  'site-down': happen('verdict-changed', 'web', 'virginia: down', {
    site: 'virginia',
    data: { verdict: 'down', reason: 'timeout' },
  }),
  'site-degraded': happen('verdict-changed', 'web', 'virginia: degraded', {
    site: 'virginia',
    data: { verdict: 'degraded' },
  }),
  'watcher-silent': happen('watcher-silent', 'web', 'the watcher in us-west-2 has fallen silent', {
    data: { region: 'us-west-2' },
  }),
  'no-quorum': happen('decision', 'web', 'abstain: no-quorum', { data: { kind: 'abstain', reason: 'no-quorum' } }),
  'no-majority': happen('no-majority', 'web', 'too few state tables answer'),
  'no-eligible-standby': happen('decision', 'web', 'hold', { data: { kind: 'hold', reason: 'no-eligible-site' } }),
  'replication-lag': happen('replication-lag', 'web', 'oregon is 31 s behind', {
    site: 'oregon',
    data: { lagMs: 31_000 },
  }),
  'run-too-slow': happen('run-too-slow', 'web', 'failover virginia > oregon is older than 41 s'),
  'step-failed': happen('step-ended', 'web', 'address: failed', { data: { step: 'address', state: 'failed' } }),
  'failed-over': happen('failover', 'web', 'web: failover from virginia to oregon, epoch 2', {
    site: 'oregon',
    data: {
      epoch: 2,
      from: 'virginia',
      to: 'oregon',
      reason: 'active-down',
      steps: 'fence: done (nothing to fence); dns: done (oracles steer)',
    },
  }),
  'blocked-awaiting-ack': happen('decision', 'web', 'hold', { data: { kind: 'hold', reason: 'blocked' } }),
  'oracle-errors': null,
  'actuator-errors': happen('attempt-failed', 'web', 'address in us-east-1: timeout', {
    data: { step: 'address', region: 'us-east-1' },
  }),
  'drift-repaired': happen('drift-repaired', 'web', 'address was put back', { data: { thing: 'address' } }),
  'drift-stuck': happen('drift-stuck', 'web', 'address cannot be repaired', { data: { thing: 'address' } }),
  'self-fenced': happen('self-fenced', 'web', 'virginia was cut off here', { site: 'virginia' }),
  'clock-gap': happen('clock-gap', null, 'no tick for 61000 ms', { data: { gapMs: 61_000 } }),
  'self-check-failed': happen('self-check-failed', null, 'no control target answers'),
  'pool-fail-open': happen('decision', 'web', 'hold', { data: { kind: 'hold', reason: 'fail-open' } }),
  'over-capacity': happen('decision', 'web', 'hold', { data: { kind: 'hold', reason: 'over-capacity' } }),
  'spare-capacity': happen('spare-capacity', 'web', 'the rest could not carry the load'),
  'standby-unready': happen('standby-unready', 'web', '2 findings about oregon', { site: 'oregon' }),
  'recovery-time-missed': happen('recovery-time-missed', 'web', 'app not at oregon after 60 s'),
  'clock-offset': happen('clock-offset', 'web', 'the clock of oregon is 90 s off', { site: 'oregon' }),
  'certificate-ending': happen('certificate-ending', 'web', 'ends in 3 days', { site: 'oregon' }),
  'probe-failing': happen('probe-failing', 'web', 'one of three probes fails', { site: 'oregon' }),
  'last-resort': happen('decision', 'web', 'hold', { data: { kind: 'hold', reason: 'all-down' } }),
  'shared-dependency': happen('decision', 'web', 'hold', { data: { kind: 'hold', reason: 'shared-dependency' } }),
  'invariant-broken': happen('invariant-broken', null, 'two testimonies of one watcher'),
};
const raised = alarmNames.flatMap((name) => {
  const happening = raisers[name];
  return happening === null ? [] : [{ name, happening }];
});
const verbs = new Set(
  'status plan switchover failover failback pause resume ack maintenance quorum history'.split(' '),
);

function commandsIn(body: string): readonly string[] {
  return [...body.matchAll(/^ *\$ (.+)$/gm)].map(([, line = '']) => line);
}

test.each(raised)('$name becomes a message to act on', ({ name, happening }) => {
  const { subject, body } = messageOf('shop', 'us-east-2', happening);

  expect(subject).toContain(`[${alarmCatalog[name].severity.toUpperCase()}] shop`);
  expect(subject).toContain(alarmCatalog[name].title);
  expect(body).toContain(happening.detail);
  expect(body).toContain(alarmCatalog[name].meaning);
  expect(body).toContain(guidance[name].doneByItself);
  expect(body).toContain(`docs/runbook.md#${name}\n`);
  expect(body).toContain('told by us-east-2');
  expect(commandsIn(body)).not.toEqual([]);
  expect(body).not.toMatch(/[{}]|undefined|null/);
});

test.each(raised)('$name: every command in the message exists and names its service', ({ happening }) => {
  const commands = commandsIn(messageOf('shop', 'us-east-2', happening).body);

  expect(commands.filter((line) => !verbs.has(line.split(' ')[1] ?? ''))).toEqual([]);
  if (happening.service !== null) expect(commands.filter((line) => !line.includes(' web'))).toEqual([]);
});

test('every alarm has its own things to do', () => {
  const texts = alarmNames.map((name) => guidance[name].toDo.join('\n'));

  expect(new Set(texts).size).toBe(alarmNames.length);
});

test.each(raised)('the end of $name says so and asks for nothing', ({ name, happening }) => {
  const { subject, body } = messageOf('shop', 'us-east-2', overHappening(noticeOf(name, 'any', happening, true)));

  expect(subject).toContain('[OVER] shop');
  expect(subject).toContain(alarmCatalog[name].title);
  expect(body).toContain('Nothing has to be done.');
  expect(body).toContain(happening.detail);
});

test('a failover says from where to where, why, and what each step did', () => {
  const { subject, body } = messageOf('shop', 'us-west-2', raisers['failed-over'] as Happening);

  expect(subject).toBe('[WARNING] shop/web: failed over (virginia to oregon)');
  expect(body).toContain('Why: active-down');
  expect(body).toContain('  dns: done (oracles steer)\n');
  expect(commandsIn(body)).toEqual(['failover status web', 'failover ack web', 'failover failback web']);
});

test('a subject is cut to what SNS takes, in ASCII, on one line', () => {
  const site = `übersee-\n${'x'.repeat(200)}`;

  const { subject } = messageOf('shop', 'us-east-1', happen('rejoined', 'web', `${site} is back`, { site }));

  expect(subject).toHaveLength(subjectLengthMax);
  expect(subject).toMatch(/^[\x20-\x7e]+\.\.\.$/);
});

test('a message says how many were held back before it', () => {
  const happening = happen('verdict-changed', 'web', 'oregon: down', {
    site: 'oregon',
    data: { verdict: 'down', heldBack: 3 },
  });

  expect(messageOf('shop', 'us-east-1', happening).body).toContain('came back 3 times');
});

test('what raises no alarm is told in plain words', () => {
  const { subject, body } = messageOf('shop', 'us-east-1', happen('rejoined', 'web', 'virginia is back, as a standby'));

  expect(subject).toBe('shop: rejoined: virginia is back, as a standby');
  expect(commandsIn(body)).toEqual(['failover status web']);
});
