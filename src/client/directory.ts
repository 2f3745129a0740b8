import type { Publication } from '../core/kinds/publication.ts';
import { Breaker, type BreakerRules } from './breaker.ts';

/** Where a site of a service is reached. */
export type Endpoint = Publication['endpoints'][number];

/** The newest list of endpoints, each with its breaker. It never goes back to an older epoch. */
export class Directory {
  readonly #rules: BreakerRules;
  /** By URL, so that an endpoint that comes back is still known to fail. */
  readonly #breakers = new Map<string, Breaker>();
  #newest: Publication | null = null;
  #entries: readonly { readonly endpoint: Endpoint; readonly breaker: Breaker }[] = [];

  constructor(rules: BreakerRules) {
    this.#rules = rules;
  }

  get newest(): Publication | null {
    return this.#newest;
  }

  /**
   * Takes a list over unless it is of an older epoch.
   *
   * @returns whether it differs from what was held
   */
  offer(publication: Publication): boolean {
    if (this.#newest !== null && publication.epoch < this.#newest.epoch) return false;
    if (JSON.stringify(publication) === JSON.stringify(this.#newest)) return false;
    this.#newest = publication;
    this.#entries = publication.endpoints.map((endpoint) => ({ endpoint, breaker: this.#breakerOf(endpoint) }));
    const urls = new Set(publication.endpoints.map(({ url }) => url));
    for (const url of this.#breakers.keys()) if (!urls.has(url)) this.#breakers.delete(url);
    return true;
  }

  /**
   * The best endpoint that may be called: one whose breaker is not open and that was not tried before; else one that
   * was not tried; else one whose breaker is not open; else the first. Null only when the list is empty.
   *
   * That some endpoint is always given keeps a list of one alive: when everything fails, a call is as good a trial as
   * any.
   */
  choose(nowMs: number, tried: ReadonlySet<string> | null = null): Endpoint | null {
    let best: Endpoint | null = null;
    let bestRank = Number.POSITIVE_INFINITY;
    for (const { endpoint, breaker } of this.#entries) {
      const rank = (tried?.has(endpoint.url) ? 2 : 0) + (breaker.state(nowMs) === 'open' ? 1 : 0);
      if (rank === 0) return endpoint;
      if (rank < bestRank) {
        best = endpoint;
        bestRank = rank;
      }
    }
    return best;
  }

  /** Endpoints of the list that were not tried. */
  untried(tried: ReadonlySet<string>): number {
    return this.#entries.reduce((count, { endpoint }) => count + (tried.has(endpoint.url) ? 0 : 1), 0);
  }

  /** The breaker of an endpoint; one that has left the list gets a breaker that nobody looks at. */
  breaker(endpoint: Endpoint): Breaker {
    return this.#breakers.get(endpoint.url) ?? new Breaker(this.#rules);
  }

  #breakerOf({ url }: Endpoint): Breaker {
    const known = this.#breakers.get(url) ?? new Breaker(this.#rules);
    this.#breakers.set(url, known);
    return known;
  }
}
