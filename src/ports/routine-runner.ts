import { newEvent } from '../core/alerting/event.ts';
import type { Calls } from '../core/calls.ts';
import type { Answer, Fault } from '../core/fault.ts';
import { type Request, type Routine, unfinished } from '../core/routine.ts';
import { PortError } from './port-error.ts';
import type { Ports } from './ports.ts';

/**
 * Runs a routine against real ports.
 *
 * @param signal - abandons the routine at its next pause; calls under way are left to their own deadlines
 * @returns what the routine returns
 * @throws what the routine throws, or the signal's reason. A port that rejects is answered with a fault instead.
 */
export async function runRoutine<T>(routine: Routine<T>, ports: Ports, signal?: AbortSignal): Promise<T> {
  let next = routine.next();
  while (!next.done) {
    signal?.throwIfAborted();
    next = routine.next(await satisfy(next.value, ports, signal));
  }
  return next.value;
}

async function satisfy(request: Request, ports: Ports, signal: AbortSignal | undefined): Promise<unknown> {
  switch (request.kind) {
    case 'call':
      return answer(request.name, request.input, ports);
    case 'pause':
      return ports.clock.sleep(request.ms, signal);
    case 'time':
      return { wallMs: ports.clock.wallMs(), monotonicMs: ports.clock.monotonicMs() };
    case 'random':
      return ports.rng.next();
    case 'fork':
      return fork(request.routines, request.isEnough, ports, signal);
    case 'spawn':
      runRoutine(request.routine, ports, signal).catch((error: unknown) => {
        if (!signal?.aborted) reportBroken(error, ports);
      });
      return undefined;
  }
}

async function answer<K extends keyof Calls>(
  name: K,
  input: Calls[K]['input'],
  ports: Ports,
): Promise<Answer<Calls[K]['output']>> {
  const handler = ports.handlers[name];
  if (handler === undefined) return { ok: false, fault: { kind: 'invalid', detail: `this process cannot ${name}` } };
  try {
    return { ok: true, value: await handler(input) };
  } catch (error) {
    return { ok: false, fault: faultOf(error) };
  }
}

function faultOf(error: unknown): Fault {
  if (error instanceof PortError) return error.fault;
  return { kind: 'unavailable', detail: error instanceof Error ? error.message : String(error) };
}

function fork(
  routines: readonly Routine<unknown>[],
  isEnough: (results: readonly unknown[]) => boolean,
  ports: Ports,
  signal: AbortSignal | undefined,
): Promise<readonly unknown[]> {
  const results: unknown[] = routines.map(() => unfinished);
  let pending = routines.length;
  return new Promise((resolve, reject) => {
    for (const [index, routine] of routines.entries()) {
      runRoutine(routine, ports, signal).then((result) => {
        results[index] = result;
        pending -= 1;
        if (pending === 0 || isEnough(results)) resolve([...results]);
      }, reject);
    }
  });
}

function reportBroken(error: unknown, ports: Ports): void {
  const detail = error instanceof Error ? error.message : String(error);
  void ports.handlers.log?.({ event: newEvent('invariant-broken', null, detail) });
}
