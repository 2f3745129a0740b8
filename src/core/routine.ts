import type { Calls } from './calls.ts';
import { type Answer, type Fault, isTransient } from './fault.ts';

/**
 * Routines: how the core talks to the outside without touching it.
 *
 * A routine is a generator that yields what it wants (a call, a pause, several routines side by side) and is resumed
 * with the outcome. It does no I/O and reads no clock; a driver does that for it. In AWS and in the lab the driver is
 * `ports/routine-runner.ts`, which performs calls through the ports; in the simulator it is `sim/scheduler.ts`, which
 * performs them in the simulated world under a virtual clock, and can freeze or kill a routine between any two
 * requests. Why generators and not async functions: docs/adr/0002-routines.md.
 */
export type Routine<T> = Generator<Request, T, unknown>;

/** What a routine asks of its driver. */
export type Request =
  | { readonly kind: 'call'; readonly name: keyof Calls; readonly input: Calls[keyof Calls]['input'] }
  | { readonly kind: 'pause'; readonly ms: number }
  | { readonly kind: 'time' }
  | { readonly kind: 'random' }
  | {
      readonly kind: 'fork';
      readonly routines: readonly Routine<unknown>[];
      readonly isEnough: (results: readonly unknown[]) => boolean;
    }
  | { readonly kind: 'spawn'; readonly routine: Routine<unknown> };

/** Both clocks of the machine that the routine runs on. */
export interface TimeReading {
  /** Epoch milliseconds, for people. It may jump, and may differ from the clock of every other machine. */
  readonly wallMs: number;
  /** Never runs backwards. Its value has no meaning on another machine. */
  readonly monotonicMs: number;
}

/** Asks the outside for something; faults come back as data. */
export function* call<K extends keyof Calls>(name: K, input: Calls[K]['input']): Routine<Answer<Calls[K]['output']>> {
  return (yield { kind: 'call', name, input }) as Answer<Calls[K]['output']>;
}

/** Waits. */
export function* pause(ms: number): Routine<void> {
  yield { kind: 'pause', ms };
}

/** Reads both clocks at one instant. */
export function* readTime(): Routine<TimeReading> {
  return (yield { kind: 'time' }) as TimeReading;
}

/** A uniform random number, 0 inclusive to 1 exclusive. */
export function* random(): Routine<number> {
  return (yield { kind: 'random' }) as number;
}

/** Marks the place of a routine in `inParallel` that has not ended yet. */
export const unfinished: unique symbol = Symbol('unfinished');

/**
 * Runs routines side by side.
 *
 * @param isEnough - asked after each routine ends; true lets the caller go on while the others finish unobserved. The
 *   deadlines of its calls bound every routine, so none runs on for long.
 * @returns the results in order, `unfinished` where one had not ended
 */
export function* inParallel<T>(
  routines: readonly Routine<T>[],
  isEnough: (results: readonly (T | typeof unfinished)[]) => boolean = () => false,
): Routine<readonly (T | typeof unfinished)[]> {
  if (routines.length === 0) return [];
  return (yield {
    kind: 'fork',
    routines,
    isEnough: isEnough as (results: readonly unknown[]) => boolean,
  }) as readonly (T | typeof unfinished)[];
}

/** Runs all routines side by side and waits for all. One alone is simply run: most sites have one probe. */
export function* all<T>(routines: readonly Routine<T>[]): Routine<readonly T[]> {
  const [first] = routines;
  if (first !== undefined && routines.length === 1) return [yield* first];
  return (yield* inParallel(routines)) as readonly T[];
}

/** Starts a routine that goes on by itself for as long as this process lives. */
export function* spawn(routine: Routine<void>): Routine<void> {
  yield { kind: 'spawn', routine };
}

/** A routine that has ended: for what mostly has nothing to do, at every tick, no other one is made. */
export const nothingToDo: Routine<void> = (function* () {})();
nothingToDo.next();

/** How often to try again, and how long to wait in between. */
export interface RetryPolicy {
  readonly attemptsMax: number;
  /** Upper end of the first random pause; it doubles with each attempt ("full jitter", AWS Architecture Blog, 2015). */
  readonly pauseMs: number;
  readonly pauseMsMax: number;
  /** Faults after which there is no other attempt, although they are transient. Absent: none. */
  readonly isFinal?: (fault: Fault) => boolean;
}

/** Tries again, within bounds and with jitter, while the fault is transient. */
export function* withRetries<T>(attempt: () => Routine<Answer<T>>, policy: RetryPolicy): Routine<Answer<T>> {
  for (let made = 1; ; made += 1) {
    const answer = yield* attempt();
    if (answer.ok || made >= policy.attemptsMax || !isTransient(answer.fault)) return answer;
    if (policy.isFinal?.(answer.fault)) return answer;
    const ceilingMs = Math.min(policy.pauseMsMax, policy.pauseMs * 2 ** (made - 1));
    yield* pause(ceilingMs * (yield* random()));
  }
}
