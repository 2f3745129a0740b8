import type { FailoverEvent } from '../../core/alerting/event.ts';
import type { Order } from '../../core/kinds/order.ts';
import type { Deployment } from '../../core/model/deployment.ts';
import { preferredSite } from '../../core/model/service.ts';
import type { Register } from '../../core/register/register.ts';
import { withSitesRenamed } from '../../core/register/renaming.ts';
import type { OpinionItem } from '../../core/tables/opinion-item.ts';
import { attemptMs } from '../../core/timing.ts';
import type { Observer, Occurrence, SimEvent, Written } from '../event.ts';
import type { Process } from '../process.ts';
import { type SeededRandom, seededRandom } from '../random.ts';
import { Scheduler } from '../scheduler.ts';
import { reachWorld } from './api.ts';
import { ApiFaults } from './api-faults.ts';
import { SimClients } from './clients/clients.ts';
import { Exposure } from './clients/exposure.ts';
import { SimLoad } from './clients/load.ts';
import { SimWrites } from './clients/writes.ts';
import { SimCloud } from './cloud.ts';
import { Contact } from './contact.ts';
import { type Mutation, type Rollout, SimControl } from './control.ts';
import { Crashes } from './crashes.ts';
import { SimDatabases } from './databases.ts';
import { type Accepted, type Decided, Decisions } from './decisions.ts';
import { Disturbances } from './disturbances.ts';
import { type DnsDeployment, SimNames } from './dns/names.ts';
import { Links } from './links.ts';
import { SimControls } from './resources/controls.ts';
import { SimDials } from './resources/dials.ts';
import { SimHooks } from './resources/hooks.ts';
import { SimRoutes } from './resources/routes.ts';
import { SimScales } from './resources/scales.ts';
import { SimShifts } from './resources/shifts.ts';
import { SimStores } from './resources/stores.ts';
import { SimWork } from './resources/work.ts';
import { lagSoFar, SimSites } from './sites.ts';
import { SimStateTables } from './state-tables.ts';
import { SimTableIdentities } from './table-identities.ts';

/** How often a deployment looks whether a dark region is back. */
const recordsLookMs = 1_000;

/** How a world differs from an ordinary one. */
export interface WorldOptions {
  readonly seed: number;
  readonly mutate?: Mutation;
  /** Makes a redeploy forget what the tables hold: only a planted bug does. */
  readonly isRedeployForgetful?: boolean;
  /** Makes functions take every order for one of their own configuration: only a planted bug does. */
  readonly isAgreementPresumed?: boolean;
  /** Writes weights of balancers without a word about their cookies: only a planted bug does. */
  readonly areCookiesForgotten?: boolean;
  /** Leads records away from a dropped site beside watchers that still know it: only a planted bug does. */
  readonly areFormerWatchersForgotten?: boolean;
  /** How the first deployment makes checks and records; `established` when left out. */
  readonly dns?: DnsDeployment;
}

/**
 * A whole account in memory: regions, sites, tables, addresses, records, health checks, functions and clients, under
 * one virtual clock.
 *
 * It knows the truth. The product under test sees of it only what its calls bring back; checkers hear every event.
 */
export class World {
  readonly scheduler = new Scheduler();
  readonly links = new Links();
  readonly faults = new ApiFaults();
  readonly hooks = new SimHooks(this.scheduler);
  readonly cloud = new SimCloud((service, site) => this.sites.keyOf(service, site));
  readonly routes = new SimRoutes();
  readonly dials = new SimDials();
  readonly controls = new SimControls();
  readonly stores = new SimStores();
  readonly shifts = new SimShifts(this.scheduler);
  readonly sites = new SimSites();
  readonly scales = new SimScales(this.scheduler, this.sites, (region) => this.links.isRegionDead(region));
  readonly work = new SimWork(this.scheduler);
  readonly databases = new SimDatabases(
    this.scheduler,
    this.sites,
    {
      isRegionDead: (region) => this.links.isRegionDead(region),
      isReachable: (from, to) => this.links.passes([from], [to]),
    },
    (service, change, isLossless, lagMs) => {
      this.writes.branch(service, change.from, change.writer, isLossless ? 'switched' : 'promoted', lagMs);
      this.occur({ type: 'writer', service, ...change });
    },
  );
  /** What clients were told is written, and what of it a promotion left behind. */
  readonly writes: SimWrites = new SimWrites(this);
  /** What outsiders find. */
  readonly exposure: Exposure = new Exposure(this);
  /** Who can work with whom. */
  readonly contact: Contact = new Contact(this);
  readonly load: SimLoad = new SimLoad(this);
  readonly random: SeededRandom;
  readonly tables: SimStateTables;
  readonly identities = new SimTableIdentities(this);
  readonly names: SimNames;
  readonly control: SimControl;
  readonly clients: SimClients;
  readonly crashes: Crashes;
  readonly decisions: Decisions;
  readonly disturbances = new Disturbances(() => this.scheduler.nowMs);
  /** What reads that may be stale brought back last. */
  readonly answered = new Map<string, unknown>();
  /** When each table last took its watcher's opinions. */
  readonly opinionsWrittenMs = new Map<string, number>();
  readonly stoppedTables = new Set<string>();
  readonly stoppedOracles = new Set<string>();
  readonly #options: WorldOptions;
  readonly #observers: Observer[] = [];
  readonly #orders = new Map<number, { readonly order: Order; readonly meantBy: Deployment }>();
  readonly #callers = new Map<number, number>();
  #deployment: Deployment;
  #earlier: readonly Deployment[] = [];

  constructor(deployment: Deployment, options: WorldOptions) {
    this.#deployment = deployment;
    this.#options = options;
    this.cloud.areCookiesForgotten = options.areCookiesForgotten ?? false;
    this.random = seededRandom(options.seed, 'network');
    const marks = seededRandom(options.seed, 'incarnations');
    this.tables = new SimStateTables(deployment.controlRegions, () => Math.floor(marks() * 36 ** 8).toString(36));
    this.decisions = new Decisions((decided) => this.#decide(decided));
    this.crashes = new Crashes((watcher, point) => {
      this.occur({ type: 'scenario', what: `crash of watcher ${watcher} ${point}`, isFault: true });
      this.disturbances.strike();
      this.control.crashWatcher(watcher);
    });
    this.control = new SimControl(deployment, {
      scheduler: this.scheduler,
      seed: options.seed,
      reach: (process, name, input, reply) => reachWorld(this, process, name, input, reply),
      mutate: options.mutate ?? ((routine) => routine),
      isRegionDead: (region) => this.links.isRegionDead(region),
    });
    this.#prepare(deployment);
    this.names = new SimNames(this, deployment, options.dns ?? 'established', options.areFormerWatchersForgotten);
    this.clients = new SimClients(this, options.seed);
  }

  #decide(decided: Decided): void {
    const { service, register, previous } = decided;
    const [from, to] = [previous?.serving[0], register.serving[0]];
    const config = this.#deployment.services[service];
    if (register.epoch !== previous?.epoch && config?.sites[register.active])
      this.writes.noteMove(service, register.active, lagSoFar(this.sites.get(service, register.active), this.nowMs));
    const promotion = register.run?.steps.find(({ name }) => name === 'promote');
    // A move has come to a site that takes writes, or a person has named it: by a skipped step, or by founding anew.
    if (register.run === null || promotion?.state === 'done' || promotion?.state === 'skipped')
      this.#settle(service, register, previous);
    const isBranch = config?.mode === 'active-passive' && this.databases.writerOf(service) === null;
    if (isBranch && from !== to && from !== undefined && to !== undefined && config.sites[from] && config.sites[to])
      this.writes.branch(service, from, to, 'served', this.sites.get(service, to).replicationLagMs);
    this.occur({ type: 'decided', ...decided });
  }

  /** A later value of the same move says nothing anew of data that a person has moved since. */
  #settle(service: string, { epoch, run, active }: Register, previous: Register | null): void {
    const writer = this.databases.writerOf(service);
    const isByHand = writer !== null && this.databases.isWriterByHand(service, writer);
    const isOver = (of: Register['run']) => of?.steps.find(({ name }) => name === 'promote')?.state;
    if (isByHand && epoch === previous?.epoch && isOver(run) === isOver(previous.run)) return;
    this.databases.settle(service, run?.to ?? active);
  }

  get nowMs(): number {
    return this.scheduler.nowMs;
  }

  get deployment(): Deployment {
    return this.#deployment;
  }

  /** What was deployed before: what a machine that was forgotten still holds. */
  get previousDeployment(): Deployment {
    return this.#earlier[0] ?? this.#deployment;
  }

  /** All that was ever deployed, the newest first: a site that is in none any more keeps its address. */
  get deployments(): readonly Deployment[] {
    return [this.#deployment, ...this.#earlier];
  }

  observe(observer: Observer): void {
    this.#observers.push(observer);
  }

  /** Tells every observer. What occurs becomes the event: a copy of each would be a good part of the work. */
  occur(occurrence: Occurrence): void {
    const event = Object.assign(occurrence, { atMs: this.scheduler.nowMs }) as SimEvent;
    for (const observer of this.#observers) observer(event);
  }

  /**
   * Deploys another configuration over the present one; what the tables hold stays.
   *
   * @param rollout - where, and what of a stack is there when
   */
  redeploy(deployment: Deployment, rollout: Rollout = { regions: deployment.controlRegions }): void {
    const { regions } = rollout;
    const before = this.#deployment;
    this.#earlier = this.deployments;
    this.#deployment = deployment;
    this.#prepare(deployment);
    for (const [name, { data }] of Object.entries(deployment.services))
      if (data !== undefined && before.services[name]?.data === undefined) this.#handData(name);
    this.applyIsolation();
    if (this.#options.isRedeployForgetful) for (const region of deployment.controlRegions) this.tables.lose(region);
    this.tables.ensure(deployment.controlRegions.filter((region) => regions.includes(region)));
    this.disturbances.strike();
    this.control.deploy(deployment, rollout, () => this.disturbances.strike());
    this.clients.deploy();
    this.#deployRecords(deployment);
  }

  /** Data that was taken out of the configuration comes back into it where the service is now. */
  #handData(service: string): void {
    const register = this.decisions.newest(service);
    const isPromoting = register?.run?.state === 'running' && register.run.steps.some(({ name }) => name === 'promote');
    if (register && !isPromoting) this.databases.handTo(service, register.active);
  }

  /** The stack of the records comes after those of all regions, so it waits for a region that is dark. */
  #deployRecords(deployment: Deployment): void {
    // A later deployment has taken over.
    if (deployment !== this.#deployment) return;
    // What was deployed in several turns is the same configuration in each of them.
    const isThere = (region: string) => !this.links.isRegionDead(region) && this.control.isDeployed(region, deployment);
    if (!deployment.controlRegions.every(isThere)) {
      this.scheduler.after(recordsLookMs, () => this.#deployRecords(deployment));
      return;
    }
    this.names.deploy(deployment, this.#options.dns === 'at-once' ? 'at-once' : 'in-order');
  }

  #prepare(deployment: Deployment): void {
    this.sites.deploy(deployment);
    for (const name of Object.keys(deployment.services))
      this.decisions.rename(name, (register) => this.#renamed(name, register));
    const activeOf = (name: string) => {
      const service = deployment.services[name];
      return this.decisions.newest(name)?.active ?? (service ? preferredSite(service) : '');
    };
    this.cloud.deploy(deployment, activeOf);
    this.routes.deploy(deployment, activeOf);
    this.dials.deploy(deployment, activeOf);
    this.controls.deploy(deployment, activeOf);
    this.stores.deploy(deployment, activeOf);
    this.shifts.deploy(deployment);
    this.work.deploy(deployment, activeOf);
    this.scales.deploy(deployment, (name) => [activeOf(name)]);
    this.databases.deploy(deployment, activeOf);
  }

  noteAccept(accepted: Accepted): void {
    const known = { ...accepted, register: this.#renamed(accepted.service, accepted.register) };
    this.occur({ type: 'accept', ...known });
    this.decisions.note(known);
  }

  /** A register with its sites called as they are now: whoever wrote it may know them by earlier names. */
  #renamed(service: string, register: Register): Register {
    const renaming = this.sites.renamingOf(service);
    return Object.keys(renaming).length === 0 ? register : withSitesRenamed(register, renaming);
  }

  get isAgreementPresumed(): boolean {
    return this.#options.isAgreementPresumed ?? false;
  }

  noteOrder(actuator: Process, order: Order, caller: Process, heldBy: Deployment): void {
    const meantBy = this.control.deploymentOf(caller.identity) ?? this.deployment;
    this.#orders.set(actuator.identity.serial, { order, meantBy });
    this.#callers.set(actuator.identity.serial, caller.identity.serial);
    this.occur({ type: 'order', order, meantBy, heldBy, by: actuator.identity });
  }

  noteWrite(written: Written, process: Process): void {
    const noted = this.#orders.get(process.identity.serial);
    if (!noted) throw new RangeError('a write without an order');
    this.occur({ type: 'write', ...written, ...noted, by: process.identity });
  }

  callerOf({ identity }: Process): number | undefined {
    return this.#callers.get(identity.serial);
  }

  noteVoice({ identity }: Process, item: OpinionItem): void {
    this.occur({ type: 'voice', watcher: identity.place, serial: identity.serial, item });
  }

  noteSaid(process: Process, event: FailoverEvent): void {
    this.occur({ type: 'logged', by: process.identity, event });
    this.crashes.hear(event, process);
    if (process.identity.role === 'watcher') this.names.hear(process.identity.place, event);
  }

  attemptMs(service: string): number {
    const failover = this.#deployment.services[service]?.failover;
    return failover === undefined ? 0 : attemptMs(failover);
  }

  stepTimeoutMs(service: string): number {
    return this.#deployment.services[service]?.failover.stepTimeoutMs ?? 0;
  }

  isTableStopped(call: { readonly api: string; readonly region: string }): boolean {
    const isThere = this.tables.has(call.region) && !this.stoppedTables.has(call.region);
    return call.api.startsWith('dynamodb:') && !isThere;
  }

  /** Whether a region reaches anything beyond itself: another control region, as its control target. */
  isConnected(region: string): boolean {
    return this.#deployment.controlRegions.some((other) => other !== region && this.links.passes([region], [other]));
  }

  /** Sites whose fence is closed in the cloud are cut off. */
  applyIsolation(): void {
    for (const site of this.sites.all()) {
      const { fence } = this.deployment.services[site.service]?.sites[site.name] ?? {};
      site.isIsolated = this.cloud.isCutOff(site.service, site.name);
      site.isHidden = site.isIsolated && fence?.kind !== 'read-only';
    }
  }
}
