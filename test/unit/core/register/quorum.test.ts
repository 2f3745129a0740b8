import { expect, test } from 'vitest';
import {
  forgottenVoters,
  isForgotten,
  isVoter,
  majorityAmong,
  newestAccepted,
  type StatesByRegion,
  valueHeldAsVoter,
  viewRegister,
  votersAmong,
  votesNeeded,
} from '../../../../src/core/register/quorum.ts';
import { ballot, holding, votedBy, voter } from './register.fixture.ts';

const three = ['a', 'b', 'c'];
const value = votedBy(three);
const newer = { ...value, epoch: 2 };

test.each([
  [1, 1],
  [2, 2],
  [3, 2],
  [4, 3],
  [5, 3],
])('of %i voters a majority is %i', (voters, majority) => {
  expect(majorityAmong(voters)).toBe(majority);
});

test.each([
  ['founded', 2],
  ['holding', 3],
  ['naming', 3],
] as const)('a value that is %s needs %i of three votes', (stage, votes) => {
  expect(votesNeeded({ ...value, stage })).toBe(votes);
});

test('a table votes only under the region and the mark that the value names', () => {
  expect(isVoter(value, 'a', 'a-1')).toBe(true);
  expect(isVoter(value, 'a', 'a-2')).toBe(false);
  expect(isVoter(value, 'd', 'd-1')).toBe(false);
  expect(isVoter(value, 'b', 'a-1')).toBe(false);
});

test('the newest value is that of the highest ballot, wherever it is', () => {
  const states = { a: holding('a', value, 1), b: holding('b', newer, 3), c: holding('c', value, 2), d: null };

  expect(newestAccepted(states)).toBe(states.b);
  expect(newestAccepted({ a: holding('a', null), b: null, c: undefined })).toBeNull();
  expect(newestAccepted({ a: { ...holding('a', value), acceptedBallot: '' } })).toBeNull();
});

test('S2: a value that one of three voters holds is not decided', () => {
  const states = { a: holding('a', newer, 2), b: holding('b', value, 1), c: holding('c', value, 1) };

  expect(viewRegister(states)).toEqual({ kind: 'unsettled', register: newer });
});

test('S2: a value that two of three voters hold is decided, and tidy once every voter that answers holds it', () => {
  const lagging = { a: holding('a', newer, 2), b: holding('b', newer, 2), c: holding('c', value, 1) };

  expect(viewRegister(lagging)).toEqual({ kind: 'decided', register: newer, isTidy: false });
  expect(viewRegister({ ...lagging, c: undefined })).toEqual({ kind: 'decided', register: newer, isTidy: true });
  expect(viewRegister({ ...lagging, c: holding('c', newer, 2) })).toMatchObject({ kind: 'decided', isTidy: true });
});

test('S2: tables that do not vote decide nothing, however many hold the value', () => {
  const states: StatesByRegion = {
    a: holding('a', value),
    b: holding('b', value, 1, 'b-2'),
    c: undefined,
    d: holding('d', value),
    e: holding('e', value),
  };

  expect(viewRegister(states)).toEqual({ kind: 'no-majority', lastKnown: value, isForgotten: false });
});

test('a register whose voters have forgotten is lost once those who may remember are no majority', () => {
  const forgot = (region: string) => holding(region, null, 1, `${region}-2`);
  const states = { a: holding('a', value), b: forgot('b'), c: forgot('c') };

  expect(viewRegister(states)).toEqual({ kind: 'no-majority', lastKnown: value, isForgotten: true });
  expect(viewRegister({ ...states, c: undefined })).toMatchObject({ kind: 'no-majority', isForgotten: false });
  expect(forgottenVoters(states, value).map(({ region }) => region)).toEqual(['b', 'c']);
  expect(forgottenVoters({ a: undefined, b: null }, value)).toEqual([voter('b')]);
  expect(isForgotten({ ...states, c: holding('c', value) }, value)).toBe(false);
});

test.each([
  ['every table answered', { a: null, b: null, c: null }, { kind: 'absent' }],
  ['one is silent', { a: null, b: null, c: undefined }, { kind: 'no-majority', lastKnown: null, isForgotten: false }],
])('without a value the register is absent only when %s', (_, states, view) => {
  expect(viewRegister(states)).toEqual(view);
});

test('a genesis that is being named can go on only with every table that it began with', () => {
  const naming = { ...value, stage: 'naming' } as const;
  const states: StatesByRegion = { a: holding('a', naming), b: null, c: null };

  expect(viewRegister(states)).toEqual({ kind: 'unsettled', register: naming });
  expect(viewRegister({ ...states, c: undefined })).toEqual({
    kind: 'no-majority',
    lastKnown: naming,
    isForgotten: false,
  });
});

test('a genesis that cannot go on is not lost: nobody has seen a register yet', () => {
  const naming = { ...votedBy(['a', 'b', 'c', 'd', 'e']), stage: 'naming' } as const;
  const states = { a: holding('a', naming), b: null, c: null, d: null, e: undefined };

  expect(viewRegister(states)).toEqual({ kind: 'no-majority', lastKnown: naming, isForgotten: false });
});

test('a genesis is not decided before it is founded, though every table holds it', () => {
  const held = { ...value, stage: 'holding' } as const;
  const states = { a: holding('a', held), b: holding('b', held), c: holding('c', held) };

  expect(viewRegister(states)).toEqual({ kind: 'unsettled', register: held });
});

test('the voters that answered are those whose very table answered', () => {
  const states = { a: holding('a', value), b: holding('b', value, 1, 'b-2'), c: null, d: holding('d', value) };

  expect(votersAmong(states, value)).toEqual([states.a]);
});

test('what a table holds counts only while the value lists that table', () => {
  expect(valueHeldAsVoter(holding('a', value))).toBe(value);
  expect(valueHeldAsVoter(holding('a', value, 1, 'a-2'))).toBeNull();
  expect(valueHeldAsVoter(holding('a', null))).toBeNull();
  expect(valueHeldAsVoter(null)).toBeNull();
  expect(valueHeldAsVoter(undefined)).toBeNull();
});

test('ballots of a counter sort by it', () => {
  expect([ballot(10), ballot(2)].sort()).toEqual([ballot(2), ballot(10)]);
});
