import { createOracle } from './oracle.ts';
import { wire } from './wiring.ts';

const { deployment, region, ports } = wire(import.meta.url);

/** This region's vote on a site, as Route 53's health checkers read it. */
export const handler = createOracle({ deployment, region, tables: ports.tables, clock: ports.clock });
