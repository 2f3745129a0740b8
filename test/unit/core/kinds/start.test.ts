import { expect, it } from 'vitest';
import { type ScaleState, start } from '../../../../src/core/kinds/start.ts';

const capacity = { kind: 'dynamodb-capacity', table: 'carts', units: 'write', size: 400, asActive: false } as const;
const compared = (isServing: boolean, size: number, seen: ScaleState) =>
  start.compare(
    {
      region: 'us-west-2',
      service: 'web',
      site: 'oregon',
      scalable: { ...capacity, standbySize: 20 },
      size,
      isServing,
      token: { epoch: 2, attempt: 1 },
    },
    seen,
  );

it.each<[string, boolean, number, ScaleState, string]>([
  ['too small', true, 400, { wanted: 20, ready: 20 }, 'differs'],
  ['asked for', true, 400, { wanted: 400, ready: 20 }, 'on-its-way'],
  ['there', true, 400, { wanted: 400, ready: 400 }, 'as-ordered'],
  ['larger under load', true, 400, { wanted: 900, ready: 900 }, 'as-ordered'],
  ['being changed, to nobody knows what', true, 400, { wanted: 20, ready: 20, isChanging: true }, 'on-its-way'],
  ['too large for a standby', false, 20, { wanted: 400, ready: 400 }, 'differs'],
  ['being lowered', false, 20, { wanted: 400, ready: 400, isChanging: true }, 'on-its-way'],
  ['too large, and cannot be lowered', false, 20, { wanted: 400, ready: 400, isLasting: true }, 'as-ordered'],
  ['too small for a standby', false, 20, { wanted: 10, ready: 10, isLasting: true }, 'differs'],
])('a size that is %s (serving=%s, size=%i)', (_, isServing, size, seen, comparison) => {
  expect(compared(isServing, size, seen)).toBe(comparison);
});

it.each([
  [10_000_000, true],
  [10_000_001, false],
  [2.5, false],
])('a capacity follows the one of the site that is left (%d: %s)', (activeSize, isOne) => {
  const scalable = { ...capacity, asActive: true, standbySize: 20 };
  const order = { kind: 'start', site: 'oregon', part: 'dynamodb-capacity carts write', isServing: true, activeSize };
  const site = { region: 'us-west-2', scale: [scalable] };

  const thing = start.thingOf(
    { ...order, token: { epoch: 2, attempt: 1 } },
    { name: 'web', sites: { oregon: site } } as never,
    'us-west-2',
  );

  expect(thing?.size ?? null).toBe(isOne ? activeSize : null);
});
