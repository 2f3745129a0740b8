import type { Deployment } from '../../../core/model/deployment.ts';

/**
 * Whether a name is answered to whoever asks from a place.
 *
 * One in a private zone is answered inside the networks that are associated with the zone alone: here those of the
 * watchers. Everybody else gets the answer that there is no such name. Source: Route 53 Developer Guide, "Working with
 * private hosted zones".
 */
export function isAnsweredAt({ services, watcher }: Deployment, name: string, place: string): boolean {
  const zones = Object.values(services).flatMap(({ traffic: { dns } }) =>
    dns?.zone.private === true ? [dns.zone] : [],
  );
  const isInside = zones.some((zone) => name === zone.name || name.endsWith(`.${zone.name}`));
  return !isInside || watcher.vpc?.[place] !== undefined;
}
