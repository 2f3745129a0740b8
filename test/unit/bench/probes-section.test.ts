import { expect, test } from 'vitest';
import { withProbes } from '../../../bench/peers/probes/probes-section.ts';

const verdict = (isUp: boolean, saw = '') => ({ isUp, saw, latencyMs: 1.234 });
const run = (isBlackboxRight: boolean) => ({
  result: {
    judged: [
      { what: 'HTTP: 500', isUp: false, ours: verdict(false, 'wrong | status'), blackbox: verdict(!isBlackboxRight) },
    ],
    costs: [
      {
        what: 'TCP',
        ours: { latencyMs: 1, cpuMs: 0.5, missed: 0 },
        blackbox: { latencyMs: 2, cpuMs: 0.25, missed: 3 },
        bare: null,
        ratios: { latency: [0.4, 0.5, 0.9], cpu: [2] },
      },
      {
        what: 'HTTPS',
        ours: { latencyMs: 1, cpuMs: 0.5, missed: 0 },
        blackbox: { latencyMs: 2, cpuMs: 0.25, missed: 0 },
        bare: { latencyMs: 0.8, cpuMs: 0.4, missed: 0 },
        ratios: { latency: [0.5], cpu: [2] },
      },
    ],
    rounds: 9,
    roundSize: 500,
  },
  versions: ['Node 20.20.2'],
  loads: [1, 2] as const,
});

test('a new section takes the place of the old one, and the rest of the page stays', () => {
  const page = '# Recovery\n\nthat was measured\n';

  const first = withProbes(page, run(true));
  const second = withProbes(first, run(true));

  expect(first.startsWith(`${page}\n## Probes beside`)).toBe(true);
  expect(second).toBe(first);
});

test.each([
  [true, 'cdk-failover judges 1 as is right, blackbox-exporter 1.'],
  [false, 'cdk-failover judges 1 as is right, blackbox-exporter 0.'],
])('what is judged wrong is counted for whom it is (blackbox right=%s)', (isRight, says) => {
  expect(withProbes('', run(isRight))).toContain(says);
});

test('ratios are ours by theirs, and what came over the wire breaks no table', () => {
  const section = withProbes('', run(true));

  expect(section).toContain('| TCP | 1.00 | 2.00 | 0.50 (0.40 to 0.90) | 0.50 | 0.25 | 2.00 (2.00 to 2.00) | 0 | 3 |');
  expect(section).toContain('wrong \\| status');
  expect(section).toContain("- HTTPS: a connection of Node's own TLS");
  expect(section).toContain("0.80 ms, and 0.40 ms of the processor's time");
  expect(section).not.toContain('- TCP: a connection');
});
