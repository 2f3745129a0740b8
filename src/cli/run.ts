import type { Command } from 'commander';
import { FailoverError } from '../core/errors.ts';
import { type Actions, buildProgram } from './program.ts';
import { Interruption, printJson, type Terminal } from './terminal.ts';
import { asFailoverError } from './usage.ts';

/** Codes that are the caller's to mend, not a refusal or a failure of what was asked. */
const usageCodes: readonly FailoverError['code'][] = ['CONFIG', 'SCENARIO', 'USAGE', 'NOT_RUNNING'];

/**
 * Runs one command line.
 *
 * @param words - without the names of the runtime and of the program
 * @returns the exit code: 0 done, 1 refused or failed, 2 wrong usage, 128 and more interrupted
 */
export async function run(
  words: readonly string[],
  actions: Actions,
  terminal: Terminal,
  version: string,
): Promise<number> {
  let exit = 0;
  const program = buildProgram(actions, terminal, version, (code) => {
    exit = code;
  });
  try {
    await program.parseAsync(knownWords(program, words), { from: 'user' });
    return exit;
  } catch (error) {
    return explain(error, words, terminal);
  }
}

/** Help on a verb that is not there is a verb that is not there: the parser would print the whole help instead. */
function knownWords(program: Command, words: readonly string[]): readonly string[] {
  const [verb, asked, ...more] = words;
  const isUnknown = verb === 'help' && asked !== undefined && !program.commands.some((each) => each.name() === asked);
  return isUnknown ? [asked, ...more] : words;
}

function explain(error: unknown, words: readonly string[], terminal: Terminal): number {
  const known = asFailoverError(error, words);
  if (known === 'asked') return 0;
  const { reason } = terminal.signal;
  if (reason instanceof Interruption) return reason.exit;
  const message = messageOf(known ?? error);
  if (hasFlag(words, '--json')) printJson(terminal, { error: message });
  terminal.err(`cdk-failover: ${message}\n`);
  if (hasFlag(words, '--debug')) terminal.err(`${stackOf(error)}\n`);
  return known !== null && usageCodes.includes(known.code) ? 2 : 1;
}

function messageOf(error: unknown): string {
  if (error instanceof FailoverError) return error.message;
  const text = error instanceof Error ? error.message : String(error);
  return `something unforeseen happened: ${text}; --debug shows where`;
}

function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? '' : `\ncaused by ${stackOf(error.cause)}`;
  return `${error.stack ?? error.message}${cause}`;
}

/** Whether a flag stands on the line; looked up here because a line that cannot be parsed has no options yet. */
function hasFlag(words: readonly string[], flag: string): boolean {
  const end = words.indexOf('--');
  return (end < 0 ? words : words.slice(0, end)).includes(flag);
}
