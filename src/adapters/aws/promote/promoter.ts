import type { PromoteThing, WriterState } from '../../../core/kinds/promote.ts';
import type { DataRole } from '../../../core/model/data.ts';
import { PortError } from '../../../ports/port-error.ts';

/** The order to make a site the writer. */
export type Promotion = PromoteThing;

/** How a site is to become the writer: while another one still serves, and with or without a loss. */
export type PromotionWish = Pick<PromoteThing, 'isPlanned' | 'isDataLossAllowed' | 'isReturn'>;

/** Region of a site of a service. */
export type RegionOf = (service: string, site: string) => string;

/** Reads and promotes one declared data resource, by the API of its kind. */
export interface Promoter {
  /**
   * @param region - the actuator's own region, which is that of `to`
   * @param to - the site that must become the writer; only data of which each site has a part of its own asks for it
   * @param wish - what whoever asks would have done
   */
  readWriter(region: string, service: string, to: string, wish: PromotionWish): Promise<WriterState>;
  promote(promotion: Promotion): Promise<void>;
  /**
   * Role of a site's own copy; the site's own region is asked. The answer may open a fence, so it is `replica` only
   * when the API says so explicitly, and `sole-writer` only when the API knows all copies and calls this one so.
   *
   * @returns undefined when it is not known, for example while roles change
   */
  roleOf(service: string, site: string): Promise<DataRole | undefined>;
}

/** The part of the configuration for a site. A site without one is a mistake of the caller. */
export function partOf(parts: Readonly<Record<string, string>>, site: string, what: string): string {
  const part = Object.hasOwn(parts, site) ? parts[site] : undefined;
  if (part === undefined) throw new PortError({ kind: 'invalid', detail: `no ${what} of site ${site} is declared` });
  return part;
}

/**
 * Refuses a promotion that may lose writes, unless the order permits a loss.
 *
 * The core gives the permission: by an operator's override, or because the lag was within the declared
 * `failover.maxReplicationLagMs` when the move was decided. No API accepts a bound on the loss, so an adapter can only
 * follow the flag.
 *
 * @throws {PortError} `denied`
 */
export function requireLossAllowed({ isDataLossAllowed, service }: Promotion, why: string): void {
  if (isDataLossAllowed) return;
  const ways = `declare failover.maxReplicationLagMs, or use "cdk-failover failover ${service} --force --allow-data-loss"`;
  throw new PortError({ kind: 'denied', detail: `${why}: ${ways}` });
}
