import { EipAddresses } from '../src/adapters/aws/eip-addresses.ts';
import type { StepReport } from '../src/core/kinds/order.ts';
import { obey } from './actuator.ts';
import { wire } from './wiring.ts';

const wiring = wire(import.meta.url);
const ports = { ...wiring.ports, addresses: new EipAddresses(wiring.clients) };

/** Points an Elastic IP of this region at an instance. */
export function handler(event: unknown): Promise<StepReport> {
  return obey(
    {
      kind: 'address',
      isOwn: ({ allocationId, instanceId }, { traffic: { address } }) =>
        address?.allocationId === allocationId && Object.values(address.instances).includes(instanceId),
    },
    event,
    { ...wiring, ports },
  );
}
