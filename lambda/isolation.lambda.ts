import { Ec2Compute } from '../src/adapters/aws/ec2-compute.ts';
import type { StepReport } from '../src/core/order.ts';
import { obey } from './actuator.ts';
import { wire } from './wiring.ts';

const wiring = wire(import.meta.url);
const ports = { ...wiring.ports, compute: new Ec2Compute(wiring.clients) };

/** Cuts a site of this region off from its clients, or lets it back. */
export function handler(event: unknown): Promise<StepReport> {
  return obey(
    {
      kind: 'isolation',
      isOwn: ({ instanceIds, groupId }, { sites }) =>
        Object.values(sites).some(
          ({ fence }) => fence?.isolationGroupId === groupId && fence.instanceIds.join() === instanceIds.join(),
        ),
    },
    event,
    { ...wiring, ports },
  );
}
