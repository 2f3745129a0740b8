import { expect, test } from 'vitest';
import { showCheckup } from '../../../../src/cli/show/checkup.ts';
import type { Check } from '../../../../src/core/checkup/check.ts';

const checks: readonly Check[] = [
  {
    name: 'pause',
    subject: 'web',
    state: 'bad',
    found: 'by eve: network work',
    todo: 'allow automatic moves again: "cdk-failover resume web"',
  },
  { name: 'state table', subject: 'us-east-1', state: 'unknown', found: 'no answer within 1.8 s', todo: null },
  {
    name: 'quorum',
    subject: 'web',
    state: 'ok',
    found: '3 of 3 watchers know the sites, 3 state tables answer',
    todo: null,
  },
];

test('findings come first, each with what to do, then what is well', () => {
  expect(showCheckup(checks).split('\n')).toEqual([
    '1 BAD, 1 UNKNOWN, 1 OK',
    '',
    'BAD pause of web: by eve: network work',
    '  to do: allow automatic moves again: "cdk-failover resume web"',
    '',
    'UNKNOWN state table of us-east-1: no answer within 1.8 s',
    '',
    '  ok      of   found',
    '  quorum  web  3 of 3 watchers know the sites, 3 state tables answer',
  ]);
});

test.each([60, 80])('no line is wider than %i columns', (width) => {
  const lines = showCheckup(checks, { width, mark: (_tone, text) => text }).split('\n');

  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(width);
});

test('colour stands on the words of bad, doubtful and ok alone', () => {
  const marked = showCheckup(checks, { width: 80, mark: (tone, text) => `<${tone} ${text}>` });

  expect([...marked.matchAll(/<(.*?)>/g)].map(([, what]) => what)).toEqual(['bad BAD', 'good OK', 'bad BAD']);
});
