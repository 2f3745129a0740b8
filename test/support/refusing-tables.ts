import { PortError } from '../../src/ports/port-error.ts';
import type { StateTables } from '../../src/ports/state-tables.ts';

const refuse = async (): Promise<never> => {
  throw new PortError({ kind: 'invalid', detail: 'there are no state tables here' });
};

/** State tables of which none answers; to be spread under those methods that a test has. */
export const refusingTables: StateTables = {
  prepare: refuse,
  accept: refuse,
  read: refuse,
  writeOpinions: refuse,
  claimToken: refuse,
  readClaim: refuse,
};
