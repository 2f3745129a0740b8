import { describe, expect, test } from 'vitest';
import { readScenario } from '../../../src/cli/simulate/scenarios.ts';
import { complaintsOf, readRepository } from '../config/shop.fixture.ts';

const config = readRepository('examples/two-regions/failover.config.yaml');

function read(event: string, more = 'seed: 1') {
  return readScenario(`name: x\nconfig: c.yaml\n${more}\nevents:\n  - ${event}\n`, 's.yaml', () => config);
}

const instants = (event: string) => read(event).events.map(({ atMs }) => atMs);
const complaints = (event: string, more?: string) => complaintsOf(() => read(event, more));

test.each([
  ['{ at: 10s, stop: watcher/us-east-1 }', [10_000]],
  ['{ at: 10s, every: 5s, times: 3, stop: watcher/us-east-1 }', [10_000, 15_000, 20_000]],
  ['{ at: 10s, every: 5s, until: 20s, stop: watcher/us-east-1 }', [10_000, 15_000, 20_000]],
  ['{ at: 10s, every: 5s, until: 19s, stop: watcher/us-east-1 }', [10_000, 15_000]],
])('%s happens at these times', (event, atMs) => {
  expect(instants(event)).toEqual(atMs);
});

test('each time is the same event of the same line', () => {
  const [first, second] = read('{ at: 1s, every: 5s, times: 2, freeze: watcher/us-east-1, for: 2s }').events;

  expect(second).toEqual({ ...first, atMs: 6_000 });
  expect(first).toMatchObject({ kind: 'freeze', line: 5, forMs: 2_000 });
});

test('a run that says no duration is as long as the last time needs', () => {
  expect(read('{ at: 10s, every: 1m, times: 10, stop: site/virginia }').durationMs).toBe(610_000);
});

describe('what is no repetition is refused', () => {
  test.each([
    ['{ at: 1s, every: 5s, stop: site/virginia }', 'with every, either times or until'],
    ['{ at: 1s, every: 5s, times: 2, until: 9s, stop: site/virginia }', 'with every, either times or until'],
    ['{ at: 1s, times: 2, stop: site/virginia }', 'times and until with every'],
    ['{ at: 1s, until: 2s, stop: site/virginia }', 'times and until with every'],
    ['{ at: 10s, every: 5s, until: 12s, stop: site/virginia }', 'an until that is at least one every after at'],
    ['{ at: 0s, every: 1ms, until: 1h, stop: site/virginia }', 'at most 10000 times'],
    ['{ at: 0s, every: 1s, times: 1, stop: site/virginia }', 'a whole number from 2 to 10000'],
  ])('%s', (event, allowed) => {
    expect(complaints(event)).toEqual([expect.stringContaining(`allowed ${allowed}`)]);
    expect(complaints(event)[0]).toMatch(/^s\.yaml:5: events\.0/);
  });

  test('and so is one that goes on after the end of the run', () => {
    expect(complaints('{ at: 30s, every: 30s, times: 3, stop: site/virginia }', 'duration: 1m')).toEqual([
      's.yaml:5: events.0.every: found 90s, allowed at most 1m, the length of the run; lengthen duration',
    ]);
  });
});
