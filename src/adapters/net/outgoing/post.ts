import type { Fault } from '../../../core/fault.ts';
import type { Clock } from '../../../ports/clock.ts';
import { PortError } from '../../../ports/port-error.ts';
import type { Rng } from '../../../ports/rng.ts';

/** How often, and for how long, one message is tried. */
export interface PostLimits {
  readonly triesMax: number;
  /** Longest that one try may take. */
  readonly tryMs: number;
  /** Longest that all of them may take, pauses included. */
  readonly allTriesMs: number;
  /** Pause after the first failure; twice as long after the next, each by half more or less. */
  readonly pauseMs: number;
}

/** A message for a server of somebody else. */
export interface Post {
  /** What the server is called in a fault. It names no URL that may be a secret. */
  readonly name: string;
  readonly url: string;
  readonly body: string;
  /** Headers of one try; told the time of it, in seconds since 1970. */
  readonly headersAt: (atSeconds: number) => Readonly<Record<string, string>>;
  /** Whether the same may succeed later, by the status of an answer that is none of 2xx. */
  readonly isPassing: (status: number) => boolean;
}

/** What posting needs of its surroundings. */
export interface PostGround {
  readonly clock: Pick<Clock, 'monotonicMs' | 'wallMs' | 'sleep'>;
  readonly rng: Rng;
}

interface Failure {
  readonly kind: Fault['kind'];
  readonly detail: string;
  readonly isPassing: boolean;
  /** What the server asks to wait for, in milliseconds; 0 when it asks for nothing. */
  readonly retryAfterMs: number;
}

/** Longest part of an answer that is read, in bytes. */
const answerBytesMax = 4_096;

/**
 * Posts JSON until it is taken: by an answer of 2xx. Redirects are not followed. What may pass is tried again after a
 * pause, with jitter, and not before a `Retry-After` is over.
 *
 * @returns the beginning of the answer's body
 * @throws {PortError} once it has failed for good, or there is no time left for another try
 */
export async function post(message: Post, limits: PostLimits, { clock, rng }: PostGround): Promise<string> {
  const startMs = clock.monotonicMs();
  for (let tries = 1; ; tries += 1) {
    const outcome = await tryOnce(message, limits.tryMs, Math.floor(clock.wallMs() / 1_000));
    if (typeof outcome === 'string') return outcome;
    const waitMs = Math.max(limits.pauseMs * 2 ** (tries - 1) * (0.5 + rng.next()), outcome.retryAfterMs);
    const isLate = clock.monotonicMs() - startMs + waitMs + limits.tryMs > limits.allTriesMs;
    if (tries >= limits.triesMax || isLate || !outcome.isPassing) {
      throw new PortError({ kind: outcome.kind, detail: `${message.name} ${outcome.detail}` });
    }
    await clock.sleep(waitMs);
  }
}

/** Whether a URL may be posted to: in the clear only within this machine, for a collector beside it and for tests. */
export function isSafeUrl(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname } = new URL(url);
  return protocol === 'https:' || (protocol === 'http:' && loopbackHosts.includes(hostname));
}

/** Names of this machine, as URLs have them. */
const loopbackHosts: readonly string[] = ['127.0.0.1', 'localhost', '[::1]'];

async function tryOnce(
  { url, body, headersAt, isPassing }: Post,
  tryMs: number,
  atSeconds: number,
): Promise<string | Failure> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      redirect: 'manual',
      signal: AbortSignal.timeout(tryMs),
      body,
      headers: { 'content-type': 'application/json', 'user-agent': 'cdk-failover', ...headersAt(atSeconds) },
    });
    if (response.ok) return await beginningOf(response);
    await response.body?.cancel();
    return failureOf(response, isPassing);
  } catch (error) {
    return unanswered(error, tryMs);
  }
}

/** The beginning of a body; the rest is not waited for. */
async function beginningOf({ body }: Response): Promise<string> {
  const reader = body?.getReader();
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  while (reader !== undefined && bytes < answerBytesMax) {
    const { value } = await reader.read();
    if (value === undefined) break;
    chunks.push(value);
    bytes += value.length;
  }
  await reader?.cancel();
  return Buffer.concat(chunks).toString();
}

function failureOf({ status, headers }: Response, isPassing: Post['isPassing']): Failure {
  const seconds = Number(headers.get('retry-after'));
  const retryAfterMs = Number.isFinite(seconds) && seconds > 0 ? seconds * 1_000 : 0;
  const detail = `answered ${status}`;
  if (status === 429) return { kind: 'throttled', detail, isPassing: isPassing(status), retryAfterMs };
  if (status >= 500 || status === 408) {
    return { kind: 'unavailable', detail, isPassing: isPassing(status), retryAfterMs };
  }
  const kind = status === 401 || status === 403 ? 'denied' : 'invalid';
  return { kind, detail, isPassing: isPassing(status), retryAfterMs: 0 };
}

function unanswered(error: unknown, tryMs: number): Failure {
  if (error instanceof Error && error.name === 'TimeoutError') {
    return { kind: 'timeout', detail: `did not answer within ${tryMs} ms`, isPassing: true, retryAfterMs: 0 };
  }
  const { cause } = error instanceof Error ? error : {};
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? ` (${cause.code})` : '';
  return { kind: 'unavailable', detail: `cannot be reached${code}`, isPassing: true, retryAfterMs: 0 };
}
