import { readFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { createServer as createSocketServer, type Server } from 'node:net';
import { join } from 'node:path';
import { listenOn } from '../../../src/cli/lab/listener.ts';
import type { EndpointPorts } from './endpoint-process.ts';

/**
 * What both probers ask, in a process of its own, so that its processor time is not counted. Tells its parent the
 * ports, and ends with it. Argument: the folder with the certificates.
 */
const [certificates = ''] = process.argv.slice(2);

/** Longer than any deadline here. */
const slowMs = 5_000;

const pages: Readonly<Record<string, RequestListener>> = {
  '/ok': (_request, response) => response.end('ok\n'),
  '/error': (_request, response) => response.writeHead(500).end('ok\n'),
  '/body': (_request, response) => response.end('maintenance\n'),
  '/moved': (_request, response) => response.writeHead(302, { location: '/ok' }).end(),
  '/slow': (_request, response) => void setTimeout(() => response.end('ok\n'), slowMs).unref(),
  '/stuck': (_request, response) => void response.writeHead(200, { 'content-length': 3 }).write('o'),
};
const site: RequestListener = (request, response) => {
  response.setHeader('Connection', 'close');
  pages[request.url ?? '']?.(request, response);
};

const secure = (name: string) =>
  createSecureServer({ key: pem(`${name}.key`), cert: pem(`${name}.cert`) }, site) as Server;
const servers: Readonly<Record<Exclude<keyof EndpointPorts, 'refused'>, Server>> = {
  http: createServer(site),
  https: secure('site'),
  expired: secure('expired'),
  stranger: secure('stranger'),
  greeting: createSocketServer((socket) => socket.on('error', () => socket.destroy()).end('READY\r\n')),
  wrongGreeting: createSocketServer((socket) => socket.on('error', () => socket.destroy()).end('BUSY\r\n')),
  silent: createSocketServer((socket) => void socket.on('error', () => socket.destroy())),
};

const ports = await Promise.all(
  Object.entries(servers).map(async ([name, server]) => [name, await listenOn(server, '127.0.0.1')] as const),
);
process.on('disconnect', () => process.exit(0));
process.send?.(Object.fromEntries(ports));

function pem(name: string): Buffer {
  return readFileSync(join(certificates, `${name}.pem`));
}
