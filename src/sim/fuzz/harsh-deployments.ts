import type { DeploymentInput } from '../../config/input/deployment.ts';

/** Configurations in which more must hold: five regions, undemoted data, long leases, slow ticks, groups of data. */

type ServiceInput = NonNullable<DeploymentInput['services'][string]>;

const zone = { id: 'Z0EXAMPLE', name: 'shop.example' };
const three = ['us-east-1', 'us-west-2', 'us-east-2'];
const five = [...three, 'eu-west-1', 'eu-central-1'];
const addresses = { virginia: { a: '203.0.113.10' }, oregon: { a: '198.51.100.20' }, ireland: { a: '192.0.2.30' } };

const fenced = (region: string, priority: number, name: string) => ({
  region,
  priority,
  fence: { kind: 'read-only' as const, functionName: 'fence' },
  probes: [{ type: 'https' as const, url: `https://${name}.shop.example/healthz`, expect: { body: 'ok' } }],
});

/** A service with data and fences in two or three regions. */
function service(name: string, siteCount: 2 | 3, more: Partial<ServiceInput>): ServiceInput {
  const sites = {
    virginia: fenced('us-east-1', 100, `virginia-${name}`),
    oregon: fenced('us-west-2', 50, `oregon-${name}`),
    ...(siteCount === 3 ? { ireland: fenced('eu-west-1', 40, `ireland-${name}`) } : {}),
  };
  const known = Object.fromEntries(Object.entries(addresses).filter(([site]) => Object.hasOwn(sites, site)));
  return {
    mode: 'active-passive',
    sites,
    failover: { blockMs: 60_000, maxMovesPerDay: 6, maxReplicationLagMs: 30_000 },
    traffic: { dns: { zone, record: `${name}.shop.example`, addresses: known } },
    ...more,
  };
}

const cluster = (region: string) => `arn:aws:rds:${region}:123456789012:cluster:shop`;
const aurora = {
  kind: 'aurora-global' as const,
  globalId: 'shop',
  clusters: { virginia: cluster('us-east-1'), oregon: cluster('us-west-2') },
};
const replicas = {
  kind: 'rds-replica' as const,
  instances: { virginia: 'shop-v', oregon: 'shop-o', ireland: 'shop-i' },
};
const limits = { blockMs: 60_000, maxMovesPerDay: 6, maxReplicationLagMs: 30_000 };

/** Every configuration of this kind. */
export const harshDeployments: readonly DeploymentInput[] = [
  { name: 'five-regions', controlRegions: five, services: { web: service('web', 3, { data: replicas }) } },
  {
    name: 'grouped-data',
    controlRegions: three,
    groups: { shop: { members: { db: [], web: ['db'] } } },
    services: { db: service('db', 2, { data: aurora }), web: service('web', 2, {}) },
  },
  {
    name: 'long-lease',
    controlRegions: three,
    services: {
      web: service('web', 2, { data: aurora, failover: { ...limits, leaseMs: 180_000, maxReplicationLagMs: 300_000 } }),
    },
  },
  {
    name: 'slow-ticks',
    controlRegions: three,
    services: {
      web: service('web', 2, {
        data: aurora,
        detection: { intervalMs: 10_000 },
        failover: { ...limits, leaseMs: 60_000, maxReplicationLagMs: 120_000 },
      }),
    },
  },
];
