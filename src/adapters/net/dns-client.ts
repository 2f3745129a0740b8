import { randomInt } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { connect as connectTcp, isIPv6 } from 'node:net';
import { type DecodedPacket, decode, encode } from 'dns-packet';
import { PortError } from '../../ports/port-error.ts';
import { deadline } from '../system/deadline.ts';
import { FrameReader, frame } from './dns-frames.ts';
import { type AddressType, rcodes } from './dns-message.ts';

/** One name server, by IP address. */
export interface NameServer {
  readonly host: string;
  readonly port: number;
}

/** What a name server answered: the addresses, and how long they may be kept. */
export interface DnsAddresses {
  /** Sorted; empty when the name does not exist or has no address of the type. */
  readonly addresses: readonly string[];
  /** The least of the answer; 0 when it is empty. */
  readonly ttlSeconds: number;
}

/** How long, and how often, a name server is asked. */
export interface AskOptions {
  /** Deadline of all attempts together, milliseconds. */
  readonly timeoutMs: number;
  /** Questions by UDP, each with a new id and port and an equal share of the time that is left. */
  readonly attemptsMax?: number;
}

const attemptsMaxDefault = 3;
const rcodeBits = 0x000f;
/** Hostile or stray replies to read in one attempt before it counts as unanswered. */
const strayRepliesMax = 100;
const tcpBytesMax = 65_535;

/**
 * Asks one name server, by UDP and, when the reply was truncated, by TCP.
 *
 * Only a reply with the id and the question of this attempt counts; any other is passed over.
 *
 * @throws {PortError} `timeout` without a reply in time, `denied` when refused, `unavailable` when the server cannot be
 *   reached or fails, `invalid` when it does not understand or the name is none
 */
export async function askNameServer(
  server: NameServer,
  name: string,
  type: AddressType,
  { timeoutMs, attemptsMax = attemptsMaxDefault }: AskOptions,
): Promise<DnsAddresses> {
  const expiresMs = performance.now() + timeoutMs;
  for (let attempt = 1; attempt <= attemptsMax; attempt += 1) {
    const query = makeQuery(name, type);
    const leftMs = expiresMs - performance.now();
    if (leftMs <= 0) break;
    const reply = await askByUdp(server, query, leftMs / (attemptsMax - attempt + 1));
    if (reply === null) continue;
    const whole = reply.flag_tc ? await askByTcp(server, query, expiresMs - performance.now()) : reply;
    if (whole !== null) return readAddresses(whole, server, type);
  }
  throw new PortError({ kind: 'timeout', detail: `${describe(server)} did not answer within ${timeoutMs} ms` });
}

interface Query {
  readonly id: number;
  readonly name: string;
  readonly type: AddressType;
  readonly message: Buffer;
}

/** @throws {PortError} when the name cannot be sent: a label of 0 or over 63 bytes, or over 253 in all */
function makeQuery(name: string, type: AddressType): Query {
  if (!/^(?=.{1,254}$)([!-\-/-~]{1,63}\.)*[!-\-/-~]{1,63}\.?$/.test(name)) {
    throw new PortError({ kind: 'invalid', detail: `"${name}" is not a domain name` });
  }
  const id = randomInt(0x10000);
  return { id, name, type, message: encode({ type: 'query', id, questions: [{ name, type }] }) };
}

/** @returns null when no reply came in time */
function askByUdp(server: NameServer, query: Query, timeoutMs: number): Promise<DecodedPacket | null> {
  return new Promise((resolve, reject) => {
    const socket = createSocket(isIPv6(server.host) ? 'udp6' : 'udp4');
    let strayCount = 0;
    let isSettled = false;
    const settle = (act: () => void): void => {
      if (isSettled) return;
      isSettled = true;
      cancel();
      socket.close();
      act();
    };
    const fail = (error: Error): void => settle(() => reject(unreachable(server, error)));
    const cancel = deadline(timeoutMs, () => settle(() => resolve(null)));
    socket.on('error', fail);
    socket.on('message', (message) => {
      const reply = readReply(message, query);
      strayCount += 1;
      if (reply || strayCount >= strayRepliesMax) settle(() => resolve(reply));
    });
    // Connected, so that only the server's own messages arrive and a closed port is known at once.
    socket.connect(server.port, server.host, () => {
      if (!isSettled) socket.send(query.message);
    });
  });
}

/** @returns null when no reply came in time */
function askByTcp(server: NameServer, query: Query, timeoutMs: number): Promise<DecodedPacket | null> {
  return new Promise((resolve, reject) => {
    const frames = new FrameReader(tcpBytesMax);
    const socket = connectTcp(server.port, server.host);
    const settle = (act: () => void): void => {
      cancel();
      socket.destroy();
      act();
    };
    const fail = (error: Error): void => settle(() => reject(unreachable(server, error)));
    const cancel = deadline(Math.max(1, timeoutMs), () => settle(() => resolve(null)));
    socket.on('error', fail);
    socket.on('connect', () => socket.write(frame(query.message)));
    socket.on('data', (chunk: Buffer) => {
      const [message] = frames.push(chunk);
      const reply = message ? readReply(message, query) : null;
      if (reply) settle(() => resolve(reply));
      else if (message) fail(new Error('its reply by TCP is to another question'));
    });
    socket.on('end', () => fail(new Error('it closed the connection without a reply')));
  });
}

/** @returns null for whatever is not the reply to this query */
function readReply(message: Buffer, query: Query): DecodedPacket | null {
  try {
    const reply = decode(message);
    const [question, ...others] = reply.questions ?? [];
    // A server that could not read the query cannot repeat its question.
    const isBare = question === undefined && ((reply.flags ?? 0) & rcodeBits) === rcodes.FORMERR;
    const isSame =
      question?.name.toLowerCase() === query.name.toLowerCase().replace(/\.$/, '') &&
      question.type === query.type &&
      others.length === 0;
    return reply.type === 'response' && reply.id === query.id && (isSame || isBare) ? reply : null;
  } catch {
    return null;
  }
}

function readAddresses(reply: DecodedPacket, server: NameServer, type: AddressType): DnsAddresses {
  const rcode = (reply.flags ?? 0) & rcodeBits;
  if (rcode === rcodes.NXDOMAIN) return { addresses: [], ttlSeconds: 0 };
  if (rcode !== rcodes.NOERROR) {
    const kind = rcode === rcodes.REFUSED ? 'denied' : rcode === rcodes.FORMERR ? 'invalid' : 'unavailable';
    throw new PortError({ kind, detail: `${describe(server)} answered with rcode ${rcode}` });
  }
  const addresses: string[] = [];
  const ttls: number[] = [];
  for (const record of reply.answers ?? []) {
    if (record.type !== type && record.type !== 'CNAME') continue;
    ttls.push(('ttl' in record ? record.ttl : 0) ?? 0);
    if (record.type === type && typeof record.data === 'string') addresses.push(record.data);
  }
  if (addresses.length === 0) return { addresses: [], ttlSeconds: 0 };
  return { addresses: addresses.sort(), ttlSeconds: Math.min(...ttls) };
}

function unreachable(server: NameServer, cause: Error): PortError {
  return new PortError({ kind: 'unavailable', detail: `${describe(server)}: ${cause.message}` }, cause);
}

function describe({ host, port }: NameServer): string {
  return `name server ${host}:${port}`;
}
