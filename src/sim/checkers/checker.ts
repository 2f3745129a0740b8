import type { Opinion, SiteTrack } from '../../core/detection/opinion.ts';
import type { Deployment } from '../../core/model/deployment.ts';
import { serviceOf } from '../../core/model/deployment.ts';
import { groupOf } from '../../core/model/group.ts';
import type { NamedService } from '../../core/model/service.ts';
import type { Register } from '../../core/register/register.ts';
import type { Run } from '../../core/register/run.ts';
import { markOf, type OpinionItem } from '../../core/tables/opinion-item.ts';
import type { SimEvent } from '../event.ts';
import type { World } from '../world/world.ts';

/** Safety and liveness properties, as the design numbers them. */
export type Property =
  | 'S1'
  | 'S2'
  | 'S3'
  | 'S4'
  | 'S5'
  | 'S6'
  | 'S7'
  | 'S8'
  | 'S9'
  | 'S10'
  | 'S11'
  | 'S12'
  | 'S13'
  | 'S14'
  | 'S15'
  | 'S16'
  | 'S17'
  | 'S18'
  | 'L1'
  | 'L2';

/** A breach of a property: the product did what it must never do, or did not do what it must. */
export interface Violation {
  readonly property: Property;
  readonly atMs: number;
  readonly detail: string;
}

/** Watches one property over a whole run, from outside. */
export interface Checker {
  /** Looks at one event; what it returns ends the run as failed. */
  hear(event: SimEvent): string | null;
  /** Looks at the world when the run is over. */
  end?(): string | null;
}

/** Notes that a property was at stake once, in one of the ways that its checker names. */
export type NoteStake<S extends string = string> = (stake: S) => void;

/** The checker of a property. */
export interface CheckerKind<S extends string = string> {
  readonly property: Property;
  /**
   * The ways in which a run can put the property at stake: the product could have broken it there. What is here and
   * never happens in a whole campaign was not tested by it.
   */
  readonly stakes: readonly S[];
  /** Makes the checker of one run. */
  make(world: World, stake: NoteStake<S>): Checker;
}

/** Lets the compiler hold a checker to the stakes that it names. */
export function checkerKind<const S extends string>(kind: CheckerKind<S>): CheckerKind {
  return kind as unknown as CheckerKind;
}

/** A checker that only looks at decided values. */
export function onDecided(look: (event: SimEvent & { readonly type: 'decided' }) => string | null): Checker {
  return { hear: (event) => (event.type === 'decided' ? look(event) : null) };
}

/** Counts a spell once, however long it lasts: true at its first instant. */
export class Spells {
  readonly #open = new Set<string>();

  begins(name: string, isOn: boolean): boolean {
    if (!isOn) this.#open.delete(name);
    else if (!this.#open.has(name)) {
      this.#open.add(name);
      return true;
    }
    return false;
  }
}

/** Whether a decided value is the one that began an epoch by moving, rather than a note about a run under way. */
export function beginsEpoch(event: { readonly register: Register; readonly previous: Register | null }): boolean {
  return event.previous !== null && event.register.epoch > event.previous.epoch;
}

/** Whether watchers decided the move: by themselves, or because the time had come that a person had planned it for. */
export function isAutomatic(deployment: Deployment, { run }: Register): boolean {
  return run !== null && (run.reason === 'planned' || deployment.controlRegions.includes(run.by));
}

/** Control region whose watcher decided a run, or the operator who did. A planned one is in the planner's name. */
export function deciderOf({ reason, by, holder }: Run): string {
  return reason === 'planned' ? (holder?.region ?? by) : by;
}

/** An opinion that a watcher has come to. */
interface Thought {
  readonly atMs: number;
  readonly opinion: Opinion;
}

interface Voice {
  readonly atMs: number;
  readonly item: OpinionItem;
}

/** What the watchers have said lately, whether their tables took it or not. */
export class Voices {
  /** Of each watcher, the newest first. */
  readonly #voices = new Map<string, Voice[]>();
  /** What each watcher thinks by itself, by watcher, service and site. */
  readonly #thoughts = new Map<string, Thought>();
  readonly #sites: World['sites'];

  constructor({ sites }: Pick<World, 'sites'>) {
    this.#sites = sites;
  }

  hear(event: SimEvent): void {
    if (event.type === 'logged' && event.event.kind === 'opinion-changed' && event.by.role === 'watcher') {
      const { service, site, data } = event.event;
      const thought = { atMs: event.atMs, opinion: data.opinion as Opinion };
      this.#thoughts.set(`${event.by.place} ${service} ${site}`, thought);
    }
    if (event.type !== 'voice') return;
    const { watcher, atMs, item } = event;
    const voices = this.#voices.get(watcher) ?? [];
    this.#voices.set(watcher, voices);
    for (let last = voices.at(-1); last !== undefined && atMs - last.atMs > heardMs; last = voices.at(-1)) voices.pop();
    voices.unshift({ atMs, item });
  }

  /**
   * How many watchers say something of a site in a word that a decision accepted now may have been made by: it was not
   * too old when it was read, and had not been followed by another one that could have been read instead.
   */
  count(service: NamedService, site: string, nowMs: number, says: (track: SiteTrack) => boolean): number {
    return this.#sayers(service, site, nowMs, says).length;
  }

  /**
   * How many watchers hold one of these opinions of a site, in a word that can be read or, for the decider, in its own
   * mind: it knows what it thinks before it has written it.
   *
   * @param by - the decider
   */
  countHolders(service: NamedService, site: string, nowMs: number, opinions: readonly Opinion[], by: string): number {
    const holders = new Set(this.#sayers(service, site, nowMs, (track) => opinions.includes(track.opinion)));
    const names = this.#sites.namesOf(service.name, site);
    const thoughts = names.map((name) => this.#thoughts.get(`${by} ${service.name} ${name}`));
    const thought = thoughts.find((each) => each !== undefined);
    if (thought !== undefined && opinions.includes(thought.opinion) && nowMs - thought.atMs <= heardMs) holders.add(by);
    return holders.size;
  }

  #sayers(service: NamedService, site: string, nowMs: number, says: (track: SiteTrack) => boolean): readonly string[] {
    return [...this.#voices.keys()].filter((watcher) => this.#tracks(watcher, service, site, nowMs).some(says));
  }

  /**
   * How many watchers say something of a site in every word that a decision accepted now may have been made by, and
   * were surely heard: the newest word that their table holds is so young that whoever reads along must know it to be
   * fresh.
   *
   * @param isHeard - whether the decider has read that watcher's table all along
   */
  countSteady(
    world: World,
    service: NamedService,
    site: string,
    says: (track: SiteTrack) => boolean,
    isHeard: (watcher: string) => boolean,
  ): number {
    const { opinionTtlMs, intervalMs } = service.detection;
    const isFresh = ([watcher, voices]: readonly [string, readonly Voice[]]) => {
      const held = world.tables.read(watcher, []).opinions;
      const spoken = voices.find(({ item }) => held !== null && markOf(item) === markOf(held));
      return spoken !== undefined && world.nowMs - spoken.atMs <= opinionTtlMs - intervalMs;
    };
    const fresh = [...this.#voices].filter((each) => isFresh(each) && isHeard(each[0]));
    const tracks = fresh.map(([watcher]) => this.#tracks(watcher, service, site, world.nowMs));
    return tracks.filter((readable) => readable.length > 0 && readable.every(says)).length;
  }

  /** What the words of a watcher that could be read say of a site. */
  #tracks(watcher: string, service: NamedService, site: string, nowMs: number): readonly SiteTrack[] {
    const { opinionTtlMs, intervalMs } = service.detection;
    const onItsWayMs = intervalMs + changeMsMax;
    const voices = this.#voices.get(watcher) ?? [];
    return voices.flatMap(({ atMs, item }, index) => {
      const tracks = item.tracks[service.name] ?? {};
      const track = this.#sites.namesOf(service.name, site).flatMap((name) => tracks[name] ?? [])[0];
      const followedMs = voices[index - 1]?.atMs ?? nowMs;
      const isReadable = nowMs - atMs <= opinionTtlMs + onItsWayMs && nowMs - followedMs <= onItsWayMs;
      return isReadable && track !== undefined ? [track] : [];
    });
  }
}

/** Reads of one table by one process that succeeded one after the other. */
interface Row {
  readonly pair: string;
  readonly count: number;
  readonly sinceMs: number;
  readonly atMs: number;
}

/** Who has read whose table without a gap, by the calls that truly succeeded. */
export class Readings {
  readonly #rows = new Map<string, Row>();

  hear(event: SimEvent): void {
    if (event.type !== 'api' || event.api !== 'dynamodb:BatchGetItem' || event.by.role !== 'watcher') return;
    const { by, region, atMs, outcome } = event;
    const pair = `${by.place}>${region}`;
    const key = `${pair} ${by.serial}`;
    const before = this.#rows.get(key);
    const goesOn = before !== undefined && atMs - before.atMs <= changeMsMax;
    const isFirst = !goesOn || before.count === 0;
    const count = outcome === 'ok' ? (isFirst ? 0 : before.count) + 1 : 0;
    this.#rows.set(key, { pair, count, sinceMs: isFirst ? atMs : before.sinceMs, atMs });
  }

  /**
   * Whether every process of a region has read a table so often in a row, and for so long, that it knew the words there
   * to be fresh.
   *
   * @param intervalMs - of the ticks in which they are written: looks between ticks read the same word again
   */
  areSteady(reader: string, region: string, nowMs: number, intervalMs: number): boolean {
    if (reader === region) return true;
    const rows = [...this.#rows.values()].filter(
      ({ pair, atMs }) => pair === `${reader}>${region}` && nowMs - atMs <= changeMsMax,
    );
    return rows.length > 0 && rows.every((row) => row.count >= steadyReads && nowMs - row.sinceMs >= 2 * intervalMs);
  }
}

/** Reads in a row after which a reader has seen a living watcher's mark change. */
const steadyReads = 5;
/** Longest that a change of the register takes from the read that it is based on: a few calls. */
const changeMsMax = 5_000;
/** Longest that any word counts: above every sum of times that a configuration may have. */
const heardMs = 120_000;

/** A service of the world's present deployment. */
export function serviceIn(world: World, name: string): NamedService {
  return serviceOf(world.deployment, name);
}

/**
 * A service as whoever decided about it may have been configured: the watchers that live in a region, each with what it
 * began with, or an operator, perhaps with the configuration before the last deployment.
 */
export function asDecided(world: World, by: string, name: string): readonly NamedService[] {
  return deploymentsOf(world, by)
    .filter(({ services }) => services[name] !== undefined)
    .map((deployment) => serviceOf(deployment, name));
}

/** The services that move together with one, itself included, for whoever decides in a region. */
export function membersAsDecided(world: World, by: string, name: string): readonly string[] {
  const members = deploymentsOf(world, by).flatMap((deployment) => {
    const group = groupOf(deployment, name);
    return group === null ? [name] : Object.keys(group.members);
  });
  return [...new Set(members)].filter((member) => world.deployment.services[member] !== undefined);
}

/** What the watchers of a region run; without any, the newest two configurations. */
function deploymentsOf(world: World, by: string): readonly Deployment[] {
  const watchers = world.control.watchersIn(by);
  return watchers.length > 0 ? watchers : [world.deployment, world.previousDeployment];
}

/** Whether a region's own watcher ordered this of its own site, out of contact. Nobody has agreed on it. */
export function isSelfFence(order: { readonly kind: string; readonly isSelfFence?: boolean }): boolean {
  return (order.kind === 'fence' || order.kind === 'work') && order.isSelfFence === true;
}
