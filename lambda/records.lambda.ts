import { Route53Dns } from '../src/adapters/aws/route53-dns.ts';
import type { StepReport } from '../src/core/order.ts';
import { obey } from './actuator.ts';
import { wire } from './wiring.ts';

const wiring = wire(import.meta.url);
const ports = { ...wiring.ports, dns: new Route53Dns(wiring.clients, wiring.ports.clock, wiring.ports.rng) };

/** Edits the record of a service that chose to have it edited. */
export function handler(event: unknown): Promise<StepReport> {
  return obey(
    {
      kind: 'record',
      isOwn: ({ zoneId, name }, { traffic: { dns } }) =>
        dns?.mode === 'records' && dns.zone.id === zoneId && dns.record === name,
    },
    event,
    { ...wiring, ports },
  );
}
