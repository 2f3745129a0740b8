import type { SimDatabases } from '../databases.ts';
import type { Decisions } from '../decisions.ts';
import type { Ground } from '../ground.ts';
import type { SimSite } from '../sites.ts';

/** What writes use of the world. */
export interface WritesGround extends Pick<Ground, 'nowMs' | 'links' | 'sites' | 'deployment'> {
  readonly databases: SimDatabases;
  readonly decisions: Decisions;
}

/** Writes of one site of one service that clients were told are kept. */
interface Ledger {
  /** Instants of acknowledged writes, one for each second that had any; oldest first. */
  readonly ackedAtMs: number[];
  /** Up to when each other site could have received them. */
  readonly reachedMs: Map<string, number>;
}

/** How a site comes to go on by itself. */
type Manner = 'switched' | 'promoted' | 'served';

/** A history that ends: what one site took after another one's copy of it ended. */
export interface Branch {
  readonly service: string;
  /** What the two sites were called first. */
  readonly from: string;
  readonly to: string;
  /** When the other site went on by itself. */
  readonly atMs: number;
  /** Up to when it had what `from` acknowledged. */
  readonly upToMs: number;
  /** From when on what `from` acknowledges is no loss any more: it has become a part of what `to` goes on with. */
  endMs: number;
}

/** What a branch has lost so far. */
export interface Loss {
  /** Seconds in which something was acknowledged that is lost. */
  readonly writes: number;
  /** The same in milliseconds. Time in which nothing could be written is no loss, and no lag that grows. */
  readonly lostMs: number;
}

/** Acknowledged writes that are remembered of each site, in seconds: more than any lag worth simulating. */
const remembered = 4_000;

/**
 * What clients wrote where, and what was lost of it.
 *
 * Asynchronous replication: a site has what another acknowledged while the two could reach each other, but for its lag.
 * Whatever the old writer acknowledges after that is in nobody's history but its own.
 */
export class SimWrites {
  readonly #world: WritesGround;
  readonly #ledgers = new Map<string, Ledger>();
  readonly branches: Branch[] = [];
  /** Of each service, where its newest move goes, and how far that site was behind when it was decided. */
  readonly #moves = new Map<string, { readonly to: string; readonly lagMs: number; readonly atMs: number }>();

  constructor(world: WritesGround) {
    this.#world = world;
  }

  /** A client was told that its write is kept. */
  note(site: SimSite): void {
    const { ackedAtMs } = this.#ledgerOf(site.service, site.name);
    const { nowMs } = this.#world;
    if (ackedAtMs.at(-1) === nowMs) return;
    ackedAtMs.push(nowMs);
    if (ackedAtMs.length > 2 * remembered) ackedAtMs.splice(0, remembered);
  }

  /**
   * Notes how far replication may have come; asked once a second, after the second's writes. Data that is there goes on
   * to be replicated, whether or not a configuration still names its site.
   */
  replicate(service: string): void {
    const sites = this.#world.sites.all().filter((site) => site.service === service);
    for (const from of sites) {
      if (from.state !== 'running' || this.#world.links.isRegionDead(from.place)) continue;
      const { reachedMs } = this.#ledgerOf(service, from.name);
      for (const to of sites) {
        const isFed = this.#world.databases.feeds(service, from.name, to.name);
        if (to !== from && isFed && this.#world.links.passes([from.place], [to.place]))
          reachedMs.set(to.id, this.#world.nowMs);
      }
    }
  }

  /** A site's data is made anew: a copy of all that the writer has, where it can be read. */
  copy({ service, name, id }: SimSite): void {
    const { links, nowMs, sites } = this.#world;
    const home = this.#homeOf(service);
    if (home === undefined || home === name || links.isRegionDead(sites.get(service, home).place)) return;
    this.#ledgerOf(service, home).reachedMs.set(id, nowMs);
  }

  /**
   * How far a site is behind the one that takes the writes because nothing gets through to it, in milliseconds; what it
   * says of its lag is at least that. A writer that has died makes nobody fall behind further; a site that was added
   * after that has nothing of it.
   */
  brokenLagMs({ service, name, id }: SimSite): number {
    const home = this.#homeOf(service);
    const isPool = this.#world.deployment.services[service]?.mode === 'active-active';
    if (home === undefined || home === name || isPool) return 0;
    const ledger = this.#ledgers.get(this.#world.sites.keyOf(service, home));
    const reachedMs = ledger?.reachedMs.get(id);
    return Math.max(0, (ledger?.ackedAtMs.at(-1) ?? 0) - (reachedMs ?? 0));
  }

  /**
   * How old the newest beat of the writer is that a site has got: it says when, and says nothing any more when it has
   * died. Null before the first.
   */
  beatAgeMs({ service, name, id }: SimSite): number | null {
    const home = this.#homeOf(service);
    if (home === undefined || home === name) return 0;
    const reachedMs = this.#ledgers.get(this.#world.sites.keyOf(service, home))?.reachedMs.get(id);
    return reachedMs === undefined ? null : this.#world.nowMs - reachedMs;
  }

  /** A move was decided: from here on the site can fall behind no faster than time passes. */
  noteMove(service: string, to: string, lagMs: number): void {
    this.#moves.set(service, { to: this.#world.sites.idOf(service, to), lagMs, atMs: this.#world.nowMs });
  }

  /**
   * Another site goes on from what it has.
   *
   * @param manner - `switched`: it waited for all of it; `promoted`: it took what had come; `served`: nothing is
   *   promoted, every site keeps what it is told, and only what had not come by then is lost
   * @param lagMs - how far it is behind what could have reached it
   */
  branch(service: string, left: string, next: string, manner: Manner, lagMs: number): void {
    const [from, to] = [left, next].map((site) => this.#world.sites.idOf(service, site)) as [string, string];
    // A promotion that is asked for once more ends nobody's history.
    if (from === to) return;
    const { nowMs } = this.#world;
    for (const earlier of this.branches) {
      if (earlier.service === service && earlier.from === to) earlier.endMs = Math.min(earlier.endMs, nowMs);
    }
    const move = this.#moves.get(service);
    const mostMs = move?.to === to ? move.lagMs + nowMs - move.atMs : Number.POSITIVE_INFINITY;
    // What follows another one has nothing of it.
    const unknownMs = this.#world.databases.sourceOf(service, to) === undefined ? nowMs : 0;
    const upToMs = (this.#ledgerOf(service, from).reachedMs.get(to) ?? unknownMs) - Math.min(lagMs, mostMs);
    const endMs = manner === 'served' ? nowMs : Number.POSITIVE_INFINITY;
    this.branches.push({ service, from, to, atMs: nowMs, upToMs, endMs });
  }

  /** What a branch has lost until now. */
  lossOf({ service, from, upToMs, endMs }: Branch): Loss {
    const lost = this.#ledgerOf(service, from).ackedAtMs.filter((atMs) => atMs > upToMs && atMs <= endMs);
    return { writes: lost.length, lostMs: lost.length * askMs };
  }

  /** Seconds of acknowledged writes that a service has lost until now. */
  lost(service: string): number {
    return this.branches
      .filter((branch) => branch.service === service)
      .reduce((sum, branch) => sum + this.lossOf(branch).writes, 0);
  }

  #homeOf(service: string): string | undefined {
    const { databases, decisions } = this.#world;
    return databases.writerOf(service) ?? decisions.newest(service)?.serving[0];
  }

  #ledgerOf(service: string, site: string): Ledger {
    const key = this.#world.sites.keyOf(service, site);
    const known = this.#ledgers.get(key) ?? { ackedAtMs: [], reachedMs: new Map<string, number>() };
    this.#ledgers.set(key, known);
    return known;
  }
}

/** Time between two writes of a client, in milliseconds: what one lost write stands for. */
const askMs = 1_000;
