import type { FailoverEvent } from '../../core/alerting/event.ts';
import type { Calls } from '../../core/calls.ts';
import { hasOpenRun } from '../../core/register/register.ts';
import type { Process } from '../process.ts';

/** A place in the product's work at which a watcher can be made to crash. */
export type CrashPoint = 'journal' | 'claim' | 'accept' | `step:${string}`;

/** A crash that waits for its moment. */
export interface ArmedCrash {
  readonly watcher: string;
  readonly when: 'before' | 'after';
  readonly point: CrashPoint;
  /** Since when it waits. */
  readonly atMs: number;
  /** Line of the scenario that wants it; null when no file does. */
  readonly line: number | null;
}

/** Crashes that wait for their moment; each strikes once. */
export class Crashes {
  readonly #crash: (watcher: string, point: string) => void;
  readonly #armed: ArmedCrash[] = [];
  /** Instants at which those were armed that have struck. */
  readonly #struckOf = new Set<number>();

  /** @param crash - kills the watcher of a region and what its actuators do for it */
  constructor(crash: (watcher: string, point: string) => void) {
    this.#crash = crash;
  }

  arm(crash: ArmedCrash): void {
    this.#armed.push(crash);
  }

  /** Those of instants of which none has struck. */
  neverStruck(): readonly ArmedCrash[] {
    return this.#armed.filter(({ atMs }) => !this.#struckOf.has(atMs));
  }

  /** A process makes a call, or has its answer. */
  pass<K extends keyof Calls>(when: 'before' | 'after', name: K, input: Calls[K]['input'], process: Process): void {
    if (this.#armed.length === 0) return;
    for (const point of pointsOf(when, name, input, process)) this.#strike(when, point, process);
  }

  /** A process reports how far a step has come. */
  hear(event: FailoverEvent, process: Process): void {
    if (this.#armed.length === 0) return;
    const { step } = event.data;
    if (event.kind === 'step-started') this.#strike('before', `step:${step}`, process);
    if (event.kind === 'step-ended') this.#strike('after', `step:${step}`, process);
    if (event.kind !== 'run-started') return;
    this.#strike('after', 'journal', process);
    // With DNS by oracle the journal and the step are one accepted value.
    if (event.data.hasShifted === true) this.#strike('after', 'step:dns', process);
  }

  #strike(when: 'before' | 'after', point: CrashPoint, process: Process): void {
    const { role, place, watcher } = process.identity;
    const region = role === 'watcher' ? place : watcher;
    const index = this.#armed.findIndex(
      (crash) => crash.watcher === region && crash.when === when && crash.point === point,
    );
    const struck = this.#armed[index];
    if (struck === undefined || region === null) return;
    this.#armed.splice(index, 1);
    this.#struckOf.add(struck.atMs);
    this.#crash(region, `${when} ${point}`);
  }
}

function pointsOf<K extends keyof Calls>(
  when: 'before' | 'after',
  name: K,
  input: Calls[K]['input'],
  process: Process,
): readonly CrashPoint[] {
  if (name === 'claimToken') return ['claim'];
  if (name !== 'accept') return [];
  // That the journal is written is known when a majority has it, and then the watcher says so.
  if (when === 'after') return ['accept'];
  const { value } = input as Calls['accept']['input'];
  const opensRun = hasOpenRun(value) && value.run.attempt === 1 && value.run.holder?.region === process.identity.place;
  return opensRun ? ['accept', 'journal'] : ['accept'];
}
