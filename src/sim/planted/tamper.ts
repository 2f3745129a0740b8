import type { Calls } from '../../core/calls.ts';
import type { Answer } from '../../core/fault.ts';
import { call, type Request, type Routine, type TimeReading } from '../../core/routine.ts';
import type { ProcessIdentity } from '../process.ts';

/** One call as a tamperer sees it. */
export type AnyCall = {
  readonly [K in keyof Calls]: { readonly name: K; readonly input: Calls[K]['input'] };
}[keyof Calls];

/**
 * Stands between a routine and the world: may pass a call on, change what goes out or comes back, or answer it itself.
 *
 * @param made - the call that the routine makes
 * @param pass - makes it, as it was meant
 */
export type Tamper = (
  made: AnyCall,
  pass: () => Routine<Answer<unknown>>,
  identity: ProcessIdentity,
) => Routine<Answer<unknown>>;

/** A routine whose calls, and those of everything it starts, go through a tamperer. */
export function tampered<T>(routine: Routine<T>, tamper: Tamper, identity: ProcessIdentity): Routine<T> {
  return redirected(routine, (request) => satisfy(request, tamper, identity));
}

/**
 * A routine that, with everything it starts, reads the time of day wrongly, as in another time zone. How long something
 * takes it reads right.
 *
 * @param aheadMs - how much too late it reads, in milliseconds
 */
export function misreading<T>(routine: Routine<T>, aheadMs: number): Routine<T> {
  return redirected(routine, function* (request) {
    const wrap = (each: Routine<unknown>) => misreading(each, aheadMs);
    if (request.kind === 'fork') return yield { ...request, routines: request.routines.map(wrap) };
    if (request.kind === 'spawn') return yield { ...request, routine: wrap(request.routine) };
    const answer = yield request;
    if (request.kind !== 'time') return answer;
    const { wallMs, monotonicMs } = answer as TimeReading;
    return { wallMs: wallMs + aheadMs, monotonicMs };
  });
}

function* redirected<T>(routine: Routine<T>, satisfied: (request: Request) => Routine<unknown>): Routine<T> {
  let step = routine.next();
  while (!step.done) {
    const answer: unknown = yield* satisfied(step.value);
    step = routine.next(answer);
  }
  return step.value;
}

function* satisfy(request: Request, tamper: Tamper, identity: ProcessIdentity): Routine<unknown> {
  const wrap = (routine: Routine<unknown>) => tampered(routine, tamper, identity);
  switch (request.kind) {
    case 'call':
      return yield* tamper(
        request as unknown as AnyCall,
        () => call(request.name, request.input) as Routine<Answer<unknown>>,
        identity,
      );
    case 'fork':
      return yield { ...request, routines: request.routines.map(wrap) };
    case 'spawn':
      return yield { ...request, routine: wrap(request.routine) };
    default:
      return yield request;
  }
}

/** Changes what a call brings back when it brings anything. */
export function onAnswer<K extends keyof Calls>(
  name: K,
  change: (output: Calls[K]['output'], input: Calls[K]['input'], identity: ProcessIdentity) => Calls[K]['output'],
): Tamper {
  return function* (made, pass, identity) {
    const answer = yield* pass();
    if (made.name !== name || !answer.ok) return answer;
    return { ok: true, value: change(answer.value as Calls[K]['output'], made.input as Calls[K]['input'], identity) };
  };
}

/** Two tamperings at once. */
export function both(first: Tamper, second: Tamper): Tamper {
  return (made, pass, identity) => first(made, () => second(made, pass, identity), identity);
}

/** Answers a call itself when it wants to; null passes it on. */
export function instead<K extends keyof Calls>(
  name: K,
  answerOf: (input: Calls[K]['input'], identity: ProcessIdentity) => Calls[K]['output'] | null,
): Tamper {
  return function* (made, pass, identity) {
    const value = made.name === name ? answerOf(made.input as Calls[K]['input'], identity) : null;
    return value === null ? yield* pass() : { ok: true, value };
  };
}
