import type { PromoteThing, WriterState } from '../../../core/kinds/promote.ts';
import { PortError } from '../../../ports/port-error.ts';

/** What is asked for when a site shall become the writer. */
export type Promotion = PromoteThing;

/** Region of a site of a service. */
export type RegionOf = (service: string, site: string) => string;

/** One declared piece of data, by the API of its kind. */
export interface Promoter {
  /** @param region - the actuator's own, which is the region of the site that shall become the writer */
  readWriter(region: string, service: string): Promise<WriterState>;
  promote(promotion: Promotion): Promise<void>;
  /**
   * Whether a site's own part is a replica, which takes no writes of its own; asked of the site's own region. What
   * opens a fence, so only the plain word of the API is a yes.
   *
   * @returns undefined when it cannot be told, as while roles change
   */
  isReplica(service: string, site: string): Promise<boolean | undefined>;
}

/** Names a thing of the configuration by site; a site that has none is the caller's fault. */
export function partOf(parts: Readonly<Record<string, string>>, site: string, what: string): string {
  const part = Object.hasOwn(parts, site) ? parts[site] : undefined;
  if (part === undefined) throw new PortError({ kind: 'invalid', detail: `no ${what} of site ${site} is declared` });
  return part;
}

/**
 * Refuses what may lose writes unless the order permits that.
 *
 * The permission is the core's to give: the override of an operator, or a data budget that the service declares
 * (`failover.maxReplicationLagMs`) and that the lag kept to when the move was decided. No API takes a bound on what is
 * lost, so an adapter can only obey the flag.
 *
 * @throws {PortError} `denied`
 */
export function requireLossAllowed({ isDataLossAllowed, service }: Promotion, why: string): void {
  if (isDataLossAllowed) return;
  const ways = `declare failover.maxReplicationLagMs, or use "cdk-failover failover ${service} --force --allow-data-loss"`;
  throw new PortError({ kind: 'denied', detail: `${why}: ${ways}` });
}
