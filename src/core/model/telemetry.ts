import type { SecretReference } from './probe.ts';

/** What is told of a deployment to programs that watch it, besides the logs and metrics of AWS. */
export interface TelemetryTargets {
  readonly otlp?: OtlpTarget | undefined;
}

/** A collector of OpenTelemetry that is sent metrics and traces by OTLP over HTTP. */
export interface OtlpTarget {
  /** Without a slash at its end; `/v1/metrics` and `/v1/traces` are put after it. */
  readonly endpoint: string;
  /** Headers of each request; the value of a secret one is read where it is sent. */
  readonly headers: Readonly<Record<string, string | SecretReference>>;
  readonly signals: readonly TelemetrySignal[];
}

/** Sorts of telemetry. */
export const telemetrySignals = ['metrics', 'traces'] as const;

/** A sort of telemetry. */
export type TelemetrySignal = (typeof telemetrySignals)[number];

/** The secrets that a collector is sent. */
export function secretsOfTelemetry({ otlp }: TelemetryTargets): readonly SecretReference[] {
  return Object.values(otlp?.headers ?? {}).flatMap((value) => (typeof value === 'string' ? [] : [value]));
}
