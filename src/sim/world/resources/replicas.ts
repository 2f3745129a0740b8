/**
 * What each instance of one service's RDS data replicates from. Nobody tells a replica of a promotion: those of an old
 * primary go on following that one, wherever the service has gone. Source: Amazon RDS User Guide, "Promoting a read
 * replica to be a standalone DB instance".
 */
export class SimReplicas {
  readonly #sources = new Map<string, string | null>();
  /** Instances with the tag that an order to promote them sets first. */
  readonly #tagged = new Set<string>();

  /** @param writer - whose replicas all others are at first */
  constructor(sites: readonly string[], writer: string) {
    this.add(sites, writer);
  }

  /** Instances that are not there yet are made as replicas of the writer. */
  add(sites: readonly string[], writer: string): void {
    for (const site of sites) if (!this.#sources.has(site)) this.#sources.set(site, site === writer ? null : writer);
  }

  /** Site that an instance replicates from; null when it is no replica. */
  sourceOf(site: string): string | null {
    return this.#sources.get(site) ?? null;
  }

  /** An order to promote an instance is taken. */
  tag(site: string): void {
    this.#tagged.add(site);
  }

  promote(site: string): void {
    this.#sources.set(site, null);
  }

  /** An instance is made anew as a replica. */
  make(site: string, source: string): void {
    this.#tagged.delete(site);
    this.#sources.set(site, source);
  }

  /**
   * Whether an instance is a writer by what its own region tells: others replicate from it, or it was promoted. Nobody
   * but the register tells which of two is the newer one. As `src/adapters/aws/promote/rds-replica.ts`.
   */
  isRightful(site: string): boolean {
    return this.sourceOf(site) === null && (this.#tagged.has(site) || [...this.#sources.values()].includes(site));
  }

  /**
   * The writer by what one region tells.
   *
   * @param local - sites whose instances are in the region
   * @param asked - the one that is asked about: it is a writer whatever others are
   * @returns null when it has two others, or none and no replica of one
   */
  writerAmong(local: readonly string[], asked: string): string | null {
    const rightful = local.filter((site) => this.isRightful(site));
    if (rightful.includes(asked)) return asked;
    if (rightful.length > 0) return rightful.length === 1 ? (rightful[0] ?? null) : null;
    return local.map((site) => this.sourceOf(site)).find((source) => source !== null) ?? null;
  }
}
