import { Command } from 'commander';
import type { Deployment } from '../../core/model/deployment.ts';
import type { OperatorRequest } from '../../core/operator/request.ts';
import { asFailoverError } from '../usage.ts';
import { splitWords } from '../words.ts';
import { completeDraft, type OperatorDraft } from './operator-draft.ts';
import { addOperatorVerbs } from './operator-verbs.ts';

/** A line that could be read, or what the command line would have said of it. */
export type OperatorLine = { readonly request: OperatorRequest } | { readonly exit: 2; readonly message: string };

/**
 * Reads one operator's line, such as `switchover web --to oregon`, by the grammar of the command line itself.
 *
 * A leading name of the program, `cdk-failover` or its alias `failover`, is skipped. Options that say where and how to
 * print are read and have no effect.
 */
export function parseOperatorLine(line: string, deployment: Deployment): OperatorLine {
  return read(() => splitWords(line), deployment);
}

/** The same for a line that comes in words. */
export function parseOperatorWords(words: readonly string[], deployment: Deployment): OperatorLine {
  return read(() => words, deployment);
}

function read(wordsOf: () => readonly string[], deployment: Deployment): OperatorLine {
  const drafts: OperatorDraft[] = [];
  const parser = new Command('cdk-failover').exitOverride().configureOutput({
    writeOut: () => {},
    writeErr: () => {},
  });
  addOperatorVerbs(parser, (draft) => void drafts.push(draft));
  const verbs = parser.commands.map((verb) => verb.name());

  try {
    parser.parse(withoutProgramName(wordsOf(), verbs, deployment), { from: 'user' });
    const [draft] = drafts;
    if (draft) return { request: completeDraft(draft, deployment) };
  } catch (error) {
    const known = asFailoverError(error);
    if (known === null) throw error;
    if (known !== 'asked') return { exit: 2, message: known.message };
  }
  return { exit: 2, message: `name one of: ${verbs.join(', ')}` };
}

/** The alias `failover` is a verb too: it is the program if a verb follows that is not a service. */
function withoutProgramName(
  words: readonly string[],
  verbs: readonly string[],
  deployment: Deployment,
): readonly string[] {
  const [first, second = ''] = words;
  const isAlias = first === 'failover' && verbs.includes(second) && deployment.services[second] === undefined;
  const isProgram = first === 'cdk-failover' || isAlias;
  return isProgram ? words.slice(1) : words;
}
