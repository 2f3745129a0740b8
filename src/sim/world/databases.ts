import type { Fault } from '../../core/fault.ts';
import type { PromoteThing, WriterState } from '../../core/kinds/promote.ts';
import type { RebuildState } from '../../core/kinds/rebuild.ts';
import { type DataRole, isShared } from '../../core/model/data.ts';
import type { Deployment } from '../../core/model/deployment.ts';
import type { Scheduler } from '../scheduler.ts';
import type { Data } from './resources/data.ts';
import { demotedLater, lossy, switched, undemoted } from './resources/data-kinds.ts';
import { SimReplicas } from './resources/replicas.ts';
import type { SimSites } from './sites.ts';

/** What a promotion needs to know of the places that it touches. */
export interface TimingProfile {
  readonly isRegionDead: (region: string) => boolean;
  /** Whether a region can be told something from another one. */
  readonly isReachable: (from: string, to: string) => boolean;
}

/**
 * A site's data takes writes from now on, without what the old writer had in the newest `lagMs`; that is 0 where it
 * waited for all of it.
 */
export type OnWriter = (
  service: string,
  change: { readonly writer: string; readonly from: string; readonly isByHand: boolean },
  isLossless: boolean,
  lagMs: number,
) => void;

/**
 * How long the API still calls a move under way when the new writer is there, and how long before that it may have
 * stopped. Source: our own; AWS names no order.
 */
const stateRestMs = 60_000;
const stateGapMs = 5_000;

/** How often it is looked at whether a promotion is through. */
const promotionLookMs = 1_000;

/** What RDS takes to rename an instance, and to create a replica. Source: our own; AWS names no time. */
const renameMs = 90_000;
const creationMs = 150_000;

/** How often a demotion that could not reach the old writer is tried again. */
const demoteEveryMs = 1_000;

/**
 * Who writes each service's data; promotions take their time.
 *
 * Every site has data of its own that either takes writes or is a replica. That two take writes is possible, as it is
 * in AWS; nothing here prevents it.
 */
export class SimDatabases {
  readonly #scheduler: Scheduler;
  readonly #sites: SimSites;
  readonly #around: TimingProfile;
  readonly #data = new Map<string, Data>();
  readonly #onWriter: OnWriter;

  constructor(scheduler: Scheduler, sites: SimSites, around: TimingProfile, onWriter: OnWriter) {
    this.#scheduler = scheduler;
    this.#sites = sites;
    this.#around = around;
    this.#onWriter = onWriter;
  }

  /** Makes what the deployment names; what exists keeps its writer. */
  deploy(deployment: Deployment, activeOf: (service: string) => string): void {
    for (const [service, { data, sites: named }] of Object.entries(deployment.services)) {
      if (!data || isShared(data)) continue;
      const sites = Object.keys(named).map((site) => this.#sites.idOf(service, site));
      const known = this.#data.get(service);
      if (known !== undefined) {
        // The user has made the instance of a site that is new, as a replica.
        known.replicas?.add(sites, known.writer);
        // What promotes it from now on is something else; the data is the same.
        if (known.replicas === null && data.kind !== 'rds-replica') known.kind = data.kind;
        continue;
      }
      const writer = this.#sites.idOf(service, activeOf(service));
      const anew = {
        rebuilding: new Map(),
        rebuiltAtMs: new Map(),
        deleted: new Set<string>(),
        promoting: new Set<string>(),
        byHand: new Map<string, number>(),
      };
      this.#data.set(service, {
        kind: data.kind,
        writer,
        movingTo: null,
        shownTo: null,
        writing: new Set([writer]),
        replicas: data.kind === 'rds-replica' ? new SimReplicas(sites, writer) : null,
        ...anew,
      });
    }
  }

  /**
   * The user makes a site the writer, as whoever adds data to a configuration again has to: nothing was promoted while
   * it was not there. What is being promoted stays as it is.
   */
  handTo(service: string, name: string): void {
    const site = this.#sites.idOf(service, name);
    const data = this.#data.get(service);
    if (data === undefined || data.movingTo !== null || data.promoting.size > 0 || data.writer === site) return;
    const before = data.writer;
    data.writer = site;
    data.writing.clear();
    data.writing.add(site);
    this.#tellWriter(service, data, before, true, 0);
  }

  /**
   * What the API of the region says that is to have the writer.
   *
   * @param isReturn - whether the site is the writer by the register, so that an instance which replicates from no
   *   other one is it
   */
  look(service: string, to: string, isReturn = false): WriterState {
    const data = this.#data.get(service);
    if (!data?.replicas) return this.read(service);
    const id = this.#sites.idOf(service, to);
    if (isReturn && data.writing.has(id) && !data.rebuilding.has(id))
      return { writer: to, isMoving: data.promoting.has(id) };
    const { place } = this.#sites.get(service, to);
    const local = this.#sites.all().filter((site) => site.service === service && site.place === place);
    const ids = local.map(({ id }) => id).filter((id) => !data.rebuilding.has(id));
    const writer = this.#named(service, data.replicas.writerAmong(ids, this.#sites.idOf(service, to)));
    return { writer, isMoving: ids.some((id) => data.promoting.has(id)) };
  }

  /** Who was made the writer last. */
  read(service: string): WriterState {
    const data = this.#data.get(service);
    const movingTo = this.#named(service, data?.movingTo) ?? undefined;
    const isMoving = movingTo !== undefined;
    return { writer: isMoving ? null : this.#named(service, data?.writer), isMoving, movingTo };
  }

  /** Null for a service whose data is not promoted. */
  writerOf(service: string): string | null {
    return this.#named(service, this.#data.get(service)?.writer);
  }

  /**
   * The service goes on with a site whose data takes writes already, though another one's was promoted later: an RDS
   * instance that takes writes goes on to, and is not promoted again.
   */
  settle(service: string, name: string): void {
    const site = this.#sites.idOf(service, name);
    const data = this.#data.get(service);
    if (!data?.replicas || !data.writing.has(site)) return;
    const before = data.writer;
    data.writer = site;
    data.movingTo = null;
    if (before !== site) this.#tellWriter(service, data, before, false, 0);
  }

  /** Whether a site's data takes writes; true where nothing is promoted, for there every site has its own. */
  takesWrites(service: string, site: string): boolean {
    return this.#data.get(service)?.writing.has(this.#sites.idOf(service, site)) ?? true;
  }

  /** A person makes a site's data anew as a replica of the writer. The writer, and who is being promoted, stay so. */
  makeReplica(service: string, name: string): void {
    const site = this.#sites.idOf(service, name);
    const data = this.#data.get(service);
    if (!data || data.writer === site || data.promoting.has(site)) return;
    // Somebody has to see it: the next surveys do.
    if (data.writing.has(site)) data.rebuiltAtMs.set(site, this.#scheduler.nowMs);
    data.writing.delete(site);
    data.rebuilding.delete(site);
    data.replicas?.make(site, data.writer);
  }

  /** Site that a site's data follows by itself; undefined where it follows whoever writes. */
  sourceOf(service: string, site: string): string | null | undefined {
    const source = this.#data.get(service)?.replicas?.sourceOf(this.#sites.idOf(service, site));
    return source === undefined ? undefined : this.#named(service, source);
  }

  /** Whether a site's data follows whoever writes, and not an old primary. */
  followsWriter(service: string, site: string): boolean {
    const source = this.sourceOf(service, site);
    return source === undefined || source === this.writerOf(service);
  }

  /** Whether what one site's data takes comes to another one's by itself, as long as the two reach each other. */
  feeds(service: string, from: string, to: string): boolean {
    const source = this.sourceOf(service, to);
    return source === undefined || source === from;
  }

  /** What stands where a site's data is to be a replica. */
  roleOf(service: string, name: string): RebuildState['role'] {
    const site = this.#sites.idOf(service, name);
    const data = this.#data.get(service);
    const change = data?.rebuilding.get(site);
    if (change === 'changing' || data === undefined || data.movingTo !== null) return 'making';
    if (change === 'nothing') return 'nothing';
    return data.writing.has(site) && data.writer !== site ? 'alone' : 'replica';
  }

  /** Role of a site's data by its API; null while that cannot be told, or there is none. */
  roleByApi(service: string, name: string): DataRole | null {
    const site = this.#sites.idOf(service, name);
    const data = this.#data.get(service);
    if (data === undefined || data.rebuilding.has(site)) return null;
    // Each instance of RDS tells its own role alone.
    const isChanging = data.replicas ? data.promoting.has(site) : data.movingTo !== null || data.shownTo !== null;
    if (isChanging) return null;
    if (!data.writing.has(site)) return 'replica';
    return demotedLater.includes(data.kind) && data.writer === site ? 'sole-writer' : 'takes-writes';
  }

  /**
   * Renames what a site wrote, so that nobody reaches it any more, or makes a replica in its place.
   *
   * @param aside - name under which the old instance is kept; empty where it is deleted
   */
  rebuild(service: string, name: string, aside: string): boolean {
    const site = this.#sites.idOf(service, name);
    const data = this.#data.get(service);
    const role = this.roleOf(service, name);
    if (data === undefined || (role !== 'alone' && role !== 'nothing')) return false;
    if (role === 'alone' && aside === '') data.deleted.add(site);
    data.writing.delete(site);
    data.rebuilding.set(site, 'changing');
    this.#scheduler.after(role === 'alone' ? renameMs : creationMs, () => {
      if (data.rebuilding.get(site) !== 'changing') return;
      if (role === 'alone') {
        data.rebuilding.set(site, 'nothing');
        return;
      }
      data.rebuilding.delete(site);
      data.replicas?.make(site, data.writer);
      data.rebuiltAtMs.set(site, this.#scheduler.nowMs);
    });
    return true;
  }

  /** Sites whose old instance, with all that only it had, was deleted. */
  deletedAt(service: string): readonly string[] {
    return [...(this.#data.get(service)?.deleted ?? [])].map((site) => this.#sites.nameOf(service, site));
  }

  /** When a site's data was made anew last; null while it is being made, undefined when it never was. */
  rebuiltAtMs(service: string, site: string): number | null | undefined {
    const data = this.#data.get(service);
    const id = this.#sites.idOf(service, site);
    return data?.rebuilding.has(id) ? null : data?.rebuiltAtMs.get(id);
  }

  /** Why a site's data cannot be promoted now, to a look as to an order; null when it can. */
  refusalOf(service: string, site: string): Fault | null {
    const { veto } = this.#sites.get(service, site);
    return veto === null ? null : { kind: 'denied', detail: `veto: ${veto}` };
  }

  /** Whether a site that is not the writer has data of its own, so that only a person can make it a replica again. */
  isNoReplica(service: string, site: string): boolean {
    const data = this.#data.get(service);
    const id = this.#sites.idOf(service, site);
    return data !== undefined && data.writer !== id && data.writing.has(id);
  }

  /** Begins a promotion; a fault when it is refused. */
  promote({ service, isPlanned, isDataLossAllowed, ...thing }: PromoteThing): Fault | null {
    const [from, to] = [thing.from, thing.to].map((site) => this.#sites.idOf(service, site)) as [string, string];
    const data = this.#data.get(service);
    if (!data) return { kind: 'invalid', detail: `${service} has no data` };
    const refusal = this.refusalOf(service, to);
    if (refusal !== null) return refusal;
    if (data.replicas?.isRightful(to) && !data.rebuilding.has(to)) {
      // It is left as it is, and what was asked of another one ends in nothing.
      data.movingTo = null;
      return null;
    }
    const old = this.#sites.get(service, from);
    if (isPlanned && switched.includes(data.kind) && this.#around.isRegionDead(old.place)) {
      return { kind: 'unavailable', detail: `a switchover needs ${from}, which does not answer` };
    }
    const mayLose = lossy.includes(data.kind) || (!isPlanned && data.kind !== 's3-mrap');
    if (mayLose && !isDataLossAllowed) return { kind: 'denied', detail: 'data would be lost, and that is not allowed' };
    if (data.movingTo === to || (data.movingTo === null && data.writer === to)) return null;
    const busyTo = data.movingTo ?? data.shownTo;
    if (busyTo !== null && demotedLater.includes(data.kind))
      return { kind: 'unavailable', detail: `${busyTo} is being promoted` };
    if (data.rebuilding.has(to)) return { kind: 'invalid', detail: `${to} has no instance now` };
    if (this.isNoReplica(service, to))
      return { kind: 'denied', detail: `${to} is no replica: create it anew as a replica` };
    data.byHand.delete(to);
    data.replicas?.tag(to);
    this.#begin(service, data, from, to, isPlanned);
    return null;
  }

  /**
   * A person promotes a site's data in the console of AWS: by a switchover where there is one and the writer's region
   * answers, else by a failover. Nothing happens where AWS would refuse it.
   */
  promoteByHand(service: string, name: string): void {
    const to = this.#sites.idOf(service, name);
    const data = this.#data.get(service);
    if (!data || data.movingTo !== null || data.shownTo !== null || data.rebuilding.has(to)) return;
    if (data.writing.has(to)) return;
    data.byHand.set(to, Number.POSITIVE_INFINITY);
    const isPlanned =
      switched.includes(data.kind) && !this.#around.isRegionDead(this.#sites.get(service, data.writer).place);
    this.#begin(service, data, data.writer, to, isPlanned);
  }

  /** Since when a site's data has taken writes by a person's hand alone; null where it does not. */
  writerByHandSinceMs(service: string, name: string): number | null {
    const id = this.#sites.idOf(service, name);
    const data = this.#data.get(service);
    return (data?.writing.has(id) && data.byHand.get(id)) || null;
  }

  /** Whether a person has made a site's data take writes, outside of what is tested. */
  isWriterByHand(service: string, name: string): boolean {
    return this.writerByHandSinceMs(service, name) !== null;
  }

  #begin(service: string, data: Data, from: string, to: string, isPlanned: boolean): void {
    const target = this.#sites.get(service, to);
    data.movingTo = to;
    data.promoting.add(to);
    if (demotedLater.includes(data.kind)) data.shownTo = to;
    // Roles that are switched stand still on both sides until the switch is done.
    if (isPlanned && !undemoted.includes(data.kind)) data.writing.delete(from);
    const begunLagMs = target.replicationLagMs;
    const begunMs = this.#scheduler.nowMs;
    // One that hangs ends when what made it hang is over.
    const advance = () => {
      const leftMs = begunMs + target.promotionMs - this.#scheduler.nowMs;
      if (target.promotionEnds === 'state-first' && leftMs <= stateGapMs) data.shownTo = null;
      if (leftMs <= 0) this.#finish(service, data, to, isPlanned, begunLagMs);
      else this.#scheduler.after(Math.min(leftMs, promotionLookMs), advance);
    };
    advance();
  }

  /**
   * A promotion is through. One that another has followed ends in nothing, but where nobody asks what came after it.
   *
   * @param begunLagMs - how far the site was behind when it began: nothing that it had by then is lost any more
   */
  #finish(service: string, data: Data, to: string, isPlanned: boolean, begunLagMs: number): void {
    const isNewest = data.movingTo === to;
    data.promoting.delete(to);
    if (!isNewest && !undemoted.includes(data.kind)) return;
    data.writing.add(to);
    if (data.byHand.has(to)) data.byHand.set(to, this.#scheduler.nowMs);
    data.replicas?.promote(to);
    if (!isNewest) return;
    const before = data.writer;
    data.movingTo = null;
    data.writer = to;
    const isShownLonger = data.shownTo !== null && this.#sites.get(service, to).promotionEnds === 'writer-first';
    if (!isShownLonger) data.shownTo = null;
    else
      this.#scheduler.after(stateRestMs, () => {
        data.shownTo = null;
      });
    this.#demote(service, data, this.#sites.get(service, to).place, before);
    const isLossless = isPlanned && !lossy.includes(data.kind);
    const lagMs = isLossless ? 0 : Math.min(begunLagMs, this.#sites.get(service, to).replicationLagMs);
    this.#tellWriter(service, data, before, isLossless, lagMs);
  }

  #tellWriter(service: string, { writer, byHand }: Data, before: string, isLossless: boolean, lagMs: number): void {
    const [to, from] = [writer, before].map((site) => this.#sites.nameOf(service, site)) as [string, string];
    this.#onWriter(service, { writer: to, from, isByHand: byHand.has(writer) }, isLossless, lagMs);
  }

  /** What a site is called now. */
  #named(service: string, site: string | null | undefined): string | null {
    return site === null || site === undefined ? null : this.#sites.nameOf(service, site);
  }

  #demote(service: string, data: Data, here: string, old: string): void {
    if (undemoted.includes(data.kind) || data.writer === old || !data.writing.has(old)) return;
    const { place } = this.#sites.get(service, old);
    if (this.#around.isReachable(here, place)) data.writing.delete(old);
    else if (demotedLater.includes(data.kind))
      this.#scheduler.after(demoteEveryMs, () => this.#demote(service, data, here, old));
  }
}
