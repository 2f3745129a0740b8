import { AwsCompute } from '../src/adapters/aws/aws-compute.ts';
import type { StepReport } from '../src/core/kinds/order.ts';
import { obey } from './actuator.ts';
import { isSame } from './same.ts';
import { wire } from './wiring.ts';

const wiring = wire(import.meta.url);
const ports = { ...wiring.ports, compute: new AwsCompute(wiring.clients) };

/** Raises or starts what a site of this region runs on, or puts it back to its temperature. */
export function handler(event: unknown): Promise<StepReport> {
  return obey(
    {
      kind: 'scale',
      isOwn: ({ site, scalable }, { sites }) => {
        const place = Object.hasOwn(sites, site) ? sites[site] : undefined;
        return place?.region === wiring.region && place.scale.some((own) => isSame(own, scalable));
      },
    },
    event,
    { ...wiring, ports },
  );
}
