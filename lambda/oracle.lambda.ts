import { createOracle } from '../src/adapters/net/oracle/oracle.ts';
import { oracleFrontOf } from '../src/config/plan/oracle-fronts.ts';
import { wire } from './wiring/wiring.ts';

const { deployment, region, tables, ports } = wire(import.meta.url, true);

/** This region's vote on a site, as Route 53's health checkers read it. */
export const handler = createOracle({
  deployment,
  readAcceptors: (services) => tables.readAcceptors(region, services),
  clock: ports.clock,
  basePath: oracleFrontOf(deployment, region)?.basePath ?? '',
});
