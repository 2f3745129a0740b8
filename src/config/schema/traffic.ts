import { addressSchema } from '../kinds/address.ts';
import { dnsSchema } from '../kinds/dns.ts';
import { routeSchema } from '../kinds/route.ts';
import { targetsSchema } from '../kinds/targets.ts';
import { strict } from './strict-object.ts';

/** What steers the clients of a service; at least one of the four, except for a service that is data. */
export const trafficSchema = strict({
  dns: dnsSchema.optional().describe('A DNS name that follows the active site.'),
  address: addressSchema.optional().describe('An Elastic IP that moves between instances of one region.'),
  route: routeSchema.optional().describe('Routes of EC2 route tables that move between targets of one region.'),
  targets: targetsSchema.optional().describe('Weights of target groups behind one load balancer.'),
});
