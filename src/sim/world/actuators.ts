import { obey } from '../../core/kinds/actuator.ts';
import { kindOf } from '../../core/kinds/kinds.ts';
import type { Order } from '../../core/kinds/order.ts';
import type { Process } from '../process.ts';
import type { SimControl } from './control.ts';
import type { Ground } from './ground.ts';

/** What an actuator function runs on. */
export interface ActuatorGround extends Pick<Ground, 'deployment'> {
  readonly control: SimControl;
  noteOrder(actuator: Process, order: Order): void;
}

/** Invokes an actuator function of a region with an order. */
export function startActuator(
  world: ActuatorGround,
  region: string,
  order: Order,
  caller: Process,
  answer: (report: unknown) => void,
): void {
  const watcher = caller.identity.role === 'watcher' ? caller.identity.place : caller.identity.watcher;
  const actuator = world.control.spawn(
    { role: 'actuator', place: region, watcher },
    obey(kindOf(order.kind), order, { deployment: world.deployment, region }),
    answer,
  );
  world.noteOrder(actuator, order);
}
