/**
 * Mutation testing of the parts that decide, agree, fence and move: `npm run mutate`, or one folder with
 * `npm run mutate -- --mutate 'src/core/decision/**'`.
 *
 * Each mutant is judged by the unit tests that reach its line. Texts are left out: what a message says is no rule.
 */
export default {
  testRunner: 'vitest',
  vitest: { configFile: 'test/mutation/vitest.config.ts', related: true },
  coverageAnalysis: 'perTest',
  // Values that are made when a module loads would need a run of every test for each mutant.
  ignoreStatic: true,
  mutator: { excludedMutations: ['StringLiteral'] },
  // Stryker reads the configuration of TypeScript through an API that TypeScript 7 has no more; Vitest needs none.
  tsconfigFile: 'no-tsconfig.json',
  mutate: [
    'src/core/decision/**/*.ts',
    'src/core/detection/**/*.ts',
    'src/core/kinds/**/*.ts',
    'src/core/register/**/*.ts',
    'src/core/tables/**/*.ts',
    'src/core/alerting/**/*.ts',
    'src/core/calendar/**/*.ts',
    'src/core/operator/{protection,status}.ts',
    'src/core/watcher/{counting,drift-repair,notifying}.ts',
    'src/core/watcher/fencing/**/*.ts',
    'src/core/watcher/run/{rehearsal,takeover,verify-step}.ts',
  ],
  ignorePatterns: ['/dist', '/out', '/coverage', '/cdk.out', '/scenarios', '/examples', '/docs'],
  concurrency: 2,
  timeoutMS: 60_000,
  // The first run of all tests, on a machine that is ten times overloaded.
  dryRunTimeoutMinutes: 60,
  thresholds: { high: 95, low: 85, break: 85 },
  reporters: ['progress', 'clear-text', 'json'],
  clearTextReporter: { allowColor: false, logTests: false },
  jsonReporter: { fileName: 'out/mutation.json' },
  tempDirName: 'out/stryker',
};
