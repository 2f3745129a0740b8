import { expect, test } from 'vitest';
import { ledgerLines, newRunTimes } from '../../../../src/core/register/ledger.ts';
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

test('the lines of a whole run, and none beside them; the end of a lease is told as no proof', () => {
  const lines = ledgerLines({
    faultMs: 10,
    detectedMs: 20,
    decidedMs: 30,
    fencedMs: 40,
    leaseOverMs: 50,
    promotedMs: 60,
    startedMs: 70,
    shiftedMs: 80,
    verifiedMs: 90,
    dataAtRiskMs: 1,
    lossMs: 2,
  });

  expect(lines.map(({ phase, atMs, sinceStartMs }) => [phase, atMs, sinceStartMs])).toEqual([
    ['fault', 10, 0],
    ['detected', 20, 10],
    ['decided', 30, 20],
    ['fenced', 40, 30],
    ['lease over, unproven', 50, 40],
    ['promoted', 60, 50],
    ['started', 70, 60],
    ['shifted', 80, 70],
    ['verified', 90, 80],
  ]);
});

test('a run begins with what is known at its decision; nothing is known to have been done', () => {
  const times = newRunTimes(30, { faultMs: 10, detectedMs: 20, dataAtRiskMs: 500 });

  expect(times).toMatchObject({ faultMs: 10, detectedMs: 20, decidedMs: 30, dataAtRiskMs: 500 });
  expect(ledgerLines(times).map(({ phase }) => phase)).toEqual(['fault', 'detected', 'decided']);
  expect(ledgerLines(newRunTimes(30)).map(({ phase }) => phase)).toEqual(['decided']);
});
