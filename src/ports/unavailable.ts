import { PortError } from './port-error.ts';
import type { Ports } from './ports.ts';

/** Ports that a process can do without; a clock, randomness and a log it always brings itself. */
type Dispensable = Omit<Ports, 'clock' | 'rng' | 'log'>;

/**
 * Stands in for the ports that a process was not given: every method rejects at once.
 *
 * Spread it and put the real ports on top: `{ ...unavailable, clock, rng, log, tables }`.
 */
export const unavailable: Dispensable = {
  prober: { probe: refuse('prober'), checkSelf: refuse('prober') },
  tables: {
    prepare: refuse('state tables'),
    accept: refuse('state tables'),
    read: refuse('state tables'),
    writeOpinions: refuse('state tables'),
    claimToken: refuse('state tables'),
  },
  invoker: { invoke: refuse('invoker') },
  addresses: { locate: refuse('addresses'), associate: refuse('addresses') },
  compute: { readIsolation: refuse('compute'), setIsolation: refuse('compute') },
  dns: { resolve: refuse('dns'), readRecord: refuse('dns'), writeRecord: refuse('dns') },
  notifier: { notify: refuse('notifier') },
};

function refuse(port: string): () => Promise<never> {
  return async () => {
    throw new PortError({ kind: 'invalid', detail: `this process has no ${port} port` });
  };
}
