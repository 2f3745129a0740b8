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
    expect(isKeeper(own, { freshWatchers, members }, region)).toBe(expected);
  },
);
