import { acceleratorSchema } from '../kinds/accelerator.ts';
import { addressSchema } from '../kinds/address.ts';
import { controlsSchema } from '../kinds/controls.ts';
import { dnsSchema } from '../kinds/dns.ts';
import { edgeSchema } from '../kinds/edge.ts';
import { routeSchema } from '../kinds/route.ts';
import { targetsSchema } from '../kinds/targets.ts';
import { zonalSchema } from '../kinds/zonal.ts';
import { strict } from './strict-object.ts';

/** What steers the clients of a service; at least one of them, except for a service that is data. */
export const trafficSchema = strict({
  dns: dnsSchema.optional().describe('A DNS name that follows the active site.'),
  address: addressSchema
    .optional()
    .describe('Elastic IPs, or addresses of network interfaces, that move between instances of one region.'),
  route: routeSchema.optional().describe('Routes of EC2 route tables that move between targets of one region.'),
  targets: targetsSchema.optional().describe('Weights of target groups behind one load balancer.'),
  accelerator: acceleratorSchema
    .optional()
    .describe(
      'Traffic dials of a Global Accelerator, whose control plane is in us-west-2 only: while that is lost, nothing is moved by it.',
    ),
  controls: controlsSchema
    .optional()
    .describe('Routing controls of Application Recovery Controller, for those who have a cluster of it.'),
  edge: edgeSchema
    .optional()
    .describe(
      'A key of a KeyValueStore by which a CloudFront Function of yours chooses the origin; see docs/traffic/edge.md.',
    ),
  zonal: zonalSchema
    .optional()
    .describe('Zonal shifts of Application Recovery Controller, for a pool of zones behind one load balancer.'),
});
