import type { NamedService } from '../../../core/model/service.ts';
import type { Register } from '../../../core/register/register.ts';
import type { World } from '../../world/world.ts';
import { wantedOf } from './wanted.ts';
import type { WantedKind } from './wanted-part.ts';

/** The sites that each thing can lead clients to. */
const reach: Partial<Record<WantedKind, (service: NamedService) => Readonly<Record<string, unknown>> | undefined>> = {
  address: ({ traffic }) => traffic.address?.instances,
  routes: ({ traffic }) => traffic.route?.targets,
  weights: ({ traffic }) => traffic.targets?.targetGroups,
  dials: ({ traffic }) => traffic.accelerator?.endpointGroupArns,
  controls: ({ traffic }) => traffic.controls?.routingControlArns,
  edge: ({ traffic }) => traffic.edge?.originIds,
};

/** Where clients are although the newest move, which has failed, should have brought them elsewhere. */
export interface Unreached {
  /** The site that they are still led to. */
  readonly site: string;
  /** Sites that they cannot be led to, because what would lead them there is not where it should be. */
  readonly barred: readonly string[];
}

/**
 * The site that clients are still led to because what leads them is not where the newest move should have brought it;
 * null when there is none.
 */
export function unreachedOf(
  world: World,
  service: NamedService,
  { run, epoch, ...register }: Register,
): Unreached | null {
  if (run?.state !== 'failed' || run.epoch !== epoch) return null;
  const unmoved = wantedOf(world, service, { run, epoch, ...register }).filter(({ kind, why }) => reach[kind] && why);
  if (unmoved.length === 0) return null;
  return { site: run.from, barred: unmoved.flatMap(({ kind }) => Object.keys(reach[kind]?.(service) ?? {})) };
}
