import {
  DescribeEndpointGroupCommand,
  type EndpointGroup as EndpointGroupAnswer,
  GlobalAcceleratorClient,
  UpdateEndpointGroupCommand,
  type UpdateEndpointGroupCommandInput,
} from '@aws-sdk/client-global-accelerator';
import { acceleratorRegion } from '../../config/plan/accelerator-region.ts';
import {
  type AcceleratorThing,
  type EndpointGroup,
  type EndpointGroups,
  endpointWeight,
} from '../../core/kinds/accelerator.ts';
import { PortError } from '../../ports/port-error.ts';
import type { KindHandlers } from '../../ports/ports.ts';
import type { AwsClients } from './clients.ts';

/** Dial of an endpoint group when the API gives none. Source: Global Accelerator API Reference, "EndpointGroup". */
const dialDefault = 100;

/**
 * Reads and turns the traffic dials of endpoint groups, and the weights of their endpoints.
 *
 * An update changes what it names, as a whole. So it names the dial alone where no weight differs. Where one does, it
 * names all endpoints of the group: those that are not declared with the weight that was read just before. Groups whose
 * dial goes to 0 are written, and answered, before the one that goes up. Source: Global Accelerator API Reference,
 * "UpdateEndpointGroup".
 */
export function acceleratorHandlers(clients: AwsClients): KindHandlers<'accelerator'> {
  const describeAll = ({ groups }: AcceleratorThing) =>
    Promise.all(Object.entries(groups).map(async ([arn, wanted]) => ({ wanted, found: await describe(clients, arn) })));
  return {
    'read:accelerator': async (thing): Promise<EndpointGroups> => {
      const all = await describeAll(thing);
      return Object.fromEntries(all.map(({ wanted, found }) => [found.EndpointGroupArn, stateOf(found, wanted)]));
    },
    'write:accelerator': async (thing) => {
      const all = await describeAll(thing);
      for (const { wanted, found } of all.sort((one, other) => one.wanted.dial - other.wanted.dial)) {
        const update = updateFor(found, wanted);
        if (update === null) continue;
        const command = new UpdateEndpointGroupCommand(update);
        await clients.call((options) => clientOf(clients).send(command, options));
      }
      return null;
    },
  };
}

/** @throws {PortError} `invalid` when there is no such group */
async function describe(clients: AwsClients, arn: string): Promise<EndpointGroupAnswer> {
  const command = new DescribeEndpointGroupCommand({ EndpointGroupArn: arn });
  const { EndpointGroup: found } = await clients.call((options) => clientOf(clients).send(command, options));
  if (found?.EndpointGroupArn !== arn) throw new PortError({ kind: 'invalid', detail: `no ${arn}` });
  return found;
}

/**
 * What a group is now, by the dial and the weights that the deployment has an opinion of.
 *
 * @throws {PortError} `invalid` when a declared endpoint is not in the group: none is ever added
 */
function stateOf(found: EndpointGroupAnswer, { weights }: EndpointGroup): EndpointGroup {
  const byId = new Map(found.EndpointDescriptions?.map(({ EndpointId, Weight }) => [EndpointId, Weight]));
  const seen = Object.keys(weights).map((id) => {
    if (!byId.has(id)) throw new PortError({ kind: 'invalid', detail: `${id} is no endpoint of its group` });
    return [id, byId.get(id) ?? endpointWeight] as const;
  });
  return { dial: found.TrafficDialPercentage ?? dialDefault, weights: Object.fromEntries(seen) };
}

/** The least update that makes a group as it shall be; null when it is so. */
function updateFor(found: EndpointGroupAnswer, wanted: EndpointGroup): UpdateEndpointGroupCommandInput | null {
  const seen = stateOf(found, wanted);
  const isWeighed = Object.entries(wanted.weights).every(([id, weight]) => seen.weights[id] === weight);
  if (isWeighed && seen.dial === wanted.dial) return null;
  const endpoints = (found.EndpointDescriptions ?? []).map(({ EndpointId, Weight, ClientIPPreservationEnabled }) => ({
    EndpointId,
    Weight: wanted.weights[EndpointId ?? ''] ?? Weight,
    ClientIPPreservationEnabled,
  }));
  return {
    EndpointGroupArn: found.EndpointGroupArn,
    ...(seen.dial === wanted.dial ? {} : { TrafficDialPercentage: wanted.dial }),
    ...(isWeighed ? {} : { EndpointConfigurations: endpoints }),
  };
}

function clientOf(clients: AwsClients): GlobalAcceleratorClient {
  return clients.of(GlobalAcceleratorClient, acceleratorRegion);
}
