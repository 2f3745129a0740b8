import { expect, test } from 'vitest';
import { readScenario, runFile } from '../support/scenarios.ts';

/** The failures of a run in which a site dies at 60 s, with these crashes. */
function failures(...crashes: readonly string[]) {
  const lines = [
    'name: x',
    'config: examples/two-regions/failover.config.yaml',
    'duration: 2m',
    'events:',
    ...crashes.map((crash) => `  - { at: 50s, crash: ${crash} }`),
    '  - { at: 60s, stop: site/virginia }',
  ];
  return runFile(readScenario(lines.join('\n'))).failures.map(({ line, why }) => `${line}: ${why}`);
}

test('a crash that never strikes fails the run, by its line', () => {
  expect(failures('{ watcher: us-east-1, after: "step:promote" }')).toEqual([
    '5: the crash of watcher/us-east-1 after step:promote never struck: it did not get there',
  ]);
});

test('of crashes of one instant, one must strike', () => {
  const everyWatcher = ['us-east-1', 'us-west-2', 'us-east-2'].map(
    (region) => `{ watcher: ${region}, after: journal }`,
  );

  expect(failures(...everyWatcher)).toEqual([]);
});
