import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FunctionHost } from './function-host.ts';

/** A function URL, over plain HTTP: TLS is AWS's own part. */
export class FunctionUrl {
  readonly #server: Server;

  constructor(host: FunctionHost) {
    this.#server = createServer(async (request, response) => {
      const [rawPath = '/', rawQueryString = ''] = (request.url ?? '/').split('?');
      const method = request.method ?? 'GET';
      const end = await host.invoke({
        version: '2.0',
        routeKey: '$default',
        rawPath,
        rawQueryString,
        headers: Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)])),
        requestContext: {
          domainName: request.headers.host,
          http: { method, path: rawPath, protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'e2e' },
        },
        isBase64Encoded: false,
      });
      if (end.kind === 'throttled') response.writeHead(429).end();
      else if (end.kind === 'error') response.writeHead(502).end();
      else {
        const { statusCode = 200, headers = {}, body = '' } = end.payload as Partial<UrlAnswer>;
        response.writeHead(statusCode, headers).end(body);
      }
    });
  }

  /** Listens on a free port; returns the URL. */
  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

interface UrlAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}
