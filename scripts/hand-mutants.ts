import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { type HandMutant, handMutants } from '../test/mutation/mutants.ts';

/**
 * Makes each mutant of `test/mutation/mutants.ts` in memory, and runs the test that must kill it: `npm run mutants`, or
 * `npm run mutants -- NAME...` for some of them. Exits with 1 when a mutant survives, or when a test fails without one.
 */

const longestMs = 600_000;

function runs({ killedBy }: HandMutant, mutant: string): boolean {
  const title = killedBy.title.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const vitest = ['node_modules/vitest/vitest.mjs', 'run', '--config', 'test/mutation/hand.config.ts'];
  const { status } = spawnSync(process.execPath, [...vitest, killedBy.file, '-t', title], {
    env: { ...process.env, MUTANT: mutant },
    stdio: 'ignore',
    timeout: longestMs,
  });
  return status === 0;
}

function judge(mutant: HandMutant): string | null {
  const { file, find, name } = mutant;
  if (readFileSync(file, 'utf8').split(find).length !== 2) return `${file} has no single place for it: ${find}`;
  const { file: test, title } = mutant.killedBy;
  if (!readFileSync(test, 'utf8').includes(title)) return `${test} has no test of this title: ${title}`;
  if (!runs(mutant, '')) return `${test} fails without any mutant: ${title}`;
  return runs(mutant, name) ? `survives: ${title}` : null;
}

process.chdir(execFileSync('git', ['rev-parse', '--show-toplevel'], { encoding: 'utf8' }).trim());
const names = process.argv.slice(2);
const chosen = handMutants.filter(({ name }) => names.length === 0 || names.includes(name));
const whys = chosen.map((mutant) => {
  const why = judge(mutant);
  console.log(`${why === null ? 'killed' : 'FAILED'}  ${mutant.name}${why === null ? '' : `: ${why}`}`);
  return why;
});
process.exitCode = chosen.length > 0 && whys.every((why) => why === null) ? 0 : 1;
