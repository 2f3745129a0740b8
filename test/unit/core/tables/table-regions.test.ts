import { expect, test } from 'vitest';
import { newestRegisters, tableRegions } from '../../../../src/core/tables/table-regions.ts';
import { holding, votedBy } from '../register/register.fixture.ts';

const controlRegions = ['a', 'b', 'c'];

test.each<[readonly (readonly string[])[], readonly string[]]>([
  [[], ['a', 'b', 'c']],
  [[['a', 'b', 'c']], ['a', 'b', 'c']],
  [[['a', 'b']], ['a', 'b', 'c']],
  [[['a', 'b', 'd']], ['a', 'b', 'c', 'd']],
  [
    [
      ['a', 'b', 'c'],
      ['d', 'a', 'e'],
    ],
    ['a', 'b', 'c', 'd', 'e'],
  ],
])(
  'with registers that %j vote on, %j are asked: none that votes is passed over, none is asked twice',
  (lists, asked) => {
    expect(
      tableRegions(
        { controlRegions },
        lists.map((regions) => votedBy(regions)),
      ),
    ).toEqual(asked);
  },
);

test('a reader whose configuration names every voter makes no new list at each look', () => {
  expect(tableRegions({ controlRegions }, [votedBy(['a', 'b', 'c']), votedBy(['a', 'b'])])).toBe(controlRegions);
});

test('of each service the newest value counts that some table holds, decided or not', () => {
  const [older, newer] = [votedBy(controlRegions, { epoch: 1 }), votedBy(controlRegions, { epoch: 2 })];
  const views = {
    a: { opinions: null, acceptors: { shop: holding('a', older, 1), mail: null } },
    b: { opinions: null, acceptors: { shop: holding('b', newer, 2), mail: null } },
    c: undefined,
  };

  expect(newestRegisters(views, ['shop', 'mail', 'unheard']).map(({ epoch }) => epoch)).toEqual([2]);
});
