import { describe, expect, test } from 'vitest';
import { alertOf } from '../../../../src/core/alerting/alert.ts';
import { type FailoverEvent, newEvent } from '../../../../src/core/alerting/event.ts';
import { guidance } from '../../../../src/core/alerting/guidance.ts';
import { messageOf, subjectLengthMax } from '../../../../src/core/alerting/message.ts';
import { notificationOf, resolvedEvent } from '../../../../src/core/alerting/notification.ts';

const down = newEvent('verdict-changed', 'web', 'left: down', { site: 'left', data: { verdict: 'down' } });
const silent = newEvent('watcher-silent', 'web', 'it is silent', { data: { region: 'us-west-2' } });
const gap = newEvent('clock-gap', null, 'no tick for 61000 ms');
const plain = newEvent('run-ended', 'web', 'failover one > two: done');
const over = (event: FailoverEvent) => resolvedEvent(notificationOf('site-down', 'x', event, true));

/** The lines below a heading of a message. */
function section(event: FailoverEvent, heading: string): readonly string[] {
  const lines = messageOf('shop', 'us-east-1', event).body.split('\n');
  const from = lines.indexOf(heading);
  if (from < 0) throw new Error(`the message has no part "${heading}"`);
  const below = lines.slice(from + 1);
  return below.slice(0, below.indexOf('')).map((line) => line.slice(2));
}

describe('a subject names', () => {
  test.each([
    ['the site', down, '[CRITICAL] shop/web: site down (left)'],
    ['the end of an alert', over(down), '[OVER] shop/web: site down (left)'],
    ['nothing where the alert is about no place', newEvent('no-majority', 'web', 'x'), /^\[\w+\] shop\/web: [^()]+$/],
    ['no service where it is about none', gap, /^\[\w+\] shop: [^()]+$/],
    ['the region', silent, /\(us-west-2\)$/],
    [
      'both sites of a run',
      newEvent('failover', 'web', 'x', { site: 'b', data: { from: 'a', to: 'b' } }),
      /\(a to b\)$/,
    ],
    [
      'the site of a run without the other end',
      newEvent('failover', 'web', 'x', { site: 'b', data: { from: 'a' } }),
      /\(b\)$/,
    ],
    ['the site of a run that went to it', newEvent('failover', 'web', 'x', { site: 'b', data: { to: 'b' } }), /\(b\)$/],
    ['the kind of an event about no alert', plain, 'shop: run-ended: failover one > two: done'],
  ])('%s', (_, event, subject) => {
    expect(messageOf('shop', 'us-east-1', event).subject).toEqual(
      typeof subject === 'string' ? subject : expect.stringMatching(subject),
    );
  });

  test('as much as SNS takes, in one line of plain letters', () => {
    const subjectOf = (detail: string) => messageOf('s', 'r', newEvent('run-ended', null, detail)).subject;
    const fits = 'x'.repeat(subjectLengthMax - 's: run-ended: '.length);

    expect(subjectOf(fits)).toBe(`s: run-ended: ${fits}`);
    expect(subjectOf(`${fits}y`)).toBe(`s: run-ended: ${fits.slice(3)}...`);
    expect(subjectOf('a \n\t b\u00e9')).toBe('s: run-ended: a b?');
  });
});

describe('a message says', () => {
  test.each([
    ['where it comes from', down, ['left: down', '(deployment shop, service web, site left, told by us-east-1)']],
    [
      'no service and no site where there is none',
      gap,
      ['no tick for 61000 ms', '(deployment shop, told by us-east-1)'],
    ],
    [
      'what an event about no alert is about',
      plain,
      ['failover one > two: done', '(deployment shop, service web, told by us-east-1)'],
    ],
    [
      'why, and how often no message was sent',
      newEvent('no-majority', 'web', 'x', { data: { reason: 'timeout', heldBack: 2 } }),
      [
        ...['x', 'Why: timeout', '(deployment shop, service web, told by us-east-1)'],
        'The same happened 2 times since the last message; no message was sent for those.',
      ],
    ],
    [
      'nothing of messages that were not held back',
      newEvent('no-majority', 'web', 'x', { data: { heldBack: 0 } }),
      ['x', '(deployment shop, service web, told by us-east-1)'],
    ],
  ])('%s', (_, event, lines) => {
    expect(section(event, 'What happened')).toEqual(lines);
  });

  test('what the steps of a run did, each on a line', () => {
    const steps = (given: string) =>
      section(newEvent('failover', 'web', 'x', { data: { steps: given } }), 'What was done by itself');

    expect(steps('fence: done; dns: done').slice(1)).toEqual(['fence: done', 'dns: done']);
    expect(steps('')).toHaveLength(1);
  });

  test('that an alert is over, what it was, and that nothing has to be done', () => {
    expect(section(over(down), 'What it means')[0]).toMatch(/^It is over\. The alarm was: [A-Z]/);
    expect(section(down, 'What it means')[0]).not.toContain('It is over');
    expect(section(over(down), 'What was done by itself')).toEqual(['Nothing more is under way.']);
    expect(section(over(down), 'What to do now')).toEqual([
      'Nothing has to be done. To see for yourself:',
      '  $ cdk-failover status web',
    ]);
    expect(section(over(gap), 'What to do now')[1]).toBe('  $ cdk-failover status');
  });

  test('which command shows more of an event about no alert', () => {
    expect(section(plain, 'What to do now')).toEqual(['  $ cdk-failover status web']);
    expect(section({ ...plain, service: null }, 'What to do now')).toEqual(['  $ cdk-failover status']);
  });

  const reasons = ['no-eligible-site', 'blocked', 'no-quorum', 'run-unfinished', 'approval-waits', 'over-capacity'];
  const kinds = [
    'no-majority',
    'replication-lag',
    'fence-unproven',
    'fence-owed',
    'drift-stuck',
    'unknown-site',
  ] as const;
  test.each([
    ...[down, silent, gap],
    ...reasons.map((reason) => newEvent('decision', 'web', 'x', { data: { reason } })),
    ...kinds.map((kind) => newEvent(kind, 'web', 'x', { site: 'left' })),
  ])('what to do as sentences, each with its end, and all of it: $kind $data', (event) => {
    const { toDo } = guidance[alertOf(event) ?? 'site-down'];

    const lines = section(event, 'What to do now').filter((line) => !line.startsWith('  $ '));

    expect(lines.length).toBeGreaterThanOrEqual(toDo.filter(isSaid).length);
    for (const each of toDo)
      if (typeof each !== 'string') expect(lines.map(rest)).toContainEqual(beginningOf(each.text));
    for (const line of lines) expect(line).toMatch(/^[A-Z][^A-Z].*[.:]$/);
  });

  /** A text without its first letter, which is a capital in a sentence. */
  function rest(text: string): string {
    return text.slice(1);
  }

  function beginningOf(text: string): unknown {
    const [words = ''] = rest(text).split('{');
    return expect.stringMatching(new RegExp(`^${words.replace(/[.*+?^$()[\]\\|]/g, '\\$&')}`));
  }

  /** Whether there is a sentence, and not a command alone. */
  function isSaid(toDo: (typeof guidance)['site-down']['toDo'][number]): boolean {
    return typeof toDo !== 'string' || !toDo.startsWith('cdk-failover ');
  }

  test('what to do at the site that it is about, where it is about one', () => {
    expect(section(down, 'What to do now').join('\n')).toContain('Repair left.');
    expect(section({ ...down, site: null }, 'What to do now').join('\n')).toContain('Repair the site.');
  });

  test('what to do in the region that it is about, or else in the one that tells it', () => {
    const regionsIn = (event: FailoverEvent) => section(event, 'What to do now').join('\n');

    expect(regionsIn(silent)).toContain('us-west-2');
    expect(regionsIn(silent)).not.toContain('us-east-1');
    expect(regionsIn({ ...silent, data: {} })).toContain('us-east-1');
  });
});
