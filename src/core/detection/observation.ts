import { type DataRole, dataRoles } from '../model/data.ts';
import type { Requirement } from '../model/site.ts';
import { type BackupFacts, olderOf } from './backup.ts';
import type { GreyReason } from './grey-failure.ts';

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
  | 'garbage'
  // What is asked says that the site is not well.
  | 'not-ok'
  // What AWS answers of the site: its alarm is raised, a metric is not as it has to be, its function threw.
  | 'alarm'
  | 'out-of-range'
  | 'no-data'
  | 'function-threw'
  // Judged over a window of answers, not by a single answer.
  | GreyReason;

/** What a site reports about itself, or what its survey found. An absent field means that the value is not known. */
export interface SiteReport extends BackupFacts {
  readonly role?: string;
  readonly replicationLagMs?: number;
  readonly ready?: boolean;
  /** Its present load, in the unit of its capacity. */
  readonly load?: number;
  /**
   * Offset of its clock from the watcher's in milliseconds, by its `Date` header; positive when its clock is ahead.
   */
  readonly clockOffsetMs?: number;
  /** Days until its certificate ends, rounded down. */
  readonly certificateDaysLeft?: number;
  /** The size that was asked for, summed over everything that can be scaled but instances. */
  readonly size?: number;
  /** What is in service of it, and of instances the share, 0 to 1. */
  readonly inService?: number;
  /** Number of findings in the audit of a standby; their text is in the log. */
  readonly findings?: number;
  /** Its own region closed its fence while it was out of contact, and has not opened the fence yet. */
  readonly isSelfFenced?: boolean;
  /** Role of its copy of the data, as the API of the data says in the site's own region. */
  readonly dataRole?: DataRole;
  /** The functions of its region can take their role in its account, as far as the one that looks at it knows. */
  readonly canTakeRole?: boolean;
}

/**
 * The result of one probe.
 *
 * `unknown` means that the prober itself could not tell (no free socket, no resolver). It is not a failure of the site.
 * `saw` says in a few words what came back; nothing is decided by it.
 */
export type Observation =
  | { readonly outcome: 'pass'; readonly latencyMs: number; readonly report?: SiteReport; readonly saw?: string }
  | {
      readonly outcome: 'fail';
      readonly reason: FailureReason;
      readonly latencyMs: number;
      readonly report?: SiteReport;
      readonly saw?: string;
    }
  | { readonly outcome: 'unknown'; readonly detail: string };

/** The observations of one site in one tick, combined. */
export interface SiteObservation {
  readonly outcome: 'pass' | 'fail' | 'unknown';
  readonly reason: FailureReason | null;
  /** Whether a corroborating probe passed. */
  readonly isCorroboratedAlive: boolean;
  readonly report: SiteReport;
  /** Latency of the slowest plain probe that passed; null when the site did not pass. */
  readonly latencyMs: number | null;
  /** The site passes, but not all of its plain probes do. */
  readonly isPartial: boolean;
  /** Names of the dependencies whose probes failed. */
  readonly dependencies: readonly string[];
}

/** An observation together with whether its probe only corroborates. */
export interface WeighedObservation {
  readonly observation: Observation;
  readonly isCorroborating: boolean;
  readonly dependency?: string | undefined;
}

/**
 * Combines the probes of one site.
 *
 * The requirement is met when enough plain probes pass. It has failed when even all the probes without a failure would
 * be too few. Otherwise the result is `unknown`: a missing result never counts as a failure.
 */
export function combineObservations(
  observations: readonly WeighedObservation[],
  require: Requirement,
): SiteObservation {
  const plain = observations.filter((weighed) => !weighed.isCorroborating).map((weighed) => weighed.observation);
  const needed = require === 'all' ? plain.length : require === 'any' ? 1 : require.atLeast;
  const passed = plain.filter((observation) => observation.outcome === 'pass').length;
  const failures = plain.filter((observation) => observation.outcome === 'fail');

  const latencies = plain.flatMap((each) => (each.outcome === 'pass' ? [each.latencyMs] : []));
  const isFailed = plain.length - failures.length < needed;
  return {
    outcome: passed >= needed ? 'pass' : isFailed ? 'fail' : 'unknown',
    latencyMs: passed >= needed ? Math.max(0, ...latencies) : null,
    isPartial: passed >= needed && failures.length > 0,
    dependencies: failingDependencies(observations),
    reason: isFailed ? (failures[0]?.reason ?? null) : null,
    isCorroboratedAlive: observations.some(
      (weighed) => weighed.isCorroborating && weighed.observation.outcome === 'pass',
    ),
    report: mergeReports(
      observations.flatMap(({ observation }) => (observation.outcome === 'unknown' ? [] : (observation.report ?? []))),
    ),
  };
}

function failingDependencies(observations: readonly WeighedObservation[]): readonly string[] {
  const names = observations.flatMap(({ observation, dependency }) =>
    observation.outcome === 'fail' && dependency !== undefined ? [dependency] : [],
  );
  return [...new Set(names)].sort();
}

/**
 * Merges several reports on one site into the least favourable values: a role other than active if one has it, the
 * highest lag and load, not ready if one says so, the largest clock offset, the certificate that ends first.
 */
export function mergeReports(reports: readonly SiteReport[]): SiteReport {
  const worst: Worst = {};
  for (const report of reports) if (Object.keys(report).length > 0) worsen(worst, report);
  return worst;
}

/** A report that is being merged. */
type Worst = { -readonly [K in keyof SiteReport]: SiteReport[K] };

/** Merged for every site at every look, so each field is set where there is one, and nothing is made in between. */
function worsen(worst: Worst, report: SiteReport): void {
  const { role, ready, dataRole, canTakeRole, clockOffsetMs } = report;
  if (role !== undefined && (worst.role === undefined || worst.role === 'active')) worst.role = role;
  if (report.isSelfFenced) worst.isSelfFenced = true;
  if (dataRole !== undefined && roleRank(dataRole) > roleRank(worst.dataRole)) worst.dataRole = dataRole;
  if (canTakeRole !== undefined) worst.canTakeRole = canTakeRole && worst.canTakeRole !== false;
  if (ready !== undefined) worst.ready = ready && worst.ready !== false;
  for (const key of ages) {
    const age = report[key];
    if (age !== undefined) worst[key] = olderOf(worst[key], age);
  }
  for (const key of highestCounts) {
    const value = report[key];
    if (value !== undefined) worst[key] = Math.max(value, worst[key] ?? value);
  }
  for (const key of lowestCounts) {
    const value = report[key];
    if (value !== undefined) worst[key] = Math.min(value, worst[key] ?? value);
  }
  if (clockOffsetMs !== undefined) {
    const before = worst.clockOffsetMs ?? clockOffsetMs;
    worst.clockOffsetMs = Math.abs(clockOffsetMs) > Math.abs(before) ? clockOffsetMs : before;
  }
}

/** Rank of a role among the least favourable; an unknown one counts below all. */
function roleRank(role: DataRole | undefined): number {
  return role === undefined ? -1 : dataRoles.indexOf(role);
}

/** Ages, null where there is nothing that has one. */
const ages = ['backupAgeMs', 'restoreAgeMs'] as const;

/** Of these the highest is the least favourable. */
const highestCounts = ['replicationLagMs', 'load', 'size', 'findings'] as const;

/** Of these the lowest is. */
const lowestCounts = ['certificateDaysLeft', 'inService'] as const;
