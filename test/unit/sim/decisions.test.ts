import { expect, test } from 'vitest';
import { makeBallot } from '../../../src/core/register/ballot.ts';
import { genesis, type Register } from '../../../src/core/register/register.ts';
import { Decisions } from '../../../src/sim/world/decisions.ts';

const voters = ['a', 'b', 'c'].map((region) => ({ region, incarnation: region }));
const register = (epoch: number, votes = voters): Register => ({
  ...genesis('one'),
  epoch,
  voters: votes,
  stage: 'founded',
});

/** The epochs that were decided, after these accepts, each `[region, counter of the ballot, value]`. */
function decided(accepts: readonly (readonly [string, number, Register])[]): readonly number[] {
  const epochs: number[] = [];
  const decisions = new Decisions((made) => epochs.push(made.register.epoch));
  for (const [region, counter, value] of accepts) {
    const incarnation = value.voters.find((voter) => voter.region === region)?.incarnation ?? '';
    decisions.note({ region, incarnation, service: 'web', ballot: makeBallot(counter, 'a.x.1'), register: value });
  }
  return epochs;
}

test('an old value that gets its majority by a late accept is not decided after a newer one', () => {
  const [old, next] = [register(2), register(3)];

  expect(
    decided([
      ['a', 1, old],
      ['a', 2, next],
      ['b', 2, next],
      ['c', 1, old],
    ]),
  ).toEqual([3]);
});

test('an older epoch under a higher ballot is decided, for a checker to see', () => {
  const [next, old] = [register(3), register(2)];

  expect(
    decided([
      ['a', 1, next],
      ['b', 1, next],
      ['a', 2, old],
      ['b', 2, old],
    ]),
  ).toEqual([3, 2]);
});

test('a register of other tables, or of a later epoch, may begin its ballots anew', () => {
  const others = ['a', 'b', 'c'].map((region) => ({ region, incarnation: `another ${region}` }));
  const [lost, born, founded] = [register(5), register(1, others), register(6)];

  expect(
    decided([
      ['a', 9, lost],
      ['b', 9, lost],
      ['a', 1, born],
      ['b', 1, born],
    ]),
  ).toEqual([5, 1]);
  expect(
    decided([
      ['a', 9, lost],
      ['b', 9, lost],
      ['a', 1, founded],
      ['b', 1, founded],
    ]),
  ).toEqual([5, 6]);
});
