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
  compute: { readScale: refuse('compute'), setScale: refuse('compute') },
  fences: { readIsolation: refuse('fences'), setIsolation: refuse('fences') },
  loadBalancers: { readWeights: refuse('load balancers'), setWeights: refuse('load balancers') },
  databases: { readWriter: refuse('databases'), promote: refuse('databases') },
  publisher: { readPublication: refuse('publisher'), publish: refuse('publisher') },
  surveyor: { survey: refuse('surveyor') },
  dns: {
    resolve: refuse('dns'),
    readRecord: refuse('dns'),
    writeRecord: refuse('dns'),
    readRecordWeights: refuse('dns'),
    writeRecordWeights: refuse('dns'),
  },
  notifier: { notify: refuse('notifier') },
};

function refuse(port: string): () => Promise<never> {
  return async () => {
    throw new PortError({ kind: 'invalid', detail: `this process has no ${port} port` });
  };
}
