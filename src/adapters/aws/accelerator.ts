import {
  DescribeEndpointGroupCommand,
  type EndpointConfiguration,
  type EndpointGroup as EndpointGroupAnswer,
  GlobalAcceleratorClient,
  ListCrossAccountResourcesCommand,
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

/** Things of one answer, at most. Source: the same, "ListCrossAccountResources", MaxResults. */
const resourcesOfPage = 100;
/** Most answers to one question. Source: our own. */
const pagesMax = 10;

/**
 * Reads and turns the traffic dials of endpoint groups, and the weights of their endpoints.
 *
 * An update changes what it names, as a whole. So it names the dial alone where no weight differs. Where one does, it
 * names all endpoints of the group: those that are not declared with the weight that was read just before, and those of
 * another account with the attachment that permits them. Groups whose dial goes to 0 are written, and answered, before
 * the one that goes up. Source: Global Accelerator API Reference, "UpdateEndpointGroup" and "EndpointConfiguration".
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
        const update = await updateFor(clients, found, wanted);
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
async function updateFor(
  clients: AwsClients,
  found: EndpointGroupAnswer,
  wanted: EndpointGroup,
): Promise<UpdateEndpointGroupCommandInput | null> {
  const seen = stateOf(found, wanted);
  const isWeighed = Object.entries(wanted.weights).every(([id, weight]) => seen.weights[id] === weight);
  if (isWeighed && seen.dial === wanted.dial) return null;
  return {
    EndpointGroupArn: found.EndpointGroupArn,
    ...(seen.dial === wanted.dial ? {} : { TrafficDialPercentage: wanted.dial }),
    ...(isWeighed ? {} : { EndpointConfigurations: await endpointsOf(clients, found, wanted) }),
  };
}

/** All endpoints of a group, with the wanted weights of those that are declared. */
async function endpointsOf(
  clients: AwsClients,
  { EndpointGroupArn = '', EndpointDescriptions = [] }: EndpointGroupAnswer,
  { weights }: EndpointGroup,
): Promise<EndpointConfiguration[]> {
  const ids = EndpointDescriptions.map(({ EndpointId = '' }) => EndpointId);
  const attachments = await attachmentsOf(clients, EndpointGroupArn, ids);
  return EndpointDescriptions.map(({ EndpointId = '', Weight, ClientIPPreservationEnabled }) => {
    const attachment = attachments.get(EndpointId);
    return {
      EndpointId,
      Weight: weights[EndpointId] ?? Weight,
      ClientIPPreservationEnabled,
      ...(attachment === undefined ? {} : { AttachmentArn: attachment }),
    };
  });
}

/**
 * The cross-account attachment of each endpoint of another account, by its id, which is an ARN then. The group itself
 * does not tell it, and an update is refused without it. Source: Global Accelerator API Reference,
 * "ListCrossAccountResources" and "EndpointDescription"; hashicorp/terraform-provider-aws issue 37631.
 */
async function attachmentsOf(
  clients: AwsClients,
  groupArn: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const accountOf = (arn: string) => arn.split(':')[4];
  const owners = new Set(ids.flatMap((id) => accountOf(id) ?? []).filter((owner) => owner !== accountOf(groupArn)));
  const acceleratorArn = groupArn.split('/listener/')[0];
  const lists = [...owners].map((owner) => resourcesOf(clients, acceleratorArn, owner));
  return new Map((await Promise.all(lists)).flat());
}

/** @throws {PortError} `invalid` for a list that does not end: what is missing may be on a page that was not read */
async function resourcesOf(
  clients: AwsClients,
  AcceleratorArn: string | undefined,
  ResourceOwnerAwsAccountId: string,
): Promise<readonly (readonly [id: string, attachmentArn: string])[]> {
  const all: (readonly [string, string])[] = [];
  let NextToken: string | undefined;
  for (let page = 0; page < pagesMax; page += 1) {
    const command = new ListCrossAccountResourcesCommand({
      AcceleratorArn,
      ResourceOwnerAwsAccountId,
      MaxResults: resourcesOfPage,
      NextToken,
    });
    const answer = await clients.call((options) => clientOf(clients).send(command, options));
    for (const { EndpointId, AttachmentArn } of answer.CrossAccountResources ?? [])
      if (EndpointId !== undefined && AttachmentArn !== undefined) all.push([EndpointId, AttachmentArn]);
    NextToken = answer.NextToken;
    if (!NextToken) return all;
  }
  throw new PortError({ kind: 'invalid', detail: `${ResourceOwnerAwsAccountId} shares more than ${pagesMax} pages` });
}

function clientOf(clients: AwsClients): GlobalAcceleratorClient {
  return clients.of(GlobalAcceleratorClient, acceleratorRegion);
}
