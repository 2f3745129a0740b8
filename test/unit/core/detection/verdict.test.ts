import { expect, test } from 'vitest';
import type { Opinion } from '../../../../src/core/detection/opinion.ts';
import { isAnswering, judge, type Testimony } from '../../../../src/core/detection/verdict.ts';
import { InvariantError } from '../../../../src/core/errors.ts';

const opinionOf: Readonly<Record<string, Opinion>> = { u: 'up', s: 'suspect', d: 'down', '?': 'unknown' };

function testify(letters: string, alive = -1): readonly Testimony[] {
  return [...letters].map((letter, index) => ({
    watcher: `region-${index}`,
    opinion: opinionOf[letter] ?? 'unknown',
    isCorroboratedAlive: index === alive,
    report: {},
  }));
}

test.each([
  ['', 'unclear'],
  ['???', 'unclear'],
  ['d', 'unclear'],
  ['d??', 'unclear'],
  ['dd', 'down'],
  ['ddu', 'down'],
  ['uu', 'up'],
  ['uud', 'up'],
  ['u', 'unclear'],
  ['u?', 'unclear'],
  ['ud', 'degraded'],
  ['us?', 'degraded'],
  ['sss', 'unclear'],
  ['dss', 'unclear'],
] as const)('%j is %s (watchers=3, quorum=2)', (letters, verdict) => {
  const judged = judge(testify(letters), { quorum: 2, watcherCount: 3 });

  expect(judged).toBe(verdict);
});

test.each([
  ['dduuu', 2, 'up'],
  ['dduu?', 2, 'down'],
  ['dduus', 2, 'down'],
  ['duuuu', 1, 'up'],
  ['dddu?', 4, 'degraded'],
  ['ddddu', 4, 'down'],
  ['duu??', 1, 'degraded'],
  ['dsu??', 1, 'down'],
] as const)('%j is %3$s (watchers=5, quorum=%i)', (letters, quorum, verdict) => {
  const judged = judge(testify(letters), { quorum, watcherCount: 5 });

  expect(judged).toBe(verdict);
});

test.each([
  ['dduu', 'down'],
  ['duuu', 'up'],
] as const)('%j is %s: half of the watchers are no majority (watchers=4, quorum=2)', (letters, verdict) => {
  expect(judge(testify(letters), { quorum: 2, watcherCount: 4 })).toBe(verdict);
});

test('a quorum that a corroborating probe contradicts is degraded', () => {
  const judged = judge(testify('ddu', 2), { quorum: 2, watcherCount: 3 });

  expect(judged).toBe('degraded');
});

test.each([
  ['up', null, true],
  ['down', 'wrong-status', true],
  ['suspect', 'wrong-role', true],
  ['down', 'timeout', false],
  ['down', 'refused', false],
  ['suspect', 'reset', false],
  ['down', 'unresolved', false],
  ['unknown', 'wrong-status', false],
  ['down', null, false],
] as const)('a site that one watcher calls %s for %s answers: %s', (opinion, reason, isSo) => {
  const [lost, other] = testify('dd');
  if (!lost || !other) throw new Error('two testimonies were made');

  expect(
    isAnswering([
      { ...lost, reason: 'timeout' },
      { ...other, opinion, reason },
    ]),
  ).toBe(isSo);
});

test('two testimonies of one watcher break an invariant', () => {
  const [testimony] = testify('d');
  if (!testimony) throw new Error('a testimony was made');

  const judging = () => judge([testimony, testimony], { quorum: 2, watcherCount: 3 });

  expect(judging).toThrow(InvariantError);
});
