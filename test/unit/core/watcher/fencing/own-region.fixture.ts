import type { FailoverEvent } from '../../../../../src/core/alerting/event.ts';
import type { Fault } from '../../../../../src/core/fault.ts';
import type { Order, StepReport } from '../../../../../src/core/kinds/order.ts';
import type { NamedService } from '../../../../../src/core/model/service.ts';
import { makeBallot } from '../../../../../src/core/register/ballot.ts';
import type { Register } from '../../../../../src/core/register/register.ts';
import { type Routine, unfinished } from '../../../../../src/core/routine.ts';
import type { OpinionItem } from '../../../../../src/core/tables/opinion-item.ts';
import type { WatcherState } from '../../../../../src/core/watcher/state.ts';
import { look } from '../../../../../src/core/watcher/table-reading.ts';
import { SimStateTables } from '../../../../../src/sim/world/state-tables.ts';
import { fence, serviceWith, threeVoters } from '../../service.fixture.ts';
import { controlRegions, watcherOf } from '../change.fixture.ts';

/** Sites `one` and `two` are in `region-1` and have a fence, `far` is in `region-2` and has one, too. */
export const fencedService = serviceWith({ sites: { one: { fence }, two: { fence }, far: { fence } } });
export const { leaseMs } = fencedService.failover;

export const majority: readonly string[] = ['region-1', 'region-2'];
export const nobody: readonly string[] = [];
export const done: StepReport = { outcome: 'as-ordered', hasWritten: true };
export const noAnswer: Fault = { kind: 'timeout', detail: 'no answer' };

/** What an order is answered with: a report, a fault, or nothing for ever. */
export type Reaction = StepReport | Fault | 'hangs';
/** Stands for the end of a routine that got no answer. */
const stuck: unique symbol = Symbol('stuck');

/** The watcher of `region-1`, three tables, and the function of the region, which answers by data. */
export class OwnRegion {
  readonly state: WatcherState;
  readonly orders: Order[] = [];
  readonly events: FailoverEvent[] = [];
  /** Values that a table was asked to accept. */
  readonly proposed: Register[] = [];
  reaction: (order: Order, count: number) => Reaction = () => done;
  /** Regions whose tables answer. */
  reachable: readonly string[] = controlRegions;
  readonly #tables: SimStateTables;
  readonly #lastSequences = new Map<string, number>();
  #ballots = 0;
  /** The clock: a routine's own pauses pass at once. */
  nowMs = 0;

  /** @param register - what all tables hold; null for a deployment that is new */
  constructor(
    readonly service: NamedService,
    register: Register | null,
  ) {
    const marks = threeVoters.map(({ incarnation }) => incarnation);
    this.state = watcherOf(service);
    this.#tables = new SimStateTables(controlRegions, () => marks.shift() ?? 'another');
    if (register !== null) this.hold(register);
  }

  /** From now on these tables hold this value. */
  hold(register: Register, regions: readonly string[] = controlRegions): void {
    this.#ballots += 1;
    const ballot = makeBallot(this.#ballots, 'region-3.before.1');
    for (const region of regions) this.#tables.accept(region, this.service.name, ballot, register);
  }

  /** What the tables hold, by region. */
  held(): readonly (Register | null | undefined)[] {
    return controlRegions.map((region) => {
      return this.#tables.read(region, [this.service.name]).acceptors[this.service.name]?.accepted;
    });
  }

  /**
   * The watchers of these regions write their opinions.
   *
   * @param unanswered - regions whose functions do not answer them
   */
  speak(regions: readonly string[], unanswered: readonly string[] = []): void {
    for (const region of regions) {
      const sequence = (this.#lastSequences.get(region) ?? 0) + 1;
      this.#lastSequences.set(region, sequence);
      const { tracks, digests } = this.state;
      const item = { generation: 1, invocation: region, sequence, wallMs: 0, tracks, digests, stopwatches: {} };
      this.#tables.writeOpinions(region, { ...item, unanswered, outOfContactMs: {} } satisfies OpinionItem);
    }
  }

  /** The watcher reads the tables at an instant, and these regions answer. */
  look(nowMs: number, answering: readonly string[] = controlRegions): void {
    this.reachable = answering;
    this.run(look(this.state), nowMs);
    this.state.asking.clear();
  }

  /**
   * Runs a routine and all that it starts, at one instant.
   *
   * @param between - what happens after it has started its jobs, and before they begin
   */
  run(routine: Routine<unknown>, nowMs: number, between: () => void = () => {}): void {
    this.nowMs = nowMs;
    const started: Routine<unknown>[] = [];
    this.#advance(routine, started);
    between();
    for (const job of started) this.#advance(job, started);
  }

  /** Orders that a routine gives at one instant, as they are: closed or open, of which site. */
  ordersOf(routine: Routine<unknown>, nowMs: number, between?: () => void): readonly string[] {
    const before = this.orders.length;
    this.run(routine, nowMs, between);
    return this.orders.slice(before).map(wordsOf);
  }

  #advance(routine: Routine<unknown>, started: Routine<unknown>[]): unknown {
    let next = routine.next();
    while (!next.done) {
      const request = next.value;
      let given: unknown;
      if (request.kind === 'time') given = { wallMs: 5_000, monotonicMs: this.nowMs };
      if (request.kind === 'random') given = 0.5;
      if (request.kind === 'pause') this.nowMs += request.ms;
      if (request.kind === 'spawn') started.push(request.routine);
      if (request.kind === 'call') given = this.#answer(request.name, request.input as never);
      if (request.kind === 'fork') {
        const results = request.routines.map((one) => this.#advance(one, started));
        given = results.map((result) => (result === stuck ? unfinished : result));
      }
      if (given === stuck) return stuck;
      next = routine.next(given);
    }
    return next.value;
  }

  #answer(name: string, input: { region: string; order: Order; event: FailoverEvent } & Accepting): unknown {
    if (name === 'log') this.events.push(input.event);
    if (name === 'invoke') {
      this.orders.push(input.order);
      const reaction = this.reaction(input.order, this.orders.length);
      if (reaction === 'hangs') return stuck;
      return 'outcome' in reaction ? { ok: true, value: reaction } : { ok: false, fault: reaction };
    }
    const { region, service, ballot, value } = input;
    const isTable = ['readTable', 'prepare', 'accept'].includes(name);
    if (isTable && !this.reachable.includes(region)) return { ok: false, fault: noAnswer };
    if (name === 'readTable') return { ok: true, value: this.#tables.read(region, [this.service.name]) };
    if (name === 'prepare') return { ok: true, value: this.#tables.prepare(region, service, ballot) };
    if (name === 'accept') {
      this.proposed.push(value);
      return { ok: true, value: this.#tables.accept(region, service, ballot, value) };
    }
    return { ok: true, value: undefined };
  }
}

interface Accepting {
  readonly service: string;
  readonly ballot: ReturnType<typeof makeBallot>;
  readonly value: Register;
}

function wordsOf(order: Order): string {
  if (order.kind === 'fence') return `${order.isIsolated ? 'close' : 'open'} ${order.site}`;
  return order.kind === 'work' ? `turn ${order.isOn ? 'on' : 'off'} ${order.site}` : order.kind;
}
