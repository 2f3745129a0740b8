import type { GrammarVerb } from './grammar.ts';

/**
 * The manual page of the command line, in the language of `man`.
 *
 * @param verbs - as `grammarOf` reads them
 */
export function manualPage(description: string, version: string, verbs: readonly GrammarVerb[]): string {
  const sections = verbs.flatMap(({ name, about, options }) => [
    `.SS ${roff(name)}`,
    roff(about),
    ...options.flatMap((option) => ['.TP', `.B ${roff(option.name)}`, roff(option.about)]),
  ]);
  return `${[
    `.TH CDK-FAILOVER 1 "" "cdk-failover ${roff(version)}"`,
    '.SH NAME',
    `cdk-failover \\- ${roff(description)}`,
    '.SH SYNOPSIS',
    '.B cdk-failover',
    '.I verb',
    '[options]',
    '.SH VERBS',
    ...sections,
    '.SH EXIT STATUS',
    '0 done, 1 refused or failed, 2 wrong usage or nothing to talk to.',
  ].join('\n')}\n`;
}

/** A text without what `man` would take for a command: backslashes, hyphens, and a dot or a quote at its start. */
function roff(text: string): string {
  return text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replace(/^([.'])/, '\\&$1');
}
