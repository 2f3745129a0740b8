import { ClientError } from './client-error.ts';
import { endpointsUrl, parseOracleDocument } from './document.ts';
import {
  afterRound,
  type GuardRules,
  hasLapsed,
  hasWaited,
  type Round,
  type Stretch,
  waitMsOf,
} from './guard-stretch.ts';
import { type CredentialsProvider, getAs } from './signature.ts';
import { type ClientSystem, clientSystem, sleep, withDeadline } from './system.ts';

/** A site takes over in an epoch. */
export interface Takeover {
  /** Null when nobody was active before, or nobody knows any more who was. */
  readonly fromSite: string | null;
  /** The site that takes over: the one of this process. */
  readonly toSite: string;
  /** The fencing token: hand it to whatever the singleton writes to, and let that refuse a lower one. */
  readonly epoch: number;
}

/** What a guard tells of a change. */
export interface GuardChange {
  /** Whether the site of this process may act from now on. */
  readonly isActive: boolean;
  /** Epoch in which it acts; null while it may not. */
  readonly epoch: number | null;
}

/** What an `ActiveGuard` is told. */
export interface ActiveGuardOptions {
  /** Name of the service in the deployment. */
  readonly service: string;
  /** The site that this process runs at. */
  readonly site: string;
  /** URLs at which ALL control regions tell endpoints, each once. One left out breaks the majority. */
  readonly oracles: readonly string[];
  /** With which questions to function URLs are signed; left out: they are not. */
  readonly credentials?: CredentialsProvider | undefined;
  /** How long the site may act on one confirmation. Default 15 s; it takes over a little more than that later. */
  readonly leaseMs?: number;
  /** Time between two rounds, give or take a tenth. Default a fifth of the lease. */
  readonly roundMs?: number;
  /** Deadline of a question. Default a fifth of the lease, at most 1 s. */
  readonly askTimeoutMs?: number;
  /**
   * Called once before the guard turns true in a new epoch, when the former site has stopped for certain: translates
   * positions in streams. While it fails it is called again after each round; the guard stays false until it succeeds.
   * A process that starts anew, or that was out of contact for a lease, calls it again, so it must bear repetition. Its
   * signal is aborted when the site stops being active meanwhile; no second call begins before the first has ended.
   */
  readonly translate?: (takeover: Takeover, signal: AbortSignal) => Promise<void>;
  /** Told of each change, after it. */
  readonly onChange?: (change: GuardChange) => void;
  /** Told why `translate` or `onChange` failed. */
  readonly onError?: (error: unknown) => void;
  /** Clock, timers and network; another one in tests. */
  readonly system?: ClientSystem;
}

const leaseMsDefault = 15_000;
const roundsALease = 5;
const askTimeoutMsMax = 1_000;
const jitter = 0.1;

/** Fewest control regions that a deployment has. Source: `controlRegions` in docs/config.md. */
const oracleCountMin = 3;

/**
 * Says whether what may run in one site only may run here: consumers of a stream, a schedule.
 *
 * True in one site at most at any instant: `guard-stretch.ts` says why, and what it takes from the clocks. What is
 * begun on a true answer may still go on when it has turned false: hand `epoch` on as a fencing token where that
 * matters.
 */
export class ActiveGuard {
  readonly #options: ActiveGuardOptions;
  readonly #rules: GuardRules;
  readonly #system: ClientSystem;
  readonly #stopping = new AbortController();
  #stretch: Stretch | null = null;
  /** `since` of the stretch that was opened: waited for and translated. */
  #opened: Stretch['since'] | null = null;
  #translation: { readonly since: Stretch['since']; readonly controller: AbortController } | null = null;
  #told = false;
  #cancelLapse: () => void = () => {};

  /** @throws {ClientError} `OPTIONS` when oracles are missing or named twice */
  constructor(options: ActiveGuardOptions) {
    const { oracles, site, leaseMs = leaseMsDefault } = options;
    if (oracles.length < oracleCountMin || new Set(oracles).size !== oracles.length) {
      throw new ClientError(
        'OPTIONS',
        `oracles: name those of all control regions, each once; found ${oracles.length}`,
      );
    }
    this.#options = options;
    this.#rules = { site, oracleCount: oracles.length, leaseMs, waitMs: waitMsOf(leaseMs) };
    this.#system = options.system ?? clientSystem;
    void this.#keepAsking();
  }

  /** Reads the clocks at each call, so that a process that was frozen finds its lease run out. */
  isActive(): boolean {
    const stretch = this.#stretch;
    return stretch !== null && stretch.since === this.#opened && !hasLapsed(this.#rules, stretch, this.#system.now());
  }

  /** Epoch in which the site acts; null while it may not. */
  get epoch(): number | null {
    return this.isActive() ? (this.#stretch?.epoch ?? null) : null;
  }

  /** Gives up at once; false from then on. */
  stop(): void {
    this.#stretch = null;
    this.#cancelLapse();
    this.#translation?.controller.abort(new ClientError('NO_ENDPOINT', 'the guard was stopped'));
    this.#stopping.abort(new ClientError('NO_ENDPOINT', 'the guard was stopped'));
    this.#tell();
  }

  async #keepAsking(): Promise<void> {
    const { leaseMs } = this.#rules;
    const roundMs = this.#options.roundMs ?? leaseMs / roundsALease;
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      const round = await this.#ask();
      if (signal.aborted) return;
      this.#stretch = afterRound(this.#rules, this.#stretch, round);
      this.#open();
      this.#tell();
      this.#watchLapse();
      await sleep(this.#system, roundMs * (1 - jitter + 2 * jitter * this.#system.random()), signal, true);
    }
  }

  async #ask(): Promise<Round> {
    const { oracles } = this.#options;
    const askedAt = this.#system.now();
    const answers = await Promise.all(oracles.map((oracle) => this.#askOne(oracle).catch(() => null)));
    return { askedAt, answeredAt: this.#system.now(), answers };
  }

  async #askOne(oracle: string): Promise<Round['answers'][number]> {
    const { service, credentials } = this.#options;
    const timeoutMs = this.#options.askTimeoutMs ?? Math.min(askTimeoutMsMax, this.#rules.leaseMs / roundsALease);
    const read = (signal: AbortSignal) => getAs(this.#system, endpointsUrl(oracle, service), credentials, signal);
    const late = () => new ClientError('TIMEOUT', `${oracle} did not answer within ${timeoutMs} ms`);
    const more = { outer: this.#stopping.signal, isBackground: true };
    return parseOracleDocument(await withDeadline(this.#system, timeoutMs, read, late, more), service);
  }

  /** Opens a stretch that has waited long enough, or begins the translation that it needs first. */
  #open(): void {
    const stretch = this.#stretch;
    if (this.#translation !== null && this.#translation.since !== stretch?.since) {
      this.#translation.controller.abort(new ClientError('NO_ENDPOINT', 'the site is not active any more'));
    }
    if (stretch === null || stretch.since === this.#opened || this.#translation !== null) return;
    if (!hasWaited(this.#rules, stretch, this.#system.now())) return;
    const { translate } = this.#options;
    if (translate === undefined) {
      this.#opened = stretch.since;
      return;
    }
    const takeover = { fromSite: stretch.from, toSite: this.#rules.site, epoch: stretch.epoch };
    void this.#translate(translate, takeover, stretch.since);
  }

  async #translate(
    translate: NonNullable<ActiveGuardOptions['translate']>,
    takeover: Takeover,
    since: Stretch['since'],
  ): Promise<void> {
    const controller = new AbortController();
    this.#translation = { since, controller };
    try {
      await translate(takeover, controller.signal);
      // A stretch that has ended meanwhile is not opened by this: the next one has another beginning.
      this.#opened = since;
    } catch (error) {
      this.#options.onError?.(error);
    } finally {
      this.#translation = null;
      this.#tell();
    }
  }

  /** Tells of a lease that runs out, too; `isActive` itself needs no timer. */
  #watchLapse(): void {
    this.#cancelLapse();
    if (this.#stretch === null) return;
    const leftMs = this.#rules.leaseMs - (this.#system.now().monotonicMs - this.#stretch.askedAt.monotonicMs);
    this.#cancelLapse = this.#system.after(Math.max(1, Math.ceil(leftMs)), () => this.#tell(), true);
  }

  #tell(): void {
    const isActive = this.isActive();
    if (isActive === this.#told) return;
    this.#told = isActive;
    try {
      this.#options.onChange?.({ isActive, epoch: this.epoch });
    } catch (error) {
      this.#options.onError?.(error);
    }
  }
}
