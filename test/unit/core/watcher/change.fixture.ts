import type { Deployment } from '../../../../src/core/model/deployment.ts';
import type { NamedService } from '../../../../src/core/model/service.ts';
import { type Ballot, makeBallot } from '../../../../src/core/register/ballot.ts';
import type { Register } from '../../../../src/core/register/register.ts';
import type { Routine } from '../../../../src/core/routine.ts';
import { newWatcherState, type WatcherState } from '../../../../src/core/watcher/state.ts';
import { Process } from '../../../../src/sim/process.ts';
import { seededRandom } from '../../../../src/sim/random.ts';
import { Scheduler } from '../../../../src/sim/scheduler.ts';
import { SimStateTables } from '../../../../src/sim/world/state-tables.ts';
import { threeVoters } from '../service.fixture.ts';

export const controlRegions = threeVoters.map(({ region }) => region);

/** A watcher of `region-1` that has seen nothing yet, of a deployment with one service. */
export function watcherOf(service: NamedService): WatcherState {
  const { name, ...rest } = service;
  const deployment = { name: 'shop', controlRegions, services: { [name]: rest }, groups: {} } as unknown as Deployment;
  return newWatcherState({ deployment, region: 'region-1', lifeMs: 150_000, hasSelfCheck: false }, 'x');
}

/** A call as it left the watcher. */
interface Made {
  readonly name: string;
  readonly input: { readonly value?: Register };
}

/** The three tables with a value that all of them hold, and a process that may change it. */
export class Tables {
  readonly calls: Made[] = [];
  /** Addresses by name; a name that is not there has none. Null while no resolver answers. */
  names: Readonly<Record<string, readonly string[]>> | null = null;
  readonly #tables: SimStateTables;
  readonly #scheduler = new Scheduler();

  /** @param skewMs - by how much the process's wall clock is ahead, as when its machine has slept */
  constructor(
    register: Register,
    readonly skewMs: () => number = () => 0,
  ) {
    const marks = threeVoters.map(({ incarnation }) => incarnation);
    this.#tables = new SimStateTables(controlRegions, () => marks.shift() ?? 'another');
    const ballot = makeBallot(1, 'region-3.before.1');
    for (const region of controlRegions) this.#tables.accept(region, 'shop', ballot, register);
  }

  /** What every table holds. */
  held(): readonly (Register | null | undefined)[] {
    return controlRegions.map((region) => this.#tables.read(region, ['shop']).acceptors.shop?.accepted);
  }

  /** Values that were proposed. */
  proposed(): readonly Register[] {
    return this.calls.flatMap(({ name, input }) => (name === 'accept' && input.value ? [input.value] : []));
  }

  /** Runs a routine to its end; what is no business of the tables gets no answer. */
  run(routine: Routine<unknown>): void {
    const process = new Process(
      { role: 'watcher', place: 'region-1', serial: 1, watcher: 'region-1' },
      {
        scheduler: this.#scheduler,
        random: seededRandom(1),
        skewMs: () => this.skewMs(),
        reach: (_, name, input, reply) => {
          this.calls.push({ name, input: input as Made['input'] });
          this.#scheduler.after(1, () => reply(this.#answer(name, input as never) as never));
        },
      },
    );
    process.start(routine);
    this.#scheduler.runUntil(600_000);
  }

  #answer(
    name: string,
    input: { region: string; service: string; ballot: Ballot; value: Register; name: string },
  ): unknown {
    const { region, service, ballot, value } = input;
    if (name === 'resolve' && this.names !== null)
      return { ok: true, value: { addresses: this.names[input.name] ?? [] } };
    if (name === 'prepare') return { ok: true, value: this.#tables.prepare(region, service, ballot) };
    if (name === 'accept') return { ok: true, value: this.#tables.accept(region, service, ballot, value) };
    return name === 'log'
      ? { ok: true, value: undefined }
      : { ok: false, fault: { kind: 'timeout', detail: 'no answer' } };
  }
}
