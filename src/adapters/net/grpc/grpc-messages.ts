/**
 * The two messages of `grpc.health.v1`, by hand: they are one field each. Sources: grpc/grpc, "GRPC Health Checking
 * Protocol" and "gRPC over HTTP2"; Protocol Buffers, "Encoding".
 */

/** Bytes before each message: whether it is compressed, and its length. */
const prefixLength = 5;

/** What a server says of a service, by number. */
const healthStatuses = ['UNKNOWN', 'SERVING', 'NOT_SERVING', 'SERVICE_UNKNOWN'] as const;

/** What a server says of a service. */
export type HealthStatus = (typeof healthStatuses)[number];

/**
 * A `HealthCheckRequest`, framed.
 *
 * @param service - empty for the server as a whole
 */
export function healthRequest(service: string): Buffer {
  const name = Buffer.from(service);
  const message = name.length === 0 ? name : Buffer.concat([Buffer.from([0x0a, ...varintOf(name.length)]), name]);
  const prefix = Buffer.alloc(prefixLength);
  prefix.writeUInt32BE(message.length, 1);
  return Buffer.concat([prefix, message]);
}

/**
 * The status in a framed `HealthCheckResponse`. A field that is not there has its default, and others are passed over.
 *
 * @returns null for what is no such message, and for one that is compressed: compression was not offered
 */
export function healthStatusIn(bytes: Buffer): HealthStatus | null {
  if (bytes.length < prefixLength || bytes[0] !== 0) return null;
  const length = bytes.readUInt32BE(1);
  if (bytes.length !== prefixLength + length) return null;
  const message = bytes.subarray(prefixLength);
  let status = 0;
  for (let at = 0; at < message.length; ) {
    const tag = readVarint(message, at);
    if (tag === null) return null;
    const field = readField(message, tag.next, tag.value & 7);
    if (field === null) return null;
    if (tag.value === 0x08) status = field.value;
    at = field.next;
  }
  return healthStatuses[status] ?? null;
}

interface Part {
  readonly value: number;
  /** Where the next part begins. */
  readonly next: number;
}

/** A field by its wire type; null for one that is cut off, or of a type that is none. */
function readField(bytes: Buffer, at: number, wireType: number): Part | null {
  switch (wireType) {
    case 0:
      return readVarint(bytes, at);
    case 1:
      return within(bytes, at + 8);
    case 2: {
      const length = readVarint(bytes, at);
      return length === null ? null : within(bytes, length.next + length.value);
    }
    case 5:
      return within(bytes, at + 4);
    default:
      return null;
  }
}

function within(bytes: Buffer, next: number): Part | null {
  return next > bytes.length ? null : { value: 0, next };
}

/** Most bytes of a number. Source: Protocol Buffers, "Encoding". */
const varintLengthMax = 10;

function readVarint(bytes: Buffer, start: number): Part | null {
  let value = 0;
  for (let index = 0; index < varintLengthMax; index += 1) {
    const byte = bytes[start + index];
    if (byte === undefined) return null;
    value += (byte & 0x7f) * 2 ** (7 * index);
    if (byte < 0x80) return { value, next: start + index + 1 };
  }
  return null;
}

function varintOf(value: number): readonly number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varintOf(value >>> 7)];
}
