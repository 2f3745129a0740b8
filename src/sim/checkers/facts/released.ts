import type { Register } from '../../../core/register/register.ts';
import type { World } from '../../world/world.ts';

/**
 * Whether a person has taken a fence off a site whose data takes writes beside the writer, with the risk named: what
 * both acknowledge from then on is for that person to bring together. A later move to another site does not undo that;
 * one to this site does, and so does a fence that is owed again.
 */
export function isReleasedToWrite(world: World, service: string, { history, owed }: Register, site: string): boolean {
  const names = world.sites.namesOf(service, site);
  const isSo = ({ what }: Register['history'][number]) =>
    names.some((name) => what.startsWith(`release the fence of ${name} (`)) && what.endsWith('two writers allowed');
  const since = history.findIndex(isSo);
  const later = history.slice(0, Math.max(0, since));
  const isChosenSince = later.some(({ what }) => names.some((name) => what.includes(`> ${name} (`)));
  return since >= 0 && !isChosenSince && !owed.some((fence) => names.includes(fence.site));
}
