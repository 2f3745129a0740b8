import type { AwsClients } from '../clients.ts';
import { requestJson } from '../wire/signed-request.ts';

/** What Application Auto Scaling keeps between a least and a most. */
export interface ScalableTarget {
  readonly MinCapacity: number;
  readonly MaxCapacity: number;
}

/** How Application Auto Scaling names a size. Source: its API Reference, RegisterScalableTarget. */
export interface TargetKey {
  readonly ServiceNamespace: 'dynamodb' | 'ecs';
  readonly ResourceId: string;
  readonly ScalableDimension: string;
}

/** The range of a size; null where nothing scales it. */
export async function readTarget(
  clients: AwsClients,
  region: string,
  { ResourceId, ...key }: TargetKey,
): Promise<ScalableTarget | null> {
  const asked = { ...key, ResourceIds: [ResourceId] };
  const { ScalableTargets = [] } = (await askScaling(clients, region, 'DescribeScalableTargets', asked)) as {
    readonly ScalableTargets?: readonly ScalableTarget[];
  };
  return ScalableTargets[0] ?? null;
}

/** Gives a size another range; what is left out of the range stays. */
export async function writeTarget(
  clients: AwsClients,
  region: string,
  key: TargetKey,
  range: Partial<ScalableTarget>,
): Promise<void> {
  await askScaling(clients, region, 'RegisterScalableTarget', { ...key, ...range });
}

/** The SDK's client of it is not among the packages here. */
async function askScaling(clients: AwsClients, region: string, operation: string, body: object): Promise<unknown> {
  const service = 'application-autoscaling';
  const target = `AnyScaleFrontendService.${operation}`;
  return await requestJson(clients, { region, service, method: 'POST', path: '/', target, body });
}
