import { expect, test } from 'vitest';
import { describeDisputes, disputesAbout, disputesOf } from '../../../../src/core/tables/dispute.ts';
import type { OpinionItem } from '../../../../src/core/tables/opinion-item.ts';

const own = { shop: 'a', 'shop/one': 'b', 'shop/two': 'c' };

function itemWith(digests: OpinionItem['digests']): OpinionItem {
  return {
    generation: 1,
    invocation: 'x',
    sequence: 1,
    wallMs: 0,
    tracks: {},
    stopwatches: {},
    outOfContactMs: {},
    digests,
  };
}

test('watchers with the same configuration dispute nothing, whatever other services they have', () => {
  const items = { here: itemWith(own), there: itemWith({ ...own, shopping: 'z', 'shopping/one': 'y' }) };

  expect(disputesOf('shop', own, items)).toEqual([]);
});

test('a site that another watcher holds differently, lacks, or has in addition is disputed, with who does', () => {
  const items = {
    here: itemWith(own),
    b: itemWith({ ...own, 'shop/two': 'other' }),
    a: itemWith({ shop: 'a', 'shop/one': 'b', 'shop/three': 'd' }),
  };

  expect(disputesOf('shop', own, items)).toEqual([
    { site: 'three', regions: ['a'] },
    { site: 'two', regions: ['a', 'b'] },
  ]);
});

test('a watcher that does not know the service disputes all of it', () => {
  const disputes = disputesOf('shop', own, { there: itemWith({}) });

  expect(disputes.map(({ site }) => site)).toEqual([null, 'one', 'two']);
});

test('what concerns the whole service concerns each of its sites, and another site does not', () => {
  const disputes = [
    { site: null, regions: ['a'] },
    { site: 'one', regions: ['b'] },
    { site: 'two', regions: ['c'] },
  ];

  const about = disputesAbout(disputes, ['two']);

  expect(about.map(({ site }) => site)).toEqual([null, 'two']);
  expect(describeDisputes(about)).toBe(
    'the service is configured differently in a; two is configured differently in c',
  );
});
