import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { shells } from '../../../../src/cli/grammar/completion.ts';
import type { Actions } from '../../../../src/cli/program.ts';
import { run } from '../../../../src/cli/run.ts';
import { recordTerminal } from '../terminal.fixture.ts';

/** What `cdk-failover completion SHELL` prints. */
async function printed(shell: string): Promise<string> {
  const terminal = recordTerminal();
  const exit = await run(['completion', shell], {} as Actions, terminal, '1.2.3');
  expect({ exit, err: terminal.printed.err }).toEqual({ exit: 0, err: '' });
  return terminal.printed.out;
}

/** What a real bash offers for a line whose last word is not finished. */
async function offered(line: readonly string[]): Promise<readonly string[]> {
  const words = line.map((word) => `'${word}'`).join(' ');
  const ask = `COMP_WORDS=(${words}); COMP_CWORD=${line.length - 1}; _cdk_failover; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const out = execFileSync('bash', ['--norc', '-c', `${await printed('bash')}\n${ask}`], { encoding: 'utf8' });
  return out.split('\n').filter((word) => word !== '');
}

test.each([
  [['cdk-failover', 'sta'], ['status']],
  [
    ['cdk-failover', 'fail'],
    ['failover', 'failback'],
  ],
  [['cdk-failover', 'status', '--wa'], ['--watch']],
  [['cdk-failover', 'drill', '--fault', 'wr'], ['wrong-body']],
  [['cdk-failover', 'completion', 'f'], ['fish']],
  [['cdk-failover', 'help', 'simul'], ['simulate']],
  [['cdk-failover', 'validate', 'no-such-file'], []],
])('bash completes %j to %j', async (line, expected) => {
  expect(await offered(line)).toEqual(expected);
});

test.each(shells)('the completion of %s has each verb and each option', async (shell) => {
  const script = await printed(shell);
  const terminal = recordTerminal();
  await run(['--help'], {} as Actions, terminal, '1.2.3');
  const verbs = [...terminal.printed.out.matchAll(/^ {2}([a-z]+) .*\S$/gm)].map(([, verb = '']) => verb);

  expect(verbs.length).toBeGreaterThan(20);
  expect(verbs.filter((verb) => !script.includes(verb))).toEqual([]);
  expect(script).toMatch(/-l planted|--planted/);
});

test('an unknown shell is refused, with those that there are', async () => {
  const terminal = recordTerminal();

  const exit = await run(['completion', 'tcsh'], {} as Actions, terminal, '1.2.3');

  expect(exit).toBe(2);
  expect(terminal.printed.err).toContain('bash, zsh, fish');
});
