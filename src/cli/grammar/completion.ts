import type { GrammarOption, GrammarVerb } from './grammar.ts';

/** Shells whose completion can be printed. */
export const shells = ['bash', 'zsh', 'fish'] as const;

/** One of them. */
export type Shell = (typeof shells)[number];

/**
 * The script by which a shell completes verbs, options and what has a fixed list of values. Where anything may stand,
 * files are offered.
 *
 * @param verbs - as `grammarOf` reads them
 */
export function completionScript(shell: Shell, verbs: readonly GrammarVerb[]): string {
  return writers[shell](verbs);
}

const writers: Readonly<Record<Shell, (verbs: readonly GrammarVerb[]) => string>> = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
};

const program = 'cdk-failover';

/** A text in single quotes, as all three shells read it; each takes a quote in it in its own way. */
function quoted(text: string, quote = "'\\''"): string {
  return `'${text.replaceAll("'", quote)}'`;
}

function wordsOf({ options, choices }: GrammarVerb): string {
  return [...choices, ...options.map(({ name }) => name)].join(' ');
}

/** Options of all verbs that have a list of values, each with its verb. */
function chosen(verbs: readonly GrammarVerb[]): readonly (GrammarOption & { readonly verb: string })[] {
  return verbs.flatMap(({ name: verb, options }) =>
    options.filter(({ choices }) => choices.length > 0).map((option) => ({ ...option, verb })),
  );
}

function bashScript(verbs: readonly GrammarVerb[]): string {
  const values = chosen(verbs).map(
    ({ verb, name, choices }) => `    '${verb} ${name}') words=${quoted(choices.join(' '))} ;;`,
  );
  const options = verbs.map((verb) => `        ${verb.name}) words=${quoted(wordsOf(verb))} ;;`);
  return `# Completion of ${program} in bash. In ~/.bashrc: source <(${program} completion bash)
_cdk_failover() {
  local word=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD - 1]} verb=\${COMP_WORDS[1]} words=
  COMPREPLY=()
  if ((COMP_CWORD == 1)); then
    words=${quoted(verbs.map(({ name }) => name).join(' '))}
  else
    case "$verb $before" in
${values.join('\n')}
    *)
      case $verb in
${options.join('\n')}
      esac
      ;;
    esac
  fi
  while IFS= read -r match; do COMPREPLY+=("$match"); done < <(compgen -W "$words" -- "$word")
}
complete -o default -F _cdk_failover ${program}
`;
}

function zshScript(verbs: readonly GrammarVerb[]): string {
  const inBrackets = (text: string) => text.replace(/[[\]:]/g, '\\$&');
  const described = verbs.map(({ name, about }) => `    ${quoted(`${name}:${about.replaceAll(':', '\\:')}`)}`);
  const optionText = ({ name, about, takesValue, choices }: GrammarOption) => {
    const value = choices.length > 0 ? `(${choices.join(' ')})` : '_files';
    return quoted(`*${name}[${inBrackets(about)}]${takesValue ? `:value:${value}` : ''}`);
  };
  const cases = verbs.map(({ name, options, choices }) => {
    const rest = choices.length > 0 ? `(${choices.join(' ')})` : '_files';
    return `    ${name}) _arguments ${[...options.map(optionText), quoted(`*:argument:${rest}`)].join(' ')} ;;`;
  });
  return `#compdef ${program}
# Completion of ${program} in zsh. In ~/.zshrc, after compinit: source <(${program} completion zsh)
_cdk_failover() {
  local -a verbs=(
${described.join('\n')}
  )
  if ((CURRENT == 2)); then
    _describe verb verbs
    return
  fi
  local verb=$words[2]
  shift words
  ((CURRENT -= 1))
  case $verb in
${cases.join('\n')}
  esac
}
compdef _cdk_failover ${program}
`;
}

function fishScript(verbs: readonly GrammarVerb[]): string {
  const text = (words: string) => quoted(words.replaceAll('\\', '\\\\'), "\\'");
  const lines = verbs.flatMap(({ name, about, options, choices }) => {
    const seen = `-n '__fish_seen_subcommand_from ${name}'`;
    return [
      `complete -c ${program} -n __fish_use_subcommand -f -a ${name} -d ${text(about)}`,
      ...(choices.length > 0 ? [`complete -c ${program} ${seen} -f -a ${text(choices.join(' '))}`] : []),
      ...options.map((option) => {
        const value = option.choices.length > 0 ? ` -x -a ${text(option.choices.join(' '))}` : ' -r';
        const long = `-l ${option.name.slice(2)}${option.takesValue ? value : ''}`;
        return `complete -c ${program} ${seen} ${long} -d ${text(option.about)}`;
      }),
    ];
  });
  const head = `# Completion of ${program} in fish. Save it as ~/.config/fish/completions/${program}.fish`;
  return `${[head, ...lines].join('\n')}\n`;
}
