import { describe, expect, test } from 'vitest';
import { type AcceptorState, acceptAt, prepareAt } from '../../../../src/core/register/acceptor.ts';
import { noBallot } from '../../../../src/core/register/ballot.ts';
import { ballot } from './register.fixture.ts';

const held: AcceptorState<string> = {
  incarnation: 'old',
  promised: ballot(5),
  acceptedBallot: ballot(3),
  accepted: 'before',
};

describe('S1: a table promises', () => {
  test.each([
    [4, false],
    [5, false],
    [6, true],
  ])(
    'only what is above all that it has promised, never the same ballot twice (promised=5, asked=%i)',
    (counter, is) => {
      const reply = prepareAt(held, ballot(counter), 'new');

      expect(reply.isGranted).toBe(is);
      expect(reply.state).toEqual(is ? { ...held, promised: ballot(6) } : held);
    },
  );

  test('its first ballot under a fresh mark, with nothing accepted', () => {
    expect(prepareAt(null, ballot(1), 'new')).toEqual({
      isGranted: true,
      state: { incarnation: 'new', promised: ballot(1), acceptedBallot: noBallot, accepted: null },
    });
  });
});

describe('S1: a table accepts', () => {
  test.each([
    [4, false],
    [5, true],
    [6, true],
  ])('a value unless a higher ballot was promised, and keeps its mark (promised=5, asked=%i)', (counter, is) => {
    const reply = acceptAt(held, ballot(counter), 'after', 'new');

    const taken = { incarnation: 'old', promised: ballot(counter), acceptedBallot: ballot(counter), accepted: 'after' };
    expect(reply).toEqual({ isGranted: is, state: is ? taken : held });
  });

  test('a value though it has never heard of the register, under a fresh mark', () => {
    expect(acceptAt(null, ballot(2), 'after', 'new')).toEqual({
      isGranted: true,
      state: { incarnation: 'new', promised: ballot(2), acceptedBallot: ballot(2), accepted: 'after' },
    });
  });
});
