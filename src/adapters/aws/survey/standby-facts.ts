import type { Scalable } from '../../../core/model/site.ts';
import { PortError } from '../../../ports/port-error.ts';
import type { AwsClients } from '../clients.ts';
import type { ScalePlace } from '../start/scale-handle.ts';
import type { AwsCompute } from '../start.ts';
import { functionFacts, serviceFacts } from './container-facts.ts';
import { groupFacts, instanceFacts } from './instance-facts.ts';
import type { StandbyFacts } from './standby-audit.ts';

/**
 * All that an audit wants to know of one thing; what cannot be read is left out. Never rejects.
 *
 * @param compute - how its size is read
 */
export async function readFacts(
  clients: AwsClients,
  compute: Pick<AwsCompute, 'readScale'>,
  place: ScalePlace,
  scalable: Scalable,
): Promise<StandbyFacts> {
  const [sight, facts] = await Promise.all([
    compute.readScale(place, scalable).catch(flawIn),
    makeOf(clients, place.region, scalable).catch((): StandbyFacts => ({})),
  ]);
  return { ...sight, ...facts };
}

/** What is not there, or is not what the configuration says, is known: no repetition would find it. */
function flawIn(error: unknown): StandbyFacts {
  return error instanceof PortError && error.fault.kind === 'invalid' ? { flaw: error.fault.detail } : {};
}

async function makeOf(clients: AwsClients, region: string, scalable: Scalable): Promise<StandbyFacts> {
  switch (scalable.kind) {
    case 'auto-scaling-group':
      return await groupFacts(clients, region, scalable.name);
    case 'ecs-service':
      return await serviceFacts(clients, region, scalable);
    case 'provisioned-concurrency':
      return await functionFacts(clients, region, scalable);
    case 'instances':
      return await instanceFacts(clients, region, scalable.instanceIds);
    case 'aurora-serverless':
    case 'aurora-readers':
    case 'dynamodb-capacity':
    case 'eks-deployment':
    case 'eks-nodegroup':
    case 'custom':
      return {};
  }
}
