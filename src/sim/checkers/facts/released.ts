import type { Register } from '../../../core/register/register.ts';

/**
 * Whether a person has taken a fence off a site whose data takes writes beside the writer, in this epoch and with
 * the risk named: what both acknowledge from then on is for that person to bring together.
 */
export function isReleasedToWrite({ history, owed, epoch }: Register, name: string): boolean {
  const isSo = (line: Register['history'][number]) =>
    line.epoch === epoch &&
    line.what.startsWith(`release the fence of ${name} (`) &&
    line.what.endsWith('two writers allowed');
  return !owed.some(({ site }) => site === name) && history.some(isSo);
}
