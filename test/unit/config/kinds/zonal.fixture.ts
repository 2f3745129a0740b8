import type { DeploymentInput } from '../../../../src/config/input/deployment.ts';

const site = (name: string, priority: number) => ({
  region: 'us-east-1',
  zone: `us-east-1${name}`,
  priority,
  capacity: 100,
  probes: [{ type: 'https' as const, url: `https://us-east-1${name}.shop.example/healthz` }],
});

/** A pool of three zones behind one load balancer. */
export const zonedPool: DeploymentInput = {
  name: 'shop',
  controlRegions: ['us-east-1', 'us-west-2', 'us-east-2'],
  services: {
    web: {
      mode: 'active-active',
      sites: { a: site('a', 100), b: site('b', 90), c: site('c', 80) },
      traffic: {
        zonal: {
          resourceArns: 'arn:aws:elasticloadbalancing:us-east-1:111122223333:loadbalancer/app/shop/0123456789abcdef',
          zoneIds: { a: 'use1-az1', b: 'use1-az2', c: 'use1-az4' },
        },
      },
    },
  },
  notify: { emails: ['oncall@shop.example'] },
};
