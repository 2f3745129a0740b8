import {
  DescribeEndpointGroupCommand,
  GlobalAcceleratorClient,
  UpdateEndpointGroupCommand,
} from '@aws-sdk/client-global-accelerator';
import { acceleratorRegion } from '../../config/plan/accelerator-region.ts';
import type { Dials } from '../../core/kinds/accelerator.ts';
import { PortError } from '../../ports/port-error.ts';
import type { KindHandlers } from '../../ports/ports.ts';
import type { AwsClients } from './clients.ts';

/** Dial of an endpoint group when the API gives none. Source: Global Accelerator API Reference, "EndpointGroup". */
const dialDefault = 100;

/**
 * Reads and turns the traffic dials of endpoint groups.
 *
 * An update names the dial alone: what it leaves out, such as the endpoints, stays as it is. Dials that go to 0 are
 * written, and answered, before the one that goes up.
 */
export function acceleratorHandlers(clients: AwsClients): KindHandlers<'accelerator'> {
  const read = async ({ dials }: { readonly dials: Dials }): Promise<Dials> => {
    const arns = Object.keys(dials);
    return Object.fromEntries(await Promise.all(arns.map(async (arn) => [arn, await readDial(clients, arn)] as const)));
  };
  return {
    'read:accelerator': read,
    'write:accelerator': async (thing) => {
      const seen = await read(thing);
      const changed = Object.entries(thing.dials).filter(([arn, percent]) => seen[arn] !== percent);
      for (const [arn, percent] of changed.sort(([, one], [, other]) => one - other)) {
        const command = new UpdateEndpointGroupCommand({ EndpointGroupArn: arn, TrafficDialPercentage: percent });
        await clients.call((options) => clientOf(clients).send(command, options));
      }
      return null;
    },
  };
}

async function readDial(clients: AwsClients, arn: string): Promise<number> {
  const command = new DescribeEndpointGroupCommand({ EndpointGroupArn: arn });
  const { EndpointGroup } = await clients.call((options) => clientOf(clients).send(command, options));
  if (EndpointGroup?.EndpointGroupArn !== arn) throw new PortError({ kind: 'invalid', detail: `no ${arn}` });
  return EndpointGroup.TrafficDialPercentage ?? dialDefault;
}

function clientOf(clients: AwsClients): GlobalAcceleratorClient {
  return clients.of(GlobalAcceleratorClient, acceleratorRegion);
}
