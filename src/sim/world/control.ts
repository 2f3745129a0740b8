import type { Deployment } from '../../core/model/deployment.ts';
import type { Routine } from '../../core/routine.ts';
import { watcherLifeMs, watcherTimeLimitMs } from '../../core/timing.ts';
import { watch } from '../../core/watcher/watcher.ts';
import { Process, type ProcessIdentity, type Reach } from '../process.ts';
import { type SeededRandom, seededRandom } from '../random.ts';
import type { Scheduler } from '../scheduler.ts';

/** How often the schedule of each region starts its watcher; EventBridge's finest rate. */
const scheduleMs = 60_000;
/** How late a schedule may fire; AWS promises the minute, not the second. */
const scheduleJitterMs = 2_000;
/** Time from an invocation to its first instruction. */
const coldStartMs = 300;

/** Wraps a routine: how a planted bug gets into the product without the product knowing. */
export type Mutation = <T>(routine: Routine<T>, identity: ProcessIdentity) => Routine<T>;

/** What a control region's processes run on. */
export interface Machines {
  readonly scheduler: Scheduler;
  readonly seed: number;
  readonly reach: Reach;
  readonly mutate: Mutation;
  readonly isRegionDead: (region: string) => boolean;
}

/** Where a deployment goes, and what of a stack has the new configuration when: CloudFormation has no fixed order. */
export interface Rollout {
  /** Control regions whose stacks are deployed; in the others, and where none is, what is there goes on as it is. */
  readonly regions: readonly string[];
  readonly watchersAfterMs?: number;
  /** For the functions that carry out orders and read what no probe tells. */
  readonly functionsAfterMs?: number;
}

/** The schedules and processes of the control regions: Lambda as far as this product notices it. */
export class SimControl {
  readonly #machines: Machines;
  readonly #random: SeededRandom;
  readonly #skews = new Map<string, number>();
  readonly #stoppedWatchers = new Set<string>();
  readonly #frozen = new Set<string>();
  readonly #frozenActuators = new Set<string>();
  /** Since when each region has had a watcher at work without a gap. */
  readonly #rowsSinceMs = new Map<string, number>();
  #processes: Process[] = [];
  #serial = 0;
  /** What each region's watcher runs; one that a later configuration leaves out goes on with what it has. */
  readonly #deployed = new Map<string, Deployment>();
  /** What the other functions of each region run. */
  readonly #functions = new Map<string, Deployment>();
  /** What the oracle of each region runs. */
  readonly #oracles = new Map<string, Deployment>();
  /** What each watcher process was started with, by its serial. */
  readonly #startedWith = new Map<number, Deployment>();
  /** How often each region's stack was deployed: what comes late of an earlier deployment comes no more. */
  readonly #rollouts = new Map<string, number>();

  constructor(deployment: Deployment, machines: Machines) {
    this.#machines = machines;
    this.#random = seededRandom(machines.seed, 'control');
    for (const region of deployment.controlRegions) {
      this.#deployed.set(region, deployment);
      this.#functions.set(region, deployment);
      this.#oracles.set(region, deployment);
      machines.scheduler.after(Math.floor(this.#random() * scheduleJitterMs), () => this.#fire(region));
    }
  }

  /**
   * The next invocations run with another configuration; the ones under way go on as they are, as in AWS.
   *
   * @param onArrival - told each time that a part of a stack got the new configuration later than the rest
   */
  deploy(deployment: Deployment, rollout: Rollout, onArrival: () => void): void {
    const { regions, watchersAfterMs = 0, functionsAfterMs = 0 } = rollout;
    for (const region of deployment.controlRegions.filter((name) => regions.includes(name))) {
      const rank = (this.#rollouts.get(region) ?? 0) + 1;
      this.#rollouts.set(region, rank);
      const after = (delayMs: number, arrive: () => void) => {
        if (delayMs === 0) arrive();
        else
          this.#machines.scheduler.after(delayMs, () => {
            if (this.#rollouts.get(region) === rank) arrive();
            onArrival();
          });
      };
      after(functionsAfterMs, () => this.#functions.set(region, deployment));
      // A stack updates its oracle before its watcher.
      after(Math.min(functionsAfterMs, watchersAfterMs), () => this.#oracles.set(region, deployment));
      after(watchersAfterMs, () => {
        const isNew = !this.#deployed.has(region);
        this.#deployed.set(region, deployment);
        // A deployment replaces the function: the next invocation starts at once instead of at the next minute.
        if (isNew) this.#fire(region);
        else this.#startWatcher(region);
      });
    }
  }

  /** Whether every part of a region's stack has a configuration: the next stack is not begun before. */
  isDeployed(region: string, deployment: Deployment): boolean {
    const text = JSON.stringify(deployment);
    const parts = [this.#deployed, this.#functions, this.#oracles].map((part) => part.get(region));
    return parts.every((part) => JSON.stringify(part) === text);
  }

  /**
   * What the functions of a region that carry out orders were deployed with.
   *
   * @param fallback - for a region that has no stack
   */
  functionsOf(region: string, fallback: Deployment): Deployment {
    return this.#functions.get(region) ?? fallback;
  }

  /** What the oracle of a region was deployed with. */
  oracleOf(region: string): Deployment | undefined {
    return this.#oracles.get(region);
  }

  /** What is at work in some regions now: the configurations of living watchers, and of the other functions. */
  configurationsIn(regions: readonly string[]): readonly Deployment[] {
    const all = [
      ...regions.flatMap((region) => this.watchersIn(region)),
      ...regions.map((region) => this.#functions.get(region)),
    ];
    return [...new Set(all.filter((each) => each !== undefined))];
  }

  /** The configurations of the watchers that live in a region now. */
  watchersIn(region: string): readonly Deployment[] {
    const all = this.#watchersOf(region).map((process) => this.deploymentOf(process.identity));
    return all.filter((each) => each !== undefined);
  }

  /** What a watcher process was started with; nothing for any other. */
  deploymentOf({ serial }: Pick<ProcessIdentity, 'serial'>): Deployment | undefined {
    return this.#startedWith.get(serial);
  }

  stopWatcher(region: string): void {
    this.#stoppedWatchers.add(region);
    this.#kill((identity) => identity.place === region && identity.role === 'watcher');
  }

  startWatcher(region: string): void {
    if (this.#stoppedWatchers.delete(region)) this.#startWatcher(region);
  }

  /** Everything that runs in a region dies with it; its schedule goes on when it is back. */
  killRegion(region: string): void {
    this.#kill((identity) => identity.place === region);
  }

  reviveRegion(region: string): void {
    this.#startWatcher(region);
  }

  /** Kills a watcher and whatever its actuators are doing for it, as a crash point demands. */
  crashWatcher(region: string): void {
    this.#kill(({ role, place, watcher }) => (role === 'watcher' ? place : watcher) === region);
  }

  freezeWatcher(region: string, forMs: number): void {
    this.#frozen.add(region);
    for (const process of this.#watchersOf(region)) process.freeze();
    this.#machines.scheduler.after(forMs, () => this.thawWatcher(region));
  }

  thawWatcher(region: string): void {
    this.#frozen.delete(region);
    this.#rowsSinceMs.set(region, this.#machines.scheduler.nowMs);
    for (const process of this.#watchersOf(region)) process.thaw();
  }

  /** Whether what is invoked in a region stands still: its functions answer nobody. */
  areActuatorsFrozen(region: string): boolean {
    return this.#frozenActuators.has(region);
  }

  /**
   * Everything that an actuator of a region does, and is asked to do meanwhile, waits, and then goes on where it was.
   */
  freezeActuators(region: string, forMs: number): void {
    this.#frozenActuators.add(region);
    for (const process of this.#actuatorsOf(region)) process.freeze();
    this.#machines.scheduler.after(forMs, () => {
      this.#frozenActuators.delete(region);
      for (const process of this.#actuatorsOf(region)) process.thaw();
    });
  }

  /** How far the clocks of a region, or of an operator, are ahead of true time, in milliseconds. */
  skewMsOf(place: string): number {
    return this.#skews.get(place) ?? 0;
  }

  setSkew(region: string, skewMs: number): void {
    this.#skews.set(region, skewMs);
  }

  clearSkews(): void {
    this.#skews.clear();
  }

  isWatcherRunning(region: string): boolean {
    return !this.#frozen.has(region) && this.#processes.some((process) => isWatcherOf(region, process));
  }

  /** How long a region has had a watcher at work without a gap, each following another; 0 when it has none now. */
  watcherAgeMs(region: string): number {
    const sinceMs = this.#rowsSinceMs.get(region);
    return sinceMs === undefined || !this.isWatcherRunning(region) ? 0 : this.#machines.scheduler.nowMs - sinceMs;
  }

  /** Starts a process for something other than a watcher: an actuator's invocation, an operator's command. */
  spawn<T>(identity: Omit<ProcessIdentity, 'serial'>, routine: Routine<T>, onEnd: (result: T) => void): Process {
    const process = this.#newProcess(identity);
    if (identity.role === 'actuator' && this.#frozenActuators.has(identity.place)) process.freeze();
    process.start(this.#machines.mutate(routine, process.identity), (result) => {
      process.kill();
      onEnd(result);
    });
    return process;
  }

  #fire(region: string): void {
    const { scheduler } = this.#machines;
    scheduler.after(scheduleMs - scheduleJitterMs / 2 + Math.floor(this.#random() * scheduleJitterMs), () =>
      this.#fire(region),
    );
    this.#startWatcher(region);
  }

  #startWatcher(region: string): void {
    const { scheduler, isRegionDead, mutate } = this.#machines;
    scheduler.after(coldStartMs + Math.floor(this.#random() * coldStartMs), () => {
      const deployment = this.#deployed.get(region);
      if (deployment === undefined || this.#stoppedWatchers.has(region) || isRegionDead(region)) return;
      if (this.#watchersOf(region).length === 0) this.#rowsSinceMs.set(region, scheduler.nowMs);
      const process = this.#newProcess({ role: 'watcher', place: region, watcher: region });
      this.#startedWith.set(process.identity.serial, deployment);
      if (this.#frozen.has(region)) process.freeze();
      const setup = { deployment, region, lifeMs: watcherLifeMs, hasSelfCheck: true };
      process.start(mutate(watch(setup), process.identity), () => process.kill());
      // Lambda ends an invocation that outlives its time limit, wherever it is.
      scheduler.after(watcherTimeLimitMs, () => process.kill());
    });
  }

  #newProcess(identity: Omit<ProcessIdentity, 'serial'>): Process {
    this.#serial += 1;
    const { scheduler, reach, seed } = this.#machines;
    const { place } = identity;
    const random = seededRandom(seed, `process:${this.#serial}`);
    const process = new Process(
      { ...identity, serial: this.#serial },
      { scheduler, reach, random, skewMs: () => this.skewMsOf(place) },
    );
    this.#processes = [...this.#processes.filter((other) => other.isAlive), process];
    return process;
  }

  #watchersOf(region: string): readonly Process[] {
    return this.#processes.filter((process) => isWatcherOf(region, process));
  }

  #actuatorsOf(region: string): readonly Process[] {
    return this.#processes.filter(
      ({ isAlive, identity }) => isAlive && identity.role === 'actuator' && identity.place === region,
    );
  }

  #kill(isMeant: (identity: ProcessIdentity) => boolean): void {
    for (const process of this.#processes) if (isMeant(process.identity)) process.kill();
  }
}

function isWatcherOf(region: string, { isAlive, identity }: Process): boolean {
  return isAlive && identity.role === 'watcher' && identity.place === region;
}
