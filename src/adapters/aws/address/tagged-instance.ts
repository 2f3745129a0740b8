import { DescribeInstancesCommand, EC2Client } from '@aws-sdk/client-ec2';
import { type AddressPlace, holderOf, type NamedPlace } from '../../../core/model/traffic.ts';
import { PortError } from '../../../ports/port-error.ts';
import type { AwsClients } from '../clients.ts';

/** Most ids in a message about several. */
const namedMax = 5;

/**
 * A place with the instance that its tag stands for now.
 *
 * Only instances that run count. None and several are both no answer: which one is meant nobody has said, and while a
 * group replaces an instance there may be none or two for a while. So it is asked again.
 *
 * @throws {PortError} `unavailable` when no instance that runs has the tag, or several have
 */
export async function namedPlace(clients: AwsClients, region: string, place: AddressPlace): Promise<NamedPlace> {
  if (!('tag' in place)) return place;
  const { tag, privateIpAddress } = place;
  const command = new DescribeInstancesCommand({
    Filters: [
      { Name: `tag:${tag.key}`, Values: [tag.value] },
      { Name: 'instance-state-name', Values: ['running'] },
    ],
  });
  const { Reservations = [] } = await clients.call((options) => clients.of(EC2Client, region).send(command, options));
  const ids = Reservations.flatMap(({ Instances = [] }) => Instances.flatMap(({ InstanceId }) => InstanceId ?? []));
  const [instanceId] = ids;
  if (instanceId !== undefined && ids.length === 1) return { instanceId, privateIpAddress };
  const listed = ids.slice(0, namedMax).sort().join(', ');
  const found = ids.length === 0 ? 'no instance that runs' : `${ids.length} instances that run (${listed})`;
  const detail = `${found} in ${region} with ${holderOf(place)}, and exactly one is needed`;
  throw new PortError({ kind: 'unavailable', detail });
}
