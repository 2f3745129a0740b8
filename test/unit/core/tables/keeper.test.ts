import { expect, test } from 'vitest';
import { isKeeper } from '../../../../src/core/tables/keeper.ts';

const members = ['region-1', 'region-2', 'region-3'];
const view = { freshWatchers: members, members, outOfContact: [], unanswered: {} };

test.each([
  ['region-1', members, 'region-1', true],
  ['region-2', members, 'region-1', false],
  ['region-2', ['region-2', 'region-3'], 'region-1', true],
  ['region-3', ['region-2', 'region-3'], 'region-1', false],
  ['region-1', members, null, true],
  ['region-2', ['region-2'], 'region-2', false],
] as const)(
  'the watcher of %s, while %j speak, looks after what is in %s: %s',
  (own, freshWatchers, region, expected) => {
    expect(isKeeper(own, { ...view, freshWatchers }, region)).toBe(expected);
  },
);

const here = ['region-1'];
test.each([
  ['region-1', { 'region-1': here }],
  ['region-2', { 'region-1': here, 'region-2': here }],
  ['region-3', { 'region-1': here, 'region-2': here, 'region-3': here }],
] as const)('L1: %s does not look after region-1 while unanswered there are %j', (own, unanswered) => {
  expect(isKeeper(own, { ...view, unanswered }, 'region-1')).toBe(false);
});

test.each([
  ['region-2', { 'region-1': here }],
  ['region-3', { 'region-1': here, 'region-2': here }],
  ['region-1', { 'region-1': here, 'region-2': here, 'region-3': here }],
  ['region-1', { 'region-1': ['region-2'] }],
] as const)('L1: %s looks after region-1 while unanswered there are %j', (own, unanswered) => {
  expect(isKeeper(own, { ...view, unanswered }, 'region-1')).toBe(true);
});

test('L1: what is in no region goes to the first watcher that functions everywhere answer', () => {
  const given = { ...view, unanswered: { 'region-1': ['region-3'], 'region-2': here } };

  expect(members.filter((own) => isKeeper(own, given, null))).toEqual(['region-3']);
});

test('L1: what is in no region goes to the first watcher while functions answer nobody everywhere', () => {
  const unanswered = { 'region-1': ['region-3'], 'region-2': here, 'region-3': here };

  expect(members.filter((own) => isKeeper(own, { ...view, unanswered }, null))).toEqual(here);
});

test.each([
  ['region-1', ['region-1'], 'region-2'],
  ['region-1', ['region-2'], 'region-1'],
  ['region-2', ['region-1', 'region-3'], 'region-2'],
  [null, ['region-1'], 'region-2'],
])(
  'L1: what is in %s, while %j say that they reach no majority, is looked after by %s',
  (region, outOfContact, keeper) => {
    const heard = members.filter((own) => !outOfContact.includes(own));

    expect(heard.filter((own) => isKeeper(own, { ...view, outOfContact }, region))).toEqual([keeper]);
  },
);
