import { createServer, type Server } from 'node:net';
import { FailoverError } from '../../core/errors.ts';
import { listenOn } from './listener.ts';

/** Where a site of the lab is: the address that DNS answers, and where its server listens. */
export interface SiteAddress {
  /** What the record holds. */
  readonly address: string;
  /** The same, except on machines that have only one loopback address. */
  readonly host: string;
  readonly port: number;
}

/** Ports to try before giving up. */
const attemptsMax = 20;

/**
 * Finds an address for each site: 127.0.0.2, 127.0.0.3 and so on, with one port that is free on all, so that the answer
 * of DNS alone steers a client.
 *
 * macOS answers on 127.0.0.1 only. There each site gets a port of its own on it, and the drill's client looks up host
 * and port by the address that DNS answered.
 */
export async function findSiteAddresses(sites: readonly string[]): Promise<Readonly<Record<string, SiteAddress>>> {
  const addresses = sites.map((_, index) => `127.0.0.${index + 2}`);
  const port = await findCommonPort(addresses);
  const ownPorts = port === null ? await findPorts(sites.length) : [];
  return Object.fromEntries(
    sites.map((site, index) => {
      const address = addresses[index] ?? '';
      const place = port === null ? { host: '127.0.0.1', port: ownPorts[index] ?? 0 } : { host: address, port };
      return [site, { address, ...place }];
    }),
  );
}

/** A port that is free on every address; null when this machine does not have the addresses. */
async function findCommonPort(addresses: readonly string[]): Promise<number | null> {
  for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
    const servers: Server[] = [];
    try {
      let port = 0;
      for (const address of addresses) {
        const server = createServer();
        servers.push(server);
        port = await listenOn(server, address, port);
      }
      return port;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EADDRNOTAVAIL') return null;
      if (code !== 'EADDRINUSE') throw error;
    } finally {
      await Promise.all(servers.map(close));
    }
  }
  throw new FailoverError('FAULT', `no port is free on all of ${addresses.join(', ')}`);
}

async function findPorts(count: number): Promise<readonly number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  const ports = await Promise.all(servers.map((server) => listenOn(server, '127.0.0.1')));
  await Promise.all(servers.map(close));
  return ports;
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
  });
}
