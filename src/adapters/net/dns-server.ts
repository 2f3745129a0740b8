import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { AUTHORITATIVE_ANSWER, type DecodedPacket, decode, encode, TRUNCATED_RESPONSE } from 'dns-packet';
import type { AddressType } from '../../core/dns/zone-plan.ts';
import { PortError } from '../../ports/port-error.ts';

/** One answer record. */
export interface DnsRecord {
  readonly name: string;
  readonly type: AddressType;
  /** 0 to 2,147,483,647. */
  readonly ttlSeconds: number;
  /** An address in the notation of its type. */
  readonly data: string;
}

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
  readonly port: number;
  /** Stops listening; harmless when called again. */
  close(): Promise<void>;
}

/** RFC 1035, 4.1.1. */
const rcodes = { NOERROR: 0, FORMERR: 1, SERVFAIL: 2, NXDOMAIN: 3, NOTIMP: 4, REFUSED: 5 } as const;
const headerBytes = 12;
const responseBit = 0x8000;
const opcodeBits = 0x7800;
const recursionDesiredBit = 0x0100;

/** Largest reply by UDP. Source: RFC 1035, 4.2.1; the server has no EDNS, and its answers need no more. */
const replyBytesMax = 512;

/**
 * Starts an authoritative server for A and AAAA by UDP on this machine: the lab's Route 53.
 *
 * @throws {PortError} when the port cannot be had
 */
export async function startDnsServer(lookUp: DnsLookup, port = 0): Promise<DnsServer> {
  const address = '127.0.0.1';
  const socket = createSocket('udp4');
  try {
    socket.bind(port, address);
    await once(socket, 'listening');
  } catch (error) {
    throw new PortError({ kind: 'unavailable', detail: `cannot listen on ${address}:${port}` }, error);
  }
  socket.on('error', () => undefined);
  socket.on('message', (message, from) => {
    const reply = replyTo(message, lookUp);
    if (reply !== null && from.port !== 0) socket.send(reply, from.port, from.address, () => undefined);
  });
  return { address, port: socket.address().port, close: () => close(socket) };
}

function close(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    try {
      socket.close(() => resolve());
    } catch {
      // It is closed already.
      resolve();
    }
  });
}

/**
 * The reply to one message; never throws, whatever the bytes. A reply over 512 bytes goes without records, marked as
 * truncated.
 *
 * @returns null for what cannot be a query
 */
export function replyTo(message: Buffer, lookUp: DnsLookup): Buffer | null {
  if (message.length < headerBytes) return null;
  const id = message.readUInt16BE(0);
  const flags = message.readUInt16BE(2);
  if (flags & responseBit) return null;
  const write = (rcode: keyof typeof rcodes, more: Parameters<typeof encode>[0] = {}, bits = 0): Buffer =>
    encode({ ...more, type: 'response', id, flags: (flags & recursionDesiredBit) | bits | rcodes[rcode] });

  if (flags & opcodeBits) return write('NOTIMP');
  const questions = questionsOf(message);
  const [question, ...others] = questions;
  if (question === undefined || others.length > 0) return write('FORMERR');
  try {
    const type = question.type === 'A' || question.type === 'AAAA' ? question.type : null;
    const { rcode, answers } = lookUp(question.name.toLowerCase(), type ?? 'A');
    const records = (type === null ? [] : answers).map((record) => ({
      name: question.name,
      type: record.type,
      ttl: record.ttlSeconds,
      data: record.data,
    }));
    const bits = rcode === 'REFUSED' ? 0 : AUTHORITATIVE_ANSWER;
    const whole = write(rcode, { questions, answers: records }, bits);
    return whole.length <= replyBytesMax ? whole : write(rcode, { questions }, bits | TRUNCATED_RESPONSE);
  } catch {
    return write('SERVFAIL', { questions });
  }
}

/** The questions of a message; none when it cannot be read, or when a reply could not repeat them. */
function questionsOf(message: Buffer): NonNullable<DecodedPacket['questions']> {
  try {
    const questions = decode(message).questions ?? [];
    encode({ type: 'response', questions });
    return questions;
  } catch {
    return [];
  }
}
