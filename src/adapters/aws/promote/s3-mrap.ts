import {
  GetMultiRegionAccessPointRoutesCommand,
  type MultiRegionAccessPointRoute,
  S3ControlClient,
  SubmitMultiRegionAccessPointRoutesCommand,
} from '@aws-sdk/client-s3-control';
import { isTransient } from '../../../core/fault.ts';
import type { WriterState } from '../../../core/kinds/promote.ts';
import type { DataResource } from '../../../core/model/data.ts';
import { PortError } from '../../../ports/port-error.ts';
import type { AwsClients } from '../clients.ts';
import { type Promoter, partOf, type RegionOf } from './promoter.ts';

type AccessPoint = Extract<DataResource, { readonly kind: 's3-mrap' }>;

/**
 * Regions with an endpoint that reads and sets routes; the buckets may be anywhere. Source: Amazon S3 API reference,
 * `SubmitMultiRegionAccessPointRoutes`.
 */
const routeRegions: readonly string[] = ['us-east-1', 'us-west-2', 'ap-southeast-2', 'ap-northeast-1', 'eu-west-1'];

/** Endpoints that are tried; with the deadline of a call, two still fit into an attempt at a step. */
const endpointsMax = 2;

/** A route that gets traffic, and one that gets none; the API knows no other values. */
const active = 100;
const passive = 0;

/**
 * The site whose bucket alone gets the requests to an S3 Multi-Region Access Point.
 *
 * A change of routes loses nothing: objects that were not replicated are in the old bucket and appear in the other one
 * when replication catches up. So no permission is needed. Only the configuration can be read. S3 takes up to two
 * minutes to apply it, and requests under way stay where they are (API reference,
 * `SubmitMultiRegionAccessPointRoutes`).
 */
export function s3Mrap(clients: AwsClients, data: AccessPoint, regionOf: RegionOf): Promoter {
  const readRoutes = (region: string) => {
    const command = new GetMultiRegionAccessPointRoutesCommand(accessPointOf(data));
    return clients.call((options) => clients.of(S3ControlClient, region).send(command, options));
  };

  const readWriter = async (region: string, service: string): Promise<WriterState> => {
    const { Routes } = await atAnEndpoint(endpointsFor(region, service, data, regionOf), readRoutes);
    const receiving = (Routes ?? []).filter(({ TrafficDialPercentage }) => TrafficDialPercentage !== passive);
    const writer = Object.keys(data.buckets).find((site) => data.buckets[site] === receiving[0]?.Bucket);
    return { writer: receiving.length === 1 ? (writer ?? null) : null, isMoving: false };
  };

  return {
    readWriter,
    promote: async ({ service, to }) => {
      const bucket = partOf(data.buckets, to, 'bucket');
      await atAnEndpoint(endpointsFor(regionOf(service, to), service, data, regionOf), async (region) => {
        const { Routes } = await readRoutes(region);
        const command = new SubmitMultiRegionAccessPointRoutesCommand({
          ...accessPointOf(data),
          RouteUpdates: routesTo(bucket, Routes ?? [], data),
        });
        await clients.call((options) => clients.of(S3ControlClient, region).send(command, options));
      });
    },
    // The routes are the only source, and any region's endpoint gives them. Requests that S3 still sends to the old
    // bucket for two minutes are replicated like earlier ones.
    roleOf: async (service, site) => {
      const { writer } = await readWriter(regionOf(service, site), service);
      return writer === null ? undefined : writer === site ? 'sole-writer' : 'replica';
    },
  };
}

/** Routes that are not named stay as they are, so all are. */
function routesTo(
  bucket: string,
  routes: readonly MultiRegionAccessPointRoute[],
  { accessPointArn }: AccessPoint,
): MultiRegionAccessPointRoute[] {
  if (!routes.some(({ Bucket }) => Bucket === bucket)) {
    throw new PortError({ kind: 'invalid', detail: `${accessPointArn} has no route to the bucket ${bucket}` });
  }
  return routes.map(({ Bucket, Region }) => ({
    Bucket,
    ...(Region ? { Region } : {}),
    TrafficDialPercentage: Bucket === bucket ? active : passive,
  }));
}

function accessPointOf({ accessPointArn }: AccessPoint): { readonly AccountId: string; readonly Mrap: string } {
  return { AccountId: accessPointArn.split(':')[4] ?? '', Mrap: accessPointArn };
}

/**
 * The new site's own region if it has an endpoint, then regions without a site, because the region of any other site
 * may have failed.
 */
function endpointsFor(
  region: string,
  service: string,
  { buckets }: AccessPoint,
  regionOf: RegionOf,
): readonly string[] {
  const occupied = Object.keys(buckets).map((site) => regionOf(service, site));
  const own = routeRegions.filter((one) => one === region);
  const free = routeRegions.filter((one) => !occupied.includes(one));
  const rest = routeRegions.filter((one) => one !== region && occupied.includes(one));
  return [...own, ...free, ...rest].slice(0, endpointsMax);
}

async function atAnEndpoint<T>(regions: readonly string[], ask: (region: string) => Promise<T>): Promise<T> {
  const [region = '', ...others] = regions;
  try {
    return await ask(region);
  } catch (error) {
    if (others.length === 0 || !(error instanceof PortError) || !isTransient(error.fault)) throw error;
    return await atAnEndpoint(others, ask);
  }
}
