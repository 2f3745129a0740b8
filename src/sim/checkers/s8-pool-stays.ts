import { loadSettleMs } from '../../core/decision/demand.ts';
import { reportsOnSite } from '../../core/model/probe.ts';
import { lastResortName, type NamedService } from '../../core/model/service.ts';
import type { Register } from '../../core/register/register.ts';
import { rampPercent } from '../../core/register/share.ts';
import type { SimEvent } from '../event.ts';
import type { World } from '../world/world.ts';
import { asDecided, checkerKind, type NoteStake, Spells, serviceIn } from './checker.ts';

/** How long a site may be asked for more than it can carry: the reports of its load are as old as a few ticks. */
const overloadTicksMax = 5;
/** Above this share of its capacity a survivor is loaded by what others have left. */
const loadedShare = 0.8;
/** What rounding to whole weights may add. */
const roundingShare = 1.02;

/**
 * S8: active-active never empties its pool nor overloads a survivor past its declared capacity.
 *
 * A site that carries more than it can, while its own demand is within it and another site of the service gets less
 * than its share, was overloaded by us, if the shares were decided when the demand had been what it is for as long as
 * knowledge of it may be old. Nobody foresees a rise, such as by a deployment that takes a site out of a pool while it
 * serves; and loads that a stranger's weights have made say nothing of it, nor those of a site that a deployment took
 * out and put back, until somebody has written its weight.
 */
export const poolStays = checkerKind({
  property: 'S8',
  stakes: ['last site', 'ours'],
  make: (world, stake: NoteStake<'last site' | 'ours'>) => {
    const spells = new Spells();
    const overSinceMs = new Map<string, number>();
    const demands = new Map<string, { readonly demand: number; readonly sinceMs: number }>();
    const readings = new DemandReadings();
    const dropped = new Dropped(world);
    /** When weights were last what somebody else had made them: infinite until they are put back. */
    let misweighedMs = 0;

    const hearDecided = ({ service: name, register, previous, atMs }: SimEvent & { readonly type: 'decided' }) => {
      const service = serviceIn(world, name);
      if (service.mode !== 'active-active') return null;
      const decided = asDecided(world, register.run?.by ?? '', name);
      const isKnown = (site: string) => decided.some((config) => hasSite(world, config, site));
      if (decided.every(({ mode }) => mode === 'active-active'))
        readings.note(service, register, previous, atMs, isKnown);
      else readings.forget(name);
      const known = register.serving.filter((site) => Object.hasOwn(service.sites, site));
      if (spells.begins(`${name} last`, known.length === 1)) stake('last site');
      const serving = register.serving.join();
      const isLastResort = serving === lastResortName && service.traffic.dns?.lastResort !== undefined;
      // A deployment may leave the pool without a site. Then nothing was decided, or by one who does not know it yet.
      const isAnyKnown = known.length > 0 || isLastResort || register.serving.some(isKnown);
      const isKept = isAnyKnown || previous?.serving.join() === serving;
      return isKept ? null : `the pool of ${name} is empty`;
    };

    const isOurs = (service: NamedService, site: string, capacity: number) => {
      const { name, sites, detection } = service;
      const register = world.decisions.newest(name);
      const isLess = (other: string) => register !== null && rampPercent(register, other) < 100;
      const hasLeft = Object.keys(sites).some((other) => sites[other]?.reserve !== true && isLess(other));
      const newest = Math.max(
        misweighedMs,
        dropped.lastMs(name),
        ...Object.keys(sites).map((other) => demands.get(`${name}/${other}`)?.sinceMs ?? 0),
      );
      const knownMs = newest + detection.opinionTtlMs + 2 * detection.intervalMs;
      // What a deployment has just made a pool has its shares of before.
      const readMs = readings.readMs(name) ?? Number.NEGATIVE_INFINITY;
      const isKnown = isLoadTold(service) && readMs >= knownMs;
      return hasLeft && isKnown && world.sites.get(name, site).demand <= capacity;
    };

    const hearLoad = (event: SimEvent & { readonly type: 'load' }) => {
      const { service: name, site, capacity, offered, isDead, atMs } = event;
      const service = serviceIn(world, name);
      const key = `${name}/${site}`;
      const { demand } = world.sites.get(name, site);
      if (demands.get(key)?.demand !== demand) demands.set(key, { demand, sinceMs: atMs });
      dropped.look(service, atMs);
      const isHeld = !isDead && service.mode === 'active-active' && service.capacity.shortage !== 'shift';
      const isOver = isHeld && offered > capacity * roundingShare;
      const isLoaded = isHeld && offered > capacity * loadedShare;
      if (spells.begins(key, isLoaded && isOurs(service, site, capacity))) stake('ours');
      if (!isOver || !isOurs(service, site, capacity)) {
        overSinceMs.delete(key);
        return null;
      }
      const sinceMs = overSinceMs.get(key) ?? atMs;
      overSinceMs.set(key, sinceMs);
      if (atMs - sinceMs < overloadTicksMax * service.detection.intervalMs) return null;
      return `${site} of ${name} is asked for ${Math.round(offered)} and can carry ${capacity}`;
    };

    return {
      hear: (event) => {
        if (event.type === 'scenario' && event.what.startsWith('misweigh ')) misweighedMs = Number.POSITIVE_INFINITY;
        if (event.type === 'write' && event.hasChanged && misweighedMs > event.atMs) misweighedMs = event.atMs;
        if (event.type === 'decided') return hearDecided(event);
        return event.type === 'load' ? hearLoad(event) : null;
      },
    };
  },
});

/**
 * When the demand was read that each service's newest epoch which took something from a site was decided by: a
 * readmission loads nobody. Until loads can show the shares of before, the demand of an earlier decision stands
 * (ADR 16).
 */
class DemandReadings {
  readonly #begun = new Map<string, { readonly epoch: number; readonly readMs: number }>();
  readonly #read = new Map<string, number>();
  /** The same of the newest epoch whose shares clients follow: what is not carried out yet has loaded nobody. */
  readonly #followed = new Map<string, number>();
  /** Since when each service has its present shares: loads show them some time later. */
  readonly #shares = new Map<string, { readonly text: string; readonly sinceMs: number; readonly settleMs: number }>();

  /** Hears of every value that is decided. @param isKnown - whether the decider's configuration has a site */
  note(
    service: NamedService,
    register: Register,
    previous: Register | null,
    atMs: number,
    isKnown: (site: string) => boolean,
  ): void {
    const { name, sites } = service;
    const [last, before] = [this.#begun.get(name), this.#shares.get(name)];
    const isSettled = before === undefined || atMs - before.sinceMs >= before.settleMs;
    // What is decided and not carried out yet has loaded nobody.
    if (last?.epoch !== register.epoch) {
      const readMs = last === undefined || isSettled ? atMs : last.readMs;
      this.#begun.set(name, { epoch: register.epoch, readMs });
    }
    const begunMs = this.#begun.get(name)?.readMs ?? atMs;
    const isLess = (site: string) =>
      previous !== null && isKnown(site) && rampPercent(register, site) < rampPercent(previous, site);
    if (Object.keys(sites).some(isLess)) this.#read.set(name, begunMs);
    const readMs = this.#read.get(name);
    if (readMs !== undefined && isCarriedOut(register)) this.#followed.set(name, readMs);
    const percents = Object.keys(sites).map((site) => rampPercent(register, site));
    const text = `${register.epoch} ${register.run?.state} ${percents.join()}`;
    if (before?.text !== text)
      this.#shares.set(name, { text, sinceMs: atMs, settleMs: loadSettleMs(service, register) });
  }

  /** What one active site was decided for says nothing of a pool. */
  forget(service: string): void {
    this.#begun.delete(service);
    this.#read.delete(service);
    this.#followed.delete(service);
    this.#shares.delete(service);
  }

  /** Null before the first value that was decided for a pool. */
  readMs(service: string): number | null {
    return this.#followed.get(service) ?? null;
  }
}

/** Sites that serve and that a deployment has taken out of the configuration: what they carried, others have to. */
class Dropped {
  readonly #world: World;
  /** By service; one that is back is among them until it has a weight. */
  readonly #sites = new Map<string, readonly string[]>();
  readonly #lastMs = new Map<string, number>();

  constructor(world: World) {
    this.#world = world;
  }

  look(service: NamedService, atMs: number): void {
    const { name, sites } = service;
    const before = this.#sites.get(name) ?? [];
    const serving = this.#world.decisions.newest(name)?.serving ?? [];
    const isOut = (site: string) => before.includes(site) && hasNoWeight(this.#world, service, site);
    const now = serving.filter((site) => site !== lastResortName && (!Object.hasOwn(sites, site) || isOut(site)));
    this.#sites.set(name, now);
    if (now.length > 0) this.#lastMs.set(name, atMs);
  }

  /** When there was one last; 0 when there never was. */
  lastMs(service: string): number {
    return this.#lastMs.get(service) ?? 0;
  }
}

/** Whether some switch of the service has no weight for a site. */
function hasNoWeight({ cloud }: World, { traffic: { targets, dns } }: NamedService, site: string): boolean {
  const group = targets?.targetGroups[site];
  const isBehind = (listener: string) => group === undefined || (cloud.readWeights(listener)?.[group] ?? 0) > 0;
  if (targets !== undefined && !targets.listenerArn.every(isBehind)) return true;
  if (dns?.mode !== 'records' || dns.policy !== 'weighted') return false;
  return (cloud.readRecordWeights(dns.record)?.[site] ?? 0) === 0;
}

/**
 * Whether a configuration has a site, by whatever name. One that has it no more takes nothing from it: whoever deployed
 * that does.
 */
function hasSite(world: World, { name, sites }: NamedService, site: string): boolean {
  return Object.keys(sites).some((own) => world.sites.nameOf(name, own) === site);
}

/** Whether the shares of a value are those that clients follow. */
function isCarriedOut({ run }: Register): boolean {
  const isOpen = run?.state === 'running';
  return !isOpen || run.steps.every(({ name, state }) => (name !== 'targets' && name !== 'dns') || state === 'done');
}

/** Whether every site says what it carries: in the answers of its probes, or by a metric. Nobody knows it else. */
function isLoadTold({ sites }: NamedService): boolean {
  return Object.values(sites).every(
    ({ probes, measures }) => measures.load !== undefined || probes.some(reportsOnSite),
  );
}
