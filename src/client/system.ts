/** A reading of both clocks of this machine, taken at once. */
export interface Instant {
  /** Never runs backwards; may stand still while the machine is suspended. */
  readonly monotonicMs: number;
  /** May jump; goes on while the machine is suspended. */
  readonly wallMs: number;
}

/** What the client library needs of the machine. Tests bring their own. */
export interface ClientSystem {
  /** Reads both clocks. */
  now(): Instant;
  /** Uniform, 0 inclusive to 1 exclusive. */
  random(): number;
  /**
   * Calls back once, unless cancelled.
   *
   * @param isBackground - true lets the process end while it waits
   * @returns cancels; harmless when called again
   */
  after(ms: number, act: () => void, isBackground: boolean): () => void;
  /** Body of a GET that was answered with 200. Rejects for every other status and when the signal is aborted. */
  get(url: string, signal: AbortSignal, headers?: Readonly<Record<string, string>>): Promise<string>;
}

/**
 * The machine itself: the only file of the client library that reads a clock, sets a timer, draws a number or opens a
 * connection.
 */
export const clientSystem: ClientSystem = {
  now: () => ({ monotonicMs: performance.now(), wallMs: Date.now() }),
  random: () => Math.random(),
  after: (ms, act, isBackground) => {
    const timer = setTimeout(act, ms);
    if (isBackground) timer.unref();
    return () => clearTimeout(timer);
  },
  get: async (url, signal, headers = {}) => {
    const response = await fetch(url, { signal, headers, redirect: 'error' });
    const text = await response.text();
    if (response.status !== 200) throw new Error(`${url} answers ${response.status}`);
    return text;
  },
};

/** Waits; ends early, without an error, when the signal is aborted. */
export function sleep(system: ClientSystem, ms: number, signal: AbortSignal, isBackground: boolean): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const end = () => {
      cancel();
      signal.removeEventListener('abort', end);
      resolve();
    };
    const cancel = system.after(ms, end, isBackground);
    signal.addEventListener('abort', end);
  });
}

/**
 * Runs something that has a deadline and takes a signal.
 *
 * @param onLate - makes the error with which it rejects at the deadline, whether or not the work heeds the signal
 * @param outer - aborts it, too, with its own reason
 */
export async function withDeadline<T>(
  system: ClientSystem,
  ms: number,
  work: (signal: AbortSignal) => Promise<T> | T,
  onLate: () => Error,
  { outer, isBackground = false }: { readonly outer?: AbortSignal | undefined; readonly isBackground?: boolean } = {},
): Promise<T> {
  outer?.throwIfAborted();
  const controller = new AbortController();
  let abort: () => void = () => {};
  let cancel: () => void = () => {};
  const cut = new Promise<never>((_, reject) => {
    const stop = (reason: unknown) => {
      controller.abort(reason);
      reject(reason);
    };
    cancel = system.after(ms, () => stop(onLate()), isBackground);
    abort = () => stop(outer?.reason);
  });
  outer?.addEventListener('abort', abort);
  try {
    return await Promise.race([work(controller.signal), cut]);
  } finally {
    cancel();
    outer?.removeEventListener('abort', abort);
  }
}
