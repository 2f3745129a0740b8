import { describe, expect, test } from 'vitest';
import { counterOf, makeBallot } from '../../../../src/core/register/ballot.ts';
import { type ChangeFunction, changeRegister } from '../../../../src/core/register/proposer.ts';
import { genesis, type Register } from '../../../../src/core/register/register.ts';
import { votedBy } from './register.fixture.ts';
import { failing, proposerWith, ScriptedTables, three } from './tables.fixture.ts';

const founded = () => votedBy(three, { active: 'one' });
const found: ChangeFunction = (current) => (current === null ? genesis('one') : null);
const nothing: ChangeFunction = () => null;

describe('a first value', () => {
  const stagesIn = (world: ScriptedTables, region: string) =>
    world.asked.filter((one) => one.region === region).flatMap(({ value }) => (value ? [value.stage] : []));

  test('goes to every table in two stages, and is founded by a majority of those that hold both', () => {
    const world = new ScriptedTables(three);

    const outcome = world.run(changeRegister(proposerWith(), found));

    expect(outcome).toMatchObject({ outcome: 'changed', register: { ...genesis('one'), ...founded(), history: [] } });
    expect(three.map((region) => stagesIn(world, region))).toEqual([
      ['naming', 'holding', 'founded'],
      ['naming', 'holding', 'founded'],
      ['naming', 'holding'],
    ]);
    expect([...new Set(world.asked.map(({ ballot }) => counterOf(ballot)))]).toEqual([1, 2, 3]);
    expect(world.pausesMs).toEqual([]);
  });

  test.each(['denied', 'timeout'] as const)('needs every table to accept it (%s)', (kind) => {
    const world = new ScriptedTables(three);
    world.trouble = ({ name, region }) => (name === 'accept' && region === 'c' ? kind : null);

    expect(world.run(changeRegister(proposerWith(), found))).toEqual({
      outcome: 'no-majority',
      answered: 2,
      detail: `c: ${kind}`,
    });
    expect(world.held().every((value) => value?.stage !== 'founded')).toBe(true);
    expect(stagesIn(world, 'a')).toEqual(kind === 'denied' ? ['naming'] : ['naming', 'naming', 'naming']);
  });

  test('that stopped half way says so where one of its tables is missing', () => {
    const world = new ScriptedTables(three);
    world.tables.accept('a', 'web', makeBallot(1, 'a.before.1'), { ...founded(), stage: 'naming' });
    world.trouble = failing('denied', 'c');

    expect(world.run(changeRegister(proposerWith(), found))).toMatchObject({
      outcome: 'no-majority',
      detail: 'the first value needs every table (c: denied)',
    });
  });

  test('is not tried again where one of two faults does not pass', () => {
    const world = new ScriptedTables(three);
    world.trouble = ({ region }) => (region === 'b' ? 'denied' : region === 'c' ? 'timeout' : null);

    world.run(changeRegister(proposerWith(), found));

    expect(world.askedTo('prepare')).toEqual(three);
  });

  test('that stopped half way is completed as it was begun, whatever is wanted now', () => {
    const world = new ScriptedTables(three);
    world.tables.accept('a', 'web', makeBallot(3, 'b.q.1'), { ...founded(), active: 'far', stage: 'naming' });

    const outcome = world.run(changeRegister(proposerWith(), found));

    expect(outcome).toMatchObject({ outcome: 'unchanged', register: { active: 'far', stage: 'founded' } });
    expect(world.held().map((value) => value?.active)).toEqual(['far', 'far', 'far']);
  });

  test('that stopped half way changes only once every table holds it', () => {
    const world = new ScriptedTables(three);
    world.tables.accept('a', 'web', makeBallot(3, 'b.q.1'), { ...founded(), active: 'far', stage: 'naming' });

    const outcome = world.run(changeRegister(proposerWith(), (current) => current && { ...current, active: 'two' }));

    const naming = world.asked.flatMap(({ value }) => (value?.stage === 'naming' ? [value.active] : []));
    expect(outcome).toMatchObject({ outcome: 'changed', register: { active: 'two', stage: 'founded' } });
    expect(new Set(naming)).toEqual(new Set(['far']));
  });
});

describe('a register whose voters are lost for good', () => {
  const lost = () => {
    const world = new ScriptedTables(three, founded());
    for (const region of ['b', 'c']) world.tables.lose(region);
    return world;
  };

  test('is founded again by a person, with what the last table remembers', () => {
    const world = lost();

    const outcome = world.run(changeRegister(proposerWith(), nothing, { mayRefound: true }));

    expect(outcome).toMatchObject({ outcome: 'unchanged', register: { active: 'one', stage: 'founded' } });
    const voters = (world.held()[0] as Register).voters.map(({ region, incarnation }) => `${region} ${incarnation}`);
    expect(voters).toEqual(['a a-1', 'b another', 'c another']);
  });

  test('begins its new epoch at once: what the last table remembers may be old, and is not decided anew', () => {
    const world = lost();

    const outcome = world.run(
      changeRegister(proposerWith(), (current) => (current?.epoch === 7 ? null : { ...genesis('two'), epoch: 7 }), {
        mayRefound: true,
      }),
    );

    expect(outcome).toMatchObject({ outcome: 'changed', register: { active: 'two', epoch: 7, stage: 'founded' } });
    expect(new Set(world.asked.flatMap(({ value }) => (value ? [value.epoch] : [])))).toEqual(new Set([7]));
  });

  test('is founded again by all of the regions, or not at all', () => {
    const world = lost();
    world.trouble = failing('denied', 'c');

    expect(world.run(changeRegister(proposerWith(), nothing, { mayRefound: true }))).toMatchObject({
      outcome: 'no-majority',
    });
    expect(world.held()[0]).toEqual(founded());
  });
});
