import type { DeploymentInput } from '../../src/config/input/deployment.ts';
import { defineDeployment } from '../../src/config/loader.ts';

const elb = 'arn:aws:elasticloadbalancing:us-east-1:111122223333';
const site = (name: string, region: string, priority: number) => ({
  region,
  priority,
  probes: [{ type: 'https' as const, url: `https://${name}.shop.example/healthz` }],
});
const zone = { id: 'Z0EXAMPLE', name: 'shop.example' };
const groupSizes = { size: 4, standbySize: 1 };

/** Target groups and listeners by which the fixture's services are steered. */
export const balancer = {
  listener: `${elb}:listener/app/shop/50dc6c495c0c9188/f2f7dc8efc522ab2`,
  rule: `${elb}:listener-rule/app/shop/50dc6c495c0c9188/f2f7dc8efc522ab2/9683b2d02a6cabee`,
  plain: `${elb}:listener/app/shop/50dc6c495c0c9188/f2f7dc8efc522ab3`,
  group: (name: string) => `${elb}:targetgroup/${name}/6d0ecf831eec9f09`,
};

const input: DeploymentInput = {
  name: 'shop',
  controlRegions: ['us-east-1', 'us-west-2', 'us-east-2'],
  services: {
    /** A load balancer's listener, fences by targets and by address, and clients inside. */
    web: {
      mode: 'active-passive',
      sites: {
        left: {
          ...site('left', 'us-east-1', 100),
          fence: { kind: 'targets', targetGroupArn: balancer.group('left'), targetIds: ['i-left'] },
        },
        right: {
          ...site('right', 'us-east-1', 90),
          fence: { kind: 'address', allocationId: 'eipalloc-right', instanceId: 'i-right' },
        },
      },
      traffic: {
        targets: {
          listenerArn: balancer.listener,
          targetGroups: { left: balancer.group('left'), right: balancer.group('right') },
        },
      },
      clients: { endpoints: { left: 'https://left.shop.example', right: 'https://right.shop.example' } },
    },
    /** A listener rule, and fences that ask functions. */
    api: {
      mode: 'active-passive',
      sites: {
        left: { ...site('api-left', 'us-east-1', 100), fence: { kind: 'custom', functionName: 'cut-off' } },
        right: { ...site('api-right', 'us-east-1', 90), fence: { kind: 'read-only', functionName: 'cut-off' } },
      },
      traffic: {
        targets: {
          listenerArn: [balancer.rule, balancer.plain],
          targetGroups: { left: balancer.group('api-left'), right: balancer.group('api-right') },
        },
      },
    },
    /** Everything that has a size, and where facts come from. */
    jobs: {
      mode: 'active-passive',
      sites: {
        virginia: {
          ...site('jobs-virginia', 'us-east-1', 100),
          standby: 'warm',
          scale: [
            { kind: 'auto-scaling-group', name: 'jobs', ...groupSizes },
            { kind: 'ecs-service', cluster: 'shop', name: 'jobs', ...groupSizes },
            { kind: 'eks-nodegroup', cluster: 'shop', name: 'jobs', ...groupSizes },
            { kind: 'eks-deployment', cluster: 'shop', namespace: 'shop', name: 'jobs', ...groupSizes },
            { kind: 'provisioned-concurrency', functionName: 'jobs', alias: 'live', ...groupSizes },
            { kind: 'instances', instanceIds: ['i-jobs1', 'i-jobs2'] },
            { kind: 'aurora-serverless', cluster: 'jobs', ...groupSizes },
            { kind: 'dynamodb-capacity', table: 'jobs', index: 'by-day', units: 'write', ...groupSizes },
            { kind: 'aurora-readers', cluster: 'jobs', ...groupSizes },
            { kind: 'custom', functionName: 'scale-jobs', ...groupSizes },
          ],
          work: [
            { kind: 'eventbridge-rule', name: 'nightly' },
            { kind: 'eventbridge-rule', name: 'orders', bus: 'shop' },
            { kind: 'eventbridge-schedule', name: 'invoices', group: 'shop', role: 'shop/invoker' },
            { kind: 'event-source-mapping', uuid: '14e0db71-5d35-4eb5-b481-8945cf9d10c2' },
          ],
          measures: {
            load: { namespace: 'Shop', name: 'Jobs' },
            lag: { kind: 'heartbeat', tableName: 'beats', key: 'jobs', attribute: 'at' },
            backup: {
              kind: 'aws-backup',
              vault: 'copies',
              resourceArn: 'arn:aws:dynamodb:us-west-2:111122223333:table/jobs',
              maxRestoreAgeMs: '35d',
            },
          },
        },
        oregon: {
          ...site('jobs-oregon', 'us-west-2', 50),
          standby: 'warm',
          scale: [
            { kind: 'ecs-service', cluster: 'shop', name: 'jobs', ...groupSizes },
            { kind: 'custom', functionName: 'scale-west', ...groupSizes },
          ],
        },
      },
      traffic: {
        dns: {
          zone,
          record: 'jobs.shop.example',
          mode: 'records',
          addresses: { virginia: { a: '203.0.113.10' }, oregon: { a: '198.51.100.20' } },
        },
      },
    },
    /** Data that is promoted. */
    cache: {
      mode: 'active-passive',
      sites: { virginia: site('cache-virginia', 'us-east-1', 100), oregon: site('cache-oregon', 'us-west-2', 50) },
      failover: { maxReplicationLagMs: 30_000 },
      data: {
        kind: 'elasticache-global',
        globalId: 'ldgnf-shop',
        members: { virginia: 'shop-east', oregon: 'shop-west' },
      },
      traffic: {
        dns: {
          zone,
          record: 'cache.shop.example',
          addresses: { virginia: { a: '203.0.113.11' }, oregon: { a: '198.51.100.21' } },
        },
      },
    },
  },
  notify: { emails: ['oncall@shop.example'] },
};

/** One deployment with every kind of function, fence and size. */
export const everything = defineDeployment(input);
