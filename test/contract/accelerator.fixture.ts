import { type Answering, jsonError } from '../support/stand-in.ts';

/** Endpoint groups as the control plane of Global Accelerator holds them. */
export interface EndpointGroupsState {
  /** Dial of each endpoint group by ARN, in percent. */
  readonly dials: Map<string, number>;
  /** Endpoints of each endpoint group by ARN. */
  readonly endpoints: Map<string, readonly Endpoint[]>;
  /** Updates in the order in which they came; without a dial where it is left as it is. */
  readonly updates: (readonly [arn: string, percent: number | undefined])[];
  /** What each other account shares, in pages; left out: no account shares anything. */
  readonly shared?: Readonly<Record<string, readonly (readonly SharedEndpoint[])[]>>;
}

/** An endpoint of another account, and the attachment that permits it. */
export interface SharedEndpoint {
  readonly EndpointId: string;
  readonly AttachmentArn: string;
}

/** An endpoint as the API has it. */
interface Endpoint {
  readonly EndpointId: string;
  readonly Weight?: number;
  readonly ClientIPPreservationEnabled?: boolean;
  readonly AttachmentArn?: string;
}

/** An endpoint that keeps its clients' addresses. */
export function endpoint(id: string, weight: number): Endpoint {
  return { EndpointId: id, Weight: weight, ClientIPPreservationEnabled: true };
}

/**
 * Answers as the JSON protocol of Global Accelerator does, by the API reference: an update changes what it names. An
 * endpoint of another account is taken with its attachment alone, which the group does not tell.
 */
export function endpointGroupServer({ dials, endpoints, updates, shared = {} }: EndpointGroupsState): Answering {
  return ({ headers, body }, response) => {
    const [, action] = String(headers['x-amz-target']).split('.');
    const asked = JSON.parse(body);
    const { EndpointGroupArn: arn, TrafficDialPercentage: percent, EndpointConfigurations: list } = asked;
    const answer = (whole: object) =>
      response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(whole));
    if (action === 'ListCrossAccountResources') {
      const pages = shared[asked.ResourceOwnerAwsAccountId] ?? [[]];
      const page = Number(asked.NextToken ?? 0);
      const isLast = page + 1 >= pages.length;
      return answer({ CrossAccountResources: pages[page], ...(isLast ? {} : { NextToken: String(page + 1) }) });
    }
    if (!dials.has(arn)) return jsonError(response, 'EndpointGroupNotFoundException', 400);
    if (action === 'UpdateEndpointGroup') {
      if (percent < 0 || percent > 100) return jsonError(response, 'InvalidArgumentException', 400);
      if ((list ?? []).some((one: Endpoint) => !isPermitted(one, arn, shared)))
        return jsonError(response, 'AccessDeniedException', 400);
      updates.push([arn, percent]);
      if (percent !== undefined) dials.set(arn, percent);
      if (list !== undefined) endpoints.set(arn, list.map(configured));
    }
    const group = {
      EndpointGroupArn: arn,
      EndpointGroupRegion: 'us-east-1',
      TrafficDialPercentage: dials.get(arn),
      EndpointDescriptions: endpoints.get(arn)?.map((one) => ({ ...one, HealthState: 'HEALTHY' })),
    };
    return answer({ EndpointGroup: group });
  };
}

function isPermitted(
  { EndpointId, AttachmentArn }: Endpoint,
  groupArn: string,
  shared: NonNullable<EndpointGroupsState['shared']>,
): boolean {
  const [owner, own] = [EndpointId.split(':')[4], groupArn.split(':')[4]];
  if (owner === undefined || owner === own) return true;
  const offers = (shared[owner] ?? []).flat();
  return offers.some((one) => one.EndpointId === EndpointId && one.AttachmentArn === AttachmentArn);
}

/** An endpoint as it is after an update that names it: what is left out has its default. */
function configured({ EndpointId, Weight = 128, ClientIPPreservationEnabled = false }: Endpoint): Endpoint {
  return { EndpointId, Weight, ClientIPPreservationEnabled };
}
