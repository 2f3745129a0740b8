import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { readEndpointUrl } from '../../../config/env.ts';
import { PortError } from '../../../ports/port-error.ts';
import type { AwsClients } from '../clients.ts';

/** A request of an AWS API that takes and gives JSON. */
export interface JsonRequest {
  readonly region: string;
  /** The service as its signature and its host name have it, such as `fis`. */
  readonly service: string;
  /** First part of the host name, where that is not the service. */
  readonly host?: string;
  /** Whether the service is only at the host names that have IPv6 too, such as `dsql.us-east-1.api.aws`. */
  readonly isDualStack?: true;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** The operation, where the API has one path for all of them; absent where it is REST. */
  readonly target?: string;
}

/** What DynamoDB is called in signatures. */
const ownSigningName = 'dynamodb';

/** What an SDK client has that can sign and send a request, besides its own commands. */
type Sender = Pick<DynamoDBClient['config'], 'signer' | 'requestHandler' | 'streamCollector' | 'endpointProvider'>;

/** The request as the SDK's signer and its connections take it. */
type Signable = Parameters<Awaited<ReturnType<Sender['signer']>>['sign']>[0] &
  Parameters<Sender['requestHandler']['handle']>[0];

/**
 * Makes one call of a service for which the SDK here has no client, with the signer, credentials and connections of a
 * client that it has. The answer's shape is the caller's to check.
 *
 * @returns null for an empty answer
 * @throws {PortError} `invalid` for a thing that the service does not know
 */
export async function requestJson(clients: AwsClients, request: JsonRequest): Promise<unknown> {
  // Every function has this client, for the state table.
  const { DynamoDBClient } = await import('@aws-sdk/client-dynamodb');
  const { config } = clients.of(DynamoDBClient, request.region);
  return clients.call(async ({ abortSignal }) => {
    const signer = await config.signer({
      schemeId: 'aws.auth#sigv4',
      name: 'sigv4',
      signingName: ownSigningName,
      signingRegion: request.region,
      properties: {},
    } as Parameters<Sender['signer']>[0]);
    // A client keeps the name that it has signed for first, for its own commands too: so that is its own name, and the
    // other one is said for each request.
    const named = { signingService: request.service, signingRegion: request.region };
    const signed = await signer.sign(requestOf(endpointOf(clients, config, request), request), named);
    const { response } = await config.requestHandler.handle(signed as Signable, { abortSignal });
    const body: unknown = response.body;
    const text = body === undefined ? '' : new TextDecoder().decode(await config.streamCollector(body));
    if (response.statusCode >= 400) throw errorOf(response, text, request);
    return text === '' ? null : JSON.parse(text);
  });
}

/**
 * Not the client's own endpoint, which may be set for another service; but where the SDK's data of partitions has that
 * client's service, the other one stands beside it.
 */
function endpointOf(clients: AwsClients, { endpointProvider }: Sender, request: JsonRequest): URL {
  const { region, service, host = service, isDualStack: UseDualStack = false } = request;
  const named = clients.standInOf(region) ?? readEndpointUrl(service.toUpperCase());
  const { url } = endpointProvider({ Region: region, UseFIPS: false, UseDualStack });
  return new URL(named ?? `https://${url.hostname.replace(/^[^.]+/, host)}`);
}

function requestOf({ protocol, hostname, port, host }: URL, request: JsonRequest): Signable {
  const { method, path, query = {}, body, target } = request;
  const type = target === undefined ? 'application/json' : 'application/x-amz-json-1.1';
  return {
    method,
    protocol,
    hostname,
    ...(port === '' ? {} : { port: Number(port) }),
    path,
    query,
    headers: {
      host,
      ...(body === undefined ? {} : { 'content-type': type }),
      ...(target === undefined ? {} : { 'x-amz-target': target }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  } as Signable;
}

/** The error of an answer, by the names of which the adapters know what they mean. */
function errorOf(
  { statusCode, headers }: { readonly statusCode: number; readonly headers: Readonly<Record<string, string>> },
  text: string,
  { service }: JsonRequest,
): Error {
  const parsed = parse(text);
  const type = String(headers['x-amzn-errortype'] ?? parsed.__type ?? parsed.code ?? 'UnknownError');
  const name = (type.split(':')[0] ?? '').split('#').at(-1) ?? '';
  const message = String(parsed.message ?? parsed.Message ?? `${service} answered ${statusCode}`);
  const error = Object.assign(new Error(message), { name, $metadata: { httpStatusCode: statusCode } });
  return name === 'ResourceNotFoundException' ? new PortError({ kind: 'invalid', detail: message }, error) : error;
}

function parse(text: string): Readonly<Record<string, unknown>> {
  try {
    const json: unknown = JSON.parse(text);
    return typeof json === 'object' && json !== null ? (json as Readonly<Record<string, unknown>>) : {};
  } catch {
    return {};
  }
}
