import type { Opinion } from '../detection/opinion.ts';
import type { TelemetrySignal } from '../model/telemetry.ts';
import type { ProtectionLevel } from '../operator/protection.ts';
import type { Run, RunKind } from '../register/run.ts';

/** What a watcher tells of one site at one instant. */
export interface SiteFacts {
  /** How many fresh watchers hold each opinion of it. */
  readonly votes: Readonly<Partial<Record<Opinion, number>>>;
  /** Of its data, as it or its survey says; absent when it is not known. */
  readonly replicationLagMs?: number | undefined;
  /** What its slowest plain probe took from here; absent while it does not pass. */
  readonly probeMs?: number | undefined;
}

/** What a watcher tells of one service at one instant. */
export interface ServiceFacts {
  readonly protection: ProtectionLevel;
  /** Null while no majority says it. */
  readonly epoch: number | null;
  readonly active: string | null;
  /** The newest run; null when there was none. */
  readonly run: {
    readonly kind: RunKind;
    /** From the first sign of the fault to the decision; null of a planned move. */
    readonly decisionMs: number | null;
    /** From there until the new site was verified; null while it is not. */
    readonly recoveryMs: number | null;
  } | null;
  readonly sites: Readonly<Record<string, SiteFacts>>;
}

/** Who tells, and when. */
interface ReportOrigin {
  readonly deployment: string;
  /** Control region of the watcher. */
  readonly region: string;
  /** Epoch milliseconds by its clock. */
  readonly atMs: number;
}

/** The state of all services at one instant. */
export type MetricsReport = ReportOrigin & {
  readonly signal: Extract<TelemetrySignal, 'metrics'>;
  readonly services: Readonly<Record<string, ServiceFacts>>;
};

/** A run that has ended. */
export type TraceReport = ReportOrigin & {
  readonly signal: Extract<TelemetrySignal, 'traces'>;
  readonly service: string;
  readonly run: Run;
};

/** What a watcher has a collector told. */
export type TelemetryReport = MetricsReport | TraceReport;

/** What the newest run of a service says of how long things take. */
export function runFacts(run: Run | null): ServiceFacts['run'] {
  if (run === null) return null;
  const { faultMs, detectedMs, decidedMs, verifiedMs } = run.times;
  const beganMs = faultMs ?? detectedMs;
  // Two clocks may have read these times; a negative span would be of the clocks and not of the run.
  const since = (fromMs: number, toMs: number) => Math.max(0, toMs - fromMs);
  return {
    kind: run.kind,
    decisionMs: beganMs === null ? null : since(beganMs, decidedMs),
    recoveryMs: verifiedMs === null ? null : since(beganMs ?? decidedMs, verifiedMs),
  };
}
