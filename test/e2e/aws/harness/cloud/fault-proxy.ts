import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { RoleSpec } from '../template/template.ts';
import { type AwsRequest, type RawRequest, readAwsRequest } from './aws-request.ts';
import { throttlingAnswer } from './throttling-answer.ts';

/** What a request meets on its way; every field that is left out matches all. */
export interface FaultMatch {
  readonly region?: string;
  readonly service?: string;
  readonly operation?: string;
  /** Name of the calling function, as in `RecordedCall.caller`. */
  readonly caller?: string;
  readonly callerRegion?: string;
  /** Anything else about it. */
  readonly isMeant?: (call: AwsRequest) => boolean;
}

/** How it goes wrong. */
export type FaultKind =
  /** The connection breaks before anything arrives. */
  | { readonly kind: 'cut' }
  /** It arrives late. */
  | { readonly kind: 'delay'; readonly delayMs: number }
  /** The service says that there were too many requests. */
  | { readonly kind: 'throttle' }
  /** It takes effect, and the answer is lost. */
  | { readonly kind: 'drop-response' }
  /** Nothing is answered, ever. */
  | { readonly kind: 'dark' }
  /** It waits on the way until the fault is healed, and arrives then. */
  | { readonly kind: 'hold' };

/** One request that passed, and what became of it. */
export interface RecordedCall extends AwsRequest {
  readonly atMs: number;
  /** Function whose credentials signed it, and its region. */
  readonly caller: string;
  readonly callerRegion: string;
  /** Role of another account whose credentials signed it; null for those of the function itself. */
  readonly role: RoleSpec | null;
  /** Fault that it met. */
  readonly fault: FaultKind['kind'] | null;
  /** Whether it reached the service. */
  readonly hasArrived: boolean;
  /** HTTP status of the service; null while there is none. */
  readonly status: number | null;
}

/** Who uses an access key. */
export interface Caller {
  readonly name: string;
  readonly region: string;
  /** The role that it has taken for it; left out for a key of its own. */
  readonly role?: RoleSpec;
}

/** Serves STS. `send` hands a request as it is to the moto of a region. */
export interface RoleServer {
  assume(call: AwsRequest, send: (region: string) => Promise<ProxyAnswer>): Promise<ProxyAnswer>;
  /** The key of the same session in the moto of a region; a key that STS has not given is the same everywhere. */
  keyIn(accessKeyId: string, region: string): string;
}

/** Serves lambda Invoke; everything else goes to moto. */
export type InvokeServer = (call: AwsRequest) => Promise<ProxyAnswer>;

/** What is sent back. */
export interface ProxyAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** A fault that is in force. */
export interface Fault {
  /** Requests that have met it. */
  readonly hits: number;
  /** Ends it: what is held goes on, what is dark breaks. */
  heal(): void;
}

interface Active {
  readonly match: FaultMatch;
  readonly fault: FaultKind;
  readonly onHit: ((call: RecordedCall) => void) | undefined;
  timesLeft: number;
  hits: number;
  readonly releases: (() => void)[];
}

interface Options {
  /** URL of moto for a region. */
  readonly upstreamOf: (region: string) => string;
  readonly callerOf: (accessKeyId: string) => Caller;
  readonly invoke: InvokeServer;
  readonly roles: RoleServer;
}

/**
 * Stands between the functions and AWS: it tells region and service from the signature, makes the faults that a test
 * asks for, and keeps a record of every call.
 */
export class FaultProxy {
  readonly calls: RecordedCall[] = [];
  readonly #options: Options;
  readonly #faults = new Set<Active>();
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 64 });
  /** moto passes two conditional writes at once and shows half of one; DynamoDB does neither. So: one after another. */
  readonly #tables = new Map<string, Promise<unknown>>();
  readonly #server = createServer((incoming, outgoing) => {
    this.#serve(incoming, outgoing).catch((error: unknown) => {
      this.problems.push(String(error));
      outgoing.destroy();
    });
  });
  /** What the proxy itself could not do; empty in a sound run. */
  readonly problems: string[] = [];

  constructor(options: Options) {
    this.#options = options;
  }

  /** Listens on a free port; returns the URL. */
  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.healAll();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
    this.#agent.destroy();
  }

  /**
   * Puts a fault in force, from the next request on.
   *
   * @param times - requests that it lasts for; all until it is healed when left out
   * @param onHit - called when a request meets it, before anything is done about the request
   */
  inject(match: FaultMatch, fault: FaultKind, times = Infinity, onHit?: (call: RecordedCall) => void): Fault {
    const active: Active = { match, fault, onHit, timesLeft: times, hits: 0, releases: [] };
    this.#faults.add(active);
    return {
      get hits() {
        return active.hits;
      },
      heal: () => {
        this.#faults.delete(active);
        for (const release of active.releases.splice(0)) release();
      },
    };
  }

  healAll(): void {
    for (const active of [...this.#faults]) {
      this.#faults.delete(active);
      for (const release of active.releases.splice(0)) release();
    }
  }

  async #serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const raw: RawRequest = {
      method: incoming.method ?? 'GET',
      path: incoming.url ?? '/',
      headers: incoming.headers,
      body: await readAll(incoming),
    };
    const call = readAwsRequest(raw);
    const caller = this.#options.callerOf(call.accessKeyId);
    const record = {
      ...call,
      atMs: Date.now(),
      caller: caller.name,
      callerRegion: caller.region,
      role: caller.role ?? null,
      fault: null as FaultKind['kind'] | null,
      hasArrived: false,
      status: null as number | null,
    };
    this.calls.push(record);

    const active = this.#match(record);
    record.fault = active?.fault.kind ?? null;
    if (active) active.onHit?.(record);
    switch (active?.fault.kind) {
      case 'cut':
        outgoing.destroy();
        return;
      case 'throttle':
        reply(outgoing, throttlingAnswer(call.service));
        return;
      case 'dark':
        await released(active);
        outgoing.destroy();
        return;
      case 'hold':
        await released(active);
        break;
      case 'delay':
        await new Promise((resolve) => setTimeout(resolve, active.fault.kind === 'delay' ? active.fault.delayMs : 0));
        break;
    }
    record.hasArrived = true;
    const answer = await this.#deliver(call, raw);
    record.status = answer.status;
    if (active?.fault.kind === 'drop-response') outgoing.destroy();
    else reply(outgoing, answer);
  }

  #match(call: RecordedCall): Active | null {
    for (const active of this.#faults) {
      const { region, service, operation, caller, callerRegion, isMeant } = active.match;
      const isMet =
        (region ?? call.region) === call.region &&
        (service ?? call.service) === call.service &&
        (operation ?? call.operation) === call.operation &&
        (caller ?? call.caller) === call.caller &&
        (callerRegion ?? call.callerRegion) === call.callerRegion &&
        (isMeant?.(call) ?? true);
      if (!isMet || active.timesLeft <= 0) continue;
      active.timesLeft -= 1;
      active.hits += 1;
      return active;
    }
    return null;
  }

  async #deliver(call: AwsRequest, raw: RawRequest): Promise<ProxyAnswer> {
    if (call.service === 'lambda') return this.#options.invoke(call);
    const { roles, upstreamOf } = this.#options;
    const sendTo = (region: string) =>
      forward(upstreamOf(region), withKey(raw, call.accessKeyId, roles.keyIn(call.accessKeyId, region)), this.#agent);
    if (call.service === 'sts') return roles.assume(call, sendTo);
    const send = () => sendTo(call.region);
    if (call.service !== 'dynamodb') return send();
    const before = this.#tables.get(call.region) ?? Promise.resolve();
    const done = before.then(send, send);
    this.#tables.set(call.region, done);
    return done;
  }
}

/** moto looks at no signature, only at whose key it is. */
function withKey(raw: RawRequest, own: string, other: string): RawRequest {
  if (own === other) return raw;
  const authorization = String(raw.headers.authorization).replace(`Credential=${own}/`, `Credential=${other}/`);
  return { ...raw, headers: { ...raw.headers, authorization } };
}

function released(active: Active): Promise<void> {
  return new Promise((resolve) => active.releases.push(resolve));
}

async function readAll(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function reply(outgoing: ServerResponse, { status, headers, body }: ProxyAnswer): void {
  if (outgoing.destroyed) return;
  outgoing.writeHead(status, { ...headers, 'content-length': String(body.length) }).end(body);
}

function forward(url: string, { method, path, headers, body }: RawRequest, agent: Agent): Promise<ProxyAnswer> {
  return new Promise((resolve, reject) => {
    const { 'transfer-encoding': _chunked, connection: _kept, ...passed } = headers;
    const sent = request(`${url}${path}`, { method, headers: passed, agent }, (response) => {
      readAll(response).then((answer) => {
        const kept = Object.entries(response.headers).filter(
          ([name, value]) => typeof value === 'string' && !['connection', 'transfer-encoding'].includes(name),
        );
        const status = response.statusCode ?? 500;
        resolve({ status, headers: Object.fromEntries(kept) as Record<string, string>, body: answer });
      }, reject);
    });
    sent.on('error', reject);
    sent.end(body);
  });
}
