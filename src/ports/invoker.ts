import type { Order, StepReport } from '../core/kinds/order.ts';

/** Reaches the actuator functions. */
export interface Invoker {
  /** Invokes the actuator of the region that does orders of this kind and waits for its report. */
  invoke(region: string, order: Order): Promise<StepReport>;
}
