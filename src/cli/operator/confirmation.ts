import { FailoverError } from '../../core/errors.ts';
import type { Deployment } from '../../core/model/deployment.ts';
import type { Terminal } from '../terminal.ts';
import { showWhere } from './location.ts';
import type { OperatorDraft } from './operator-draft.ts';
import type { OperatorFlags } from './operator-verbs.ts';
import type { Target } from './target.ts';

/** Whether a request changes something, or only looks. */
export function isChange({ verb }: Pick<OperatorDraft, 'verb'>): boolean {
  return verb === 'command' || verb === 'found';
}

/**
 * Makes sure that a change is meant for the deployment that was found, before anything is asked of it.
 *
 * On AWS a person types the deployment's name, and a script has it on its command line. A lab is asked nothing: what is
 * done there hurts nobody.
 *
 * @throws {FailoverError} TARGET when another deployment is meant; USAGE when a script names none
 */
export async function confirmChange(
  { deployment, where }: Pick<Target, 'deployment' | 'where'>,
  flags: Pick<OperatorFlags, 'deployment' | 'isConfirmed'>,
  terminal: Terminal,
): Promise<void> {
  const { name } = deployment;
  if (flags.deployment !== undefined) {
    if (flags.deployment === name) return;
    throw elsewhere(`--deployment says ${flags.deployment}, and this is ${showWhere(name, where)}`);
  }
  if (where.kind === 'lab') return;
  if (terminal.ask === undefined) {
    throw new FailoverError(
      'USAGE',
      `this changes ${name} on AWS: say so where nobody can be asked: --deployment ${name}`,
    );
  }
  if (flags.isConfirmed) return;
  const typed = await terminal.ask(`This changes it. Type its name, ${name}, to go on: `);
  if (typed.trim() !== name) throw elsewhere(`"${typed.trim()}" is not ${name}`);
}

/**
 * Makes sure that what was found is what somebody wants to look at.
 *
 * @param meant - what `--deployment` says; undefined when it was not given
 * @throws {FailoverError} USAGE when that is another one
 */
export function confirmName({ name }: Pick<Deployment, 'name'>, meant: string | undefined): void {
  if (meant === undefined || meant === name) return;
  throw new FailoverError(
    'USAGE',
    `--deployment says ${meant}, and this is ${name}: name the file of the one you mean`,
  );
}

function elsewhere(why: string): FailoverError {
  return new FailoverError('TARGET', `${why}; nothing was changed`);
}
