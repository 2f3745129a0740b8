import type { Answer } from '../../src/core/fault.ts';
import type { AcceptorReply } from '../../src/core/register/acceptor.ts';
import type { Ballot } from '../../src/core/register/ballot.ts';
import type { Register } from '../../src/core/register/register.ts';
import { type Request, type Routine, unfinished } from '../../src/core/routine.ts';
import { SimStateTables } from '../../src/sim/world/state-tables.ts';

/**
 * Runs routines against state tables in every order in which their calls can arrive.
 *
 * A generator cannot be copied, so each interleaving starts from the beginning and replays the choices made so far; a
 * state that was met before is not entered again. A call takes effect and is answered at one instant: a slow answer is
 * covered by the next call of the same routine arriving late.
 */

/** What a table does; the simulated ones, or a faulty stand-in. */
export interface Tables {
  prepare(region: string, ballot: Ballot): AcceptorReply<Register>;
  accept(region: string, ballot: Ballot, value: Register): AcceptorReply<Register>;
  lose(region: string): void;
}

/** How many faults of each kind one interleaving may have. */
export interface FaultBudget {
  readonly lostRequests?: number;
  readonly lostReplies?: number;
  readonly crashes?: number;
  /** At most one: how states are recognised relies on it. */
  readonly lostTables?: 0 | 1;
}

/** What became of one routine. */
export type End<T> =
  | { readonly how: 'ended'; readonly result: T }
  | { readonly how: 'crashed' }
  | { readonly how: 'open' };

/** What a watcher of the exploration is shown after each call that took effect. */
export interface Effect {
  readonly region: string;
  readonly name: 'prepare' | 'accept';
  readonly ballot: Ballot;
  readonly value: Register | null;
  readonly reply: AcceptorReply<Register>;
}

/** One exploration. */
export interface Exploration<T> {
  readonly regions: readonly string[];
  /** Fresh tables for each interleaving, as they are before the first routine starts. */
  readonly makeTables: () => Tables;
  readonly routines: readonly (() => Routine<T>)[];
  readonly faults?: FaultBudget;
  /** Pauses that each routine may make: bounds the rounds of contenders that overtake each other for ever. */
  readonly pausesMax: readonly number[];
  readonly interleavingsMax: number;
  /** Sees the effects so far; throws when a rule is broken. */
  readonly checkEffects?: (effects: readonly Effect[]) => void;
  /** Judges a finished interleaving; throws when a rule is broken. `deliverRest` has every straggler arrive. */
  readonly checkEnd: (ends: readonly End<T>[], tables: Tables, deliverRest: () => void) => void;
}

/** What an exploration found. */
export interface Findings {
  readonly interleavings: number;
  /** Every choice within the bounds was tried. */
  readonly isExhaustive: boolean;
  /** The first broken rule with the schedule that led there; null when none was found. */
  readonly violation: { readonly message: string; readonly schedule: readonly string[] } | null;
}

/** Explores depth first until all is tried, the bound is met or a rule is broken. */
export function explore<T>(exploration: Exploration<T>): Findings {
  const met = new Set<string>();
  const path: { choice: number; options: number }[] = [];
  for (let interleavings = 1; ; interleavings += 1) {
    const run = new Interleaving(exploration);
    try {
      run.follow(path, met);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      return { interleavings, isExhaustive: false, violation: { message, schedule: run.schedule } };
    }
    while (path.length > 0 && (path.at(-1)?.choice ?? 0) + 1 >= (path.at(-1)?.options ?? 0)) path.pop();
    const last = path.at(-1);
    if (last === undefined) return { interleavings, isExhaustive: true, violation: null };
    last.choice += 1;
    if (interleavings >= exploration.interleavingsMax) return { interleavings, isExhaustive: false, violation: null };
  }
}

/** Tables as the simulator has them; a table that is lost comes back with another incarnation. */
export function makeSimTables(
  regions: readonly string[],
  incarnationOf = (region: string, losses: number) => `${region}${losses}`,
): Tables {
  const losses = new Map(regions.map((region) => [region, 0]));
  const lossesOf = (region: string) => losses.get(region) ?? 0;
  const tables = new Map(
    regions.map((region) => [region, new SimStateTables([region], () => incarnationOf(region, lossesOf(region)))]),
  );
  const tableOf = (region: string) => tables.get(region) as SimStateTables;
  return {
    prepare: (region, ballot) => tableOf(region).prepare(region, 'service', ballot),
    accept: (region, ballot, value) => tableOf(region).accept(region, 'service', ballot, value),
    lose: (region) => {
      losses.set(region, lossesOf(region) + 1);
      tableOf(region).lose(region);
    },
  };
}

/** Runs one routine alone, every call answered at once and in order. */
export function runAlone<T>(routine: Routine<T>, tables: Tables): T {
  let next = routine.next();
  while (!next.done) next = routine.next(answerAtOnce(next.value, tables));
  return next.value;
}

function answerAtOnce(request: Request, tables: Tables): unknown {
  if (request.kind === 'fork') return request.routines.map((child) => runAlone(child, tables));
  if (request.kind === 'call') return { ok: true, value: applyCall(request, tables).reply };
  return answerLocally(request);
}

function answerLocally(request: Request): unknown {
  if (request.kind === 'random') return 0.5;
  if (request.kind === 'time') return { wallMs: 0, monotonicMs: 0 };
  return undefined;
}

function applyCall(request: Request & { kind: 'call' }, tables: Tables): Effect {
  const { region, ballot, value } = request.input as { region: string; ballot: Ballot; value?: Register };
  if (request.name === 'prepare') {
    return { region, name: 'prepare', ballot, value: null, reply: tables.prepare(region, ballot) };
  }
  if (request.name === 'accept' && value !== undefined) {
    return { region, name: 'accept', ballot, value, reply: tables.accept(region, ballot, value) };
  }
  throw new Error(`no call "${request.name}" is expected here`);
}

interface Waiting {
  readonly owner: number;
  readonly request: Request & { kind: 'call' };
  /** Null once nobody waits for the answer any more. */
  settle: ((answer: Answer<unknown>) => void) | null;
}

interface Choice {
  readonly call: Waiting | null;
  readonly what: string;
  readonly take: () => void;
}

/** A branch that is left because its bounds are met. */
class Cut extends Error {}

class Interleaving<T> {
  readonly #taken: Choice[] = [];
  readonly #exploration: Exploration<T>;
  readonly #tables: Tables;
  readonly #ends: End<T>[];
  readonly #effects: Effect[] = [];
  /** What each routine has been told, by which its state is known. */
  readonly #told: (readonly unknown[])[][];
  readonly #pauses: number[];
  readonly #left: Record<keyof FaultBudget, number>;
  /** What the tables hold, region by region, for recognising a state. */
  readonly #held = new Map<string, AcceptorReply<Register>['state'] | 'lost'>();
  /** A replayed stretch was judged when it was new. */
  #isReplaying = true;
  #waiting: Waiting[] = [];

  constructor(exploration: Exploration<T>) {
    this.#exploration = exploration;
    this.#tables = exploration.makeTables();
    this.#ends = exploration.routines.map(() => ({ how: 'open' }));
    this.#told = exploration.routines.map(() => []);
    this.#pauses = exploration.routines.map(() => 0);
    this.#left = { lostRequests: 0, lostReplies: 0, crashes: 0, lostTables: 0, ...exploration.faults };
  }

  /** The choices in words. */
  get schedule(): readonly string[] {
    return this.#taken.map(({ call, what }) => {
      const { region } = (call?.request.input ?? {}) as { region?: string };
      return call === null ? what : `${call.owner} ${call.request.name} ${region}${what}`;
    });
  }

  /** Replays `path`, then takes every first choice and notes how many there were. */
  follow(path: { choice: number; options: number }[], met: Set<string>): void {
    try {
      for (const [owner, make] of this.#exploration.routines.entries()) {
        this.#start(owner, make(), (result) => {
          this.#ends[owner] = { how: 'ended', result };
        });
      }
      for (let depth = 0; this.#ends.some(({ how }) => how === 'open'); depth += 1) {
        this.#isReplaying = depth < path.length - 1;
        const choices = this.#choices();
        const step = path[depth] ?? { choice: 0, options: choices.length };
        if (depth >= path.length) {
          const key = this.#key();
          if (met.has(key)) return;
          met.add(key);
          path.push(step);
        }
        const choice = choices[step.choice] as Choice;
        this.#taken.push(choice);
        choice.take();
      }
    } catch (error) {
      if (error instanceof Cut) return;
      throw error;
    }
    this.#exploration.checkEnd(this.#ends, this.#tables, () => {
      for (const call of this.#waiting) this.#apply(call);
      this.#waiting = [];
    });
  }

  #choices(): readonly Choice[] {
    const { regions } = this.#exploration;
    const choices: Choice[] = [];
    for (const call of this.#waiting) {
      choices.push({ call, what: '', take: () => this.#deliver(call, 'answered') });
      if (call.settle === null) continue;
      const { lostRequests, lostReplies } = this.#left;
      if (lostRequests > 0) choices.push({ call, what: ' lost', take: () => this.#deliver(call, 'request-lost') });
      if (lostReplies > 0) choices.push({ call, what: ' unheard', take: () => this.#deliver(call, 'reply-lost') });
    }
    if (this.#left.crashes > 0) {
      for (const [owner, { how }] of this.#ends.entries()) {
        if (how === 'open') choices.push({ call: null, what: `${owner} crashes`, take: () => this.#crash(owner) });
      }
    }
    if (this.#left.lostTables > 0) {
      for (const region of regions)
        choices.push({ call: null, what: `${region} is lost`, take: () => this.#lose(region) });
    }
    return choices;
  }

  #deliver(call: Waiting, how: 'answered' | 'request-lost' | 'reply-lost'): void {
    this.#waiting = this.#waiting.filter((other) => other !== call);
    const timeout = { ok: false, fault: { kind: 'timeout', detail: 'lost' } } as const;
    if (how === 'request-lost') {
      this.#left.lostRequests -= 1;
      call.settle?.(timeout);
      return;
    }
    const { reply } = this.#apply(call);
    if (how === 'reply-lost') this.#left.lostReplies -= 1;
    call.settle?.(how === 'reply-lost' ? timeout : { ok: true, value: reply });
  }

  #apply(call: Waiting): Effect {
    const effect = applyCall(call.request, this.#tables);
    this.#effects.push(effect);
    if (effect.reply.isGranted) this.#held.set(effect.region, effect.reply.state);
    if (!this.#isReplaying) this.#exploration.checkEffects?.(this.#effects);
    return effect;
  }

  #crash(owner: number): void {
    this.#left.crashes -= 1;
    this.#ends[owner] = { how: 'crashed' };
    for (const call of this.#waiting) if (call.owner === owner) call.settle = null;
  }

  #lose(region: string): void {
    this.#left.lostTables -= 1;
    this.#tables.lose(region);
    this.#held.set(region, 'lost');
  }

  #start<R>(owner: number, routine: Routine<R>, onEnd: (result: R) => void, answer?: unknown): void {
    let next = routine.next(answer);
    while (!next.done) {
      const request = next.value;
      if (request.kind === 'call') {
        this.#waiting.push({ owner, request, settle: (reply) => this.#start(owner, routine, onEnd, reply) });
        return;
      }
      if (request.kind === 'fork') {
        this.#fork(owner, request, (results) => this.#start(owner, routine, onEnd, results));
        return;
      }
      if (request.kind === 'spawn') throw new Error('nothing is spawned here');
      if (request.kind === 'pause') this.#countPause(owner);
      next = routine.next(answerLocally(request));
    }
    onEnd(next.value);
  }

  #countPause(owner: number): void {
    this.#pauses[owner] = (this.#pauses[owner] ?? 0) + 1;
    if ((this.#pauses[owner] ?? 0) > (this.#exploration.pausesMax[owner] ?? 0)) throw new Cut();
  }

  #fork(owner: number, request: Request & { kind: 'fork' }, resume: (results: readonly unknown[]) => void): void {
    const results: unknown[] = request.routines.map(() => unfinished);
    let isOver = false;
    this.#told[owner]?.push(results);
    for (const [slot, routine] of request.routines.entries()) {
      this.#start(owner, routine, (result) => {
        if (isOver) return;
        results[slot] = result;
        if (results.includes(unfinished) && !request.isEnough(results)) return;
        isOver = true;
        for (const call of this.#waiting) if (call.owner === owner) call.settle = null;
        resume([...results]);
      });
    }
  }

  /**
   * Equal for two states only when everything that can still happen is the same, but for the names of the tables: no
   * rule tells one table from another. A list of voters is told apart by its newest mark, as at most one table is lost.
   */
  #key(): string {
    const slots = this.#exploration.regions.map((region, slot) => {
      const told = this.#told.map((forks) => forks.map((results) => briefAnswer(results[slot], slot)).join());
      const calls = this.#waiting
        .filter(({ request }) => (request.input as { region: string }).region === region)
        .map(({ owner, request, settle }) => {
          const { ballot, value } = request.input as { ballot: Ballot; value?: Register };
          return `${owner}${request.name}${ballot}${brief(value ?? null, slot)}${settle === null}`;
        });
      return `${briefState(this.#held.get(region), slot)}(${told.join(';')})${calls.sort()}`;
    });
    return [Object.values(this.#left), this.#ends.map(({ how }) => how), ...slots.sort()].join('/');
  }
}

function brief(register: Register | null, slot: number): string {
  if (register === null) return '-';
  const generations = register.voters.map(({ incarnation }) => incarnation.at(-1) ?? '_');
  const makers = register.history.map(({ by }) => by).join('');
  return `${register.epoch}${register.active}${makers}${generations[slot]}${generations.sort().join('')}`;
}

function briefState(state: AcceptorReply<Register>['state'] | 'lost' | undefined, slot: number): string {
  if (state === undefined || state === 'lost') return state ?? '';
  const { incarnation, promised, acceptedBallot, accepted } = state;
  return `${incarnation.at(-1)}|${promised}|${acceptedBallot}|${brief(accepted, slot)}`;
}

function briefAnswer(result: unknown, slot: number): string {
  if (result === unfinished) return '?';
  const answer = result as Answer<AcceptorReply<Register>>;
  return answer.ok ? `${answer.value.isGranted}${briefState(answer.value.state, slot)}` : 'x';
}
