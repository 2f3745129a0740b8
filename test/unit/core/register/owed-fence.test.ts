import { describe, expect, test } from 'vitest';
import type { NamedService } from '../../../../src/core/model/service.ts';
import {
  fencesOwed,
  guardsLostData,
  hasBegunPromotion,
  isFenceOwed,
  mayServe,
  possibleWriters,
  withOpened,
  withOwed,
  withProofs,
  withReleased,
} from '../../../../src/core/register/owed-fence.ts';
import { fence, registerWith, runWith, serviceWith, step } from '../service.fixture.ts';

const service = serviceWith({ sites: { one: { fence }, two: { fence }, far: { fence } } });
const owedBy = (site: string, proof: 'none' | 'closed' | 'lease' = 'closed') => ({ site, epoch: 2, proof });

/** A run from `one` to `two` whose fence and promotion stand so. */
const promoting = (fenceState: 'pending' | 'done' | 'fallback' | 'failed') =>
  runWith({ steps: [step('fence', [], fenceState), step('promote', ['fence'])] });

describe('who may write', () => {
  test.each([
    ['pending', ['one']],
    ['failed', ['one']],
    ['done', ['one', 'two']],
    ['fallback', ['one', 'two']],
  ] as const)('is the writer and, once its promotion may have been asked for, the target (fence %s)', (state, who) => {
    expect(hasBegunPromotion(promoting(state))).toBe(who.length === 2);
    expect(possibleWriters({ writer: 'one', promoting: [], run: promoting(state) })).toEqual(who);
  });

  test('is the target alone once it is known to write', () => {
    expect(possibleWriters({ writer: 'two', promoting: [], run: promoting('done') })).toEqual(['two']);
  });

  test('is also whoever an earlier run may have promoted, whatever the newest run has not begun', () => {
    const register = { writer: 'one', promoting: ['far'], run: promoting('failed') };

    expect(possibleWriters(register)).toEqual(['one', 'far']);
  });

  test.each(['one', 'two', 'far'])(
    'counts the active, the serving, the writer and the owed as serving (%s)',
    (site) => {
      const register = registerWith({ owed: [owedBy('far')], serving: ['two'] });

      expect(mayServe({}, register, site)).toBe(true);
      expect(mayServe({}, registerWith(), site)).toBe(site === 'one');
    },
  );
});

test('a site may serve from the moment that it is active, before it writes or anybody is sent there', () => {
  const register = registerWith({ active: 'two' });

  expect(['one', 'two', 'far'].map((site) => mayServe({}, register, site))).toEqual([true, true, false]);
});

test('a site that was left before there was data may serve once there is some', () => {
  const register = registerWith({ active: 'two', writer: 'two', serving: ['two'], leftUnpromoted: ['one'] });
  const data = { kind: 'rds-replica', instances: {} } as NonNullable<NamedService['data']>;

  expect(['one', 'far'].map((site) => mayServe({}, register, site))).toEqual([false, false]);
  expect(['one', 'far'].map((site) => mayServe({ data }, register, site))).toEqual([true, false]);
});

describe('a move', () => {
  test('owes the fence of a site that the register calls by an earlier name, and none for a move to that site', () => {
    const { two, far } = service.sites;
    const renamed = { ...service, sites: { first: { ...service.sites.one, renamedFrom: 'one' }, two, far } as never };

    expect(fencesOwed(renamed, registerWith(), 'two', 2)).toEqual([{ site: 'one', epoch: 2, proof: 'none' }]);
    expect(fencesOwed(renamed, registerWith(), 'first', 2)).toEqual([]);
  });

  test('owes a fence for data with one writer, and goes on to once the data is taken out of the configuration', () => {
    const data = { kind: 'custom' as const, functions: { one: 'promote', two: 'promote', far: 'promote' } };
    const owed = fencesOwed({ ...service, data }, registerWith(), 'two', 2);
    const register = registerWith({ writer: 'two', owed });

    expect(owed).toEqual([{ site: 'one', epoch: 2, proof: 'none', guardsData: true }]);
    expect(fencesOwed(service, register, 'far', 3)).toEqual([
      { site: 'two', epoch: 3, proof: 'none' },
      { site: 'one', epoch: 3, proof: 'none', guardsData: true },
    ]);
    expect(guardsLostData({ ...service, data }, register, 'one')).toBe(false);
    expect(guardsLostData(service, register, 'one')).toBe(true);
  });

  test('owes the fence of the writer, without a proof', () => {
    expect(fencesOwed(service, registerWith(), 'two', 2)).toEqual([{ site: 'one', epoch: 2, proof: 'none' }]);
  });

  test('after one that came to nothing owes the fence of the true writer, not of the failed target alone', () => {
    const register = registerWith({ epoch: 2, active: 'two', writer: 'one', owed: [owedBy('one')] });

    expect(fencesOwed(service, { ...register, run: promoting('failed') }, 'far', 3)).toEqual([
      { site: 'one', epoch: 3, proof: 'none' },
    ]);
  });

  test('owes every site that may write, and what was owed before', () => {
    const register = { writer: 'one', promoting: [], run: promoting('done'), owed: [owedBy('one')] };

    const fenced = fencesOwed(service, register, 'far', 3).map(({ site }) => site);

    expect(fenced.sort()).toEqual(['one', 'two']);
  });

  test('never fences the site that it goes to, but keeps what it owes there until that writes', () => {
    const register = registerWith({ writer: 'far', owed: [owedBy('two')] });

    expect(fencesOwed(service, register, 'two', 3).map(({ site }) => site)).toEqual(['far', 'two']);
    expect(fencesOwed(service, registerWith({ writer: 'two', owed: [owedBy('two')] }), 'two', 3)).toEqual([]);
  });

  test.each([
    ['closed', 'none'],
    ['none', 'none'],
    ['lease', 'lease'],
  ] as const)('looks again at a fence that was closed, and waits for no lease twice (%s)', (before, after) => {
    const register = registerWith({ writer: 'far', owed: [owedBy('one', before)] });

    expect(fencesOwed(service, register, 'two', 3).find(({ site }) => site === 'one')?.proof).toBe(after);
  });

  test('waits for the lease of each site by itself', () => {
    const register = registerWith({ writer: 'one', owed: [owedBy('one', 'closed'), owedBy('two', 'lease')] });

    expect(fencesOwed(service, register, 'far', 3).map(({ site, proof }) => [site, proof])).toEqual([
      ['one', 'none'],
      ['two', 'lease'],
    ]);
  });

  test('to the writer keeps its fence while another may write, too', () => {
    const register = registerWith({ writer: 'two', promoting: ['far'], owed: [owedBy('two')] });

    expect(fencesOwed(service, register, 'two', 3).map(({ site }) => site)).toEqual(['two', 'far']);
  });

  test('owes nothing of a site that has no fence', () => {
    expect(fencesOwed(serviceWith({}), registerWith(), 'two', 2)).toEqual([]);
  });
});

describe('a proof', () => {
  const register = registerWith({ owed: [owedBy('one', 'none'), owedBy('two', 'closed')] });

  test('is noted of what is owed, and never unlearned', () => {
    const { owed } = withProofs(register, { one: 'lease', two: 'lease', far: 'closed' });

    expect(owed.map(({ site, proof }) => [site, proof])).toEqual([
      ['one', 'lease'],
      ['two', 'closed'],
    ]);
  });

  test('of one fence says nothing of another', () => {
    expect(withProofs(register, { two: 'closed' }).owed[0]).toEqual(owedBy('one', 'none'));
  });

  test('goes with its fence when that is released', () => {
    expect(isFenceOwed(withReleased(register, ['one']), 'one')).toBe(false);
    expect(isFenceOwed(withReleased(register, ['one']), 'two')).toBe(true);
  });
});

describe('a fence that is to be opened', () => {
  const register = registerWith({ owed: [owedBy('one'), owedBy('two')], opening: ['far'] });

  test('is one that is owed no more; it stays to be opened until it is read back as open', () => {
    const released = withReleased(register, ['one']);

    expect(released.opening).toEqual(['far', 'one']);
    expect(released.owed.map(({ site }) => site)).toEqual(['two']);
    expect(withOpened(released, 'far').opening).toEqual(['one']);
  });

  test('is not opened once it is owed again', () => {
    expect(withOwed(register, [owedBy('far')])).toMatchObject({ owed: [owedBy('far')], opening: ['one', 'two'] });
  });

  test('is named once', () => {
    expect(withReleased(registerWith({ owed: [owedBy('far')], opening: ['far'] }), ['far']).opening).toEqual(['far']);
  });
});

describe('the promotion of a run', () => {
  test('is not begun by a run without one', () => {
    expect(hasBegunPromotion(runWith({ steps: [step('fence', [], 'done')] }))).toBe(false);
  });

  test('is begun where there is nothing to fence, and where a person has skipped the fence', () => {
    expect(hasBegunPromotion(runWith({ steps: [step('promote', ['fence'])] }))).toBe(true);
    expect(hasBegunPromotion(runWith({ steps: [step('fence', [], 'skipped'), step('promote', ['fence'])] }))).toBe(
      true,
    );
  });
});
