import { createEndpointsAnswers } from '../src/adapters/net/oracle/endpoints.ts';
import { wire } from './wiring/wiring.ts';

const { deployment, region, tables, ports } = wire(import.meta.url, true);

/** Tells clients inside the account the endpoints of a service, and who is active, by this region's table. */
export const handler = createEndpointsAnswers({
  deployment,
  readAcceptors: (services) => tables.readAcceptors(region, services),
  clock: ports.clock,
});
