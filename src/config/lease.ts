import { tableCallMs } from '../core/timing.ts';

/** A call to a state table and one retry of it. */
export const tableCallsOfLease = 2;

/** What the shortest lease depends on. */
interface LeaseTimes {
  readonly sites: Readonly<Record<string, { readonly probes: readonly { readonly timeoutMs: number }[] }>>;
  readonly detection: { readonly opinionTtlMs: number };
}

/** Deadline of the slowest probe of a service, in milliseconds; 0 without probes. */
export function longestProbeMs(sites: LeaseTimes['sites']): number {
  return Math.max(0, ...Object.values(sites).flatMap(({ probes }) => probes.map(({ timeoutMs }) => timeoutMs)));
}

/** The shortest lease that is longer than the worst ordinary tick, in milliseconds. */
export function shortestLeaseMs({ sites, detection }: LeaseTimes): number {
  return detection.opinionTtlMs + longestProbeMs(sites) + tableCallsOfLease * tableCallMs;
}

/** The shortest lease with default ticks and probes, and half of it. Source: our own. */
const leaseMsLeast = 15_000;
/** What a lease has over the shortest one. */
const leaseShare = 1.5;

/** The lease of a service that names none, in milliseconds. */
export function leaseMsDefault(times: LeaseTimes): number {
  return Math.max(leaseMsLeast, Math.ceil(leaseShare * shortestLeaseMs(times)));
}
