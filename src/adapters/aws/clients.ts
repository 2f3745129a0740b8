import { PortError } from '../../ports/port-error.ts';
import { isBrokenConnection, toPortError } from './faults.ts';

/**
 * Time that one call may take, its retry included.
 *
 * A new connection to the far side of the world costs about four round trips of 200 ms; a call that takes longer than
 * that is of no use to a tick of two seconds.
 */
export const callDeadlineMsDefault = 1_000;

/**
 * Longest wait for a connection, in milliseconds. It is below the deadline, so that an unreachable region can be
 * distinguished from a slow one.
 */
const connectionTimeoutMs = 800;

/** Connections a region; a tick uses three at once for each service that is being changed. */
const socketsMax = 25;

/** Tries of one call: a second one follows at once when a connection that was kept open is dead. */
const triesMax = 2;

/** Credentials for stand-ins, which check only the form of a signature. */
const standInCredentials = { accessKeyId: 'local', secretAccessKey: 'local' };

/** Temporary credentials. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiration: Date;
}

/** Gives credentials that are good for now; called again when they are about to end. */
export type CredentialsSource = () => Promise<Credentials>;

/** Where the clients point, and how long a call may take. */
export interface AwsClientsOptions {
  /** URLs of stand-ins by region, for the lab and the tests; every other region is AWS itself. */
  readonly endpoints?: Readonly<Record<string, string>>;
  /**
   * Defaults to `callDeadlineMsDefault`. Calls for a waiting person may take longer. A function is asked before each
   * call, where the time that is left decides.
   */
  readonly callDeadlineMs?: number | (() => number);
  /** Left out: the credentials of the process. */
  readonly credentials?: CredentialsSource;
  /** How the credentials of another account are got; null for an account to which there is no way. */
  readonly credentialsIn?: (account: string) => CredentialsSource | null;
}

/** Limits of one call, where they are not those of the clients. */
export interface CallLimits {
  /** In milliseconds; at most the deadline of the clients. */
  readonly deadlineMs?: number;
  /** Whether it may be sent again when the connection breaks. Left out: it may. */
  readonly isRepeatable?: boolean;
}

/** Options that go with each `send`. */
export interface SendOptions {
  readonly abortSignal: AbortSignal;
}

/** An SDK client, as far as this file needs it. */
interface Client {
  destroy(): void;
}

/** A client that was made, and what for. */
interface MadeClient {
  readonly region: string;
  readonly url: string | undefined;
  readonly client: Client;
}

/** The class of an SDK client. */
type ServiceClient<C extends Client> = new (config: ClientConfig) => C;

/** What every SDK client is made with. */
interface ClientConfig {
  readonly region: string;
  readonly maxAttempts: number;
  readonly requestHandler: Readonly<Record<string, unknown>>;
  readonly endpoint?: string;
  readonly credentials?: CredentialsSource | { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/**
 * The SDK clients of one process, one a region and service, made at first use. Nothing else constructs any.
 *
 * An adapter names the client that it needs, so that a bundle carries those of its own adapters only.
 */
export class AwsClients {
  readonly #options: AwsClientsOptions;
  readonly #callDeadlineMs: number | (() => number);
  readonly #inAccounts = new Map<string, AwsClients>();
  readonly #clients: MadeClient[] = [];

  constructor(options: AwsClientsOptions = {}) {
    this.#options = options;
    this.#callDeadlineMs = options.callDeadlineMs ?? callDeadlineMsDefault;
  }

  /**
   * The client of a service in a region, such as `of(EC2Client, 'us-east-1')`.
   *
   * @param url - of an endpoint of the user's own, for a service that has no other; where a stand-in is named for the
   *   region, that is asked
   */
  of<C extends Client>(Service: ServiceClient<C>, region: string, url?: string): C {
    const isIt = (made: MadeClient) => made.region === region && made.url === url && made.client instanceof Service;
    const known = this.#clients.find(isIt)?.client;
    if (known instanceof Service) return known;
    const client = new Service(this.#configOf(region, url));
    this.#clients.push({ region, url, client });
    return client;
  }

  /** The stand-in that is named for a region; null where AWS itself is asked. */
  standInOf(region: string): string | null {
    return this.#options.endpoints?.[region] ?? null;
  }

  /** Other clients with the same options, but for those that are named. */
  with(options: AwsClientsOptions): AwsClients {
    return new AwsClients({ ...this.#options, ...options });
  }

  /**
   * The clients for things of an account.
   *
   * @param account - undefined: the one that these clients have credentials of
   * @throws {PortError} `invalid` when there is no way to the account
   */
  in(account: string | undefined): AwsClients {
    const known = account === undefined ? this : this.#inAccounts.get(account);
    if (account === undefined || known !== undefined) return known ?? this;
    const credentials = this.#options.credentialsIn?.(account) ?? null;
    if (credentials === null)
      throw new PortError({ kind: 'invalid', detail: `no role is known in account ${account}` });
    const made = this.with({ credentials });
    this.#inAccounts.set(account, made);
    return made;
  }

  /**
   * Gets the credentials of another account now, where these clients are for one; with those of the process there is
   * nothing to get.
   *
   * @throws {PortError} `denied` when the role there cannot be taken
   */
  async authorize(): Promise<void> {
    const { credentials } = this.#options;
    if (credentials !== undefined) await this.call(credentials);
  }

  /**
   * Makes one call within the deadline, whatever it waits for: credentials, a connection, or an answer that never ends.
   *
   * Throttling and server errors are not retried here: the core retries, with its own bounds.
   *
   * @param send - sends one command with the options given; called again when the connection broke, unless the limits
   *   say that it is not repeatable
   * @throws {PortError} for whatever went wrong
   */
  async call<T>(send: (options: SendOptions) => Promise<T>, limits: CallLimits = {}): Promise<T> {
    const ownMs = typeof this.#callDeadlineMs === 'number' ? this.#callDeadlineMs : this.#callDeadlineMs();
    const abortSignal = AbortSignal.timeout(Math.floor(Math.min(ownMs, limits.deadlineMs ?? ownMs)));
    const tries = limits.isRepeatable === false ? 1 : triesMax;
    try {
      return await Promise.race([sendWithRetry(send, abortSignal, tries), rejectAtAbort(abortSignal)]);
    } catch (error) {
      throw toPortError(error);
    }
  }

  /** Closes every connection; calls under way fail. */
  close(): void {
    for (const { client } of this.#clients.splice(0)) client.destroy();
    for (const other of this.#inAccounts.values()) other.close();
  }

  #configOf(region: string, url: string | undefined): ClientConfig {
    const standIn = this.#options.endpoints?.[region];
    const endpoint = standIn ?? url;
    const credentials = this.#options.credentials ?? (standIn === undefined ? undefined : standInCredentials);
    return {
      region,
      maxAttempts: 1,
      requestHandler: {
        connectionTimeout: connectionTimeoutMs,
        // Where each call has a deadline of its own, its signal alone ends it.
        ...(typeof this.#callDeadlineMs === 'number'
          ? { requestTimeout: this.#callDeadlineMs, throwOnRequestTimeout: true }
          : {}),
        httpAgent: { keepAlive: true, maxSockets: socketsMax },
        httpsAgent: { keepAlive: true, maxSockets: socketsMax },
      },
      ...(endpoint === undefined ? {} : { endpoint }),
      ...(credentials === undefined ? {} : { credentials }),
    };
  }
}

async function sendWithRetry<T>(
  send: (options: SendOptions) => Promise<T>,
  abortSignal: AbortSignal,
  allowed: number,
): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await send({ abortSignal });
    } catch (error) {
      if (tries >= allowed || abortSignal.aborted || !isBrokenConnection(error)) throw error;
    }
  }
}

function rejectAtAbort(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}
