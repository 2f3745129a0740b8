import type { Register } from '../../../core/register/register.ts';

/**
 * Whether a person has taken a fence off a site whose data takes writes beside the writer, with the risk named: what
 * both acknowledge from then on is for that person to bring together. A later move to another site does not undo that;
 * one to this site does, and so does a fence that is owed again.
 */
export function isReleasedToWrite({ history, owed }: Pick<Register, 'history' | 'owed'>, name: string): boolean {
  const isSo = ({ what }: Register['history'][number]) =>
    what.startsWith(`release the fence of ${name} (`) && what.endsWith('two writers allowed');
  const since = history.findIndex(isSo);
  const isChosenSince = history.slice(0, Math.max(0, since)).some(({ what }) => what.includes(`> ${name} (`));
  return since >= 0 && !isChosenSince && !owed.some(({ site }) => site === name);
}
