import type { RecordValues } from '../dns/record-values.ts';
import type { Fault } from '../fault.ts';
import type { DataResource } from '../model/data.ts';
import { lastResortName, type NamedService } from '../model/service.ts';
import type { Fence, Scalable } from '../model/site.ts';
import type { Register } from '../register/register.ts';
import type { FencingToken, Run } from '../register/run.ts';
import { recordWeightsOf, type Shares, targetWeightsOf } from '../register/share.ts';
import type { Publication } from './publication.ts';
import { publicationOf } from './publication.ts';

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
  /** Weights of a name's weighted records, by site. */
  | {
      readonly kind: 'record-weights';
      readonly zoneId: string;
      readonly name: string;
      readonly weights: Readonly<Record<string, number>>;
    }
  | {
      readonly kind: 'isolation';
      readonly site: string;
      readonly fence: Fence;
      readonly isIsolated: boolean;
      /** The site's own region asks, out of contact with everybody: no claim is needed to cut oneself off. */
      readonly isSelfFence: boolean;
    }
  /** Weights of the target groups of a listener or rule, by ARN; 0 to 999. */
  | { readonly kind: 'weights'; readonly listenerArn: string; readonly weights: Readonly<Record<string, number>> }
  | {
      readonly kind: 'scale';
      readonly site: string;
      readonly scalable: Scalable;
      /** For instances: 1 runs them all, 0 stops them. */
      readonly size: number;
      /** False: more than `size` is as good, so that what grew by itself under load is not cut down. */
      readonly isExact: boolean;
    }
  | {
      readonly kind: 'promotion';
      readonly data: DataResource;
      readonly from: string;
      readonly to: string;
      /** The old writer is well: nothing may be lost. */
      readonly isPlanned: boolean;
      readonly isDataLossAllowed: boolean;
    }
  | { readonly kind: 'publication'; readonly publication: Publication };

/** What an actuator saw. */
export type StepReport =
  /** It is as ordered, read back; `hasWritten` is false when it already was. */
  | { readonly outcome: 'as-ordered'; readonly hasWritten: boolean }
  /** It has been asked for and is not there yet: a boot, a promotion. Ask again later. */
  | { readonly outcome: 'pending'; readonly hasWritten: boolean; readonly detail: string }
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
  if (dns?.mode !== 'records' || dns.policy !== 'failover') return null;
  const target = site === lastResortName ? dns.lastResort : dns.addresses[site];
  const values = { a: target?.a ?? null, aaaa: target?.aaaa ?? null };
  return {
    region,
    desired: { kind: 'record', zoneId: dns.zone.id, name: dns.record, ttlSeconds: dns.ttlSeconds, values },
  };
}

/** The weights of the records of a pool; null when they are not edited. */
export function recordWeightsFor(service: NamedService, shares: Shares, region: string): Placed | null {
  const dns = service.traffic.dns;
  if (dns?.mode !== 'records' || dns.policy !== 'weighted') return null;
  const weights = recordWeightsOf(service, shares);
  return { region, desired: { kind: 'record-weights', zoneId: dns.zone.id, name: dns.record, weights } };
}

/** The weights of the target groups; null when the service has none, or when none of their sites gets traffic. */
export function weightsFor(service: NamedService, shares: Shares): Placed | null {
  const { targets } = service.traffic;
  if (!targets) return null;
  const bySite = targetWeightsOf(service, shares);
  // With all at 0 a load balancer answers 503: who is sent elsewhere by DNS may as well be answered until then.
  if (Object.values(bySite).every((weight) => weight === 0)) return null;
  const weights = Object.fromEntries(
    Object.entries(targets.targetGroups).map(([site, arn]) => [arn, bySite[site] ?? 0]),
  );
  return { region: targets.region, desired: { kind: 'weights', listenerArn: targets.listenerArn, weights } };
}

/**
 * The sizes of what a site runs on, while it serves or while it waits; empty when nothing of it is scaled.
 *
 * @param activeSize - what the site that is left was last seen to have; for a size that follows it, of which a site has one
 */
export function scalesFor(
  service: NamedService,
  site: string,
  isServing: boolean,
  activeSize: number | null = null,
): readonly Placed[] {
  const place = service.sites[site];
  return (place?.scale ?? []).map((scalable) => ({
    region: place?.region ?? '',
    desired: { kind: 'scale', site, scalable, size: sizeOf(scalable, isServing, activeSize), isExact: !isServing },
  }));
}

function sizeOf(scalable: Scalable, isServing: boolean, activeSize: number | null): number {
  if (scalable.kind === 'instances') return isServing ? 1 : 0;
  if (!isServing) return scalable.standbySize;
  return scalable.asActive ? Math.max(scalable.size, activeSize ?? 0) : scalable.size;
}

/** Data that can be switched over without a loss while both sites are well. */
const lossless: readonly DataResource['kind'][] = [
  'aurora-global',
  'documentdb-global',
  'neptune-global',
  's3-mrap',
  'custom',
];

/** The promotion of a site's data; null when the service has none, or none that is promoted. */
export function promotionFor(service: NamedService, run: Run): Placed | null {
  const { data } = service;
  if (!data || data.kind === 'dynamodb-global') return null;
  const region = service.sites[run.to]?.region ?? '';
  const isPlanned = run.kind !== 'failover' && run.reason !== 'group-failover';
  // A move was decided on a lag within the declared budget: that is the permission to lose as much, where AWS offers no
  // way that loses nothing. Global clusters have a switchover for planned moves.
  const isBudgeted = service.failover.maxReplicationLagMs !== undefined;
  const isLossless = isPlanned && lossless.includes(data.kind);
  const isDataLossAllowed = run.isDataLossAllowed || (isBudgeted && !isLossless);
  return {
    region,
    desired: { kind: 'promotion', data, from: run.from, to: run.to, isPlanned, isDataLossAllowed },
  };
}

/** What inside clients are told in one region; null when the service has none. */
export function publicationFor(service: NamedService, register: Register, region: string): Placed | null {
  if (!service.clients) return null;
  return { region, desired: { kind: 'publication', publication: publicationOf(service, register) } };
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
  return { region: place.region, desired: { kind: 'isolation', site, fence: place.fence, isIsolated, isSelfFence } };
}
