import { fnv1a } from '../model/digest.ts';
import type { Run, Step } from '../register/run.ts';
import { type AttributeValue, attributes, nanos, type OtlpRequest, resource, scope } from './otlp.ts';
import type { TraceReport } from './report.ts';

/** `SPAN_KIND_INTERNAL`. Source: opentelemetry-proto, `trace.proto`. */
const internal = 1;
/** `STATUS_CODE_OK` and `STATUS_CODE_ERROR`. Source: opentelemetry-proto, `trace.proto`. */
const codes = { ok: 1, error: 2 } as const;

/** Words of 32 bits in the id of a trace and of a span. Source: opentelemetry-proto, `trace.proto`: 16 and 8 bytes. */
const traceWords = 4;
const spanWords = 2;

interface SpanOutline {
  readonly name: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly of: Readonly<Record<string, AttributeValue | null>>;
  readonly status: { readonly code: number; readonly message?: string };
}

/**
 * The trace of a run: a span for the whole, and one below it for each part.
 *
 * Ids follow from the deployment, the service and the epoch, so that two watchers that both tell of a run tell the same
 * trace, and so does one that tells it twice.
 */
export function traceRequest({ deployment, service, run }: TraceReport): OtlpRequest {
  const traceId = traceIdOf(deployment, service, run.epoch);
  const root = rootOf(service, run);
  const spanIdOf = (name: string) => idFrom(`${traceId} ${name}`, spanWords);
  const spanOf = ({ name, startMs, endMs, of, status }: SpanOutline, parent: string | null) => ({
    traceId,
    spanId: spanIdOf(name),
    ...(parent === null ? {} : { parentSpanId: spanIdOf(parent) }),
    name,
    kind: internal,
    startTimeUnixNano: nanos(startMs),
    // Steps may have been timed by different clocks.
    endTimeUnixNano: nanos(Math.max(startMs, endMs)),
    attributes: attributes(of),
    status,
  });
  const parts = [...phasesOf(run), ...run.steps.flatMap((step) => stepSpan(run, step))];
  const spans = [spanOf(root, null), ...parts.map((part) => spanOf(part, root.name))];
  return {
    path: '/v1/traces',
    body: { resourceSpans: [{ resource: resource(deployment, null), scopeSpans: [{ scope, spans }] }] },
  };
}

/** The id of the trace of a run: 32 hexadecimal digits. */
export function traceIdOf(deployment: string, service: string, epoch: number): string {
  return idFrom(`${deployment}/${service}/${epoch}`, traceWords);
}

/** Digits that follow from a text. All zeros would be no id; a text whose every word is zero does not come up. */
function idFrom(text: string, words: number): string {
  return Array.from({ length: words }, (_, index) => fnv1a(`${index} ${text}`).toString(16).padStart(8, '0')).join('');
}

function rootOf(service: string, run: Run): SpanOutline {
  const { times, steps } = run;
  const ends = steps.flatMap(({ endedMs }) => endedMs ?? []);
  return {
    name: run.kind,
    startMs: beganMs(run),
    endMs: Math.max(times.decidedMs, times.verifiedMs ?? 0, ...ends),
    of: {
      'failover.service': service,
      'failover.epoch': run.epoch,
      'failover.attempt': run.attempt,
      'failover.from': run.from,
      'failover.to': run.to,
      'failover.reason': run.reason,
      'failover.decided_by': run.by,
      'failover.state': run.state,
      'failover.data_at_risk_ms': times.dataAtRiskMs,
      'failover.loss_ms': times.lossMs,
    },
    status: run.state === 'failed' ? { code: codes.error, message: failureOf(run) } : { code: codes.ok },
  };
}

function beganMs({ times: { faultMs, detectedMs, decidedMs } }: Run): number {
  return Math.min(faultMs ?? decidedMs, detectedMs ?? decidedMs, decidedMs);
}

/** What came before the steps: from the fault to the quorum, and from there to the decision. */
function phasesOf({ times: { faultMs, detectedMs, decidedMs } }: Run): readonly SpanOutline[] {
  const phase = (name: string, startMs: number | null, endMs: number | null): readonly SpanOutline[] =>
    startMs === null || endMs === null ? [] : [{ name, startMs, endMs, of: {}, status: { code: codes.ok } }];
  return [...phase('detect', faultMs, detectedMs), ...phase('decide', detectedMs ?? faultMs, decidedMs)];
}

/** A step begins when the steps before it have ended; one that has not ended has no span. */
function stepSpan(run: Run, step: Step): readonly SpanOutline[] {
  const { name, resource: what, region, state, detail, after, endedMs } = step;
  if (endedMs === undefined) return [];
  const before = run.steps.filter((other) => after.includes(other.name)).flatMap((other) => other.endedMs ?? []);
  const hasFailed = state === 'failed' || state === 'turned-back';
  return [
    {
      name,
      startMs: Math.max(run.times.decidedMs, ...before),
      endMs: endedMs,
      of: { 'failover.resource': what, 'failover.region': region, 'failover.state': state, 'failover.detail': detail },
      status: hasFailed ? { code: codes.error, message: detail } : { code: codes.ok },
    },
  ];
}

function failureOf({ steps }: Run): string {
  const failed = steps.find(({ state }) => state === 'failed' || state === 'turned-back');
  return failed === undefined ? 'failed' : `${failed.name}: ${failed.detail}`;
}
