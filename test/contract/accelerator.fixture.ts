import { type Answering, jsonError } from '../support/stand-in.ts';

/** Endpoint groups as the control plane of Global Accelerator holds them. */
export interface EndpointGroupsState {
  /** Dial of each endpoint group by ARN, in percent. */
  readonly dials: Map<string, number>;
  /** Updates in the order in which they came. */
  readonly updates: (readonly [arn: string, percent: number])[];
}

/** Answers as the JSON protocol of Global Accelerator does, by the API reference: an update changes what it names. */
export function endpointGroupServer({ dials, updates }: EndpointGroupsState): Answering {
  return ({ headers, body }, response) => {
    const [, action] = String(headers['x-amz-target']).split('.');
    const { EndpointGroupArn: arn, TrafficDialPercentage: percent } = JSON.parse(body);
    if (!dials.has(arn)) return jsonError(response, 'EndpointGroupNotFoundException', 400);
    if (action === 'UpdateEndpointGroup' && percent !== undefined) {
      if (percent < 0 || percent > 100) return jsonError(response, 'InvalidArgumentException', 400);
      updates.push([arn, percent]);
      dials.set(arn, percent);
    }
    const group = { EndpointGroupArn: arn, EndpointGroupRegion: 'us-east-1', TrafficDialPercentage: dials.get(arn) };
    response
      .writeHead(200, { 'content-type': 'application/x-amz-json-1.1' })
      .end(JSON.stringify({ EndpointGroup: group }));
  };
}
