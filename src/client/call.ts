import { ClientError } from './client-error.ts';
import type { Directory, Endpoint } from './directory.ts';
import { type ClientSystem, sleep, withDeadline } from './system.ts';

/** How one call is made. */
export interface CallOptions {
  /** Time for the whole call, retries included. */
  readonly requestTimeoutMs: number;
  /** Attempts at most; 1 never retries, for what must not happen twice. */
  readonly attemptsMax: number;
  /** Whether an error speaks against the endpoint. One that does not is thrown at once and opens no breaker. */
  readonly isFailure: (error: unknown) => boolean;
  /** Aborts the call. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Longest pause before the second attempt; it doubles with each one. Short: the other endpoint is not the one that
 * fails.
 */
const pauseMsMax = 25;

/** Share of the time left that a pause may take. */
const pauseShareMax = 0.1;

/**
 * Calls `fn` with the best endpoint, and with the next one when that fails.
 *
 * The time is split: an attempt gets what is left, divided by the attempts that could still reach another endpoint. So
 * a call whose first endpoint is dead and silent is answered by the second within `requestTimeoutMs`, and where there
 * is only one endpoint, or only one is left, the attempt has all the time there is.
 *
 * @throws what the last attempt threw; {ClientError} `TIMEOUT` when that took too long, `NO_ENDPOINT` without a list
 */
export async function callEndpoint<T>(
  directory: Directory,
  system: ClientSystem,
  fn: (endpoint: Endpoint, signal: AbortSignal) => Promise<T> | T,
  { requestTimeoutMs, attemptsMax, isFailure, signal }: CallOptions,
): Promise<T> {
  const endsAtMs = system.now().monotonicMs + requestTimeoutMs;
  const tried = new Set<string>();
  for (let attempt = 1; ; attempt += 1) {
    const nowMs = system.now().monotonicMs;
    const endpoint = directory.choose(nowMs, tried);
    if (endpoint === null) throw new ClientError('NO_ENDPOINT', 'no endpoint is known; is any source reachable?');
    const breaker = directory.breaker(endpoint);
    const shares = Math.max(1, Math.min(attemptsMax - attempt + 1, directory.untried(tried)));
    const attemptMs = Math.max(1, (endsAtMs - nowMs) / shares);
    breaker.begin(nowMs);
    tried.add(endpoint.url);
    const late = () => new ClientError('TIMEOUT', `no answer from ${endpoint.url} within ${Math.round(attemptMs)} ms`);
    try {
      const answer = await withDeadline(system, attemptMs, (inner) => fn(endpoint, inner), late, { outer: signal });
      breaker.succeed();
      return answer;
    } catch (error) {
      if (signal?.aborted) throw error;
      const isLate = error instanceof ClientError && error.code === 'TIMEOUT';
      if (!isLate && !isFailure(error)) {
        breaker.succeed();
        throw error;
      }
      breaker.fail(system.now().monotonicMs);
      if (attempt >= attemptsMax || !(await pauseBefore(attempt + 1, endsAtMs, system, signal))) throw error;
    }
  }
}

/** Waits a random moment, so that callers do not arrive together; false when there is no time for another attempt. */
async function pauseBefore(
  attempt: number,
  endsAtMs: number,
  system: ClientSystem,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const leftMs = endsAtMs - system.now().monotonicMs;
  const ms = system.random() * Math.min(pauseMsMax * 2 ** (attempt - 2), leftMs * pauseShareMax);
  if (ms >= 1) await sleep(system, ms, signal ?? new AbortController().signal, false);
  signal?.throwIfAborted();
  return endsAtMs - system.now().monotonicMs >= 1;
}
