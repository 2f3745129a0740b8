import { createServer, type Server, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Credentials, signedHeaders } from '../../../../../src/client/signature.ts';
import { endpointsPath } from '../../../../../src/core/kinds/publication.ts';
import { isSignedBy } from '../../../../support/signature-check.ts';
import type { FunctionHost } from './function-host.ts';

/** Whose requests a function URL takes that asks for a signature. */
export const clientKey: Credentials = { accessKeyId: 'E2ECLIENT', secretAccessKey: 'of-a-client-inside-the-account' };

/** Requests a second for each reserved concurrency. Source: Lambda Developer Guide, "Lambda function URLs". */
const requestsPerConcurrency = 10;

/**
 * A function URL, over plain HTTP: TLS is AWS's own part.
 *
 * As Lambda has it: who may not ask is answered 403 and costs nothing; of the others ten a second are served for each
 * reserved concurrency, and no more than that are at work.
 */
export class FunctionUrl {
  readonly #server: Server;
  readonly #host: FunctionHost;
  #second = 0;
  #servedInSecond = 0;

  constructor(host: FunctionHost) {
    this.#host = host;
    this.#server = createServer(async (request, response) => {
      const [rawPath = '/', rawQueryString = ''] = (request.url ?? '/').split('?');
      const method = request.method ?? 'GET';
      const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
      if (!this.#mayAsk(rawPath, headers)) return response.writeHead(403).end();
      if (!this.#isInRate()) return response.writeHead(429).end();
      const end = await host.invoke({
        version: '2.0',
        routeKey: '$default',
        rawPath,
        rawQueryString,
        headers,
        requestContext: {
          domainName: request.headers.host,
          http: { method, path: rawPath, protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'e2e' },
        },
        isBase64Encoded: false,
      });
      if (end.kind === 'throttled') return response.writeHead(429).end();
      if (end.kind === 'error') return response.writeHead(502).end();
      const { statusCode = 200, headers: answered = {}, body = '' } = end.payload as Partial<UrlAnswer>;
      return response.writeHead(statusCode, answered).end(body);
    });
  }

  /** Listens on a free port; returns the URL. */
  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Host name as AWS gives one. */
  get hostName(): string {
    return `e2e${this.#port}.lambda-url.${this.#host.spec.region}.on.aws`;
  }

  /** Asks for the endpoints of a service, signed with a key; unsigned without one. */
  async askEndpoints(service: string, key: Credentials | null): Promise<UrlReply> {
    const url = `https://${this.hostName}${endpointsPath(service)}`;
    const signed = key === null ? {} : await signedHeaders(url, key, Date.now());
    const options = { port: this.#port, path: endpointsPath(service), headers: { ...signed, host: this.hostName } };
    return new Promise((resolve, reject) => {
      const asked = send({ ...options, host: '127.0.0.1', agent: false }, (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(parts).toString() }));
        response.on('error', reject);
      });
      asked.on('error', reject).end();
    });
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  get #port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  #mayAsk(path: string, headers: Readonly<Record<string, string>>): boolean {
    if (this.#host.spec.urlAuth === 'NONE') return true;
    const url = new URL(`https://${headers.host}${path}`);
    return isSignedBy({ url, headers }, clientKey, this.#host.spec.region, Date.now());
  }

  #isInRate(): boolean {
    const { reservedConcurrency } = this.#host.spec;
    const second = Math.floor(Date.now() / 1_000);
    if (second !== this.#second) {
      this.#second = second;
      this.#servedInSecond = 0;
    }
    this.#servedInSecond += 1;
    return reservedConcurrency === null || this.#servedInSecond <= requestsPerConcurrency * reservedConcurrency;
  }
}

/** What came back. */
export interface UrlReply {
  readonly status: number;
  readonly body: string;
}

interface UrlAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}
