import { expect, test } from 'vitest';
import { isKeeper } from '../../../../src/core/tables/keeper.ts';

const members = ['region-1', 'region-2', 'region-3'];

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
    expect(isKeeper(own, { freshWatchers, members, unanswered: {} }, region)).toBe(expected);
  },
);

const here = ['region-1'];
test.each([
  ['region-1', { 'region-1': here }],
  ['region-2', { 'region-1': here, 'region-2': here }],
  ['region-3', { 'region-1': here, 'region-2': here, 'region-3': here }],
] as const)('L1: %s does not look after region-1 while unanswered there are %j', (own, unanswered) => {
  expect(isKeeper(own, { freshWatchers: members, members, unanswered }, 'region-1')).toBe(false);
});

test.each([
  ['region-2', { 'region-1': here }],
  ['region-3', { 'region-1': here, 'region-2': here }],
  ['region-1', { 'region-1': here, 'region-2': here, 'region-3': here }],
  ['region-1', { 'region-1': ['region-2'] }],
] as const)('L1: %s looks after region-1 while unanswered there are %j', (own, unanswered) => {
  expect(isKeeper(own, { freshWatchers: members, members, unanswered }, 'region-1')).toBe(true);
});

test('L1: what is in no region goes to the first watcher that functions everywhere answer', () => {
  const view = { freshWatchers: members, members, unanswered: { 'region-1': ['region-3'], 'region-2': here } };

  expect(members.filter((own) => isKeeper(own, view, null))).toEqual(['region-3']);
});

test('L1: what is in no region goes to the first watcher while functions answer nobody everywhere', () => {
  const unanswered = { 'region-1': ['region-3'], 'region-2': here, 'region-3': here };

  expect(members.filter((own) => isKeeper(own, { freshWatchers: members, members, unanswered }, null))).toEqual(here);
});
