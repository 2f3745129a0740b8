import type { Requirement } from './deployment.ts';

/** Why a probe failed; the words appear in status and notifications. */
export type FailureReason =
  | 'refused'
  | 'timeout'
  | 'reset'
  | 'unresolved'
  | 'wrong-status'
  | 'wrong-body'
  | 'wrong-role'
  | 'wrong-banner'
  | 'bad-certificate'
  | 'too-large'
  | 'redirect'
  | 'garbage';

/** What a site says of itself in its answer; absent means that it did not say. */
export interface SiteReport {
  readonly role?: string;
  readonly replicationLagMs?: number;
  readonly ready?: boolean;
}

/**
 * The result of one probe.
 *
 * `unknown` means that the prober itself could not tell (out of sockets, no resolver): it is not a failure of the site.
 */
export type Observation =
  | { readonly outcome: 'pass'; readonly latencyMs: number; readonly report?: SiteReport }
  | {
      readonly outcome: 'fail';
      readonly reason: FailureReason;
      readonly latencyMs: number;
      readonly report?: SiteReport;
    }
  | { readonly outcome: 'unknown'; readonly detail: string };

/** The observations of one site in one tick, combined. */
export interface SiteObservation {
  readonly outcome: 'pass' | 'fail' | 'unknown';
  readonly reason: FailureReason | null;
  /** A corroborating probe saw life. */
  readonly isCorroboratedAlive: boolean;
  readonly report: SiteReport;
}

/** An observation together with whether its probe only corroborates. */
export interface WeighedObservation {
  readonly observation: Observation;
  readonly isCorroborating: boolean;
}

/**
 * Combines the probes of one site.
 *
 * A requirement is met when enough plain probes pass, failed when the ones that did not fail cannot meet it,
 * and `unknown` between: a probe whose result is missing never counts as a failure.
 */
export function combineObservations(
  observations: readonly WeighedObservation[],
  require: Requirement,
): SiteObservation {
  const plain = observations.filter((weighed) => !weighed.isCorroborating).map((weighed) => weighed.observation);
  const needed = require === 'all' ? plain.length : require === 'any' ? 1 : require.atLeast;
  const passed = plain.filter((observation) => observation.outcome === 'pass').length;
  const failures = plain.filter((observation) => observation.outcome === 'fail');

  const isFailed = plain.length - failures.length < needed;
  return {
    outcome: passed >= needed ? 'pass' : isFailed ? 'fail' : 'unknown',
    reason: isFailed ? (failures[0]?.reason ?? null) : null,
    isCorroboratedAlive: observations.some(
      (weighed) => weighed.isCorroborating && weighed.observation.outcome === 'pass',
    ),
    report: mergeReports(observations.map((weighed) => weighed.observation)),
  };
}

/** The worst of what the answers of one site say: any role other than active, the highest lag, not ready if one says so. */
function mergeReports(observations: readonly Observation[]): SiteReport {
  const merged: { role?: string; replicationLagMs?: number; ready?: boolean } = {};
  for (const observation of observations) {
    if (observation.outcome === 'unknown' || !observation.report) continue;
    const { role, replicationLagMs, ready } = observation.report;
    if (role !== undefined && (merged.role === undefined || merged.role === 'active')) merged.role = role;
    if (replicationLagMs !== undefined)
      merged.replicationLagMs = Math.max(replicationLagMs, merged.replicationLagMs ?? 0);
    if (ready !== undefined) merged.ready = ready && (merged.ready ?? true);
  }
  return merged;
}
