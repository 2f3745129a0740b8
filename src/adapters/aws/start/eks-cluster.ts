import { request } from 'node:https';
import { DescribeClusterCommand, EKSClient } from '@aws-sdk/client-eks';
import { STSClient } from '@aws-sdk/client-sts';
import type { Fault } from '../../../core/fault.ts';
import { PortError } from '../../../ports/port-error.ts';
import type { AwsClients } from '../clients.ts';
import type { ScalePlace } from './scale-handle.ts';

/** What is asked of a cluster's Kubernetes API. */
export interface KubernetesRequest {
  readonly method: 'GET' | 'PATCH';
  /** Such as `/apis/apps/v1/namespaces/shop/deployments/web`. */
  readonly path: string;
  /** A merge patch; left out where nothing is changed. */
  readonly patch?: object;
}

/**
 * How long a token is good for, in seconds; it is used at once. EKS takes one for up to 15 minutes. Source: "AWS IAM
 * Authenticator for Kubernetes", README.
 */
const tokenSeconds = 60;
/** Largest answer that is read, in bytes: a deployment with all its annotations takes a few thousand. */
const answerBytesMax = 1_000_000;
/** Longest part of an answer that goes into a fault. */
const detailLengthMax = 120;

/** Kind of fault by the status of the Kubernetes API; any other that is no success is `unavailable`. */
const faults: ReadonlyMap<number, Fault['kind']> = new Map([
  [400, 'invalid'],
  [401, 'denied'],
  [403, 'denied'],
  [404, 'invalid'],
  [422, 'invalid'],
  [429, 'throttled'],
]);

/**
 * Asks the Kubernetes API of an EKS cluster, as the role of these clients.
 *
 * The cluster must know the role by an access entry, and its endpoint must be reachable from here: a function outside a
 * VPC reaches public endpoints only. Where it stands and who vouches for it says EKS, so nothing but the cluster's own
 * certificate authority is trusted.
 *
 * @throws {PortError} `denied` where the cluster does not know the role, or lets it do less; `invalid` where it has no
 *   such thing
 */
export async function askCluster(
  clients: AwsClients,
  { region }: Pick<ScalePlace, 'region'>,
  cluster: string,
  asked: KubernetesRequest,
): Promise<unknown> {
  const command = new DescribeClusterCommand({ name: cluster });
  const { cluster: found } = await clients.call((options) => clients.of(EKSClient, region).send(command, options));
  const { endpoint, certificateAuthority: authority, status } = found ?? {};
  if (endpoint === undefined || authority?.data === undefined)
    throw new PortError({ kind: 'unavailable', detail: `cluster ${cluster} in ${region} is ${status ?? 'not there'}` });
  const ca = Buffer.from(authority.data, 'base64');
  return await clients.call(async ({ abortSignal }) => {
    const token = await tokenFor(clients, region, cluster);
    const { status: code, text } = await send(new URL(asked.path, endpoint), asked, { token, ca, abortSignal });
    if (code < 200 || code > 299)
      throw new PortError({
        kind: faults.get(code) ?? 'unavailable',
        detail: `cluster ${cluster} answers ${asked.method} ${asked.path} with ${code}: ${reasonIn(text)}`,
      });
    return JSON.parse(text);
  });
}

/**
 * A token that says who asks: a signed URL of STS's GetCallerIdentity, which names the cluster, for the cluster to ask
 * with. Source: "AWS IAM Authenticator for Kubernetes", README, "API Authorization from Outside a Cluster".
 */
async function tokenFor(clients: AwsClients, region: string, cluster: string): Promise<string> {
  const { config } = clients.of(STSClient, region);
  const { url } = config.endpointProvider({ Region: region, UseFIPS: false, UseDualStack: false });
  const signer = await config.signer({ name: 'sigv4', signingName: 'sts', signingRegion: region, properties: {} });
  const { hostname } = url;
  const signed = await (signer as typeof signer & Presigner).presign(
    {
      method: 'GET',
      protocol: 'https:',
      hostname,
      path: '/',
      query: { Action: 'GetCallerIdentity', Version: '2011-06-15' },
      headers: { host: hostname, 'x-k8s-aws-id': cluster },
    },
    { expiresIn: tokenSeconds },
  );
  const query = Object.entries(signed.query ?? {}).map(([key, value]) => `${key}=${encodeURIComponent(String(value))}`);
  return `k8s-aws-v1.${Buffer.from(`https://${hostname}/?${query.join('&')}`).toString('base64url')}`;
}

/** What the SDK's signer can do besides signing headers; its type does not say so. */
interface Presigner {
  presign(
    request: Readonly<Record<string, unknown>>,
    options: { readonly expiresIn: number },
  ): Promise<{ readonly query?: Readonly<Record<string, unknown>> }>;
}

interface Sending {
  readonly token: string;
  readonly ca: Buffer;
  readonly abortSignal: AbortSignal;
}

function send(
  url: URL,
  { method, patch }: KubernetesRequest,
  { token, ca, abortSignal: signal }: Sending,
): Promise<{ readonly status: number; readonly text: string }> {
  return new Promise((resolve, reject) => {
    const headers = {
      accept: 'application/json',
      authorization: `Bearer ${token}`,
      ...(patch === undefined ? {} : { 'content-type': 'application/merge-patch+json' }),
    };
    const sent = request(url, { method, headers, ca, signal }, (response) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > answerBytesMax) sent.destroy(new Error(`an answer of more than ${answerBytesMax} bytes`));
        else chunks.push(chunk);
      });
      response.on('error', reject);
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() }));
    });
    sent.on('error', reject);
    sent.end(patch === undefined ? undefined : JSON.stringify(patch));
  });
}

/** What a refusal of Kubernetes says, or its beginning where that is no object of the kind Status. */
function reasonIn(text: string): string {
  try {
    const { message } = JSON.parse(text) as { readonly message?: unknown };
    return String(message ?? 'no reason').slice(0, detailLengthMax);
  } catch {
    return text.slice(0, detailLengthMax);
  }
}
