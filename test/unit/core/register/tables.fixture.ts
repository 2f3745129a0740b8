import type { Answer, Fault } from '../../../../src/core/fault.ts';
import { type Ballot, makeBallot, noBallot } from '../../../../src/core/register/ballot.ts';
import type { Proposer } from '../../../../src/core/register/proposer.ts';
import type { Register } from '../../../../src/core/register/register.ts';
import { type Routine, unfinished } from '../../../../src/core/routine.ts';
import { SimStateTables } from '../../../../src/sim/world/state-tables.ts';

export const three = ['a', 'b', 'c'];

/** A change of region `a`, with some of it replaced. */
export function proposerWith(more: Partial<Proposer> = {}): Proposer {
  return { service: 'web', regions: three, mark: 'a.p.1', floor: noBallot, ...more };
}

/** A call of one table as it was made. */
export interface Asked {
  readonly name: 'prepare' | 'accept';
  readonly region: string;
  readonly ballot: Ballot;
  readonly value?: Register;
}

/** What happens to a call: it fails so, or nothing is in its way. */
export type Trouble = (asked: Asked, tables: SimStateTables) => Fault['kind'] | null;

/** Calls of these regions fail so. */
export const failing =
  (kind: Fault['kind'], ...regions: readonly string[]): Trouble =>
  ({ region }) =>
    regions.includes(region) ? kind : null;

/**
 * Tables with the real rules. The calls of a round are answered one after another in the order in which they were made,
 * and those that nobody waits for any more are never made.
 */
export class ScriptedTables {
  readonly tables: SimStateTables;
  readonly asked: Asked[] = [];
  readonly pausesMs: number[] = [];
  /** Both clocks. They stand still but where a test advances them. */
  readonly now = { monotonicMs: 0, wallMs: 0 };
  trouble: Trouble = () => null;

  /** @param held - what every table holds from the beginning, if anything */
  constructor(regions: readonly string[], held: Register | null = null) {
    const marks = regions.map((region) => `${region}-1`);
    this.tables = new SimStateTables(regions, () => marks.shift() ?? 'another');
    if (held === null) return;
    for (const region of regions) this.tables.accept(region, 'web', makeBallot(1, 'a.before.1'), held);
  }

  /** What tables hold, in the order of their regions. */
  held(regions: readonly string[] = three): readonly (Register | null | undefined)[] {
    return regions.map((region) => this.tables.read(region, ['web']).acceptors.web?.accepted);
  }

  /** Regions that were asked so, in order. */
  askedTo(name: Asked['name']): readonly string[] {
    return this.asked.filter((one) => one.name === name).map(({ region }) => region);
  }

  run<T>(routine: Routine<T>): T {
    let next = routine.next();
    while (!next.done) {
      const request = next.value;
      if (request.kind === 'fork') next = routine.next(this.#fork(request.routines, request.isEnough));
      else if (request.kind === 'call') next = routine.next(this.#answer(request.name, request.input as Asked));
      else if (request.kind === 'time') next = routine.next({ ...this.now });
      else if (request.kind === 'pause') next = routine.next(void this.pausesMs.push(request.ms));
      else throw new Error(`${request.kind} is not answered here`);
    }
    return next.value;
  }

  #fork(routines: readonly Routine<unknown>[], isEnough: (results: readonly unknown[]) => boolean): unknown[] {
    const results: unknown[] = routines.map(() => unfinished);
    for (const [index, routine] of routines.entries()) {
      results[index] = this.run(routine);
      if (isEnough(results)) break;
    }
    return results;
  }

  #answer(name: string, input: Omit<Asked, 'name'>): Answer<unknown> {
    const asked: Asked = { ...input, name: name as Asked['name'] };
    this.asked.push(asked);
    const kind = this.trouble(asked, this.tables);
    if (kind !== null) return { ok: false, fault: { kind, detail: '' } };
    const { region, ballot, value } = asked;
    const { tables } = this;
    const reply = value ? tables.accept(region, 'web', ballot, value) : tables.prepare(region, 'web', ballot);
    return { ok: true, value: reply };
  }
}
