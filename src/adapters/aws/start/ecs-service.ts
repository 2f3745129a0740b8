import { DescribeServicesCommand, ECSClient, type Service, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import { ecsCountDimension } from '../../../config/plan/names.ts';
import { PortError } from '../../../ports/port-error.ts';
import type { AwsClients } from '../clients.ts';
import { setWithin, type TargetKey } from './scalable-target.ts';
import type { ScalableOf, ScaleHandle } from './scale-handle.ts';

/** What ECS writes into the events of a service once all of its tasks run. */
const steady = 'has reached a steady state';
/** How it writes that a task could not be placed, or was not well. Source: Amazon ECS, "Service event messages". */
const troubles = /unable to|unhealthy|failed|circuit breaker/;
/** Events that are looked through; the newest come first. */
const eventsMax = 10;

/**
 * An ECS service, by its desired count.
 *
 * Ready are the running tasks of the primary deployment: those of an older one are about to go. A service whose
 * deployments are not ECS's own (CodeDeploy, external) lists none, and has sets of tasks: the ones of the primary set
 * get the clients, and the others are about to come or to go. Source: Amazon ECS API Reference, `TaskSet`, status.
 *
 * Where Application Auto Scaling scales the service, its range goes with the size.
 */
export const ecsService: ScaleHandle<'ecs-service'> = {
  async read(clients, { region }, scalable) {
    const service = await describeService(clients, region, scalable);
    const { desiredCount = 0, runningCount = 0, deployments = [], taskSets = [] } = service;
    const primary = [...deployments, ...taskSets].find(({ status }) => status === 'PRIMARY');
    const ready = primary?.runningCount ?? runningCount;
    const hindrance = ready < desiredCount ? hindranceOf(service) : undefined;
    return { wanted: desiredCount, ready, ...(hindrance === undefined ? {} : { hindrance }) };
  },

  async set(clients, { region }, { cluster, name }, change) {
    await setWithin(clients, region, targetKey(cluster, name), change, `service ${name}`, async () => {
      const command = new UpdateServiceCommand({ cluster, service: name, desiredCount: change.size });
      await clients.call((options) => clients.of(ECSClient, region).send(command, options));
    });
  },
};

function targetKey(cluster: string, name: string): TargetKey {
  return {
    ServiceNamespace: 'ecs',
    ResourceId: `service/${cluster}/${name}`,
    ScalableDimension: ecsCountDimension,
  };
}

/** What has kept tasks from running since all of them last ran. */
function hindranceOf({ events = [] }: Service): string | undefined {
  const messages = events.slice(0, eventsMax).map(({ message = '' }) => message);
  const said = messages.find((message) => message.includes(steady) || troubles.test(message));
  return said?.includes(steady) ? undefined : said;
}

/** @throws {PortError} `invalid` when the cluster has no such service, or none any more */
export async function describeService(
  clients: AwsClients,
  region: string,
  { cluster, name }: Pick<ScalableOf<'ecs-service'>, 'cluster' | 'name'>,
): Promise<Service> {
  const command = new DescribeServicesCommand({ cluster, services: [name] });
  const { services } = await clients.call((options) => clients.of(ECSClient, region).send(command, options));
  const service = services?.[0];
  if (!service || service.status === 'INACTIVE') {
    throw new PortError({ kind: 'invalid', detail: `no ECS service ${name} in cluster ${cluster} in ${region}` });
  }
  return service;
}
