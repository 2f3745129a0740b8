import { describe, expect, test } from 'vitest';
import { counterOf, makeBallot } from '../../../../src/core/register/ballot.ts';
import { roundsMax } from '../../../../src/core/register/proposer.ts';
import type { Register } from '../../../../src/core/register/register.ts';
import { changeVoters } from '../../../../src/core/register/voter-change.ts';
import { votedBy } from './register.fixture.ts';
import { proposerWith, ScriptedTables, three } from './tables.fixture.ts';

const four = [...three, 'd'];
const founded = votedBy(three);
const always = () => true;

/** Tables of four regions, of which three vote. The fourth has never heard of the register. */
function world(held: Register = founded): ScriptedTables {
  const tables = new ScriptedTables(four);
  for (const region of three) tables.tables.accept(region, 'web', makeBallot(1, 'a.before.1'), held);
  return tables;
}

const proposer = proposerWith({ regions: four });
const votersIn = (value: Register | null | undefined) => value?.voters.map(({ region }) => region);

describe('the list of voters', () => {
  test('gets one more voter once its table holds the value, and each step leaves the rest as it is', () => {
    const tables = world();

    const outcome = tables.run(changeVoters(proposer, four, always));

    expect(outcome).toMatchObject({ outcome: 'done', steps: 3 });
    expect(tables.held(four).map(votersIn)).toEqual(four.map(() => four));
    expect(tables.held(four)[0]).toEqual({ ...founded, voters: expect.anything() });
  });

  test('is changed by one voter at a time', () => {
    const tables = world();

    tables.run(changeVoters(proposer, ['a', 'b', 'd'], always));

    const lists = tables.asked.flatMap(({ value }) => (value ? [votersIn(value)?.join('') ?? ''] : []));
    expect([...new Set(lists)]).toEqual(['abc', 'abcd', 'abd']);
    expect(votersIn(tables.held(four)[0])).toEqual(['a', 'b', 'd']);
  });

  test('is changed while one voter is silent: a majority is enough', () => {
    const tables = world();
    tables.trouble = ({ region }) => (region === 'c' ? 'timeout' : null);

    expect(tables.run(changeVoters(proposer, four, always))).toMatchObject({ outcome: 'done', steps: 3 });
  });

  test('is left alone where it is as wanted', () => {
    const tables = world();

    expect(tables.run(changeVoters(proposer, three, always))).toEqual({ outcome: 'done', register: founded, steps: 0 });
    expect(tables.askedTo('accept')).toEqual([]);
  });

  test('is not changed by a caller that may not, who is shown the newest value', () => {
    const tables = world();
    const seen: Register[] = [];

    const outcome = tables.run(
      changeVoters(proposer, four, (register) => {
        seen.push(register);
        return false;
      }),
    );

    expect(outcome).toEqual({ outcome: 'refused', register: founded });
    expect(seen).toEqual([founded]);
    expect(tables.askedTo('accept')).toEqual([]);
  });

  test('is not changed by a region without a vote', () => {
    const tables = world();

    const outcome = tables.run(changeVoters({ ...proposer, voter: 'd' }, four, always));

    expect(outcome).toEqual({ outcome: 'refused', register: founded });
  });
});

describe('nothing is changed', () => {
  test('before there is a register', () => {
    const tables = new ScriptedTables(four);

    expect(tables.run(changeVoters(proposer, four, always))).toEqual({
      outcome: 'no-majority',
      detail: 'the first value needs every table (too few tables answered)',
    });
  });

  test('before the register is founded', () => {
    const tables = world({ ...founded, stage: 'holding' });

    expect(tables.run(changeVoters(proposer, four, always))).toMatchObject({ outcome: 'no-majority' });
    expect(tables.askedTo('accept')).toEqual([]);
  });

  test('without a majority, and the silent tables are named', () => {
    const tables = world();
    tables.trouble = ({ region }) => (region === 'b' || region === 'c' ? 'timeout' : null);

    expect(tables.run(changeVoters(proposer, four, always))).toEqual({
      outcome: 'no-majority',
      detail: 'b: timeout, c: timeout',
    });
  });

  test('that no majority accepts', () => {
    const tables = world();
    tables.trouble = ({ name, region }) => (name === 'accept' && region !== 'a' ? 'denied' : null);

    expect(tables.run(changeVoters(proposer, four, always))).toEqual({
      outcome: 'no-majority',
      detail: 'b: denied, c: denied, d: denied',
    });
  });
});

describe('a change of the list that another change overtakes', () => {
  test.each(['prepare', 'accept'] as const)('goes on in a later round (at its %s)', (name) => {
    const tables = world();
    let isDone = false;
    tables.trouble = (asked, its) => {
      if (!isDone && asked.name === name && asked.region === 'b') {
        isDone = true;
        its.prepare('b', 'web', makeBallot(9, 'c.q.1'));
      }
      return null;
    };

    expect(tables.run(changeVoters(proposer, four, always))).toMatchObject({ outcome: 'done' });
    expect(tables.held(four).map(votersIn)).toEqual(four.map(() => four));
    expect(tables.pausesMs.length).toBeGreaterThan(0);
  });

  test('goes on after it could not be accepted by a majority', () => {
    const tables = world();
    let isDone = false;
    tables.trouble = ({ name }, its) => {
      if (isDone || name !== 'accept') return null;
      isDone = true;
      for (const region of ['b', 'c']) its.prepare(region, 'web', makeBallot(9, 'c.q.1'));
      return null;
    };

    expect(tables.run(changeVoters(proposer, four, always))).toMatchObject({ outcome: 'done' });
    expect(tables.held(four).map(votersIn)).toEqual(four.map(() => four));
  });

  test('waits for the other one, with a majority of promises or without', () => {
    const tables = world();
    let isDone = false;
    tables.trouble = ({ region }, its) => {
      if (!isDone && region === 'b') {
        isDone = true;
        its.prepare('b', 'web', makeBallot(9, 'c.q.1'));
      }
      return region === 'c' && counterOf(tables.asked.at(-1)?.ballot ?? '') < 9 ? 'timeout' : null;
    };

    expect(tables.run(changeVoters(proposer, four, always))).toMatchObject({ outcome: 'done' });
  });

  test(`is given up as contended after ${roundsMax} rounds`, () => {
    const tables = world();
    tables.trouble = ({ region, ballot }, its) => {
      if (region === 'b') its.prepare('b', 'web', makeBallot(counterOf(ballot) + 1, 'c.q.1'));
      return null;
    };

    expect(tables.run(changeVoters(proposer, four, always))).toEqual({ outcome: 'contended' });
    expect(tables.askedTo('prepare').filter((region) => region === 'b')).toHaveLength(roundsMax);
  });
});
