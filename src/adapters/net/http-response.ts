/**
 * Reads one HTTP/1.x response from bytes as they arrive, in bounded memory whatever the sender does.
 *
 * Invariant: any split of the same bytes into chunks gives the same result. Each rule therefore looks only at bytes
 * up to the one that decides it. Why by hand and not `node:http`: a probe is one request on one new connection, and the
 * client of `node:http` costs two to three times the processor time of the socket below it (bench/probes.bench.ts).
 */

/** Most bytes of status line, headers, chunk sizes and trailers together; the limit of `node:http` for headers. */
export const framingBytesMax = 16 * 1024;

/** Most bytes of a body that are read; a text that is expected has to be within them. */
export const bodyBytesMax = 64 * 1024;

/** Status and headers of a response. Lines that are not `name: value` are passed over. */
export class HttpHead {
  /** 100 to 999. */
  readonly status: number;
  private readonly text: string;
  /** Lower case, each line preceded by a line feed: finding the few headers that matter is cheaper than parsing all. */
  private readonly lines: string;

  constructor(status: number, text: string) {
    this.status = status;
    this.text = text;
    this.lines = text.toLowerCase();
  }

  /**
   * @param name - in lower case
   * @returns the first such header's value in lower case, latin1, trimmed; null when there is none
   */
  header(name: string): string | null {
    return this.valueIn(this.lines, name);
  }

  /** The same as {@link header}, with its value as it was sent. */
  headerAsSent(name: string): string | null {
    // Of latin1, lower case has as many characters, so that the places are the same.
    return this.valueIn(this.text, name);
  }

  private valueIn(text: string, name: string): string | null {
    const at = this.lines.indexOf(`\n${name}:`);
    if (at === -1) return null;
    const start = at + name.length + 2;
    const stop = text.indexOf('\n', start);
    return text.slice(start, stop === -1 ? undefined : stop).trim();
  }
}

/**
 * How far the reading has come; all but `more` are final.
 *
 * `garbage`: not HTTP/1.x. `too-large`: framing over its maximum. `full`: as much of the body as is ever read, and
 * there is more of it. `cut-off`: the connection ended before the response did.
 */
export type Progress = 'more' | 'done' | 'full' | 'garbage' | 'too-large' | 'cut-off';

type Stage = 'head' | 'sized-body' | 'body-until-close' | 'chunk-size' | 'chunk' | 'chunk-end' | 'trailer';

const newlineByte = 0x0a;
const protocolPrefix = 'HTTP/1.';
const statusLine = /^HTTP\/1\.\d ([1-9]\d\d)(?: [^\n]*)?\r?\n/;
const emptyLine = /\n\r?\n/;
const chunkSizeLine = /^([0-9a-f]{1,8})[ \t]*(?:;.*)?$/i;
const nothing = Buffer.alloc(0);

/** Reads one HTTP/1.1 response, piece by piece, within bounds. */
export class HttpResponseReader {
  /** Null until the header block of the final response was read; interim (1xx) responses are skipped. */
  head: HttpHead | null = null;
  private progress: Progress = 'more';
  private stage: Stage = 'head';
  private framingBytesLeft = framingBytesMax;
  /** Header block or line whose end has not arrived. */
  private partial = '';
  /** Bytes that the present body or chunk still lacks. */
  private bytesLeft = 0;
  private kept: Buffer = nothing;
  private keptLength = 0;

  /** @param hasBody - false for the answer to a `HEAD`, which ends with its headers, whatever length it names */
  constructor(private readonly hasBody = true) {}

  /** What was read of the body; may share memory with a chunk that was pushed. */
  get body(): Buffer {
    return this.keptLength === this.kept.length ? this.kept : this.kept.subarray(0, this.keptLength);
  }

  /** Takes the next bytes. What follows a finished response is ignored. */
  push(chunk: Buffer): Progress {
    let at = 0;
    while (this.progress === 'more' && at < chunk.length) at = this.read(chunk, at);
    return this.progress;
  }

  /** Says that the sender closed its side: the regular end only of a body without a declared length. */
  end(): Progress {
    if (this.progress === 'more') this.progress = this.stage === 'body-until-close' ? 'done' : 'cut-off';
    return this.progress;
  }

  /** @returns offset of the first byte not taken; so do the other readers */
  private read(chunk: Buffer, at: number): number {
    switch (this.stage) {
      case 'head':
        return this.readHead(chunk, at);
      case 'body-until-close':
        return this.readUntilClose(chunk, at);
      case 'sized-body':
      case 'chunk':
        return this.readSized(chunk, at);
      case 'chunk-size':
      case 'chunk-end':
      case 'trailer':
        return this.readLine(chunk, at);
    }
  }

  private readHead(chunk: Buffer, at: number): number {
    const before = this.partial.length;
    const text = this.partial + chunk.toString('latin1', at, Math.min(chunk.length, at + this.framingBytesLeft));
    // The empty line may have begun in an earlier chunk, two bytes back at most.
    const searchAt = Math.max(0, before - 2);
    const end = emptyLine.exec(searchAt === 0 ? text : text.slice(searchAt));
    const length = end ? searchAt + end.index + end[0].length : text.length;
    this.framingBytesLeft -= length - before;

    if (before < protocolPrefix.length && !isStartOfResponse(text)) {
      this.progress = 'garbage';
    } else if (end) {
      this.partial = '';
      this.progress = this.takeHead(text.slice(0, length));
    } else {
      this.partial = text;
      if (this.framingBytesLeft === 0) this.progress = 'too-large';
    }
    return at + length - before;
  }

  private readUntilClose(chunk: Buffer, at: number): number {
    this.keepWithin(chunk.subarray(at));
    return chunk.length;
  }

  private readSized(chunk: Buffer, at: number): number {
    const stop = Math.min(chunk.length, at + this.bytesLeft);
    this.keepWithin(chunk.subarray(at, stop));
    this.bytesLeft -= stop - at;
    if (this.bytesLeft === 0 && this.progress === 'more') {
      if (this.stage === 'sized-body') this.progress = 'done';
      else this.stage = 'chunk-end';
    }
    return stop;
  }

  private readLine(chunk: Buffer, at: number): number {
    const newlineAt = chunk.indexOf(newlineByte, at);
    const limit = Math.min(chunk.length, at + this.framingBytesLeft);
    const isWhole = newlineAt !== -1 && newlineAt < limit;
    const stop = isWhole ? newlineAt + 1 : limit;
    const line = this.partial + chunk.toString('latin1', at, stop);
    this.framingBytesLeft -= stop - at;
    this.partial = isWhole ? '' : line;
    if (isWhole) this.progress = this.takeLine(line.slice(0, line.endsWith('\r\n') ? -2 : -1));
    else if (this.framingBytesLeft === 0) this.progress = 'too-large';
    return stop;
  }

  /** What is beyond the maximum is not kept, and ends the reading. */
  private keepWithin(bytes: Buffer): void {
    const room = bodyBytesMax - this.keptLength;
    this.keep(bytes.subarray(0, room));
    if (bytes.length > room) this.progress = 'full';
  }

  /** The common answer comes in one piece and is not copied; a second piece moves it into a buffer that doubles. */
  private keep(bytes: Buffer): void {
    const length = this.keptLength + bytes.length;
    if (this.keptLength === 0) {
      this.kept = bytes;
    } else {
      if (length > this.kept.length) {
        const grown = Buffer.allocUnsafe(Math.min(bodyBytesMax, 2 * length));
        this.kept.copy(grown, 0, 0, this.keptLength);
        this.kept = grown;
      }
      bytes.copy(this.kept, this.keptLength);
    }
    this.keptLength = length;
  }

  private takeHead(text: string): Progress {
    const match = statusLine.exec(text);
    if (!match) return 'garbage';
    const status = Number(match[1]);
    if (status < 200 && status !== 101) return 'more';

    const head = new HttpHead(status, text);
    this.head = head;
    if (!this.hasBody || status < 200 || status === 204 || status === 304) return 'done';
    const encoding = head.header('transfer-encoding');
    if (encoding !== null) {
      this.stage = 'chunk-size';
      return encoding === 'chunked' ? 'more' : 'garbage';
    }
    const length = head.header('content-length');
    if (length !== null) return /^\d+$/.test(length) ? this.expectBytes(Number(length), 'sized-body') : 'garbage';
    this.stage = 'body-until-close';
    return 'more';
  }

  private takeLine(line: string): Progress {
    if (this.stage === 'trailer') return line === '' ? 'done' : 'more';
    if (this.stage === 'chunk-end') {
      this.stage = 'chunk-size';
      return line === '' ? 'more' : 'garbage';
    }
    const match = chunkSizeLine.exec(line);
    if (!match) return 'garbage';
    const length = Number.parseInt(match[1] ?? '', 16);
    if (length > 0) return this.expectBytes(length, 'chunk');
    this.stage = 'trailer';
    return 'more';
  }

  private expectBytes(length: number, stage: 'sized-body' | 'chunk'): Progress {
    if (length === 0) return 'done';
    this.bytesLeft = length;
    this.stage = stage;
    return 'more';
  }
}

/** Whether the first bytes can become a status line: a greeting of another protocol is known by its first bytes. */
function isStartOfResponse(text: string): boolean {
  return text.startsWith(protocolPrefix) || protocolPrefix.startsWith(text);
}
