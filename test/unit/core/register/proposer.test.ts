import { describe, expect, test } from 'vitest';
import { counterOf, makeBallot } from '../../../../src/core/register/ballot.ts';
import { type ChangeFunction, changeRegister, roundsMax } from '../../../../src/core/register/proposer.ts';
import { genesis } from '../../../../src/core/register/register.ts';
import { votedBy } from './register.fixture.ts';
import { failing, proposerWith, ScriptedTables, type Trouble, three } from './tables.fixture.ts';

const five = [...three, 'd', 'e'];
const founded = (regions: readonly string[] = three) => votedBy(regions, { active: 'one' });
const toTwo: ChangeFunction = (current) => (current === null ? null : { ...current, active: 'two' });
const found: ChangeFunction = (current) => (current === null ? genesis('one') : null);
const nothing: ChangeFunction = () => null;

describe('an ordinary change', () => {
  test('goes on with the first majority, and asks no more tables than it needs', () => {
    const world = new ScriptedTables(five, founded(five));

    const outcome = world.run(changeRegister(proposerWith({ regions: five }), toTwo));

    expect(outcome).toMatchObject({ outcome: 'changed', register: { active: 'two', voters: founded(five).voters } });
    expect(world.askedTo('prepare')).toEqual(['a', 'b', 'c']);
    expect(world.askedTo('accept')).toEqual(['a', 'b', 'c']);
    expect(world.pausesMs).toEqual([]);
  });

  test('does not count a table that has forgotten, and asks another', () => {
    const world = new ScriptedTables(five, founded(five));
    world.tables.lose('b');

    const outcome = world.run(changeRegister(proposerWith({ regions: five }), toTwo));

    expect(outcome).toMatchObject({ outcome: 'changed' });
    expect(world.askedTo('prepare')).toEqual(['a', 'b', 'c', 'd']);
    expect(world.askedTo('accept')).toEqual(['a', 'b', 'c', 'd']);
  });

  test('asks every table when it is thorough, and leaves the new value in each', () => {
    const world = new ScriptedTables(five, founded(five));

    world.run(changeRegister(proposerWith({ regions: five }), toTwo, { isThorough: true }));

    expect(world.askedTo('prepare')).toEqual(five);
    expect(world.held(five).map((value) => value?.active)).toEqual(five.map(() => 'two'));
  });

  test('keeps the list of voters, whatever the function makes of it', () => {
    const world = new ScriptedTables(three, founded());

    world.run(changeRegister(proposerWith(), (current) => current && { ...current, active: 'two', voters: [] }));

    expect(world.held()[0]).toMatchObject({ active: 'two', voters: founded().voters, stage: 'founded' });
  });

  test('takes a ballot above its floor', () => {
    const world = new ScriptedTables(three, founded());

    world.run(changeRegister(proposerWith({ floor: makeBallot(40, 'b.q.1') }), toTwo));

    expect(counterOf(world.asked[0]?.ballot ?? '')).toBe(41);
  });

  test.each([
    ['timeout', ['b', 'c'], 1, 'b: timeout, c: timeout'],
    ['denied', three, 0, 'a: denied, b: denied, c: denied'],
  ] as const)('is given up at once without a majority (%s in %j)', (kind, regions, answered, detail) => {
    const world = new ScriptedTables(three, founded());
    world.trouble = failing(kind, ...regions);

    const outcome = world.run(changeRegister(proposerWith(), toTwo));

    const isUnknown = answered === 0;
    expect(outcome).toMatchObject({ outcome: 'no-majority', answered });
    expect(outcome).toMatchObject({ detail: isUnknown ? `the first value needs every table (${detail})` : detail });
    expect(world.askedTo('prepare')).toEqual(three);
    expect(world.askedTo('accept')).toEqual([]);
  });

  test('says which tables have forgotten when a majority has', () => {
    const world = new ScriptedTables(three, founded());
    for (const region of ['b', 'c']) world.tables.lose(region);

    expect(world.run(changeRegister(proposerWith(), toTwo))).toEqual({
      outcome: 'no-majority',
      answered: 3,
      detail: 'b: forgot, c: forgot',
    });
  });

  test('is given up when too few tables accept, with those that answered', () => {
    const world = new ScriptedTables(three, founded());
    world.trouble = ({ name, region }) => (name === 'accept' && region !== 'a' ? 'timeout' : null);

    expect(world.run(changeRegister(proposerWith(), toTwo))).toEqual({
      outcome: 'no-majority',
      answered: 1,
      detail: 'b: timeout, c: timeout',
    });
    expect(world.askedTo('accept')).toEqual(three);
  });
});

describe('a change that wants nothing', () => {
  test('writes nothing where the value is decided', () => {
    const world = new ScriptedTables(three, founded());

    expect(world.run(changeRegister(proposerWith(), nothing))).toEqual({ outcome: 'unchanged', register: founded() });
    expect(world.askedTo('accept')).toEqual([]);
  });

  test('founds nothing where no table holds a value', () => {
    const world = new ScriptedTables(three);

    expect(world.run(changeRegister(proposerWith(), nothing))).toEqual({ outcome: 'unchanged', register: null });
    expect(world.held().map((value) => value ?? null)).toEqual([null, null, null]);
  });

  test('writes nothing when it is thorough, either, where every table holds the value', () => {
    const world = new ScriptedTables(three, founded());

    world.run(changeRegister(proposerWith(), nothing, { isThorough: true }));

    expect(world.askedTo('prepare')).toEqual(three);
    expect(world.askedTo('accept')).toEqual([]);
  });

  test.each([
    [true, ['two', 'two', 'two']],
    [false, ['two', 'two', 'one']],
  ])('brings a table that lags up to date only when it is thorough (%s)', (isThorough, active) => {
    const world = new ScriptedTables(three, founded());
    for (const region of ['a', 'b'])
      world.tables.accept(region, 'web', makeBallot(2, 'b.q.1'), { ...founded(), active: 'two' });

    const outcome = world.run(changeRegister(proposerWith(), nothing, { isThorough }));

    expect(outcome).toMatchObject({ outcome: 'unchanged', register: { active: 'two' } });
    expect(world.held().map((value) => value?.active)).toEqual(active);
  });
});

describe('a change that another one overtakes', () => {
  /** Has `b` promise a ballot of region `by` just before the first call of one name reaches it. */
  const promisingOnce = (by: string, before: 'prepare' | 'accept', counter = 9): Trouble => {
    let isDone = false;
    return ({ name, region }, tables) => {
      if (!isDone && name === before && region === 'b') {
        isDone = true;
        tables.prepare('b', 'web', makeBallot(counter, `${by}.q.1`));
      }
      return null;
    };
  };

  test('waits for its turn, takes a ballot above, and counts each refusal as one more to be ahead', () => {
    const world = new ScriptedTables(three, founded());
    world.trouble = promisingOnce('c', 'prepare');

    const outcome = world.run(changeRegister(proposerWith(), toTwo));

    const counters = [...new Set(world.asked.map(({ ballot }) => counterOf(ballot)))];
    expect(outcome).toMatchObject({ outcome: 'changed', register: { active: 'two' } });
    expect(counters).toEqual([1, 9 + 2]);
    expect(world.pausesMs).toEqual([80]);
  });

  test('asks no further table once most have answered and one has refused', () => {
    const world = new ScriptedTables(three, founded());
    world.trouble = promisingOnce('c', 'prepare');

    world.run(changeRegister(proposerWith(), toTwo));

    expect(world.askedTo('prepare')).toEqual(['a', 'b', 'a', 'b']);
  });

  test('has taken effect once when a table had accepted it before: it is not made twice', () => {
    const world = new ScriptedTables(three, founded());
    world.trouble = promisingOnce('c', 'accept');
    let made = 0;

    const outcome = world.run(
      changeRegister(proposerWith(), (current) => {
        made += 1;
        return toTwo(current);
      }),
    );

    expect(outcome).toMatchObject({ outcome: 'changed', register: { active: 'two' } });
    expect(made).toBe(1);
    expect([...new Set(world.asked.map(({ ballot }) => counterOf(ballot)))]).toEqual([1, 9 + 2]);
  });

  test('waits longer the farther away its tables are', () => {
    const world = new ScriptedTables(three, founded());
    const promise = promisingOnce('c', 'prepare');
    world.now.monotonicMs = 100_000;
    world.trouble = (asked, tables) => {
      world.now.monotonicMs += 20;
      return promise(asked, tables);
    };

    world.run(changeRegister(proposerWith(), toTwo));

    expect(world.pausesMs).toEqual([100]);
  });

  test('lets all go first that it has met, one turn each', () => {
    const world = new ScriptedTables(three, founded());
    let counter = 8;
    world.trouble = ({ name, region }, tables) => {
      if (name === 'prepare' && region === 'b' && counter < 10)
        tables.prepare('b', 'web', makeBallot(50 * ++counter, `${counter === 9 ? 'c' : 'b'}.q.1`));
      return null;
    };

    world.run(changeRegister(proposerWith(), toTwo));

    // After c one turn of 80 ms. After b two, for c, which it has met before, comes between.
    expect(world.pausesMs).toEqual([80, 160]);
  });

  test('comes between two that it has met when its name is between theirs', () => {
    const world = new ScriptedTables(three, founded());
    let counter = 8;
    world.trouble = ({ name, region }, tables) => {
      if (name === 'prepare' && region === 'b' && counter < 10)
        tables.prepare('b', 'web', makeBallot(50 * ++counter, `${counter === 9 ? 'c' : 'a'}.q.1`));
      return null;
    };

    world.run(changeRegister(proposerWith({ mark: 'b.p.1' }), toTwo));

    expect(world.pausesMs).toEqual([80, 80]);
  });

  test('does not end a round for the first refusal: most tables have to have answered', () => {
    const four = ['a', 'b', 'c', 'd'];
    const world = new ScriptedTables(four, founded(four));
    world.tables.prepare('a', 'web', makeBallot(9, 'c.q.1'));

    world.run(changeRegister(proposerWith({ regions: four }), toTwo));

    expect(world.askedTo('prepare').slice(0, 4)).toEqual(['a', 'b', 'c', 'a']);
  });

  test(`is given up as contended after ${roundsMax} rounds`, () => {
    const world = new ScriptedTables(three, founded());
    world.trouble = ({ region, ballot }, tables) => {
      if (region === 'b') tables.prepare('b', 'web', makeBallot(counterOf(ballot) + 1, 'c.q.1'));
      return null;
    };

    expect(world.run(changeRegister(proposerWith(), toTwo))).toEqual({ outcome: 'contended' });
    expect(world.askedTo('prepare').filter((region) => region === 'b')).toHaveLength(roundsMax);
    expect(world.held().map((value) => value?.active)).toEqual(['one', 'one', 'one']);
  });

  test('goes on when others, too, were silent: only those who answered can overtake it', () => {
    const world = new ScriptedTables(three, founded());
    const promise = promisingOnce('c', 'prepare');
    world.trouble = (asked, tables) => promise(asked, tables) ?? (asked.region === 'c' ? 'timeout' : null);

    expect(world.run(changeRegister(proposerWith(), toTwo))).toMatchObject({ outcome: 'changed' });
  });
});

describe('a change whose input is too old', () => {
  test.each([
    ['its own clock', { deadlineMs: 50 }, { monotonicMs: 50, wallMs: 0 }, 'changed'],
    ['its own clock', { deadlineMs: 50 }, { monotonicMs: 51, wallMs: 0 }, 'outdated'],
    ["its machine's wall clock", { deadlineWallMs: 50 }, { monotonicMs: 0, wallMs: 50 }, 'changed'],
    ["its machine's wall clock", { deadlineWallMs: 50 }, { monotonicMs: 0, wallMs: 51 }, 'outdated'],
    ['no clock at all', {}, { monotonicMs: 1e12, wallMs: 1e15 }, 'changed'],
  ])('is not made, by %s: %j at %j', (_, deadline, now, outcome) => {
    const world = new ScriptedTables(three, founded());
    world.trouble = () => {
      Object.assign(world.now, now);
      return null;
    };

    const ended = world.run(changeRegister(proposerWith(deadline), toTwo));

    expect(ended.outcome).toBe(outcome);
    expect(world.held()[0]?.active).toBe(outcome === 'changed' ? 'two' : 'one');
  });
});

describe('a region without a vote', () => {
  test('changes nothing', () => {
    const world = new ScriptedTables(three, founded());

    expect(world.run(changeRegister(proposerWith({ voter: 'd' }), toTwo))).toEqual({
      outcome: 'no-majority',
      answered: 0,
      detail: 'd has no vote',
    });
    expect(world.askedTo('accept')).toEqual([]);
  });

  test('may help to found a register that nobody has yet', () => {
    const world = new ScriptedTables(three);

    expect(world.run(changeRegister(proposerWith({ voter: 'd' }), found))).toMatchObject({ outcome: 'changed' });
  });

  test('is told from one that has it', () => {
    const world = new ScriptedTables(three, founded());

    expect(world.run(changeRegister(proposerWith({ voter: 'b' }), toTwo))).toMatchObject({ outcome: 'changed' });
  });
});
