import type { Publication } from '../core/kinds/publication.ts';
import type { BreakerRules } from './breaker.ts';
import { type CallOptions, callEndpoint } from './call.ts';
import { ClientError } from './client-error.ts';
import { Directory, type Endpoint } from './directory.ts';
import { endpointsUrl, parsePublication } from './document.ts';
import { type CredentialsProvider, getAs } from './signature.ts';
import { type ClientSystem, clientSystem, sleep, withDeadline } from './system.ts';

/** URL at which a region tells endpoints, or a function that reads the text of the parameter. */
export type Source = string | ((signal: AbortSignal) => Promise<string>);

/** What `createEndpoints` is told. */
export interface EndpointsOptions {
  /** Name of the service in the deployment. */
  readonly service: string;
  /** Asked side by side; one that answers is enough. */
  readonly sources: readonly Source[];
  /** With which questions to function URLs are signed; left out: they are not. */
  readonly credentials?: CredentialsProvider | undefined;
  /** Time between two rounds of questions, give or take a tenth. Default 5 s. */
  readonly refreshMs?: number;
  /** Deadline of one question. Default 1 s. */
  readonly sourceTimeoutMs?: number;
  /** A list that was kept from before, to start with when nothing answers. */
  readonly initial?: Publication | undefined;
  /** Told of every new list, for instance to keep it. */
  readonly onPublication?: (publication: Publication) => void;
  /** Default 3 failures in a row, 5 s. */
  readonly breaker?: Partial<BreakerRules>;
  /** Defaults of `call`: 2 s, 2 attempts, every error is the endpoint's. */
  readonly call?: Partial<Omit<CallOptions, 'signal'>>;
  /** Clock, timers and network; another one in tests. */
  readonly system?: ClientSystem;
}

/** The endpoints of one service, kept fresh in the background until stopped. */
export interface Endpoints {
  /** The newest list; null before the first. */
  readonly publication: Publication | null;
  /** Settles with the first list, or, after every source was asked once, without one. Never rejects. */
  readonly ready: Promise<void>;
  /** The best endpoint whose breaker is not open; the first when all are; null without a list. Answers at once. */
  pick(): Endpoint | null;
  /** Calls `fn` with the best endpoint, with a deadline, and with another one when that fails. */
  call<T>(fn: (endpoint: Endpoint, signal: AbortSignal) => Promise<T> | T, options?: Partial<CallOptions>): Promise<T>;
  /** Tells how a call that somebody made with `pick` ended. */
  report(endpoint: Endpoint, isGood: boolean): void;
  /** Asks every source once, now. */
  refresh(): Promise<void>;
  /** Ends the background work; the last list stays. */
  stop(): void;
}

const refreshMsDefault = 5_000;
const sourceTimeoutMsDefault = 1_000;
const breakerDefault: BreakerRules = { failuresMax: 3, coolDownMs: 5_000 };
const callDefault: Omit<CallOptions, 'signal'> = { requestTimeoutMs: 2_000, attemptsMax: 2, isFailure: () => true };

/** A tenth to either side, so that a fleet that was started together does not ask together. */
const jitter = 0.1;

/**
 * Keeps the endpoints of a service.
 *
 * @throws {ClientError} `OPTIONS` when there is no source
 */
export function createEndpoints(options: EndpointsOptions): Endpoints {
  const { sources, service, system = clientSystem, refreshMs = refreshMsDefault } = options;
  if (sources.length === 0) throw new ClientError('OPTIONS', 'sources: name a URL or a function, one at least');
  const directory = new Directory({ ...breakerDefault, ...options.breaker });
  const callOptions: CallOptions = { ...callDefault, ...options.call };
  const stopping = new AbortController();

  const offer = (publication: Publication) => {
    if (directory.offer(publication)) options.onPublication?.(publication);
  };
  const ask = async (source: Source) => {
    const timeoutMs = options.sourceTimeoutMs ?? sourceTimeoutMsDefault;
    const read = (signal: AbortSignal) =>
      typeof source === 'string'
        ? getAs(system, endpointsUrl(source, service), options.credentials, signal)
        : source(signal);
    const late = () => new ClientError('TIMEOUT', `a source of ${service} did not answer within ${timeoutMs} ms`);
    const more = { outer: stopping.signal, isBackground: true };
    const publication = parsePublication(await withDeadline(system, timeoutMs, read, late, more), service);
    if (publication !== null) offer(publication);
  };
  // A source that fails is as good as none: the list that is held stays.
  const askQuietly = (source: Source) => ask(source).catch(() => {});
  const refresh = async () => void (await Promise.all(sources.map(askQuietly)));

  if (options.initial !== undefined) directory.offer(options.initial);
  const ready = new Promise<void>((resolve) => {
    const first = sources.map((source) => askQuietly(source).then(() => directory.newest !== null && resolve()));
    void Promise.all(first).then(() => resolve());
  });
  void keepFresh();

  return {
    get publication() {
      return directory.newest;
    },
    ready,
    pick: () => directory.choose(system.now().monotonicMs),
    call: (fn, more) =>
      callEndpoint(directory, system, fn, more === undefined ? callOptions : { ...callOptions, ...more }),
    report: (endpoint, isGood) => {
      const breaker = directory.breaker(endpoint);
      if (isGood) breaker.succeed();
      else breaker.fail(system.now().monotonicMs);
    },
    refresh,
    stop: () => stopping.abort(new ClientError('NO_ENDPOINT', 'the endpoints were stopped')),
  };

  async function keepFresh(): Promise<void> {
    await ready;
    while (!stopping.signal.aborted) {
      await sleep(system, refreshMs * (1 - jitter + 2 * jitter * system.random()), stopping.signal, true);
      if (!stopping.signal.aborted) await refresh();
    }
  }
}
