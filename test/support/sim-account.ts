import type { Calls } from '../../src/core/calls.ts';
import type { Answer } from '../../src/core/fault.ts';
import type { Order } from '../../src/core/kinds/order.ts';
import type { Deployment } from '../../src/core/model/deployment.ts';
import { call } from '../../src/core/routine.ts';
import { PortError } from '../../src/ports/port-error.ts';
import { World } from '../../src/sim/world/world.ts';

/** Virtual time in which every call is answered, or given up on. */
const answerMsMax = 60_000;

/** Who a write is for; the world's checkers want to know, the thing written does not. */
const anyOrder: Order = {
  service: 'web',
  token: { epoch: 1, attempt: 1 },
  manner: 'enforce',
  digests: {},
  kind: 'address',
  address: 0,
  site: 'left',
};

/** The simulated account behind calls that look like those of any port; its watchers are off. */
export class SimAccount {
  readonly world: World;

  constructor(deployment: Deployment) {
    this.world = new World(deployment, { seed: 1 });
    for (const region of deployment.controlRegions) this.world.control.stopWatcher(region);
  }

  /** Makes one call from a region, as an actuator there would. */
  async call<K extends keyof Calls>(place: string, name: K, input: Calls[K]['input']): Promise<Calls[K]['output']> {
    const { control, scheduler } = this.world;
    let answer: Answer<Calls[K]['output']> | null = null;
    const actuator = control.spawn({ role: 'actuator', place, watcher: null }, call(name, input), (given) => {
      answer = given;
    });
    this.world.noteOrder(actuator, anyOrder, actuator, this.world.deployment);
    scheduler.runUntil(scheduler.nowMs + answerMsMax);
    return openAnswer(answer);
  }
}

function openAnswer<T>(answer: Answer<T> | null): T {
  if (answer === null) throw new Error(`no answer within ${answerMsMax} ms of virtual time`);
  if (answer.ok) return answer.value;
  throw new PortError(answer.fault);
}
