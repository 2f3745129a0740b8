import type { RecordPlan } from '../../core/dns/zone-plan.ts';
import type { Deployment } from '../../core/model/deployment.ts';
import { recordsPlan } from './records.ts';

/**
 * Health checks that an account may have by default; it can be raised. Source: Route 53 Developer Guide, "Quotas",
 * "Quotas on health checks".
 */
export const healthChecksByDefault = 200;

/** What a deployment holds in Route 53. */
export interface DnsSize {
  /** Of all services. While a deployment replaces checks, there are up to twice as many. */
  readonly healthChecks: number;
  readonly healthChecksByDefault: number;
  /** Most aliases that lead one to the next, from a name that clients ask to a record with an answer. */
  readonly aliasDepth: number;
}

/**
 * The size of the checks and records; null where nothing is deployed in Route 53.
 *
 * No document of AWS limits how many aliases lead one to the next: neither "Quotas" nor "Choosing between alias and
 * non-alias records" of the Route 53 Developer Guide. Nobody has tried the longest chains in an account, so the depth
 * is said and not judged (docs/real-account.md).
 */
export function dnsSizeOf(deployment: Deployment): DnsSize | null {
  const services = recordsPlan(deployment);
  if (services.length === 0) return null;
  return {
    healthChecks: services.reduce((sum, { checks }) => sum + checks.length, 0),
    healthChecksByDefault,
    aliasDepth: Math.max(...services.map(({ records }) => aliasDepthOf(records))),
  };
}

/** Targets stand before the aliases that lead to them, so each depth is known when it is asked for. */
function aliasDepthOf(records: readonly RecordPlan[]): number {
  const depths = new Map<string, number>();
  for (const { name, type, target } of records) {
    const key = `${name} ${type}`;
    const depth = target.kind === 'alias' ? 1 + (depths.get(`${target.name} ${type}`) ?? 0) : 0;
    depths.set(key, Math.max(depth, depths.get(key) ?? 0));
  }
  return Math.max(0, ...depths.values());
}
