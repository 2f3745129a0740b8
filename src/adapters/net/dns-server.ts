import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { PortError } from '../../ports/port-error.ts';
import { deadline } from '../system/deadline.ts';
import { FrameReader, frame } from './dns-frames.ts';
import {
  type AddressType,
  type DnsQuery,
  type DnsRecord,
  readQuery,
  udpBytesEdns,
  udpBytesPlain,
  writeError,
  writeReply,
} from './dns-message.ts';

/** What the zone holds for one name. */
export interface DnsAnswer {
  readonly rcode: 'NOERROR' | 'NXDOMAIN' | 'REFUSED';
  readonly answers: readonly DnsRecord[];
}

/** Looks a name up; the name comes in lower case without the last dot. What it throws is replied as SERVFAIL. */
export type DnsLookup = (name: string, type: AddressType) => DnsAnswer;

/** A name server that runs. */
export interface DnsServer {
  readonly address: string;
  /** The same for UDP and TCP. */
  readonly port: number;
  /** Stops both listeners and ends every connection; harmless when called again. */
  close(): Promise<void>;
}

/** Where the server listens, and how long it keeps a silent connection. */
export interface DnsServerOptions {
  /** Address to listen on. */
  readonly address?: string;
  /** 0 picks a free one. */
  readonly port?: number;
  /** A TCP connection that does not complete a query for this long is ended. Default: `tcpIdleMs`. */
  readonly idleMs?: number;
}

/** How long a TCP connection may stay without a whole query. RFC 7766 asks for "on the order of a few seconds". */
export const tcpIdleMs = 5_000;
/** Largest query; a question with EDNS needs under 400. */
const queryBytesMax = 4_096;
const tcpBytesMax = 65_535;
/** Replies waiting in one TCP connection for a client that asks and does not read. */
const unreadBytesMax = 256 * 1024;
const connectionsMax = 256;
/** Free ports of UDP to try until one is free for TCP too. */
const portAttemptsMax = 20;

/**
 * Starts an authoritative server for A and AAAA on UDP and TCP.
 *
 * @throws {PortError} when the address or the port cannot be had
 */
export async function startDnsServer(lookUp: DnsLookup, options: DnsServerOptions = {}): Promise<DnsServer> {
  const { address = '127.0.0.1', port: wantedPort = 0, idleMs = tcpIdleMs } = options;
  const connections = new Set<Socket>();
  for (let attempt = 1; ; attempt += 1) {
    const udp = createSocket(address.includes(':') ? 'udp6' : 'udp4');
    const tcp = createServer((socket) => serveTcp(socket, lookUp, connections, idleMs));
    tcp.maxConnections = connectionsMax;
    try {
      const port = await listen(udp, tcp, address, wantedPort);
      serveUdp(udp, lookUp);
      tcp.on('error', () => undefined);
      return { address, port, close: () => close(udp, tcp, connections) };
    } catch (error) {
      await close(udp, tcp, connections);
      const isTaken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
      if (!isTaken || wantedPort !== 0 || attempt >= portAttemptsMax) {
        throw new PortError({ kind: 'unavailable', detail: `cannot listen on ${address}:${wantedPort}` }, error);
      }
    }
  }
}

async function listen(udp: UdpSocket, tcp: Server, address: string, wantedPort: number): Promise<number> {
  udp.bind(wantedPort, address);
  await once(udp, 'listening');
  const { port } = udp.address();
  tcp.listen(port, address);
  await once(tcp, 'listening');
  return port;
}

/** Closing what never listened is an error of Node's that says nothing. */
async function close(udp: UdpSocket, tcp: Server, connections: Set<Socket>): Promise<void> {
  for (const socket of connections) socket.destroy();
  await Promise.all([
    new Promise<void>((resolve) => {
      try {
        udp.close(() => resolve());
      } catch {
        resolve();
      }
    }),
    new Promise<void>((resolve) => tcp.close(() => resolve())),
  ]);
}

function serveUdp(udp: UdpSocket, lookUp: DnsLookup): void {
  udp.on('error', () => undefined);
  udp.on('message', (message, { address, port }) => {
    const query = readQuery(message);
    const asked = query.kind === 'query' ? query.udpBytesMax : null;
    const bytesMax = asked === null ? udpBytesPlain : Math.min(udpBytesEdns, Math.max(udpBytesPlain, asked));
    const reply = replyTo(query, lookUp, bytesMax);
    if (reply && port !== 0) udp.send(reply, port, address, () => undefined);
  });
}

function serveTcp(socket: Socket, lookUp: DnsLookup, connections: Set<Socket>, idleMs: number): void {
  const frames = new FrameReader(queryBytesMax);
  const end = (): void => void socket.destroy();
  let cancelIdle = deadline(idleMs, end);
  connections.add(socket);
  socket.on('error', () => undefined);
  socket.on('close', () => {
    cancelIdle();
    connections.delete(socket);
  });
  socket.on('data', (chunk: Buffer) => {
    const messages = frames.push(chunk);
    for (const message of messages) {
      const reply = replyTo(readQuery(message), lookUp, tcpBytesMax);
      if (reply) socket.write(frame(reply));
      if (!reply || socket.writableLength > unreadBytesMax) socket.destroy();
    }
    if (frames.isOverflown) socket.destroy();
    if (messages.length === 0 || socket.destroyed) return;
    cancelIdle();
    cancelIdle = deadline(idleMs, end);
  });
}

/** @returns null when the message is to be dropped */
function replyTo(query: DnsQuery, lookUp: DnsLookup, bytesMax: number): Buffer | null {
  switch (query.kind) {
    case 'drop':
      return null;
    case 'error':
      return writeError(query);
    case 'query':
      try {
        const { name, type } = query.question;
        const { rcode, answers } = lookUp(name.toLowerCase(), type ?? 'A');
        return writeReply(query, rcode, type === null ? [] : answers, bytesMax);
      } catch {
        return writeReply(query, 'SERVFAIL', [], bytesMax);
      }
  }
}
