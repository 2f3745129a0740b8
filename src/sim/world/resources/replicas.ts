/**
 * What each instance of one service's RDS data replicates from. Nobody tells a replica of a promotion: those of an old
 * primary go on following that one, wherever the service has gone. Source: Amazon RDS User Guide, "Promoting a read
 * replica to be a standalone DB instance".
 */
export class SimReplicas {
  readonly #sources = new Map<string, string | null>();

  /** @param writer - whose replicas all others are at first */
  constructor(sites: readonly string[], writer: string) {
    for (const site of sites) this.#sources.set(site, site === writer ? null : writer);
  }

  /** Site that an instance replicates from; null when it is no replica. */
  sourceOf(site: string): string | null {
    return this.#sources.get(site) ?? null;
  }

  promote(site: string): void {
    this.#sources.set(site, null);
  }

  /** An instance is made anew as a replica. */
  make(site: string, source: string): void {
    this.#sources.set(site, source);
  }
}
