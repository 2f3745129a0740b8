import { expect, test } from 'vitest';
import { showScenario } from '../../../../src/cli/show/run-report.ts';
import type { RunReport } from '../../../../src/sim/run.ts';

const report: RunReport = {
  name: 'x',
  fileName: 's.yaml',
  seed: 1,
  durationMs: 60_000,
  isPassed: false,
  failures: [
    { line: 5, atMs: 1_000, why: 'moves of web: found 1, expected 0' },
    { line: null, atMs: 2_000, why: 'alarm x was raised, and no stack has it' },
  ],
  violations: Array.from({ length: 22 }, (_, index) => ({
    property: 'S13' as const,
    atMs: 3_000 + index,
    detail: 'written though it was so',
  })),
  recoveryMs: {},
  stakes: {},
};

test('a scenario that failed says everything that it failed of', () => {
  const lines = showScenario({ kind: 'ran', report, tookMs: 1, lines: [] }, 's.yaml').split('\n');

  expect(lines.slice(0, 4)).toEqual([
    'FAIL x (seed 1)',
    '       s.yaml:5: at 1.0 s: moves of web: found 1, expected 0',
    '       s.yaml: at 2.0 s: alarm x was raised, and no stack has it',
    '       property S13 broken at 3.0 s: written though it was so',
  ]);
  expect(lines).toHaveLength(24);
  expect(lines.at(-1)).toBe('       property S13 broken 2 times more: --json has them all');
});
