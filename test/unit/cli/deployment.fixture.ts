import type { Deployment, Service, Site } from '../../../src/core/deployment.ts';

function site(region: string, priority: number): Site {
  const url = `http://${region}.shop.example/healthz`;
  const probe = { type: 'http', url, timeoutMs: 500, corroborating: false, expect: { status: 200, role: 'active' } };
  return { region, priority, standby: 'hot', capacity: 100, probes: [probe as Site['probes'][number]], require: 'all' };
}

const service: Service = {
  mode: 'active-passive',
  sites: { virginia: site('us-east-1', 100), oregon: site('us-west-2', 50) },
  detection: { intervalMs: 1_000, fallCount: 2, riseCount: 2, quorum: 2, opinionTtlMs: 3_000 },
  failover: {
    automatic: true,
    blockMs: 3_600_000,
    maxMovesPerDay: 3,
    leaseMs: 10_000,
    allowCrossRegion: true,
    reconcileMs: 60_000,
    stepTimeoutMs: 5_000,
    stepAttemptsMax: 3,
  },
  failback: { mode: 'manual', healthyForMs: 60_000 },
  traffic: {
    dns: {
      zone: { id: 'Z0EXAMPLE', name: 'shop.example' },
      record: 'www.shop.example',
      ttlSeconds: 5,
      mode: 'oracle',
      addresses: { virginia: { a: '203.0.113.10' }, oregon: { a: '198.51.100.20' } },
    },
  },
};

/** A deployment of three control regions with the services named, all alike. */
export function deploymentOf(...services: readonly string[]): Deployment {
  return {
    name: 'shop',
    controlRegions: ['us-east-1', 'us-west-2', 'us-east-2'],
    services: Object.fromEntries(services.map((name) => [name, service])),
    notify: { emails: [] },
    watcher: { tracing: false },
    accept: {},
  };
}
