import { readFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

const pem = (name: string) => readFileSync(new URL(`../tls/${name}.pem`, import.meta.url), 'utf8');

/** What was asked of a Kubernetes API. */
export interface KubernetesAsked {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** The Kubernetes API of a cluster with one Deployment, `shop/web`, whose pods are there at once. */
export interface KubernetesServer {
  readonly endpoint: string;
  /** Its certificate authority, as EKS gives it: base64 of PEM. */
  readonly authority: string;
  readonly asked: readonly KubernetesAsked[];
  readonly replicas: () => number;
}

/**
 * @param refusal - status with which everything is refused
 * @param isBehind - whether the controller has not seen the last change yet
 */
export async function kubernetesServer(refusal?: number, isBehind = false): Promise<KubernetesServer> {
  const path = '/apis/apps/v1/namespaces/shop/deployments/web';
  const asked: KubernetesAsked[] = [];
  let replicas = 1;
  const server = createServer({ cert: pem('site.cert'), key: pem('site.key') }, async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { method = '', url = '', headers } = request;
    const body = Buffer.concat(chunks).toString();
    asked.push({ method, path: url, headers, body });
    const answer = (status: number, value: object) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
    const refuse = (status: number) => answer(status, { kind: 'Status', message: `refused with ${status}` });
    if (refusal !== undefined) return refuse(refusal);
    if (method === 'PATCH' && url === `${path}/scale`) {
      replicas = JSON.parse(body).spec.replicas;
      return answer(200, { kind: 'Scale', spec: { replicas } });
    }
    if (method !== 'GET' || url !== path) return refuse(404);
    const status = { observedGeneration: isBehind ? 1 : 2, availableReplicas: replicas };
    return answer(200, { kind: 'Deployment', metadata: { generation: 2 }, spec: { replicas }, status });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const endpoint = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const authority = Buffer.from(pem('site.cert')).toString('base64');
  return { endpoint, authority, asked, replicas: () => replicas };
}
