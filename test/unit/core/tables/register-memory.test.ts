import { describe, expect, test } from 'vitest';
import type { Register } from '../../../../src/core/register/register.ts';
import { isProvenStandby, namedBy, noMemory, remember } from '../../../../src/core/tables/register-memory.ts';
import { holding, votedBy } from '../register/register.fixture.ts';
import { service, serviceWith } from '../service.fixture.ts';

const regions = ['a', 'b', 'c'] as const;
const valueIn = (epoch: number, more: Partial<Register> = {}) => votedBy(regions, { epoch, ...more });

/** What the tables show: a value under a ballot each; null where nobody answers. */
function shown(...values: readonly (readonly [Register, number] | null)[]) {
  return Object.fromEntries(
    values.map((value, index) => {
      const region = regions[index] ?? '';
      return [region, value === null ? undefined : holding(region, value[0], value[1])];
    }),
  );
}

const first = valueIn(1);
const second = valueIn(2, { active: 'two', writer: 'two', serving: ['two'] });

describe('what a watcher remembers of a register', () => {
  test('is what a majority holds, and the newest that any table holds', () => {
    const memory = remember(noMemory, shown([first, 1], [first, 1], [first, 1]));

    expect(memory.decided?.register.epoch).toBe(1);
    expect(memory.newest?.register.epoch).toBe(1);
  });

  test('takes a value that one table holds for no decided one', () => {
    const before = remember(noMemory, shown([first, 1], [first, 1], [first, 1]));

    const memory = remember(before, shown([second, 2], [first, 1], [first, 1]));

    expect([memory.decided?.register.epoch, memory.newest?.register.epoch]).toEqual([1, 2]);
  });

  test.each([
    ['are dark', shown(null, null, null)],
    ['are behind', shown([first, 1], [first, 1], [first, 1])],
    ['are behind, and one is dark', shown([first, 1], null, [first, 1])],
    ['are empty', Object.fromEntries(regions.map((region) => [region, holding(region, null)]))],
  ])('never goes back while the tables %s', (_what, states) => {
    const before = remember(noMemory, shown([second, 2], [second, 2], [second, 2]));

    const memory = remember(before, states);

    expect([memory.decided?.register.epoch, memory.newest?.register.epoch]).toEqual([2, 2]);
  });
});

describe('a site', () => {
  const decided = remember(noMemory, shown([second, 2], [second, 2], [second, 2]));

  test.each([
    ['one', true],
    ['two', false],
  ])('is a proven standby when a decided value sends nobody there (%s: %s)', (site, expected) => {
    expect(isProvenStandby(service, decided, site)).toBe(expected);
  });

  test('is none while nothing is known', () => {
    expect(isProvenStandby(service, noMemory, 'one')).toBe(false);
  });

  test('is none while a value names a site that is unknown here, and counts by the name that it has here', () => {
    const strange = remember(noMemory, shown([{ ...second, serving: ['second'] }, 2], [second, 2], [second, 2]));
    const renamed = serviceWith({ sites: { two: { renamedFrom: 'second' } } });

    expect(isProvenStandby(service, strange, 'one')).toBe(false);
    expect(isProvenStandby(service, namedBy(renamed, strange), 'one')).toBe(true);
    expect(isProvenStandby(service, namedBy(renamed, strange), 'two')).toBe(false);
  });

  test('is none any more once a newer value, decided or not, may send clients there', () => {
    const third = valueIn(3);
    const memory = remember(decided, shown([third, 3], [second, 2], [second, 2]));

    expect(isProvenStandby(service, memory, 'one')).toBe(false);
  });

  test.each(['closed', 'none', 'lease'] as const)('is none while its fence is owed (proof=%s)', (proof) => {
    const owing = { ...second, owed: [{ site: 'one', epoch: 2, proof }] };

    const memory = remember(noMemory, shown([owing, 2], [owing, 2], [owing, 2]));

    expect(isProvenStandby(service, memory, 'one')).toBe(false);
  });
});
