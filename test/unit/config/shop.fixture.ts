import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ConfigError } from '../../../src/config/config-error.ts';
import type { DeploymentInput } from '../../../src/config/input/deployment.ts';

const site = (name: string, region: string, priority: number) => ({
  region,
  priority,
  probes: [{ type: 'https' as const, url: `https://${name}.shop.example/healthz` }],
});

/** A deployment that breaks no rule and says as little as it may. */
export const shop: DeploymentInput = {
  name: 'shop',
  controlRegions: ['us-east-1', 'us-west-2', 'us-east-2'],
  services: {
    web: {
      mode: 'active-passive',
      sites: { virginia: site('virginia', 'us-east-1', 100), oregon: site('oregon', 'us-west-2', 50) },
      traffic: {
        dns: {
          zone: { id: 'Z0EXAMPLE', name: 'shop.example' },
          record: 'www.shop.example',
          addresses: { virginia: { a: '203.0.113.10' }, oregon: { a: '198.51.100.20' } },
        },
      },
    },
  },
};

/** Two sites of one region behind an Elastic IP, and nothing else. */
export const zones: DeploymentInput = {
  name: 'zones',
  controlRegions: ['us-east-1', 'us-west-2', 'us-east-2'],
  services: {
    web: {
      mode: 'active-passive',
      sites: { left: site('left', 'us-east-1', 100), right: site('right', 'us-east-1', 90) },
      traffic: {
        address: { allocationId: 'eipalloc-1', region: 'us-east-1', instances: { left: 'i-left', right: 'i-right' } },
      },
    },
  },
};

/** Text of a file of the repository. */
export function readRepository(path: string): string {
  return readFileSync(fileURLToPath(new URL(`../../../${path}`, import.meta.url)), 'utf8');
}

/** The lines that a reader refuses something with; none when it does not. Anything but a ConfigError is passed on. */
export function complaintsOf(read: () => unknown): readonly string[] {
  try {
    read();
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.message.split('\n');
    throw error;
  }
}
