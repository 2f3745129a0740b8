import type { Calls } from '../core/calls.ts';
import type { Answer } from '../core/fault.ts';
import { type Request, type Routine, unfinished } from '../core/routine.ts';
import type { SeededRandom } from './random.ts';
import type { Scheduler } from './scheduler.ts';

/** What a process reaches: carries out a call and replies once, at some later virtual instant. */
export type Reach = <K extends keyof Calls>(
  process: Process,
  name: K,
  input: Calls[K]['input'],
  reply: (answer: Answer<Calls[K]['output']>) => void,
) => void;

/** Who a process is. */
export interface ProcessIdentity {
  readonly role: 'watcher' | 'actuator' | 'operator';
  /** Control region, or the operator's name. */
  readonly place: string;
  /** Tells the processes of one place apart, in the order of their start. */
  readonly serial: number;
  /** Control region of the watcher that an actuator works for; crash points are told to it. */
  readonly watcher: string | null;
  /** Region or location that an operator is in; absent: `place` says it. */
  readonly at?: string | undefined;
}

/** Where a process is, as links know it. */
export function whereIs({ at, place }: ProcessIdentity): string {
  return at ?? place;
}

/**
 * A simulated process: runs routines, and can be killed or frozen between any two of their requests.
 *
 * A killed process never resumes anything. A frozen one resumes nothing until it thaws, and then everything that came
 * meanwhile, at once; its monotonic clock went on, as a paused virtual machine's does.
 */
export class Process {
  readonly identity: ProcessIdentity;
  /** When it was started, in virtual time. */
  readonly startedMs: number;
  readonly #scheduler: Scheduler;
  readonly #reach: Reach;
  readonly #random: SeededRandom;
  /** How far this machine's wall clock is ahead of true time, in milliseconds. */
  readonly #skewMs: () => number;
  readonly #bornMs: number;
  #isAlive = true;
  #isFrozen = false;
  #backlog: (() => void)[] = [];

  constructor(
    identity: ProcessIdentity,
    machine: { scheduler: Scheduler; reach: Reach; random: SeededRandom; skewMs: () => number },
  ) {
    this.identity = identity;
    this.startedMs = machine.scheduler.nowMs;
    this.#scheduler = machine.scheduler;
    this.#reach = machine.reach;
    this.#random = machine.random;
    this.#skewMs = machine.skewMs;
    // Monotonic clocks start anywhere; an offset a process shows any reading that leaves its machine.
    this.#bornMs = Math.floor(machine.random() * 1_000_000);
  }

  get isAlive(): boolean {
    return this.#isAlive;
  }

  kill(): void {
    this.#isAlive = false;
    this.#backlog = [];
  }

  freeze(): void {
    this.#isFrozen = true;
  }

  thaw(): void {
    if (!this.#isFrozen) return;
    this.#isFrozen = false;
    const backlog = this.#backlog;
    this.#backlog = [];
    for (const resume of backlog) this.#resume(resume);
  }

  /** Starts a routine; `onEnd` hears its result unless the process dies first. */
  start<T>(routine: Routine<T>, onEnd: (result: T) => void = () => {}): void {
    this.#resume(() => this.#advance(routine, undefined, onEnd));
  }

  #resume(action: () => void): void {
    if (!this.#isAlive) return;
    if (this.#isFrozen) this.#backlog.push(action);
    else action();
  }

  #advance<T>(routine: Routine<T>, value: unknown, onEnd: (result: T) => void): void {
    let answer = value;
    while (this.#isAlive) {
      const step = routine.next(answer);
      if (step.done) {
        onEnd(step.value);
        return;
      }
      const request = step.value;
      if (request.kind === 'time') {
        const nowMs = this.#scheduler.nowMs;
        answer = { wallMs: nowMs + this.#skewMs(), monotonicMs: nowMs + this.#bornMs };
      } else if (request.kind === 'random') {
        answer = this.#random();
      } else if (request.kind === 'spawn') {
        this.start(request.routine);
        answer = undefined;
      } else {
        this.#await(request, (reply) => this.#resume(() => this.#advance(routine, reply, onEnd)));
        return;
      }
    }
  }

  #await(request: Extract<Request, { kind: 'call' | 'pause' | 'fork' }>, resume: (reply: unknown) => void): void {
    switch (request.kind) {
      case 'pause':
        this.#scheduler.after(Math.ceil(request.ms), () => resume(undefined));
        return;
      case 'call':
        this.#reach(this, request.name, request.input as never, resume);
        return;
      case 'fork':
        this.#fork(request.routines, request.isEnough, resume);
        return;
    }
  }

  #fork(
    routines: readonly Routine<unknown>[],
    isEnough: (results: readonly unknown[]) => boolean,
    resume: (results: readonly unknown[]) => void,
  ): void {
    const results: unknown[] = routines.map(() => unfinished);
    let pending = routines.length;
    let isOver = false;
    for (const [index, routine] of routines.entries()) {
      this.start(routine, (result) => {
        results[index] = result;
        pending -= 1;
        if (isOver || (pending > 0 && !isEnough(results))) return;
        isOver = true;
        // Through the queue: a child that ends at once must not resume its parent before its siblings have started.
        this.#scheduler.after(0, () => resume([...results]));
      });
    }
  }
}
