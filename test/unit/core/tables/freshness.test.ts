import { expect, test } from 'vitest';
import { isFresh, noteSightings, type Sightings } from '../../../../src/core/tables/freshness.ts';

const ttlMs = 3_000;

function note(reads: readonly (readonly [atMs: number, mark: string])[]): Sightings {
  return reads.reduce<Sightings>(
    (sightings, [atMs, mark]) => noteSightings(sightings, { peer: mark }, ttlMs, atMs),
    {},
  );
}

test.each([
  ['nobody', [], 0, false],
  ['a first look, which cannot tell a live peer from its last word', [[0, '1']], 0, false],
  [
    'a mark that changed',
    [
      [0, '1'],
      [1_000, '2'],
    ],
    1_000,
    true,
  ],
  [
    'a mark that went back, as in a table that was restored',
    [
      [0, '3.x.4'],
      [1_000, '3.x.5'],
      [2_000, '2.w.9'],
    ],
    2_000,
    false,
  ],
  [
    'a mark that went back and then on',
    [
      [0, '3.x.4'],
      [1_000, '2.w.9'],
      [2_000, '3.x.5'],
    ],
    2_000,
    true,
  ],
  [
    'a mark that changed just ttlMs ago',
    [
      [0, '1'],
      [1_000, '2'],
    ],
    4_000,
    true,
  ],
  [
    'a mark that changed longer ago',
    [
      [0, '1'],
      [1_000, '2'],
    ],
    4_001,
    false,
  ],
  [
    'a mark that is read again unchanged',
    [
      [0, '1'],
      [1_000, '2'],
      [4_000, '2'],
    ],
    4_001,
    false,
  ],
  [
    'a mark that differs after a long time of not reading',
    [
      [0, '1'],
      [1_000, '2'],
      [4_001, '3'],
    ],
    4_001,
    false,
  ],
  [
    'a mark that changed, however long the reader has run',
    [
      [90_000, '1'],
      [91_000, '2'],
    ],
    91_000,
    true,
  ],
  [
    'a mark that differs ttlMs after the last read',
    [
      [0, '1'],
      [3_000, '2'],
    ],
    3_000,
    true,
  ],
] as const)('%s: marks %j at %i ms are fresh: %s (ttlMs=3000)', (_, reads, nowMs, expected) => {
  const sightings = note(reads);

  const fresh = isFresh(sightings, 'peer', ttlMs, nowMs);

  expect(fresh).toBe(expected);
});

test('a peer that could not be read keeps its last sighting', () => {
  const before = note([
    [0, '1'],
    [1_000, '2'],
  ]);

  const after = noteSightings(before, { other: '1' }, ttlMs, 2_000);

  expect(after.peer).toEqual(before.peer);
});
