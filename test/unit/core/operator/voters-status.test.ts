import { expect, test } from 'vitest';
import { voterSteps, votersStatus } from '../../../../src/core/operator/voters-status.ts';
import { genesis, type Register } from '../../../../src/core/register/register.ts';

const founded = (voters: readonly string[], more: Partial<Register> = {}): Register => ({
  ...genesis('one'),
  stage: 'founded',
  voters: voters.map((region) => ({ region, incarnation: region })),
  ...more,
});
const d = { region: 'd', incarnation: 'd' };

test.each<[string, Register, readonly string[], string | null]>([
  ['is as wanted, in whatever order', founded(['a', 'b', 'c']), ['c', 'a', 'b'], null],
  ['is to grow', founded(['a', 'b', 'c']), ['a', 'b', 'c', 'd', 'e'], 'd, e to join: one by one'],
  ['is to shrink', founded(['a', 'b', 'c', 'd', 'e']), ['a', 'b', 'c'], 'd, e to leave: one by one'],
  ['has one replaced', founded(['a', 'b', 'c']), ['a', 'b', 'd'], 'd to join, c to leave: one by one'],
  [
    'has a voter that is named',
    founded(['a', 'b', 'c'], { voterChange: { kind: 'add', voter: d } }),
    ['a', 'b', 'c', 'd'],
    'd joins, once',
  ],
  [
    'has a voter that is named to leave',
    founded(['a', 'b', 'c', 'd'], { voterChange: { kind: 'remove', voter: d } }),
    ['a', 'b', 'c'],
    'd leaves, once',
  ],
  ['is being founded', founded(['a', 'b', 'c'], { stage: 'holding' }), ['a', 'b', 'c'], 'is being founded'],
])('the list %s', (_, register, wanted, waits) => {
  const status = votersStatus(register, wanted);

  expect(status.now).toEqual(register.voters.map(({ region }) => region));
  expect(status.wanted).toEqual([...wanted].sort());
  if (waits === null) expect(status.waits).toBeNull();
  else expect(status.waits).toContain(waits);
});

test('a replaced region joins before the old one leaves, one change at a time (voters=a b c, wanted=a b d)', () => {
  expect(voterSteps(founded(['a', 'b', 'c']), ['a', 'b', 'd'])).toEqual([
    { change: 'joins', region: 'd', voters: ['a', 'b', 'c', 'd'] },
    { change: 'leaves', region: 'c', voters: ['a', 'b', 'd'] },
  ]);
});

test('nothing is to be changed of a list that is as wanted', () => {
  expect(voterSteps(founded(['a', 'b', 'c']), ['c', 'b', 'a'])).toEqual([]);
});
