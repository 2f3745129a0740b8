import { expect, test } from 'vitest';
import { ledgerLines } from '../../../../src/core/register/ledger.ts';
import { noTimes } from '../service.fixture.ts';

test('lists the phases that happened, in order, each since the first', () => {
  const lines = ledgerLines({
    ...noTimes,
    faultMs: 100,
    detectedMs: 140,
    decidedMs: 150,
    shiftedMs: 190,
  });

  expect(lines).toEqual([
    { phase: 'fault', atMs: 100, sinceStartMs: 0 },
    { phase: 'detected', atMs: 140, sinceStartMs: 40 },
    { phase: 'decided', atMs: 150, sinceStartMs: 50 },
    { phase: 'shifted', atMs: 190, sinceStartMs: 90 },
  ]);
});

test('a planned move starts with its decision', () => {
  const lines = ledgerLines(noTimes);

  expect(lines).toEqual([{ phase: 'decided', atMs: 5, sinceStartMs: 0 }]);
});
