import type { SiteParts } from '../../core/model/site.ts';
import { majorityAmong } from '../../core/register/quorum.ts';
import type { Voter } from '../../core/register/register.ts';
import { warmUpMsMax } from '../../core/timing.ts';
import { takeRoleApi } from './api-call.ts';
import type { ApiFaults } from './api-faults.ts';
import type { SimControl } from './control.ts';
import type { Decisions } from './decisions.ts';
import type { Ground } from './ground.ts';
import { fenceApis } from './kinds/fence.ts';
import type { SimStateTables } from './state-tables.ts';

/** What decides who can work with whom. */
export interface ContactGround extends Pick<Ground, 'nowMs' | 'links' | 'deployment'> {
  readonly control: SimControl;
  readonly decisions: Decisions;
  readonly tables: SimStateTables;
  readonly faults: ApiFaults;
  readonly stoppedTables: ReadonlySet<string>;
  readonly opinionsWrittenMs: ReadonlyMap<string, number>;
}

/** A site with its fence, as far as closing that is concerned. */
type Fenced = Pick<SiteParts, 'fence' | 'account'>;

/** Ticks without a word after which a region counts as silent. */
const silentTicks = 3;

/**
 * Who can work with whom at this instant: which tables can be used, which watchers are heard, who could close a fence.
 *
 * True of the world, whatever any process believes. A fault that fails a part of the calls counts as none here where
 * something must be done all the same, and as one where something would have to be owed.
 */
export class Contact {
  readonly #world: ContactGround;
  /** Asked many times an instant, and the same within a millisecond. */
  #able: { readonly atMs: number; readonly regions: readonly string[] } = { atMs: -1, regions: [] };

  constructor(world: ContactGround) {
    this.#world = world;
  }

  /** Whether a message from one region to a service of another, and its answer, get through. */
  passes(from: string, to: string, service: string): boolean {
    const { links } = this.#world;
    const there = [to, `aws/${service}/${to}`];
    return links.passes([from], there) && links.passes(there, [from]);
  }

  /** Whether a table takes reads and writes at all. */
  isTableUp(region: string): boolean {
    const { stoppedTables, links } = this.#world;
    return !stoppedTables.has(region) && !links.isRegionDead(region);
  }

  /** Whether every call of a process in `from` to a table is answered. */
  canUseTable(from: string, region: string): boolean {
    return (
      this.isTableUp(region) && this.passes(from, region, 'dynamodb') && !this.#isFailing('dynamodb', from, region)
    );
  }

  /** Whether something beyond a region, with a majority of some register's voters, could decide without it. */
  canBeReplaced(region: string): boolean {
    const isBeyond = (other: string) => this.isTableUp(other) && !this.passes(region, other, 'dynamodb');
    return this.#services().some((service) => {
      const voters = this.#votersOf(service);
      return voters.filter(isBeyond).length >= majorityAmong(voters.length);
    });
  }

  /** Control regions whose watcher works, knows what it says, and reaches a majority of every register's voters. */
  ableWatchers(): readonly string[] {
    const { nowMs } = this.#world;
    if (this.#able.atMs !== nowMs) this.#able = { atMs: nowMs, regions: this.#findAble() };
    return this.#able.regions;
  }

  #findAble(): readonly string[] {
    return this.#world.deployment.controlRegions.filter((region) => {
      if (!this.#isAtWork(region)) return false;
      return this.#services().every((service) => this.#reachesMajorities(region, service));
    });
  }

  /**
   * Whether a region's watcher reaches a majority of the voters of the newest decided value, and of those of a newer
   * one that some table has accepted: that may have been decided, too, and nobody may pass it over.
   */
  #reachesMajorities(region: string, service: string): boolean {
    const { decisions, deployment } = this.#world;
    const [newest, proposed] = [decisions.newest(service), decisions.newestProposed(service)];
    if (newest === null) {
      const usable = deployment.controlRegions.filter((other) => this.canUseTable(region, other));
      return usable.length >= majorityAmong(deployment.controlRegions.length);
    }
    const lists = proposed === null || proposed.voters === newest.voters ? [newest] : [newest, proposed];
    return lists.every(({ voters }) => {
      const usable = voters.filter((voter) => this.canUseTable(region, voter.region) && this.#votes(service, voter));
      return usable.length >= majorityAmong(voters.length);
    });
  }

  #services(): readonly string[] {
    return Object.keys(this.#world.deployment.services);
  }

  /** Regions that vote on a register, by the newest value that was decided; those deployed until there is one. */
  #votersOf(service: string): readonly string[] {
    const { decisions, deployment } = this.#world;
    return decisions.newest(service)?.voters.map(({ region }) => region) ?? deployment.controlRegions;
  }

  /** Whether the table that a list names is the one that is there by now. */
  #votes(service: string, { region, incarnation }: Voter): boolean {
    return this.#world.tables.read(region, [service]).acceptors[service]?.incarnation === incarnation;
  }

  /** Able watchers that a given one can read, itself included where it can write its own table. */
  heardBy(region: string, able: readonly string[] = this.ableWatchers()): readonly string[] {
    return able.filter((other) => this.canUseTable(other, other) && this.canUseTable(region, other));
  }

  /**
   * Whether some able watcher of a voter hears those of a majority of the voters: with fewer, nothing is looked after,
   * and a region that has no vote yet decides nothing, whatever it hears.
   */
  isMajorityAtWork(voters: readonly string[]): boolean {
    const atWork = voters.filter((voter) => this.#isAtWork(voter) && this.canUseTable(voter, voter));
    return this.ableWatchers().some((region) => {
      if (!voters.includes(region)) return false;
      const heard = atWork.filter((voter) => this.canUseTable(region, voter));
      return heard.length >= majorityAmong(voters.length);
    });
  }

  #isAtWork(region: string): boolean {
    const { control, links } = this.#world;
    return !links.isRegionDead(region) && control.watcherAgeMs(region) >= warmUpMsMax;
  }

  /** Whether some other living region hears a region's watcher now. */
  isHeard(region: string): boolean {
    const { control, deployment, nowMs, opinionsWrittenMs } = this.#world;
    const ticks = Object.values(deployment.services).map(({ detection }) => detection.intervalMs);
    const ageMs = nowMs - (opinionsWrittenMs.get(region) ?? Number.NEGATIVE_INFINITY);
    if (ageMs > silentTicks * Math.max(...ticks)) return false;
    return deployment.controlRegions.some(
      (other) => other !== region && control.isWatcherRunning(other) && this.passes(other, region, 'dynamodb'),
    );
  }

  /** Whether the functions of a region answer some able watcher of another one. */
  areFunctionsHeard(region: string): boolean {
    return this.ableWatchers().some((from) => from !== region && this.canCall(from, region, 'lambda:Invoke'));
  }

  /**
   * Whether somebody in a region could close or open a fence there: a watcher that runs, and functions and APIs that
   * answer.
   */
  canFenceItself(region: string, site: Fenced): boolean {
    return this.#isAtWork(region) && this.#isFenceUsable(region, region, site);
  }

  /** Whether some able watcher could have a fence closed or opened. */
  canBeFenced(region: string, site: Fenced): boolean {
    return this.ableWatchers().some((from) => this.#isFenceUsable(from, region, site));
  }

  #isFenceUsable(from: string, region: string, { fence, account }: Fenced): boolean {
    if (fence === undefined || this.#world.control.areActuatorsFrozen(region)) return false;
    const { read, write } = fenceApis[fence.kind];
    const role = account === undefined ? [] : [takeRoleApi];
    const isInvoked = this.canCall(from, region, 'lambda:Invoke');
    return isInvoked && [read, write, ...role].every((api) => this.canCall(region, region, api));
  }

  /** Whether a call from one region to an API of another is always answered. */
  canCall(from: string, region: string, api: string): boolean {
    const { faults, nowMs } = this.#world;
    return this.passes(from, region, api.split(':')[0] ?? '') && !faults.isFailing({ api, region, by: from }, nowMs);
  }

  #isFailing(service: string, from: string, region: string): boolean {
    const { faults, nowMs } = this.#world;
    return ['UpdateItem', 'BatchGetItem', 'DescribeTable'].some((action) =>
      faults.isFailing({ api: `${service}:${action}`, region, by: from }, nowMs),
    );
  }
}
