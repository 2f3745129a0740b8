import type { RecordValues } from './calls.ts';
import type { NamedService } from './deployment.ts';
import type { Fault } from './routine.ts';
import type { FencingToken } from './run.ts';

/** What an actuator function is asked to do: make one thing so. Repeating an order is harmless. */
export type Order = {
  readonly service: string;
  readonly token: FencingToken;
  /**
   * `enforce` claims the token before it even looks, so that older orders are shut out from then on. `repair` looks
   * first and claims only to write: a regular check costs no write.
   */
  readonly manner: 'enforce' | 'repair';
} & Desired;

/** The thing and how it shall be. */
export type Desired =
  | { readonly kind: 'address'; readonly allocationId: string; readonly instanceId: string }
  | {
      readonly kind: 'record';
      readonly zoneId: string;
      readonly name: string;
      readonly ttlSeconds: number;
      readonly values: RecordValues;
    }
  | {
      readonly kind: 'isolation';
      readonly instanceIds: readonly string[];
      readonly groupId: string;
      readonly isIsolated: boolean;
      /** The site's own region asks, out of contact with everybody: no claim is needed to cut oneself off. */
      readonly isSelfFence: boolean;
    };

/** What an actuator saw. */
export type StepReport =
  /** It is as ordered, read back; `hasWritten` is false when it already was. */
  | { readonly outcome: 'as-ordered'; readonly hasWritten: boolean }
  /** A newer token was claimed here: whoever sent the order is no longer in charge. */
  | { readonly outcome: 'stale'; readonly claimed: FencingToken }
  /** It is not, or it is not known to be, as ordered. */
  | { readonly outcome: 'failed'; readonly fault: Fault };

/** The order's thing, with the region whose actuator touches it. */
export interface Placed {
  readonly region: string;
  readonly desired: Desired;
}

/** The Elastic IP as it shall be while `site` is active; null when the site has no part in it. */
export function addressFor(service: NamedService, site: string): Placed | null {
  const address = service.traffic.address;
  const instanceId = address?.instances[site];
  if (!address || instanceId === undefined) return null;
  return { region: address.region, desired: { kind: 'address', allocationId: address.allocationId, instanceId } };
}

/**
 * The record as it shall be while `site` serves; null when no record is edited.
 *
 * @param region - any control region that can reach Route 53's API; the record belongs to none
 */
export function recordFor(service: NamedService, site: string, region: string): Placed | null {
  const dns = service.traffic.dns;
  if (dns?.mode !== 'records') return null;
  const values = { a: dns.addresses[site]?.a ?? null, aaaa: dns.addresses[site]?.aaaa ?? null };
  return {
    region,
    desired: { kind: 'record', zoneId: dns.zone.id, name: dns.record, ttlSeconds: dns.ttlSeconds, values },
  };
}

/** The isolation of a site; null when it has no fence. */
export function isolationFor(
  service: NamedService,
  site: string,
  isIsolated: boolean,
  isSelfFence = false,
): Placed | null {
  const place = service.sites[site];
  if (!place?.fence) return null;
  const { instanceIds, isolationGroupId } = place.fence;
  return {
    region: place.region,
    desired: { kind: 'isolation', instanceIds, groupId: isolationGroupId, isIsolated, isSelfFence },
  };
}
