import { CommanderError } from 'commander';
import { FailoverError } from '../core/errors.ts';

/**
 * Translates what the parser of command lines throws.
 *
 * @returns `asked` when the user asked for help or the version, which has been printed and is no error
 */
function readParserError(error: CommanderError, words: readonly string[]): FailoverError | 'asked' {
  if (error.exitCode === 0) return 'asked';
  if (error.code === 'commander.help')
    return new FailoverError('USAGE', 'name a verb; "cdk-failover --help" lists them');
  const text = error.message
    .replace(/^error: /, '')
    .split('\n')
    .map((line) => line.trim())
    .join(' ');
  // A file that goes with an option here and is a word of its own there: the help shows which.
  const [, verb] = error.code === 'commander.excessArguments' ? (/for '([a-z-]+)'/.exec(text) ?? []) : [];
  const hint = verb === undefined ? '' : ` A file may need an option before it: see "cdk-failover ${verb} --help"`;
  const lacking =
    words[0] !== undefined && lackingCodes.includes(error.code) ? `: see "cdk-failover ${words[0]} --help"` : '';
  return new FailoverError('USAGE', text + hint + lacking, { cause: error });
}

/** Codes of the parser that say that something is not there, and not what to write. */
const lackingCodes = ['commander.missingArgument', 'commander.missingMandatoryOptionValue'];

/** The error as one of this project's own where it is one, or was the user's; null for everything unforeseen. */
export function asFailoverError(error: unknown, words: readonly string[] = []): FailoverError | 'asked' | null {
  if (error instanceof CommanderError) return readParserError(error, words);
  return error instanceof FailoverError ? error : null;
}
