import { expect, test } from 'vitest';
import { applied, isListAsWanted, nextListStep, nextMembership } from '../../../../src/core/register/membership.ts';
import { newestAccepted, type StatesByRegion } from '../../../../src/core/register/quorum.ts';
import type { Register, VoterChange } from '../../../../src/core/register/register.ts';
import { holding, votedBy, voter } from './register.fixture.ts';

const three = ['a', 'b', 'c'];
const founded = votedBy(three);
const adding: VoterChange = { kind: 'add', voter: voter('d') };
const removing: VoterChange = { kind: 'remove', voter: voter('c') };

/** Every named table holds the value. */
function all(regions: readonly string[], value: Register): StatesByRegion {
  return Object.fromEntries(regions.map((region) => [region, holding(region, value)]));
}

const stepOf = (states: StatesByRegion, founders: readonly string[] | null = null) =>
  nextMembership(newestAccepted(states), states, founders);

function listStep(states: StatesByRegion, wanted: readonly string[]) {
  const newest = newestAccepted(states);
  if (newest === null) throw new Error('no table holds a value');
  return nextListStep(newest, states, wanted);
}

test('a register is founded by all tables that are known, named by their marks, or not at all', () => {
  const empty = { b: holding('b', null), a: holding('a', null) };

  expect(stepOf(empty)).toEqual({
    step: 'found',
    membership: { voters: [voter('a'), voter('b')], voterChange: null, stage: 'naming' },
  });
  expect(stepOf({ ...empty, c: undefined })).toBeNull();
});

test('S2: a genesis goes on only with every table that it began with', () => {
  const naming = { ...founded, stage: 'naming' } as const;

  expect(stepOf({ a: holding('a', naming), b: undefined, c: undefined })).toBeNull();
  expect(stepOf({ a: holding('a', naming), b: holding('b', null), c: undefined })).toBeNull();
});

test('S2: a genesis that not every table holds is resumed, not completed', () => {
  const naming = { ...founded, stage: 'naming' } as const;
  const remade = holding('c', null, 1, 'c-2');
  const states = { a: holding('a', naming), b: holding('b', naming), c: remade };

  expect(stepOf(states)).toEqual({
    step: 'resume',
    membership: {
      voters: [voter('a'), voter('b'), { region: 'c', incarnation: 'c-2' }],
      voterChange: null,
      stage: 'naming',
    },
  });
});

test.each([
  ['naming', 'hold', 'holding'],
  ['holding', 'complete', 'founded'],
] as const)('a genesis that every table holds as %s goes on to %s', (stage, step, next) => {
  const states = all(three, { ...founded, stage });

  expect(stepOf(states)).toEqual({
    step,
    membership: { voters: founded.voters, voterChange: null, stage: next },
  });
});

test('an ordinary value keeps the list, and needs a majority of its own voters', () => {
  const changing = { ...founded, voterChange: adding };

  expect(stepOf({ ...all(['a', 'b'], changing), c: undefined })).toEqual({
    step: 'same',
    membership: { voters: founded.voters, voterChange: adding, stage: 'founded' },
  });
  expect(stepOf({ a: holding('a', founded), b: undefined, c: undefined, d: holding('d', founded) })).toBeNull();
});

test('S2: voters that are lost for good are replaced only when a person says so, and by every table', () => {
  const states = { a: holding('a', founded), b: holding('b', null, 1, 'b-2'), c: holding('c', null, 1, 'c-2') };

  expect(stepOf(states)).toBeNull();
  expect(stepOf(states, three)).toMatchObject({ step: 'refound', membership: { stage: 'naming' } });
  expect(stepOf({ ...states, c: undefined }, three)).toBeNull();
});

test('S2: a register is founded again by the regions of whoever orders it, not by voters that they do not name', () => {
  const lost = ['a', 'b', 'c'].map((region) => [region, holding(region, null, 1, `${region}-2`)] as const);
  const states = { ...Object.fromEntries(lost), d: holding('d', votedBy([...three, 'd', 'e'])), e: undefined };

  expect(stepOf(states, ['a', 'b', 'd'])?.membership.voters.map(({ region }) => region)).toEqual(['a', 'b', 'd']);
  expect(stepOf({ ...states, a: undefined }, ['b', 'd'])).toBeNull();
});

test('the list is let be when it is as wanted, or when too few voters answer', () => {
  expect(listStep(all(three, founded), three)).toBeNull();
  expect(listStep({ a: holding('a', founded), b: undefined, c: undefined }, ['a'])).toBeNull();
});

test('a region joins once its table holds the value: first it is given it, then it is named', () => {
  const wanted = [...three, 'd'];
  const states = all(three, founded);

  expect(listStep({ ...states, d: null }, wanted)).toEqual({
    step: 'spread',
    membership: { voters: founded.voters, voterChange: null, stage: 'founded' },
  });
  expect(listStep({ ...states, d: holding('d', founded) }, wanted)).toEqual({
    step: 'name',
    membership: { voters: founded.voters, voterChange: adding, stage: 'founded' },
  });
  expect(listStep({ ...states, d: undefined }, wanted)).toBeNull();
});

test('a region that is not wanted leaves, after those that join', () => {
  const states = all(three, founded);

  expect(listStep(states, ['a', 'b'])).toMatchObject({ step: 'name', membership: { voterChange: removing } });
  expect(listStep({ ...states, d: holding('d', founded) }, ['a', 'b', 'd'])).toMatchObject({
    step: 'name',
    membership: { voterChange: adding },
  });
});

test('a voter whose table was lost leaves first, and comes back as another', () => {
  const states = { ...all(['a', 'b'], founded), c: holding('c', founded, 1, 'c-2') };

  const leaving = listStep(states, three);

  expect(leaving).toMatchObject({ step: 'name', membership: { voterChange: removing } });
});

test('S2: no change is named whose list would have no majority among the tables that answer', () => {
  const two = votedBy(['a', 'b']);

  expect(listStep({ ...all(['a'], votedBy(['a'])), b: undefined }, [])).toBeNull();
  expect(listStep({ ...all(['a', 'b'], two) }, ['a'])).toMatchObject({ step: 'name' });
  const four = votedBy(['a', 'b', 'c', 'd']);
  expect(listStep({ ...all(['a', 'b', 'c'], four), d: undefined, e: undefined }, ['a', 'b', 'c', 'd', 'e'])).toBeNull();
  const dark = { a: holding('a', founded), b: holding('b', founded), c: undefined };
  expect(listStep(dark, ['a', 'c'])).toBeNull();
});

test('S2: a named voter is not in force before a majority holds the naming', () => {
  const naming = { ...founded, voterChange: adding };
  const wanted = [...three, 'd'];
  const states = {
    a: holding('a', naming, 2),
    b: holding('b', founded),
    c: holding('c', founded),
    d: holding('d', naming, 2),
  };

  expect(listStep(states, wanted)).toMatchObject({ step: 'spread', membership: { voterChange: adding } });
  expect(listStep({ ...states, b: holding('b', naming, 2) }, wanted)).toEqual({
    step: 'settle',
    membership: { voters: ['a', 'b', 'c', 'd'].map(voter), voterChange: null, stage: 'founded' },
  });
});

test('a named voter is not in force before its own table holds the naming', () => {
  const naming = { ...founded, voterChange: adding };
  const states = { ...all(three, naming), d: holding('d', null) };

  expect(listStep(states, [...three, 'd'])).toMatchObject({ step: 'spread', membership: { voterChange: adding } });
});

test.each([
  ['it is not wanted any more', [...three], holding('d', founded)],
  ['its table is another one by now', [...three, 'd'], holding('d', null, 1, 'd-2')],
  ['its table is silent', [...three, 'd'], undefined],
] as const)('a voter that was named to join is dropped when %s', (_, wanted, state) => {
  const naming = { ...founded, voterChange: adding };

  expect(listStep({ ...all(three, naming), d: state }, wanted)).toEqual({
    step: 'drop',
    membership: { voters: founded.voters, voterChange: null, stage: 'founded' },
  });
});

test('a voter that was named to leave stays when it is wanted again and its table remembers', () => {
  const naming = { ...founded, voterChange: removing };

  expect(listStep(all(three, naming), three)).toMatchObject({ step: 'drop' });
  expect(listStep(all(three, naming), ['a', 'b'])).toMatchObject({
    step: 'settle',
    membership: { voters: ['a', 'b'].map(voter) },
  });
  const forgot = { ...all(['a', 'b'], naming), c: holding('c', null, 1, 'c-2') };
  expect(listStep(forgot, three)).toMatchObject({ step: 'settle', membership: { voters: ['a', 'b'].map(voter) } });
  expect(listStep({ ...all(['a', 'b'], naming), c: undefined }, three)).toMatchObject({ step: 'drop' });
});

test('a list stays sorted by region, and loses only the very table that leaves', () => {
  expect(applied([voter('b'), voter('c')], { kind: 'add', voter: voter('a') })).toEqual(['a', 'b', 'c'].map(voter));
  expect(applied(founded.voters, removing)).toEqual(['a', 'b'].map(voter));
  const another = { region: 'c', incarnation: 'c-2' };
  expect(applied([...founded.voters, another], removing)).toEqual([voter('a'), voter('b'), another]);
});

test.each([
  ['the same regions', founded, ['c', 'a', 'b'], true],
  ['one more is wanted', founded, ['a', 'b', 'c', 'd'], false],
  ['another is wanted', founded, ['a', 'b', 'd'], false],
  ['a change is under way', { ...founded, voterChange: adding }, three, false],
] as const)('a list is as wanted when %s: %s', (_, register, wanted, isSo) => {
  expect(isListAsWanted(register, wanted)).toBe(isSo);
});

test('a genesis whose other tables were all remade meanwhile is resumed with those that are there', () => {
  const naming = { ...founded, stage: 'naming' } as const;
  const remade = { b: holding('b', null, 1, 'b-2'), c: holding('c', null, 1, 'c-2') };

  expect(stepOf({ a: holding('a', naming), ...remade })).toMatchObject({
    step: 'resume',
    membership: { voters: [voter('a'), { region: 'b', incarnation: 'b-2' }, { region: 'c', incarnation: 'c-2' }] },
  });
});

test('S2: a genesis of which a table holds an older ballot is resumed, not completed', () => {
  const naming = { ...founded, stage: 'naming' } as const;
  const states = { a: holding('a', naming, 2), b: holding('b', naming, 1), c: holding('c', naming, 1) };

  expect(stepOf(states)).toMatchObject({ step: 'resume' });
});

test('a region that never heard of the register counts towards the majority that it makes possible', () => {
  const states = { a: holding('a', founded), b: holding('b', founded), c: undefined, d: null };

  expect(listStep(states, [...three, 'd'])).toMatchObject({ step: 'spread' });
});

test('a voter leaves though its own table is dark, and one whose named table is gone does not join', () => {
  const leaving = { ...founded, voterChange: removing };
  const joining = { ...founded, voterChange: adding };

  expect(listStep({ ...all(['a', 'b'], leaving), c: undefined }, ['a', 'b'])).toMatchObject({ step: 'settle' });
  expect(listStep({ ...all(three, joining), d: null }, [...three, 'd'])).toMatchObject({ step: 'drop' });
});
