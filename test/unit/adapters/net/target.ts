import { readFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { onTestFinished } from 'vitest';

/** A server of the test's own making on loopback, gone when the test ends. */
export interface Target {
  readonly port: number;
  /** Bytes that the other side has taken, socket buffers included. */
  readonly sentBytes: () => number;
  readonly connectionCount: () => number;
}

type Behaviour = (socket: Socket) => void;

export function startTarget(behave: Behaviour): Promise<Target> {
  return start(createServer({ allowHalfOpen: true }), 'connection', behave);
}

export function startTlsTarget(pair: 'site' | 'stranger' | 'expired', behave: Behaviour): Promise<Target> {
  return start(
    createTlsServer({ key: readPem(`${pair}.key`), cert: readPem(`${pair}.cert`) }),
    'secureConnection',
    behave,
  );
}

/** Answers the first bytes of each connection with these and closes. */
export function answering(...pieces: readonly string[]): Behaviour {
  return (socket) =>
    socket.once('data', () => {
      for (const piece of pieces) socket.write(piece);
      socket.end();
    });
}

/** Sends the same bytes for as long as the other side takes them. */
export function flood(socket: Socket, piece: Buffer): void {
  const pour = (): void => {
    while (!socket.destroyed && socket.write(piece));
  };
  socket.on('drain', pour);
  pour();
}

export function readPem(name: string): string {
  return readFileSync(new URL(`../../../support/tls/${name}.pem`, import.meta.url), 'utf8');
}

async function start(server: Server, event: string, behave: Behaviour): Promise<Target> {
  const sockets = new Set<Socket>();
  server.on(event, (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    behave(socket);
  });
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return {
    port: (server.address() as AddressInfo).port,
    sentBytes: () => [...sockets].reduce((sum, socket) => sum + socket.bytesWritten - socket.writableLength, 0),
    connectionCount: () => sockets.size,
  };
}

/** A port of loopback where nothing listens. */
export async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return port;
}
