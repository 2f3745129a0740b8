import { expect, test } from 'vitest';
import { readScenario, runFile } from '../support/scenarios.ts';

/** What is said of a calm minute that should have this status. */
function failures(status: string) {
  const lines = [
    'name: x',
    'config: examples/two-regions/failover.config.yaml',
    'duration: 1m',
    'expect:',
    `  - { at: end, status: { web: ${status} } }`,
  ];
  return runFile(readScenario(lines.join('\n'))).failures.map(({ why }) => why);
}

test.each([
  '{ epoch: 1 }',
  '{ epoch: ">= 1" }',
  '{ epoch: "< 2", state: { not: stuck } }',
  '{ reason: { not: null } }',
  '{ epoch: { not: ">= 2" } }',
  '{ sites: { virginia: { verdict: { not: down } } } }',
])('the status of a calm minute is %s', (status) => {
  expect(failures(status)).toEqual([]);
});

test.each([
  ['{ epoch: "> 1" }', 'status of web.epoch: found 1, expected > 1'],
  ['{ state: ">= 1" }', 'status of web.state: found "steady", expected a number'],
  ['{ state: { not: steady } }', 'status of web.state: found "steady", expected anything else'],
  ['{ epoch: { not: ">= 1" } }', 'status of web.epoch: found 1, expected anything else'],
])('the status of a calm minute is not %s', (status, why) => {
  expect(failures(status)).toEqual([why]);
});

test('all that differs is said', () => {
  expect(failures('{ epoch: 7, state: stuck }')).toEqual([
    'status of web.epoch: found 1, expected 7',
    'status of web.state: found "steady", expected "stuck"',
  ]);
});
