import { expect, test } from 'vitest';
import { readScenario, runFile } from '../support/scenarios.ts';

/** Runs a switchover that an operator orders at 60 s, after these events; how it ended is the line's expectation. */
function failures(from: string, events: readonly string[], exit: number) {
  const lines = [
    'name: x',
    'config: examples/two-regions/failover.config.yaml',
    'duration: 3m',
    'events:',
    ...events.map((event) => `  - { at: 55s, ${event} }`),
    `  - { at: 60s, operator: "switchover web --to oregon", as: op1, from: ${from} }`,
    'expect:',
    `  - { operator: op1, exit: ${exit} }`,
  ];
  return runFile(readScenario(lines.join('\n'))).failures;
}

test.each([
  ['us-east-2', 1],
  ['outside', 0],
])('with us-east-2 cut off from the other regions an operator in %s ends with %i', (from, exit) => {
  expect(failures(from, ['cut: [us-east-2, us-east-1]', 'cut: [us-east-2, us-west-2]'], exit)).toEqual([]);
});

test.each([
  ['us-east-2', 0],
  ['outside', 1],
])('with the outside cut off from two regions an operator in %s ends with %i', (from, exit) => {
  expect(failures(from, ['cut: [outside, us-east-1]', 'cut: [outside, us-west-2]'], exit)).toEqual([]);
});

test('an operator in a region that is gone reaches nothing', () => {
  expect(failures('us-east-2', ['stop: region/us-east-2'], 1)).toEqual([]);
});
