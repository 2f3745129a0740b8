import { parseShape } from '../../../src/config/loader.ts';
import type { Deployment } from '../../../src/core/model/deployment.ts';

function site(region: string, priority: number) {
  const probe = { type: 'http', url: `http://${region}.shop.example/healthz`, timeoutMs: 500 };
  return { region, priority, probes: [probe] };
}

const service = {
  mode: 'active-passive',
  sites: { virginia: site('us-east-1', 100), oregon: site('us-west-2', 50) },
  detection: { intervalMs: 1_000, fallCount: 2, riseCount: 2, opinionTtlMs: 3_000 },
  failover: { leaseMs: 10_000, reconcileMs: 60_000, stepTimeoutMs: 5_000 },
  failback: { healthyForMs: 60_000 },
  traffic: {
    dns: {
      zone: { id: 'Z0EXAMPLE', name: 'shop.example' },
      record: 'www.shop.example',
      ttlSeconds: 5,
      addresses: { virginia: { a: '203.0.113.10' }, oregon: { a: '198.51.100.20' } },
    },
  },
};

/** A deployment of three control regions with the services named, all alike. */
export function deploymentOf(...services: readonly string[]): Deployment {
  return parseShape(
    {
      name: 'shop',
      controlRegions: ['us-east-1', 'us-west-2', 'us-east-2'],
      services: Object.fromEntries(services.map((name) => [name, service])),
    },
    'fixture',
  );
}
