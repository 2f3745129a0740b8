import { describe, expect, test } from 'vitest';
import { openRun } from '../../../../../src/core/decision/plan.ts';
import { returnedSites, withReturned } from '../../../../../src/core/decision/writer/returned-site.ts';
import { newRunTimes } from '../../../../../src/core/register/ledger.ts';
import { withReleased } from '../../../../../src/core/register/owed-fence.ts';
import type { Register } from '../../../../../src/core/register/register.ts';
import { endStep } from '../../../../../src/core/register/run.ts';
import { fence, globalData, registerWith, serviceWith } from '../../service.fixture.ts';

const sites = { one: { fence }, two: { fence }, far: { fence } };
const full = serviceWith({ data: globalData, sites });
const { two, far } = full.sites;
/** The same once a deployment has dropped `one`. */
const without = { ...full, sites: { two, far } as typeof full.sites };

/** A move that a person forces, by a configuration that has no `one`. */
function forced(register: Register, from: string, to: string, service = without): Register {
  const move = {
    kind: 'failover',
    from,
    to,
    serving: [to],
    reason: 'operator',
    by: 'op1',
    holder: null,
    isDataLossAllowed: false,
    isProofWaived: false,
    isShortAllowed: false,
    demand: null,
    times: newRunTimes(0, { dataAtRiskMs: null }),
  } as const;
  return openRun(service, register, move, null);
}

const left = forced(registerWith(), 'one', 'two');
const steps = ({ run }: Register) => Object.fromEntries(run?.steps.map(({ name, state }) => [name, state]) ?? []);
const isOwed = ({ owed }: Register) => owed.map(({ site, guardsData }) => [site, guardsData]);
const ended = (register: Register, name: 'fence' | 'promote', state: 'done' | 'skipped'): Register => {
  if (register.run === null) throw new Error('no run');
  return { ...register, run: endStep(register.run, name, state, '') };
};

describe('a writer that is left while no configuration has it', () => {
  test('is remembered by the move, owes nothing yet and keeps nobody waiting', () => {
    expect(left).toMatchObject({ leftUnfenced: ['one'], owed: [] });
    expect(steps(left)).not.toHaveProperty('fence');
    expect(withReturned(without, left)).toBe(left);
  });

  test('is fenced before the promotion once it is configured again, also where other fences are closed', () => {
    const again = withReturned(full, left);
    const second = ended(forced(left, 'one', 'far'), 'fence', 'done');

    expect(isOwed(again)).toEqual([['one', true]]);
    expect(again).not.toHaveProperty('leftUnfenced');
    expect(again.run?.steps[0]).toMatchObject({ name: 'fence', resource: 'one', state: 'pending' });
    expect(steps(withReturned(full, second))).toMatchObject({ fence: 'pending', promote: 'pending' });
    expect(steps(withReturned(full, ended(second, 'fence', 'skipped')))).toMatchObject({ fence: 'pending' });
  });

  test('is fenced beside the promotion once that is through, and where a person has skipped the fence', () => {
    const second = forced(left, 'one', 'far');
    const promoted = withReturned(full, ended(ended(second, 'fence', 'done'), 'promote', 'done'));
    const skipped = withReturned(full, ended(second, 'fence', 'skipped'));

    expect([isOwed(promoted), steps(promoted)]).toMatchObject([
      expect.arrayContaining([['one', true]]),
      { fence: 'done' },
    ]);
    expect([isOwed(skipped), steps(skipped)]).toMatchObject([
      expect.arrayContaining([['one', true]]),
      { fence: 'skipped' },
    ]);
  });

  test('is fenced at rest where the data has one writer, and nowhere else', () => {
    const rest = registerWith({ active: 'two', writer: 'two', serving: ['two'], leftUnfenced: ['one'] });
    const pool = { ...full, mode: 'active-active' } as typeof full;

    expect(isOwed(withReturned(full, rest))).toEqual([['one', true]]);
    expect(returnedSites(serviceWith({ sites }), rest)).toEqual([]);
    expect(returnedSites(pool, rest)).toEqual([]);
    expect(returnedSites(serviceWith({ data: globalData, sites: { two: { fence } } }), rest)).toEqual([]);
  });

  test('is fenced by the next move, and by its new name', () => {
    const renamed = { ...full, sites: { first: { ...full.sites.one, renamedFrom: 'one' }, two, far } as never };
    const rest = registerWith({ active: 'two', writer: 'two', serving: ['two'], leftUnfenced: ['one'] });

    expect(isOwed(forced(rest, 'two', 'far', full))).toEqual([
      ['two', true],
      ['one', true],
    ]);
    expect(returnedSites(renamed, rest)).toEqual(['one']);
  });

  test('is forgotten once a move has made it the writer, or a person says that it is none', () => {
    const rest = registerWith({ active: 'two', writer: 'two', serving: ['two'], leftUnfenced: ['one', 'far'] });

    expect(withReleased(rest, ['one']).leftUnfenced).toEqual(['far']);
    expect(withReleased(rest, ['one', 'far'])).not.toHaveProperty('leftUnfenced');
    expect(returnedSites(full, { ...rest, writer: 'one' })).toEqual(['far']);
  });
});

test('a fence that was owed when its site was dropped is not marked to be opened by the next move', () => {
  const register = registerWith({
    active: 'two',
    writer: 'two',
    serving: ['two'],
    owed: [{ site: 'one', epoch: 1, proof: 'closed' }],
  });

  expect(forced(register, 'two', 'far')).toMatchObject({ leftUnfenced: ['one'], opening: [] });
});
