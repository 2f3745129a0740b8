/** Messages of DNS over TCP: each is preceded by its length in two bytes (RFC 1035, 4.2.2). */
export function frame(message: Buffer): Buffer {
  const framed = Buffer.allocUnsafe(2 + message.length);
  framed.writeUInt16BE(message.length);
  message.copy(framed, 2);
  return framed;
}

const nothing = Buffer.alloc(0);

/**
 * Cuts a byte stream into messages, holding at most one message and one chunk.
 *
 * Invariant: any split of the same bytes into chunks gives the same messages.
 */
export class FrameReader {
  /** A message over the maximum was announced: nothing more is read. */
  isOverflown = false;
  private readonly messageBytesMax: number;
  private pending: Buffer = nothing;

  /** @param messageBytesMax - 1 to 65,535 */
  constructor(messageBytesMax: number) {
    this.messageBytesMax = messageBytesMax;
  }

  /** @returns the messages that are complete now */
  push(chunk: Buffer): readonly Buffer[] {
    if (this.isOverflown) return [];
    let bytes = this.pending.length === 0 ? chunk : Buffer.concat([this.pending, chunk]);
    const messages: Buffer[] = [];
    while (bytes.length >= 2) {
      const length = bytes.readUInt16BE(0);
      this.isOverflown = length > this.messageBytesMax;
      if (this.isOverflown || bytes.length < 2 + length) break;
      messages.push(bytes.subarray(2, 2 + length));
      bytes = bytes.subarray(2 + length);
    }
    this.pending = this.isOverflown ? nothing : bytes;
    return messages;
  }
}
