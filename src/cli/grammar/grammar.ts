import type { Command } from 'commander';

/** An option of a verb, as a shell completes it. */
export interface GrammarOption {
  /** With its dashes, such as `--fault`. */
  readonly name: string;
  readonly about: string;
  readonly takesValue: boolean;
  /** What may stand behind it; empty when that is anything. */
  readonly choices: readonly string[];
}

/** A verb of the command line, as a shell completes it. */
export interface GrammarVerb {
  readonly name: string;
  readonly about: string;
  readonly options: readonly GrammarOption[];
  /** What its arguments may be; empty when that is anything, such as a file. */
  readonly choices: readonly string[];
}

/** Reads the verbs of a program in the order of its help, so that a new verb is completed without more work. */
export function grammarOf(program: Command): readonly GrammarVerb[] {
  const verbs = program.commands.map((verb) => ({
    name: verb.name(),
    about: verb.description(),
    options: verb.options.map((option) => ({
      name: option.long ?? option.short ?? '',
      about: option.description,
      takesValue: option.required || option.optional,
      choices: option.argChoices ?? [],
    })),
    choices: verb.registeredArguments.flatMap((argument) => argument.argChoices ?? []),
  }));
  const help = { name: 'help', about: 'say how a verb is used', options: [], choices: verbs.map(({ name }) => name) };
  return [...verbs, help];
}
