import { once } from 'node:events';
import type { Server } from 'node:net';

/**
 * Has a server listen.
 *
 * @param port - 0 picks a free one
 * @returns the port
 * @throws what `listen` reports, such as EADDRINUSE
 */
export async function listenOn(server: Server, host: string, port = 0): Promise<number> {
  server.listen(port, host);
  await once(server, 'listening');
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : port;
}
