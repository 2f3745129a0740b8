import type { Group } from './group.ts';
import type { Notify } from './notify.ts';
import type { NamedService, Service } from './service.ts';
import type { TelemetryTargets } from './telemetry.ts';

/**
 * What a user declares, after validation: every default filled in, every duration in milliseconds.
 *
 * The schema in `config/` produces exactly this shape; the core never sees an unvalidated value.
 */

/** One installation of the product. */
export interface Deployment {
  /** Lower-case name, unique in the account; every deployed name starts with it. */
  readonly name: string;
  /**
   * Regions that hold a watcher, an oracle and a state table. An odd number, three or more. The voters of a register
   * are changed to match them, one voter at a time (ADR 11).
   */
  readonly controlRegions: readonly string[];
  /** By name. */
  readonly services: Readonly<Record<string, Service>>;
  /** Who gets messages, and how. */
  readonly notify: Notify;
  /** Whom else programs are told by; absent: nobody. */
  readonly telemetry?: TelemetryTargets | undefined;
  /** AWS account of the deployment; absent: the account of the credentials. */
  readonly account?: string | undefined;
  /** Other accounts in which functions have something to do, by account id. */
  readonly accounts?: Readonly<Record<string, OtherAccount>> | undefined;
  /** Region of the stack of checks and records; absent: the first control region. */
  readonly recordsRegion?: string | undefined;
  /** Where Route 53's checkers ask the oracles; absent: at public function URLs, which are then made. */
  readonly oracle?: OracleFronts | undefined;
  /** How the watchers run. */
  readonly watcher: WatcherPlacement;
  /** What is checked by itself, besides the sites. */
  readonly doctor: OwnCheckup;
  /** Findings of the fault-domain lint that are accepted, by name, each with the reason. */
  readonly accept: Readonly<Record<string, string>>;
  /** Services that fail over together, by the name of their group; a service is in one at most. */
  readonly groups: Readonly<Record<string, Group>>;
}

/** An account beside that of the deployment. */
export interface OtherAccount {
  /** What a function shows when it takes its role there; the trust policy of the role asks for it. */
  readonly externalId: string;
  /** Region of the stack with the roles; left out: the first control region. */
  readonly region?: string | undefined;
}

/** What the user has put before the oracles, instead of public function URLs. */
export interface OracleFronts {
  /** By control region: a URL whose requests are handed to the region's oracle; without a slash at its end. */
  readonly url: Readonly<Record<string, string>>;
}

/** What is checked by itself. */
export interface OwnCheckup {
  /** Whether what `doctor` checks is checked once an hour in AWS, too. */
  readonly hourly: boolean;
}

/** How the watchers run. */
export interface WatcherPlacement {
  /** Memory of the function in MiB, which fixes its share of a processor; absent follows the number of probes. */
  readonly memoryMb?: number | undefined;
  /** Whether the functions send traces to X-Ray. */
  readonly tracing: boolean;
  /** Networks to run in, by control region, for sites without a public address. */
  readonly vpc?: Readonly<Record<string, WatcherNetwork>> | undefined;
}

/** A place in a VPC, by ids. */
export interface WatcherNetwork {
  readonly vpcId: string;
  readonly subnetIds: readonly string[];
  readonly securityGroupIds: readonly string[];
}

/** @throws {RangeError} when the deployment has no such service; callers check user input first. */
export function serviceOf(deployment: Pick<Deployment, 'name' | 'services'>, name: string): NamedService {
  const service = deployment.services[name];
  if (!service) throw new RangeError(`no service "${name}" in deployment "${deployment.name}"`);
  const known = named.get(service);
  if (known?.name === name) return known;
  const made = { name, ...service };
  named.set(service, made);
  return made;
}

/**
 * The services with their names that were made already. A deployment is never changed once it is made, so one object
 * serves all who ask; what is derived from it can be kept by it, too.
 */
const named = new WeakMap<Service, NamedService>();

/** Fewest control regions that are more than half of all. */
export function majorityOf(deployment: Pick<Deployment, 'controlRegions'>): number {
  return Math.floor(deployment.controlRegions.length / 2) + 1;
}
