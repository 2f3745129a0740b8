import { type Asked, bad, type Check, doubtful, ok } from './check.ts';
import { type Reading, unreadCheck } from './reading.ts';

/** Concurrent executions of Lambda in a region, and what of them the functions there take. */
export interface ConcurrencyReading {
  readonly region: string;
  readonly reading: Reading<{
    readonly limit: number;
    /** What is reserved for no function. */
    readonly unreserved: number;
    readonly functions: readonly ReservedConcurrency[];
  }>;
}

/** What is reserved for one function. */
export interface ReservedConcurrency {
  readonly kind: string;
  /** What the configuration reserves; null: nothing. */
  readonly planned: number | null;
  /** Null: nothing is. */
  readonly reserved: number | null;
  readonly isThere: boolean;
}

/** Health checks of Route 53 in the account. */
export interface HealthCheckReading {
  /** How many the configuration has. */
  readonly needed: number;
  readonly reading: Reading<{ readonly limit: number; readonly count: number }>;
}

/** Elastic IPs of a service in their region. */
export interface AddressReading {
  readonly service: string;
  readonly region: string;
  readonly needed: readonly string[];
  /** Allocation ids of all that the account has there; the limit is null when it is not known. */
  readonly reading: Reading<{ readonly there: readonly string[]; readonly limit: number | null }>;
}

/** Processors of instances on demand in a region where sites would have to start some. */
export interface ProcessorReading {
  readonly region: string;
  /** What would start, such as `web/oregon`. */
  readonly sites: readonly string[];
  readonly reading: Reading<{
    readonly limit: number;
    readonly running: number;
    /** What the sites would start besides. */
    readonly missing: number;
  }>;
}

/** What Lambda keeps unreserved. Source: Lambda Developer Guide, "Configuring reserved concurrency for a function". */
const unreservedMin = 100;

/** Whether the functions have the concurrency that they need, and whether what is missing could be had. */
export function concurrencyCheck({ region, reading }: ConcurrencyReading): Check {
  const asked = { name: 'concurrency', subject: region };
  if (reading.kind === 'unread') return unreadCheck(asked, reading);
  const { limit, unreserved, functions } = reading.value;
  const off = functions.filter(({ reserved }) => reserved === 0);
  if (off.length > 0) {
    const names = off.map(({ kind }) => kind).join(', ');
    return bad(asked, `${names} may not run: 0 executions are reserved`, `deploy the stack of ${region} again`);
  }
  const needed = functions.reduce((sum, { planned }) => sum + (planned ?? 0), 0);
  const short = functions.filter(({ planned, reserved }) => (reserved ?? 0) < (planned ?? 0));
  const more = short.reduce((sum, { planned, reserved }) => sum + (planned ?? 0) - (reserved ?? 0), 0);
  const of = `needs ${needed} executions, ${unreserved} of ${limit} are unreserved`;
  if (unreserved - more < Math.min(unreservedMin, unreserved)) {
    const found = `${of}: it would take ${more} more, and Lambda keeps ${unreservedMin}`;
    return bad(asked, found, `ask for more "Concurrent executions" of AWS Lambda in ${region}, in Service Quotas`);
  }
  const weak = short.filter(({ isThere }) => isThere);
  if (weak.length === 0) return ok(asked, of);
  const each = weak.map(({ kind, planned, reserved }) => `${kind} has ${reserved ?? 'none'} of ${planned}`).join(', ');
  return doubtful(asked, `less is reserved than planned: ${each}`, `deploy the stack of ${region} again`);
}

/**
 * Whether the account may have the health checks.
 *
 * @param isDeployed - then the checks of the configuration are among those that exist
 */
export function healthCheckCheck({ needed, reading }: HealthCheckReading, isDeployed: boolean): Check {
  const asked: Asked = { name: 'health checks', subject: 'Route 53' };
  if (reading.kind === 'unread') return unreadCheck(asked, reading);
  const { limit, count } = reading.value;
  const free = limit - count;
  const found = `needs ${needed}, and the account has ${count} of ${limit}`;
  const todo = 'ask for more "Health checks" of Route 53, in Service Quotas';
  if (isDeployed) return free > 0 ? ok(asked, found) : doubtful(asked, `${found}: nothing can be added`, todo);
  return free >= needed ? ok(asked, found) : bad(asked, `${found}: the records could not be deployed`, todo);
}

/** Whether the Elastic IPs are there. */
export function addressCheck({ service, region, needed, reading }: AddressReading): Check {
  const asked = { name: 'addresses', subject: service };
  if (reading.kind === 'unread') return unreadCheck(asked, reading, `in ${region}: `);
  const { there, limit } = reading.value;
  const lost = needed.filter((id) => !there.includes(id));
  if (lost.length > 0) {
    const todo = 'see whether they were released, and set traffic.address.allocationId to what is there';
    return bad(asked, `${region} has no ${lost.join(', ')}`, todo);
  }
  return ok(asked, `needs ${needed.length}; ${region} has ${there.length} of ${limit ?? 'an unknown limit'}`);
}

/** Whether the instances that a site would start may be started. */
export function processorCheck({ region, sites, reading }: ProcessorReading): Check {
  const asked = { name: 'processors', subject: region };
  const who = sites.join(', ');
  if (reading.kind === 'unread') return unreadCheck(asked, reading, `for ${who}: `);
  const { limit, running, missing } = reading.value;
  const found = `${who} would start ${missing} vCPUs; ${running} of ${limit} run`;
  if (running + missing <= limit) return ok(asked, found);
  const quota = '"Running On-Demand Standard instances" of Amazon EC2';
  return bad(asked, found, `ask for more ${quota} in ${region}, in Service Quotas, or reserve capacity`);
}
