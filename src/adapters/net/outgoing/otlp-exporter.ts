import type { SecretReference } from '../../../core/model/probe.ts';
import type { OtlpTarget } from '../../../core/model/telemetry.ts';
import { type DropCount, metricsRequest } from '../../../core/telemetry/metrics.ts';
import type { TelemetryReport } from '../../../core/telemetry/report.ts';
import { traceRequest } from '../../../core/telemetry/trace.ts';
import { PortError } from '../../../ports/port-error.ts';
import { isSafeUrl, type PostGround, type PostLimits, post } from './post.ts';

/**
 * Well below the minute after which there are newer metrics, and below the 30 s of the function. Source: our own; the
 * SDKs of OpenTelemetry take 10 s.
 */
const limits: PostLimits = { triesMax: 3, tryMs: 3_000, allTriesMs: 10_000, pauseMs: 500 };

/**
 * Statuses after which the same may succeed later. Source: OTLP Specification 1.9, "OTLP/HTTP Response", "Retryable
 * Response Codes" (https://opentelemetry.io/docs/specs/otlp/#retryable-response-codes).
 */
const passing: readonly number[] = [429, 502, 503, 504];

/** What an exporter needs of its surroundings. */
export interface OtlpGround extends PostGround {
  readonly secrets: { read(reference: SecretReference): Promise<string> };
}

/**
 * Sends metrics and traces to a collector by OTLP over HTTP, as JSON.
 *
 * What is not taken in time is dropped and counted. The count goes out with the next metrics, so that a gap is seen for
 * what it was. No fault names a header: it may be a secret.
 */
export class OtlpExporter {
  readonly #target: OtlpTarget;
  readonly #ground: OtlpGround;
  readonly #sinceMs: number;
  #dropped = 0;

  constructor(target: OtlpTarget, ground: OtlpGround) {
    this.#target = target;
    this.#ground = ground;
    this.#sinceMs = ground.clock.wallMs();
  }

  /** What was not taken so far. */
  get dropped(): DropCount {
    return { count: this.#dropped, sinceMs: this.#sinceMs };
  }

  /** @throws {PortError} when the collector has not taken all of it; it is counted then, and not tried again */
  async export(report: TelemetryReport): Promise<void> {
    try {
      await this.#send(report);
    } catch (error) {
      this.#dropped += 1;
      throw error;
    }
  }

  async #send(report: TelemetryReport): Promise<void> {
    const { endpoint } = this.#target;
    if (!isSafeUrl(endpoint)) throw invalid('the endpoint of telemetry is no https:// URL');
    const request = report.signal === 'metrics' ? metricsRequest(report, this.dropped) : traceRequest(report);
    const headers = await this.#headers();
    const message = {
      name: `the collector ${new URL(endpoint).host}`,
      url: `${endpoint}${request.path}`,
      body: JSON.stringify(request.body),
      headersAt: () => headers,
      isPassing: (status: number) => passing.includes(status),
    };
    const rejected = rejectionIn(await post(message, limits, this.#ground));
    if (rejected !== null) throw invalid(`${message.name} rejected a part: ${rejected}`);
  }

  async #headers(): Promise<Readonly<Record<string, string>>> {
    const { secrets } = this.#ground;
    const entries = Object.entries(this.#target.headers).map(
      async ([name, value]) => [name, typeof value === 'string' ? value : await secrets.read(value)] as const,
    );
    return Object.fromEntries(await Promise.all(entries));
  }
}

/** Longest part of what a collector says that goes into a fault, in characters. */
const saidLengthMax = 120;

/**
 * Why a collector has not taken all that it has answered 200 to; null when it has. Source: OTLP Specification 1.9,
 * "Partial Success".
 */
function rejectionIn(answer: string): string | null {
  let body: unknown;
  try {
    body = JSON.parse(answer);
  } catch {
    // Some collectors answer with nothing, or with text: they have taken it.
    return null;
  }
  if (typeof body !== 'object' || body === null || !('partialSuccess' in body)) return null;
  const { partialSuccess } = body;
  if (typeof partialSuccess !== 'object' || partialSuccess === null) return null;
  const { rejectedDataPoints, rejectedSpans, errorMessage } = partialSuccess as Readonly<Record<string, unknown>>;
  const count = Number(rejectedDataPoints ?? rejectedSpans ?? 0);
  return count > 0 ? `${count}, ${String(errorMessage ?? 'without a reason').slice(0, saidLengthMax)}` : null;
}

function invalid(detail: string): PortError {
  return new PortError({ kind: 'invalid', detail });
}
