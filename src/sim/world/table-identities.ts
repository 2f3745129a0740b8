import type { Fault } from '../../core/fault.ts';
import type { Process } from '../process.ts';
import { identifyTableApi } from './api-call.ts';
import type { ApiFaults } from './api-faults.ts';
import { faultOf } from './api-faults.ts';
import type { Ground } from './ground.ts';
import type { SimStateTables } from './state-tables.ts';

/** What asking for an identity takes. */
export interface IdentitiesGround extends Pick<Ground, 'nowMs' | 'random'> {
  readonly faults: ApiFaults;
  readonly tables: SimStateTables;
}

/**
 * Which table each process knows to stand behind the name in a region. It asks at its first call to a table and when
 * that has been replaced, as `DynamoDbStateTables` does; what was answered once is kept.
 */
export class SimTableIdentities {
  readonly #world: IdentitiesGround;
  readonly #known = new WeakMap<Process, Map<string, number>>();

  constructor(world: IdentitiesGround) {
    this.#world = world;
  }

  /** Why a process cannot tell which table answers it in a region; null when it can. */
  doubt(process: Process, region: string): Fault | null {
    const { faults, nowMs, random, tables } = this.#world;
    const known = this.#known.get(process) ?? new Map<string, number>();
    this.#known.set(process, known);
    const generation = tables.generationOf(region);
    if (known.get(region) === generation) return null;
    const fault = faults.strike({ api: identifyTableApi, region, by: process.identity.place }, nowMs, random);
    switch (fault) {
      case 'throttle':
      case 'denied':
      case 'error':
        return faultOf(fault, identifyTableApi);
      case 'timeout':
      case 'late':
      case 'lost-response':
        return { kind: 'timeout', detail: `${identifyTableApi} in ${region}: no answer` };
      case 'twice':
      case 'stale':
      case null:
        break;
    }
    known.set(region, generation);
    return null;
  }
}
