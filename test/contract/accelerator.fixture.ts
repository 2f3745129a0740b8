import { type Answering, jsonError } from '../support/stand-in.ts';

/** Endpoint groups as the control plane of Global Accelerator holds them. */
export interface EndpointGroupsState {
  /** Dial of each endpoint group by ARN, in percent. */
  readonly dials: Map<string, number>;
  /** Endpoints of each endpoint group by ARN. */
  readonly endpoints: Map<string, readonly Endpoint[]>;
  /** Updates in the order in which they came; without a dial where it is left as it is. */
  readonly updates: (readonly [arn: string, percent: number | undefined])[];
}

/** An endpoint as the API has it. */
interface Endpoint {
  readonly EndpointId: string;
  readonly Weight?: number;
  readonly ClientIPPreservationEnabled?: boolean;
}

/** An endpoint that keeps its clients' addresses. */
export function endpoint(id: string, weight: number): Endpoint {
  return { EndpointId: id, Weight: weight, ClientIPPreservationEnabled: true };
}

/** Answers as the JSON protocol of Global Accelerator does, by the API reference: an update changes what it names. */
export function endpointGroupServer({ dials, endpoints, updates }: EndpointGroupsState): Answering {
  return ({ headers, body }, response) => {
    const [, action] = String(headers['x-amz-target']).split('.');
    const { EndpointGroupArn: arn, TrafficDialPercentage: percent, EndpointConfigurations: list } = JSON.parse(body);
    if (!dials.has(arn)) return jsonError(response, 'EndpointGroupNotFoundException', 400);
    if (action === 'UpdateEndpointGroup') {
      if (percent < 0 || percent > 100) return jsonError(response, 'InvalidArgumentException', 400);
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
    response
      .writeHead(200, { 'content-type': 'application/x-amz-json-1.1' })
      .end(JSON.stringify({ EndpointGroup: group }));
  };
}

/** An endpoint as it is after an update that names it: what is left out has its default. */
function configured({ EndpointId, Weight = 128, ClientIPPreservationEnabled = false }: Endpoint): Endpoint {
  return { EndpointId, Weight, ClientIPPreservationEnabled };
}
