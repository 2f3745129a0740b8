import type { Deployment } from '../model/deployment.ts';
import { recordOf } from '../record.ts';
import { newestAccepted } from '../register/quorum.ts';
import type { Register } from '../register/register.ts';
import type { TableView } from './table-view.ts';

/**
 * Regions whose state tables a reader asks: those of its own configuration, and those that registers name as voters.
 *
 * An earlier or later configuration may have made a region a voter that the reader's own does not name. Its table still
 * holds a vote, and stays where it is when its stack goes. A reader that passed it over could lose its majority by a
 * deployment alone.
 */
export function tableRegions(
  { controlRegions }: Pick<Deployment, 'controlRegions'>,
  registers: readonly Pick<Register, 'voters'>[],
): readonly string[] {
  const areAllNamed = registers.every(({ voters }) => voters.every(({ region }) => controlRegions.includes(region)));
  if (areAllNamed) return controlRegions;
  const voting = registers.flatMap(({ voters }) => voters.map(({ region }) => region));
  return [...new Set([...controlRegions, ...voting])];
}

/** The newest value of each service that some table holds, decided or not. */
export function newestRegisters(
  views: Readonly<Record<string, TableView | undefined>>,
  services: readonly string[],
): readonly Register[] {
  return services.flatMap((service) => {
    const states = recordOf(Object.keys(views), (region) => views[region]?.acceptors[service]);
    return newestAccepted(states)?.accepted ?? [];
  });
}
