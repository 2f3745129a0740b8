import { DescribeTargetHealthCommand, ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { AwsClients } from '../clients.ts';

/** Targets of a group that its load balancer finds healthy. */
export async function countHealthy(clients: AwsClients, region: string, targetGroupArn: string): Promise<number> {
  const command = new DescribeTargetHealthCommand({ TargetGroupArn: targetGroupArn });
  const { TargetHealthDescriptions } = await clients.call((options) =>
    clients.of(ElasticLoadBalancingV2Client, region).send(command, options),
  );
  return (TargetHealthDescriptions ?? []).filter(({ TargetHealth }) => TargetHealth?.State === 'healthy').length;
}
