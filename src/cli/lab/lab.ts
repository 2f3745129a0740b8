import { AwsClients } from '../../adapters/aws/clients.ts';
import { DynamoDbStateTables } from '../../adapters/aws/tables/dynamodb-state-tables.ts';
import type { NameServer } from '../../adapters/net/resolver.ts';
import { systemClock } from '../../adapters/system/clock.ts';
import { systemRng } from '../../adapters/system/rng.ts';
import { FailoverError } from '../../core/errors.ts';
import type { Deployment } from '../../core/model/deployment.ts';
import type { Register } from '../../core/register/register.ts';
import { registerViewOf } from '../../core/tables/service-view.ts';
import type { TableView } from '../../core/tables/table-view.ts';
import { tickMsOf } from '../../core/timing.ts';
import type { LabEvent } from '../../dashboard/lab-event.ts';
import { type DrillDetection, drillDeployment, drillSites } from '../drill/drill-deployment.ts';
import type { LabProcess } from './lab-process.ts';
import { planWires, seenFrom } from './links.ts';
import { Processes } from './processes.ts';
import type { LabRole, Urls } from './protocol.ts';
import { findSiteAddresses, type SiteAddress } from './site-addresses.ts';
import { labTiming } from './timing-profile.ts';

/** Looks at a register that is just being changed, or at tables that are busy, before it counts as not held. */
const looksMax = 5;
const lookPauseMs = 100;

/** Longest that starting waits to spread the watchers' ticks. */
const tickSpreadMsMax = 1_000;

/** What a lab runs, and who hears of it. */
export interface LabOptions {
  /** The user's own; null runs the built-in deployment with sites of the lab's own. */
  readonly deployment: Deployment | null;
  /** How the built-in deployment checks its sites. */
  readonly detection?: DrillDetection;
  readonly onEvent: (event: LabEvent) => void;
}

type Ends = Pick<Lab, 'tables' | 'oracles' | 'nameServer'>;

type Members<R extends LabRole> = ReadonlyMap<string, LabProcess<R>>;

/** The processes of a lab by what they are. */
export interface LabMembers {
  readonly tables: Members<'table'>;
  readonly watchers: Members<'watcher'>;
  readonly oracles: Members<'oracle'>;
  /** The lab's own sites; none with a deployment of the user's. */
  readonly sites: Members<'site'>;
  readonly link: LabProcess<'link'>;
  readonly dns: LabProcess<'dns'>;
}

/**
 * A whole deployment on this machine, every part of it a process of its own on loopback.
 *
 * All processes start at once; each gets its configuration as soon as the ports that it needs are known.
 */
export class Lab {
  readonly deployment: Deployment;
  readonly members: LabMembers;
  /** URLs of the state tables as they are, past the links. */
  readonly tables: Urls;
  /** URLs of the oracles, as health checkers reach them. */
  readonly oracles: Urls;
  readonly nameServer: NameServer;
  /** Where the lab's own sites are; empty with a deployment of the user's. */
  readonly sites: Readonly<Record<string, SiteAddress>>;
  readonly #processes: Processes;
  readonly #clients: AwsClients;
  readonly #states: DynamoDbStateTables;

  /** @throws {FailoverError} FAULT when a process does not start; nothing is left running then */
  static async start({ deployment: given, detection, onEvent }: LabOptions): Promise<Lab> {
    const processes = new Processes(onEvent);
    try {
      const sites = given === null ? await findSiteAddresses(drillSites) : {};
      const deployment = given ?? drillDeployment(sites, detection);
      const regions = deployment.controlRegions;
      const members: LabMembers = {
        tables: processes.startAll('table', regions),
        watchers: processes.startAll('watcher', regions),
        oracles: processes.startAll('oracle', regions),
        sites: processes.startAll('site', Object.keys(sites)),
        link: processes.start('link', null),
        dns: processes.start('dns', null),
      };
      return new Lab(processes, deployment, members, sites, await configure(deployment, members, sites));
    } catch (error) {
      await processes.stop();
      throw error;
    }
  }

  private constructor(
    processes: Processes,
    deployment: Deployment,
    members: LabMembers,
    sites: Readonly<Record<string, SiteAddress>>,
    { tables, oracles, nameServer }: Ends,
  ) {
    this.#processes = processes;
    this.deployment = deployment;
    this.members = members;
    this.sites = sites;
    this.tables = tables;
    this.oracles = oracles;
    this.nameServer = nameServer;
    this.#clients = new AwsClients({ endpoints: tables });
    this.#states = new DynamoDbStateTables({
      clients: this.#clients,
      deployment: deployment.name,
      rng: systemRng,
      clock: systemClock,
    });
  }

  get processCount(): number {
    return this.#processes.size;
  }

  /** Puts a new process in the place of one that has ended. A table comes back empty. */
  async restart(role: 'tables' | 'watchers' | 'oracles' | 'sites', place: string): Promise<void> {
    const members = this.members[role] as Map<string, LabProcess<LabRole>>;
    const old = members.get(place);
    if (old === undefined || old.isAlive) return;
    const config = await old.successorConfig();
    if (config === null) return;
    const successor = this.#processes.start(old.role, place);
    members.set(place, successor);
    await successor.configure(config);
  }

  /** What every table holds now; undefined where it does not answer. */
  readTables(): Promise<readonly (TableView | undefined)[]> {
    const services = Object.keys(this.deployment.services);
    return Promise.all(
      this.deployment.controlRegions.map((region) => this.#states.read(region, services).catch(() => undefined)),
    );
  }

  /** The register as a majority of tables holds it; null when they do not, even after some looks. */
  async readRegister(service: string): Promise<Register | null> {
    for (let look = 1; look <= looksMax; look += 1) {
      if (look > 1) await systemClock.sleep(lookPauseMs);
      const views = await this.readTables();
      const view = registerViewOf(this.deployment.controlRegions, service, views);
      if (view.kind === 'decided') return view.register;
    }
    return null;
  }

  /**
   * Ends everything that was started, whatever state it is in.
   *
   * @throws {FailoverError} FAULT when a process is still there afterwards
   */
  async stop(): Promise<void> {
    this.#clients.close();
    await this.#processes.stop();
    const left = this.#processes.pids().filter(isThere);
    if (left.length > 0) throw new FailoverError('FAULT', `still running: ${left.join(', ')}; end them with "kill -9"`);
  }
}

async function configure(deployment: Deployment, members: LabMembers, sites: Lab['sites']): Promise<Ends> {
  const { checkIntervalMs } = labTiming;
  const sitesReady = [...members.sites].map(([name, member]) => member.configure({ name, ...placeOf(sites, name) }));
  const tables = await urlsOf(members.tables, (member) => member.configure({ deployment: deployment.name }));
  const ends = { deployment, tables, sites };
  const links = planWires(ends);
  const [wirePorts, oracles] = await Promise.all([
    members.link.configure({ links }),
    urlsOf(members.oracles, (member, region) =>
      member.configure({ deployment, region, tableUrl: tables[region] ?? '' }),
    ),
    ...sitesReady,
  ]);
  const [dnsPort = 0] = await members.dns.configure({ deployment, oracles, checkIntervalMs });
  const nameServer = { host: '127.0.0.1', port: dnsPort };
  // Schedules of different regions know nothing of each other, so neither do the ticks here.
  const tickMs = tickMsOf(Object.values(deployment.services));
  await Promise.all(
    [...members.watchers].map(async ([region, member]) => {
      await systemClock.sleep(systemRng.next() * Math.min(tickMs, tickSpreadMsMax));
      await member.configure({ ...seenFrom(region, ends, links, wirePorts), nameServer });
    }),
  );
  return { tables, oracles, nameServer };
}

function placeOf(sites: Lab['sites'], name: string): { readonly host: string; readonly port: number } {
  const { host = '127.0.0.1', port = 0 } = sites[name] ?? {};
  return { host, port };
}

async function urlsOf<R extends LabRole>(
  members: Members<R>,
  configureOne: (member: LabProcess<R>, region: string) => Promise<readonly number[]>,
): Promise<Urls> {
  const entries = [...members].map(async ([region, member]) => {
    const [port] = await configureOne(member, region);
    return [region, `http://127.0.0.1:${port}`] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

/** Whether a process of this number is there; all of the lab's were this process's own children. */
function isThere(pid: number): boolean {
  try {
    return pid > 0 && process.kill(pid, 0);
  } catch {
    return false;
  }
}
