import { parseShape } from '../../config/loader.ts';
import type { Deployment } from '../../core/model/deployment.ts';
import type { SiteAddress } from '../lab/site-addresses.ts';

/** Name that the built-in deployment steers. */
const drillRecord = 'www.drill.example';

const regions = { virginia: 'us-east-1', oregon: 'us-west-2' } as const;

/** Sites of the built-in deployment, the preferred one first. */
export const drillSites = Object.keys(regions) as readonly (keyof typeof regions)[];

/**
 * How the sites of a drill are checked: a tick of one second, two failures a quarter of a second apart, two of three
 * watchers. As fast as a user may set it who takes a blip for a fault.
 */
const fastDetection = {
  intervalMs: 1_000,
  fallCount: 2,
  riseCount: 2,
  suspectIntervalMs: 250,
  minDownMs: 250,
  opinionTtlMs: 3_000,
};

/** `fast` as above; `default` as a deployment that sets nothing. */
export type DrillDetection = 'fast' | 'default';

/**
 * The deployment of a drill without a configuration: one service, two sites, three control regions.
 *
 * A probe's deadline of a quarter of a second finds a site that hangs nearly as fast as one that is dead. No resolver
 * stands between the client and the name server, so the record need not be kept by any.
 */
export function drillDeployment(
  addresses: Readonly<Record<string, SiteAddress>>,
  detection: DrillDetection = 'fast',
): Deployment {
  const siteOf = (name: keyof typeof regions, priority: number) => ({
    region: regions[name],
    priority,
    probes: [
      {
        type: 'http',
        url: `http://${addresses[name]?.host}:${addresses[name]?.port}/healthz`,
        timeoutMs: 250,
        expect: { status: 200, body: 'ok', role: 'any' },
      },
    ],
  });
  const web = {
    mode: 'active-passive',
    sites: { virginia: siteOf('virginia', 100), oregon: siteOf('oregon', 50) },
    detection: detection === 'fast' ? fastDetection : {},
    failover: { reconcileMs: 5_000, stepTimeoutMs: 5_000 },
    traffic: {
      dns: {
        zone: { id: 'Z0DRILL', name: 'drill.example' },
        record: drillRecord,
        ttlSeconds: 0,
        addresses: Object.fromEntries(drillSites.map((site) => [site, { a: addresses[site]?.address }])),
      },
    },
  };
  const deployment = { name: 'drill', controlRegions: ['us-east-1', 'us-west-2', 'us-east-2'], services: { web } };
  return parseShape(deployment, 'the built-in deployment');
}
