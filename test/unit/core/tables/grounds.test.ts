import { expect, test } from 'vitest';
import { groundsOf } from '../../../../src/core/tables/grounds.ts';
import { registerWith, service } from '../service.fixture.ts';

const testimony = (watcher: string, opinion: 'up' | 'down') => ({
  ...{ watcher, opinion, isCorroboratedAlive: false, report: {} },
});
const view = {
  knowledge: { verdicts: { one: 'down', two: 'up', far: 'down' }, reports: {}, dependencies: {} },
  testimonies: {
    one: [testimony('region-1', 'down'), testimony('region-2', 'down')],
    two: [testimony('region-1', 'up')],
    far: [testimony('region-1', 'down')],
  },
} as const;
const move = { from: 'one', to: 'two' };

test('a move is kept with every verdict, what was held of the two sites, and why others were refused', () => {
  expect(groundsOf(service, registerWith(), view, move)).toEqual({
    verdicts: { one: 'down', two: 'up', far: 'down' },
    opinions: { one: { 'region-1': 'down', 'region-2': 'down' }, two: { 'region-1': 'up' } },
    refused: { far: ['not-up'] },
  });
});

test('a site that could have been chosen is not among the refused, nor is the active one', () => {
  const well = { ...view, knowledge: { ...view.knowledge, verdicts: { one: 'up', two: 'up', far: 'up' } } } as const;

  expect(groundsOf(service, registerWith(), well, move)?.refused).toEqual({});
  expect(groundsOf(service, registerWith(), view, { from: 'last-resort', to: 'two' })?.refused).toEqual({
    far: ['not-up'],
  });
});

test('what nobody knows is kept as unclear, and what nobody said as nothing', () => {
  const blind = { knowledge: { verdicts: {}, reports: {}, dependencies: {} }, testimonies: {} };

  expect(groundsOf(service, registerWith(), blind, move)).toMatchObject({
    verdicts: { one: 'unclear', two: 'unclear', far: 'unclear' },
    opinions: { one: {}, two: {} },
  });
});

test('a move for which nothing was read has no grounds', () => {
  expect(groundsOf(service, registerWith(), null, move)).toBeUndefined();
});
