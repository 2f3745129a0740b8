import { type Answer, AUTHORITATIVE_ANSWER, decode, encode, TRUNCATED_RESPONSE } from 'dns-packet';

/** The types that are answered; every other one exists without data. */
export type AddressType = 'A' | 'AAAA';

/** One answer record. */
export interface DnsRecord {
  readonly name: string;
  readonly type: AddressType;
  /** 0 to 2,147,483,647. */
  readonly ttlSeconds: number;
  /** An address in the notation of its type. */
  readonly data: string;
}

/** What a message asks. */
export interface DnsQuestion {
  /** As asked, case kept, without the last dot. */
  readonly name: string;
  /** Null for a type that is not an address. */
  readonly type: AddressType | null;
  /** The bytes of the question, for the reply to repeat. */
  readonly raw: Buffer;
}

/** A query as far as it could be read. `drop` is for what must not or cannot be replied to. */
export type DnsQuery =
  | { readonly kind: 'drop' }
  | { readonly kind: 'error'; readonly id: number; readonly flags: number; readonly rcode: 'FORMERR' | 'NOTIMP' }
  | {
      readonly kind: 'query';
      readonly id: number;
      readonly flags: number;
      readonly question: DnsQuestion;
      /** Largest reply by UDP that the asker takes, from EDNS; null without EDNS. */
      readonly udpBytesMax: number | null;
    };

/** RFC 1035, 4.1.1, and the order of its bits. */
export const rcodes = { NOERROR: 0, FORMERR: 1, SERVFAIL: 2, NXDOMAIN: 3, NOTIMP: 4, REFUSED: 5 } as const;
/** How a server answers, by its name in RFC 1035. */
export type Rcode = keyof typeof rcodes;

/** Largest reply by UDP without EDNS. Source: RFC 1035, 4.2.1. */
export const udpBytesPlain = 512;
/** Largest reply by UDP with EDNS: avoids fragments. Source: DNS Flag Day 2020. */
export const udpBytesEdns = 1232;

const headerBytes = 12;
const responseBit = 0x8000;
const opcodeBits = 0x7800;
const recursionDesiredBit = 0x0100;
const classIn = 1;
const classAny = 255;
const typesByNumber: ReadonlyMap<number, AddressType> = new Map([
  [1, 'A'],
  [28, 'AAAA'],
]);

/** Reads a query; never throws, whatever the bytes. */
export function readQuery(message: Buffer): DnsQuery {
  if (message.length < headerBytes) return { kind: 'drop' };
  const id = message.readUInt16BE(0);
  const flags = message.readUInt16BE(2);
  if (flags & responseBit) return { kind: 'drop' };
  if (flags & opcodeBits) return { kind: 'error', id, flags, rcode: 'NOTIMP' };

  const question = message.readUInt16BE(4) === 1 ? readQuestion(message) : null;
  if (!question) return { kind: 'error', id, flags, rcode: 'FORMERR' };
  try {
    const option = decode(message).additionals?.find((record) => record.type === 'OPT');
    return { kind: 'query', id, flags, question, udpBytesMax: option?.udpPayloadSize ?? null };
  } catch {
    return { kind: 'error', id, flags, rcode: 'FORMERR' };
  }
}

/** @returns null for a name that is cut off, compressed, or not of printable letters without dots inside a label */
function readQuestion(message: Buffer): DnsQuestion | null {
  const labels: string[] = [];
  let at = headerBytes;
  for (let length = message[at]; length !== 0; length = message[at]) {
    if (length === undefined || length > 63 || at + 1 + length > message.length) return null;
    const label = message.toString('latin1', at + 1, at + 1 + length);
    if (!/^[!-\-/-~]+$/.test(label)) return null;
    labels.push(label);
    at += 1 + length;
  }
  const end = at + 5;
  if (end > message.length || at - headerBytes > 254) return null;
  const dnsClass = message.readUInt16BE(at + 3);
  if (dnsClass !== classIn && dnsClass !== classAny) return null;
  return {
    name: labels.join('.'),
    type: typesByNumber.get(message.readUInt16BE(at + 1)) ?? null,
    raw: message.subarray(headerBytes, end),
  };
}

/** A reply without question or data, when the query could not be understood. */
export function writeError(query: Extract<DnsQuery, { kind: 'error' }>): Buffer {
  return encode({
    type: 'response',
    id: query.id,
    flags: (query.flags & (opcodeBits | recursionDesiredBit)) | rcodes[query.rcode],
  });
}

/**
 * An authoritative reply that repeats the question as it was asked.
 *
 * @param bytesMax - a longer reply is sent without records and marked as truncated
 */
export function writeReply(
  query: Extract<DnsQuery, { kind: 'query' }>,
  rcode: Rcode,
  records: readonly DnsRecord[],
  bytesMax: number,
): Buffer {
  const authority = rcode === 'NOERROR' || rcode === 'NXDOMAIN' ? AUTHORITATIVE_ANSWER : 0;
  const write = (answers: readonly DnsRecord[], extraFlags: number): Buffer => {
    const reply = encode({
      type: 'response',
      id: query.id,
      flags: (query.flags & recursionDesiredBit) | authority | extraFlags | rcodes[rcode],
      questions: [{ name: query.question.name || '.', type: 'A' }],
      answers: answers.map((record) => toAnswer(record, query.question.name)),
      additionals: query.udpBytesMax === null ? [] : [ednsOption],
    });
    // The name was encoded without compression, so the question has its old length: put back its type and class.
    query.question.raw.copy(reply, headerBytes);
    return reply;
  };
  const whole = write(records, 0);
  return whole.length <= bytesMax ? whole : write([], TRUNCATED_RESPONSE);
}

const ednsOption: Answer = {
  name: '.',
  type: 'OPT',
  udpPayloadSize: udpBytesEdns,
  extendedRcode: 0,
  ednsVersion: 0,
  flags: 0,
  flag_do: false,
  options: [],
};

function toAnswer(record: DnsRecord, askedName: string): Answer {
  const isAsked = record.name.toLowerCase() === askedName.toLowerCase();
  return { name: isAsked ? askedName : record.name, type: record.type, ttl: record.ttlSeconds, data: record.data };
}
