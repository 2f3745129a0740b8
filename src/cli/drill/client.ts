import { createNetProber } from '../../adapters/net/net-prober.ts';
import { createResolve, type NameServer } from '../../adapters/net/resolver.ts';
import { systemClock } from '../../adapters/system/clock.ts';
import { FailoverError } from '../../core/errors.ts';
import type { Deployment } from '../../core/model/deployment.ts';
import { isAwsProbe, type NetProbe, type Probe, plainProbe } from '../../core/model/probe.ts';
import type { Service } from '../../core/model/service.ts';
import type { DnsTraffic } from '../../core/model/traffic.ts';
import type { ClientAnswer } from '../../dashboard/drill-result.ts';
import type { SiteAddress } from '../lab/site-addresses.ts';

/** How often the client asks. */
export const askEveryMs = 50;
/** How long the client waits for the name server, and for a page of the lab's own. */
const askTimeoutMs = 1_000;

/** What a client asks, and where it asks for the name. */
export interface Asked {
  readonly deployment: Deployment;
  /** Null asks this machine's own resolver. */
  readonly nameServer: NameServer | null;
  /** The lab's own sites; every other is asked as its first probe asks it. */
  readonly sites: Readonly<Record<string, SiteAddress>>;
  /** Pause between two requests, in milliseconds; absent is `askEveryMs`. */
  readonly everyMs?: number;
}

/** Where an answer of the name server leads. */
interface Destination {
  readonly site: string;
  /** The page, and what it must be. */
  readonly page: NetProbe;
}

/**
 * A user of a service: resolves its name for each request, and fetches the page over a new
 * connection.
 *
 * At the lab's own sites it fetches `/` and expects the name of the site that the answer led to. At a user's sites it
 * does what the site's first probe does, within the time that this probe gives, whatever the address in the record,
 * which need not be reachable from here.
 */
export class DrillClient {
  readonly #dns: DnsTraffic;
  readonly #resolveName: ReturnType<typeof createResolve>;
  readonly #byAddress: ReadonlyMap<string, Destination>;
  readonly #onAnswer: (answer: ClientAnswer) => void;
  readonly #everyMs: number;
  readonly #stopped = new AbortController();
  readonly #pending = new Set<Promise<void>>();
  readonly #prober = createNetProber({ controlTargets: [], controlTimeoutMs: askTimeoutMs });

  /** @param onAnswer - told of each request when it has ended; times are epoch milliseconds */
  constructor(asked: Asked, service: string, onAnswer: (answer: ClientAnswer) => void) {
    const { dns, byAddress } = destinationsOf(asked, service);
    const { nameServer, everyMs = askEveryMs } = asked;
    this.#everyMs = everyMs;
    this.#resolveName = createResolve(nameServer === null ? [] : [nameServer], {
      timeoutMs: askTimeoutMs,
      attemptsMax: 1,
    });
    this.#dns = dns;
    this.#byAddress = byAddress;
    this.#onAnswer = onAnswer;
  }

  /** Asks until stopped; a slow answer does not hold up the next request. */
  async run(): Promise<void> {
    const startMs = systemClock.monotonicMs();
    try {
      for (let count = 1; ; count += 1) {
        const request = this.#ask();
        this.#pending.add(request);
        void request.finally(() => this.#pending.delete(request));
        const waitMs = startMs + count * this.#everyMs - systemClock.monotonicMs();
        await systemClock.sleep(Math.max(0, waitMs), this.#stopped.signal);
      }
    } catch (error) {
      if (!this.#stopped.signal.aborted) throw error;
    }
    await Promise.all(this.#pending);
  }

  stop(): void {
    this.#stopped.abort();
  }

  async #ask(): Promise<void> {
    const sentMs = systemClock.wallMs();
    const startMs = systemClock.monotonicMs();
    const passedMs = () => systemClock.monotonicMs() - startMs;
    const answer = (site: string | null, reason: string | null) =>
      this.#onAnswer({ sentMs, endedMs: sentMs + passedMs(), site, isGood: reason === null, reason });

    const destination = await this.#resolve();
    if (typeof destination === 'string') {
      answer(null, destination);
      return;
    }
    const { site, page } = destination;
    const observation = await this.#prober.probe(page);
    // What this machine could not do says nothing of the service.
    if (observation.outcome !== 'unknown') answer(site, observation.outcome === 'pass' ? null : observation.reason);
  }

  /** Where the name leads now, or why it leads nowhere. */
  async #resolve(): Promise<Destination | string> {
    try {
      const { addresses } = await this.#resolveName(this.#dns.record);
      const known = addresses.flatMap((address) => this.#byAddress.get(address) ?? []);
      return known[0] ?? 'unresolved';
    } catch {
      return 'unresolved';
    }
  }
}

function destinationsOf(
  asked: Asked,
  serviceName: string,
): { readonly dns: DnsTraffic; readonly byAddress: ReadonlyMap<string, Destination> } {
  const service = asked.deployment.services[serviceName];
  const dns = service?.traffic.dns;
  if (service === undefined || dns === undefined) throw new FailoverError('USAGE', `${serviceName} has no name in DNS`);
  const entries = Object.entries(dns.addresses).flatMap(([site, { a = [], aaaa = [] }]) => {
    const page = pageOf(asked, service, site);
    if (page === null) return [];
    return [...a, ...aaaa].map((address) => [address, { site, page }] as const);
  });
  return { dns, byAddress: new Map(entries) };
}

function pageOf({ sites }: Asked, service: Service, site: string): NetProbe | null {
  const own = sites[site];
  if (own === undefined) return service.sites[site]?.probes.find(isOfClients) ?? null;
  return plainProbe(`http://${own.host}:${own.port}/`, askTimeoutMs, site);
}

/**
 * The longest that one request of the client takes: the name server's answer, and then the page.
 *
 * @returns milliseconds
 */
export function requestMsMax({ sites }: Pick<Service, 'sites'>): number {
  const pages = Object.values(sites).flatMap(({ probes }) => probes.find(isOfClients)?.timeoutMs ?? []);
  return askTimeoutMs + Math.max(askTimeoutMs, ...pages);
}

/** Whether a probe is a request that a client could make. */
export function isOfClients(probe: Probe): probe is NetProbe {
  return !isAwsProbe(probe) && !probe.corroborating;
}
