import { PortError } from '../../../ports/port-error.ts';
import type { AwsClients } from '../clients.ts';
import { requestJson } from '../wire/signed-request.ts';
import type { ScaleChange } from './scale-handle.ts';

/** What Application Auto Scaling keeps between a least and a most. */
export interface ScalableTarget {
  readonly MinCapacity: number;
  readonly MaxCapacity: number;
}

/** How Application Auto Scaling names a size. Source: its API Reference, RegisterScalableTarget. */
export interface TargetKey {
  readonly ServiceNamespace: 'dynamodb' | 'ecs' | 'lambda';
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

/**
 * Sets a size that Application Auto Scaling may scale, which leads any size outside of its range back: `MinCapacity`
 * stays as it is, and `MaxCapacity` is raised when it would undo the size, and is not lowered again. What it does not
 * tell holds up no size; a site that serves waits for no answer of a second service.
 *
 * @param what - the thing, in a refusal
 * @throws {PortError} `invalid` when a standby size is below the range
 */
export async function setWithin(
  clients: AwsClients,
  region: string,
  key: TargetKey,
  { size, isServing }: Pick<ScaleChange, 'size' | 'isServing'>,
  what: string,
  set: () => Promise<void>,
): Promise<void> {
  const before = isServing ? null : await readTarget(clients, region, key).catch(() => null);
  if (before !== null && size < before.MinCapacity) {
    const detail = `${what} has MinCapacity ${before.MinCapacity} in Application Auto Scaling, above the standby size ${size}: lower the one or raise the other`;
    throw new PortError({ kind: 'invalid', detail });
  }
  await set();
  if (!isServing) return;
  const range = await readTarget(clients, region, key);
  if (range !== null && range.MaxCapacity < size) await writeTarget(clients, region, key, { MaxCapacity: size });
}

/** The SDK's client of it is not among the packages here. */
async function askScaling(clients: AwsClients, region: string, operation: string, body: object): Promise<unknown> {
  const service = 'application-autoscaling';
  const target = `AnyScaleFrontendService.${operation}`;
  return await requestJson(clients, { region, service, method: 'POST', path: '/', target, body });
}
