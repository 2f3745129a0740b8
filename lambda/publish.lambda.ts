import { SsmPublisher } from '../src/adapters/aws/ssm-publisher.ts';
import type { StepReport } from '../src/core/kinds/order.ts';
import { obey } from './actuator.ts';
import { wire } from './wiring.ts';

const wiring = wire(import.meta.url);
const ports = { ...wiring.ports, publisher: new SsmPublisher(wiring.clients, wiring.deployment.name) };

/** Tells clients of this region, by a parameter, where a service is. */
export function handler(event: unknown): Promise<StepReport> {
  return obey(
    {
      kind: 'publication',
      isOwn: ({ service, publication }, { clients }) =>
        clients !== undefined &&
        publication.service === service &&
        publication.endpoints.every(({ site, url }) => clients.endpoints[site] === url),
    },
    event,
    { ...wiring, ports },
  );
}
