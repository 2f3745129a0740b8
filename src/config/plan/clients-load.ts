import { oracleCheckIntervalSeconds } from '../../core/dns/zone-plan.ts';
import type { Deployment } from '../../core/model/deployment.ts';
import { recordsPlan } from './records.ts';

/**
 * Requests a second that a function URL serves for each reserved concurrency, however short they are; more are answered
 * with 429. Source: Lambda Developer Guide, "Creating and managing Lambda function URLs", Throttling.
 */
const requestsPerConcurrency = 10;
/**
 * Route 53's checkers that read one check: two in each of its eight regions, as in the simulator; published counts are
 * 15 to 16.
 */
const checkersPerCheck = 16;
/** The checks' rate is served this many times over, for checkers that come together. Source: our own. */
const checksHeadroom = 3;
/**
 * Fewest reserved for an oracle: checkers that come together while it starts, one second each. Source: our own.
 */
const oracleConcurrencyMin = 10;
/** Programs that were started together ask together: twice their rate is served. Source: our own. */
const clientsHeadroom = 2;
const endpointsConcurrencyMin = 2;
/**
 * Most that are reserved for clients in a region, of the 900 that an account may reserve by default. Source: Lambda
 * Developer Guide, "Lambda quotas": 1,000, of which 100 stay unreserved.
 */
const endpointsConcurrencyMax = 200;

/** Whether some service has clients that are told its endpoints. */
export function hasClients({ services }: Pick<Deployment, 'services'>): boolean {
  return Object.values(services).some(({ clients }) => clients !== undefined);
}

/** Requests a second of Route 53's checkers to the oracle of one region. */
export function checksPerSecond(deployment: Deployment): number {
  const checks = recordsPlan(deployment).flatMap(({ oracleCheckIds }) => oracleCheckIds);
  return ((checks.length / deployment.controlRegions.length) * checkersPerCheck) / oracleCheckIntervalSeconds;
}

/** Requests a second of all clients to one region. */
export function clientsPerSecond({ services }: Pick<Deployment, 'services'>): number {
  return Object.values(services).reduce(
    (sum, { clients }) => sum + (clients === undefined ? 0 : (clients.fleet * 1_000) / clients.askMs),
    0,
  );
}

/** Reserved concurrency of an oracle: what its checks ask for, three times over. */
export function oracleConcurrency(deployment: Deployment): number {
  const needed = (checksHeadroom * checksPerSecond(deployment)) / requestsPerConcurrency;
  return Math.max(oracleConcurrencyMin, Math.ceil(needed));
}

/** Reserved concurrency of the function that clients ask: what they ask for, twice over, within a limit. */
export function endpointsConcurrency(deployment: Deployment): number {
  const needed = Math.ceil((clientsHeadroom * clientsPerSecond(deployment)) / requestsPerConcurrency);
  return Math.min(endpointsConcurrencyMax, Math.max(endpointsConcurrencyMin, needed));
}

/** What Route 53 asks the oracle of each region, and what that can serve, in requests a second. */
export interface OracleLoad {
  readonly askedPerSecond: number;
  readonly servedPerSecond: number;
  /** Checks that ask one oracle. */
  readonly checks: number;
  /** Most checks together that are served. */
  readonly checksMax: number;
}

/** The load of the health checks on each oracle; null where no check asks one. */
export function oracleLoadOf(deployment: Deployment): OracleLoad | null {
  const askedPerSecond = checksPerSecond(deployment);
  if (askedPerSecond === 0) return null;
  const perCheck = checkersPerCheck / oracleCheckIntervalSeconds;
  const servedPerSecond = requestsPerConcurrency * oracleConcurrency(deployment);
  const checks = Math.round(askedPerSecond / perCheck);
  return { askedPerSecond, servedPerSecond, checks, checksMax: Math.floor(servedPerSecond / perCheck) };
}

/** What the function that clients ask is asked for in each region, and what it can serve, in requests a second. */
export interface ClientsLoad {
  readonly askedPerSecond: number;
  readonly servedPerSecond: number;
  /** Most programs together that ask as often as is declared. */
  readonly fleetMax: number;
}

/** The load of clients in each control region; null where there are none. */
export function clientsLoadOf(deployment: Deployment): ClientsLoad | null {
  const askedPerSecond = clientsPerSecond(deployment);
  if (askedPerSecond === 0) return null;
  const servedPerSecond = requestsPerConcurrency * endpointsConcurrency(deployment);
  const fleet = Object.values(deployment.services).reduce((sum, { clients }) => sum + (clients?.fleet ?? 0), 0);
  return { askedPerSecond, servedPerSecond, fleetMax: Math.floor((servedPerSecond * fleet) / askedPerSecond) };
}
