/** One request to AWS, as its wire form tells: who, where, what, and on what. */
export interface AwsRequest {
  /** Access key that signed it. */
  readonly accessKeyId: string;
  /** Region that it is signed for; global services sign for us-east-1. */
  readonly region: string;
  /** As in the signature: dynamodb, ec2, elasticloadbalancing, autoscaling, route53, sns, ssm, lambda. */
  readonly service: string;
  /** Name in the service's API, such as UpdateItem. */
  readonly operation: string;
  /** Parameters, as far as they were read. */
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** What arrived, before it is understood. */
export interface RawRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

const scope = /Credential=([^/]+)\/\d{8}\/([^/]+)\/([^/]+)\/aws4_request/;

/** @throws {Error} for a request that is not signed with SigV4, or whose operation cannot be told */
export function readAwsRequest(raw: RawRequest): AwsRequest {
  const [, accessKeyId, region, service] = scope.exec(String(raw.headers.authorization ?? '')) ?? [];
  if (!accessKeyId || !region || !service) throw new Error(`not signed: ${raw.method} ${raw.path}`);
  return { accessKeyId, region, service, ...readOperation(service, raw) };
}

function readOperation(service: string, raw: RawRequest): Pick<AwsRequest, 'operation' | 'parameters'> {
  const target = raw.headers['x-amz-target'];
  if (typeof target === 'string') {
    return { operation: target.split('.').at(-1) ?? target, parameters: parseJson(raw.body) };
  }
  if (service === 'lambda') return readLambda(raw);
  if (service === 'route53') return readRoute53(raw);
  const form = new URLSearchParams(raw.body.toString());
  const operation = form.get('Action');
  if (operation === null) throw new Error(`unknown request: ${service} ${raw.method} ${raw.path}`);
  return { operation, parameters: Object.fromEntries(form) };
}

function readLambda({ method, path, headers, body }: RawRequest): Pick<AwsRequest, 'operation' | 'parameters'> {
  const [, name] = /^\/2015-03-31\/functions\/([^/]+)\/invocations/.exec(path) ?? [];
  if (method !== 'POST' || name === undefined) throw new Error(`unknown request: lambda ${method} ${path}`);
  const parameters = {
    FunctionName: decodeURIComponent(name),
    InvocationType: String(headers['x-amz-invocation-type'] ?? 'RequestResponse'),
    Payload: body.length === 0 ? null : JSON.parse(body.toString()),
  };
  return { operation: 'Invoke', parameters };
}

/** Route 53 speaks REST and XML; these are the paths that we use. */
const route53Paths: readonly (readonly [method: string, path: RegExp, operation: string])[] = [
  ['POST', /^\/2013-04-01\/hostedzone\/([^/]+)\/rrset\/?$/, 'ChangeResourceRecordSets'],
  ['GET', /^\/2013-04-01\/hostedzone\/([^/]+)\/rrset/, 'ListResourceRecordSets'],
  ['GET', /^\/2013-04-01\/change\/([^/]+)/, 'GetChange'],
  ['GET', /^\/2013-04-01\/healthcheck\/([^/]+)\/status/, 'GetHealthCheckStatus'],
];

function readRoute53({ method, path, body }: RawRequest): Pick<AwsRequest, 'operation' | 'parameters'> {
  const [pathOnly] = path.split('?');
  for (const [verb, pattern, operation] of route53Paths) {
    const [, id] = (verb === method && pattern.exec(pathOnly ?? '')) || [];
    if (id === undefined) continue;
    const xml = body.toString();
    const all = (tag: string) => [...xml.matchAll(new RegExp(`<${tag}>([^<]*)</${tag}>`, 'g'))].map(([, text]) => text);
    return { operation, parameters: { Id: id, Names: all('Name'), Types: all('Type'), Actions: all('Action') } };
  }
  throw new Error(`unknown request: route53 ${method} ${path}`);
}

function parseJson(body: Buffer): Readonly<Record<string, unknown>> {
  return body.length === 0 ? {} : (JSON.parse(body.toString()) as Readonly<Record<string, unknown>>);
}
