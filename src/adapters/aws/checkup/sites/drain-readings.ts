import {
  DescribeTargetGroupAttributesCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { DrainFacts, DrainReading } from '../../../../core/checkup/fencing/drain-checks.ts';
import { notAsked } from '../../../../core/checkup/reading.ts';
import type { Deployment } from '../../../../core/model/deployment.ts';
import { actingRegionOf } from '../../../../core/model/place.ts';
import { PortError } from '../../../../ports/port-error.ts';
import type { AwsClients } from '../../clients.ts';
import type { Patience } from '../patience.ts';

/** Names of the attributes. Source: Elastic Load Balancing API Reference, "TargetGroupAttribute". */
const delayKey = 'deregistration_delay.timeout_seconds';
/** Of Network Load Balancers alone. */
const cutKey = 'deregistration_delay.connection_termination.enabled';

/** How the targets of each fence that takes targets out of their group drain. */
export async function readDrains(
  clients: AwsClients,
  { services }: Deployment,
  patience: Patience,
): Promise<readonly DrainReading[]> {
  const wanted = Object.entries(services).flatMap(([service, { sites, data }]) =>
    Object.entries(sites).flatMap(([site, place]) => {
      const region = actingRegionOf(place);
      if (place.fence?.kind !== 'targets' || region === undefined) return [];
      const { targetGroupArn } = place.fence;
      const its = { subject: `${service}/${site}`, targetGroupArn, hasData: data !== undefined };
      return [{ its, region, account: place.account }];
    }),
  );
  return await Promise.all(
    wanted.map(async ({ its, region, account }) => ({
      ...its,
      reading:
        account === undefined ? await patience.read(readDrain(clients, region, its.targetGroupArn)) : notAsked(account),
    })),
  );
}

async function readDrain(clients: AwsClients, region: string, TargetGroupArn: string): Promise<DrainFacts> {
  const command = new DescribeTargetGroupAttributesCommand({ TargetGroupArn });
  const { Attributes = [] } = await clients.call((options) =>
    clients.of(ElasticLoadBalancingV2Client, region).send(command, options),
  );
  const attribute = (key: string) => Attributes.find(({ Key }) => Key === key)?.Value;
  const delaySeconds = Number(attribute(delayKey) ?? Number.NaN);
  if (!Number.isInteger(delaySeconds))
    throw new PortError({ kind: 'invalid', detail: `it does not say its ${delayKey}` });
  const cut = attribute(cutKey);
  return { delaySeconds, cutsConnections: cut === undefined ? null : cut === 'true' };
}
