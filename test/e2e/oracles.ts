import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { regions } from './aws-deployed.ts';

const tls = join(import.meta.dirname, '../support/tls');

/** Path of what a program that asks them must trust: `NODE_EXTRA_CA_CERTS`. */
export const authorityPath = join(tls, 'site.cert.pem');

/** The oracles of all regions behind one server, by HTTPS; each asked question is counted. */
export class Oracles {
  /** Whether they vote the first site off. */
  isOff = false;
  asked = 0;
  readonly #server: Server;

  constructor() {
    const pair = { cert: readFileSync(authorityPath), key: readFileSync(join(tls, 'site.key.pem')) };
    this.#server = createServer(pair, (_, response) => {
      this.asked += 1;
      response.writeHead(this.isOff ? 200 : 503).end();
    });
  }

  async start(): Promise<Readonly<Record<string, string>>> {
    await new Promise<void>((done) => this.#server.listen(0, 'localhost', done));
    const { port } = this.#server.address() as AddressInfo;
    return Object.fromEntries(regions.map((region) => [region, `https://localhost:${port}/${region}`]));
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}
