import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { faults } from '../../scripts/modes/faults.ts';
import { cellOf, costTable, faultTable, readExamples, withTables } from '../../scripts/modes/tables.ts';
import { tryFault } from '../../scripts/modes/trial.ts';

const examples = readExamples();
const page = readFileSync('docs/modes.md', 'utf8');

test('docs/modes.md is what the simulator and the cost reckoner say (npm run docs writes it)', () => {
  const tables = { costs: costTable(examples), faults: faultTable(examples) };

  expect(withTables(page, tables)).toBe(page);
});

describe.each(examples)('examples/$name', ({ name, deployment }) => {
  test('is on the page', () => {
    expect(page).toContain(`(../examples/${name}/failover.config.yaml)`);
  });

  test('breaks no property when its preferred site goes, and its clients are served again, or get the page', () => {
    const [fault] = faults;
    if (!fault) throw new TypeError('the table has rows');

    const outcome = tryFault(deployment, fault);

    expect(outcome.violations).toEqual([]);
    const hasOneSite = Object.values(deployment.services).every(({ sites }) => Object.keys(sites).length === 1);
    const served = hasOneSite ? { isLastResort: true } : { isLastResort: false, badAtEndPercent: 0 };
    expect(outcome).toMatchObject({ moved: Object.keys(deployment.services), ...served });
  });
});

const outcome = {
  moved: ['web'],
  lastBadMs: 35_001,
  badAtEndPercent: 0,
  reason: 'healthy',
  isLastResort: false,
  violations: [],
};

test.each([
  ['moves, 36 s', {}],
  ['moves, not felt', { lastBadMs: 0 }],
  ['not felt', { moved: [], lastBadMs: 0 }],
  ['stays, 36 s', { moved: [] }],
  ['moves, in part', { badAtEndPercent: 5 }],
  ['**6 % fail**: all-down', { badAtEndPercent: 6, reason: 'all-down' }],
  ['static endpoint', { badAtEndPercent: 100, isLastResort: true }],
])('%s', (cell, more) => {
  expect(cellOf({ ...outcome, ...more })).toBe(cell);
});
