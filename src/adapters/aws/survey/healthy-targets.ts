import { DescribeTargetHealthCommand, ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { AwsClients } from '../clients.ts';

/** Targets of a group. */
export interface TargetCounts {
  /** Those that the load balancer finds healthy. */
  readonly healthy: number;
  /** Those that a balancer could use: not those that drain, nor instances that are stopped. */
  readonly registered: number;
}

/** Counts the targets of a group; the answer has no pages. Source: ELB API Reference, "DescribeTargetHealth". */
export async function countTargets(clients: AwsClients, region: string, targetGroupArn: string): Promise<TargetCounts> {
  const command = new DescribeTargetHealthCommand({ TargetGroupArn: targetGroupArn });
  const { TargetHealthDescriptions = [] } = await clients.call((options) =>
    clients.of(ElasticLoadBalancingV2Client, region).send(command, options),
  );
  const states = TargetHealthDescriptions.map(({ TargetHealth }) => TargetHealth?.State);
  return {
    healthy: states.filter((state) => state === 'healthy').length,
    registered: states.filter((state) => state !== 'draining' && state !== 'unused').length,
  };
}
