import { obey } from '../../core/kinds/actuator.ts';
import { kindOf } from '../../core/kinds/kinds.ts';
import type { Order } from '../../core/kinds/order.ts';
import type { Deployment } from '../../core/model/deployment.ts';
import { digestsOf } from '../../core/model/digest.ts';
import type { Process } from '../process.ts';
import type { SimControl } from './control.ts';
import type { Ground } from './ground.ts';

/** What an actuator function runs on. */
export interface ActuatorGround extends Pick<Ground, 'deployment'> {
  readonly control: SimControl;
  /** A planted bug: functions take every order for one of their own configuration. */
  readonly isAgreementPresumed: boolean;
  noteOrder(actuator: Process, order: Order, caller: Process, heldBy: Deployment): void;
}

/** Invokes an actuator function of a region with an order; the function runs what its own stack was deployed with. */
export function startActuator(
  world: ActuatorGround,
  region: string,
  order: Order,
  caller: Process,
  answer: (report: unknown) => void,
): void {
  const watcher = caller.identity.role === 'watcher' ? caller.identity.place : caller.identity.watcher;
  const deployment = world.control.functionsOf(region, world.deployment);
  const own = deployment.services[order.service];
  const digests = world.isAgreementPresumed && own ? digestsOf({ name: order.service, ...own }) : order.digests;
  const actuator = world.control.spawn(
    { role: 'actuator', place: region, watcher },
    obey(kindOf(order.kind), { ...order, digests }, { deployment, region }),
    answer,
  );
  world.noteOrder(actuator, order, caller, deployment);
}
