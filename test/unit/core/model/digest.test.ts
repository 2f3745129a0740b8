import { describe, expect, test } from 'vitest';
import { digestKey, digestsOf, hashOf } from '../../../../src/core/model/digest.ts';
import type { NamedService } from '../../../../src/core/model/service.ts';
import { service, serviceWith } from '../service.fixture.ts';

const own = digestsOf(service);

/** Keys of the digests that differ from those of the plain service. */
function changedBy(other: NamedService): readonly string[] {
  const theirs = digestsOf(other);
  const keys = new Set([...Object.keys(own), ...Object.keys(theirs)]);
  return [...keys].filter((key) => own[key] !== theirs[key]).sort();
}

test('there is one digest of the service and one of each site', () => {
  expect(Object.keys(own)).toEqual([
    digestKey('shop'),
    ...Object.keys(service.sites).map((site) => digestKey('shop', site)),
  ]);
});

describe('what watchers must agree on changes a digest', () => {
  test.each([
    ['the region of a site', serviceWith({ sites: { two: { region: 'region-9' } } }), ['shop/two']],
    ['the priority of a site', serviceWith({ sites: { two: { priority: 7 } } }), ['shop/two']],
    [
      'the fence of a site',
      serviceWith({ sites: { two: { fence: { kind: 'custom', functionName: 'f' } } } }),
      ['shop/two'],
    ],
    ['the mode', { ...service, mode: 'active-active' } as NamedService, ['shop']],
  ])('%s', (_what, other, keys) => {
    expect(changedBy(other)).toEqual(keys);
  });
});

test.each([
  ['a threshold', serviceWith({ failover: { blockMs: 1_234 } })],
  ['how it is detected', { ...service, detection: { ...service.detection, fallCount: 9 } } as NamedService],
])('%s changes none', (_what, other) => {
  expect(changedBy(other)).toEqual([]);
});

describe('a hash', () => {
  test('does not depend on the order of keys, nor on keys without a value', () => {
    expect(hashOf({ a: 1, b: { c: 2, d: undefined } })).toBe(hashOf({ b: { c: 2 }, a: 1 }));
  });

  test('differs for different values, and for the same ones in another order', () => {
    const hashes = [hashOf([1, 2]), hashOf([2, 1]), hashOf('12'), hashOf(12), hashOf(null), hashOf(undefined)];

    expect(new Set(hashes).size).toBe(hashes.length);
  });
});
