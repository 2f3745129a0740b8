import { ConfigError } from '../../config/config-error.ts';
import { parseDeploymentValue } from '../../config/loader.ts';
import { serviceOf } from '../../core/model/deployment.ts';
import type { SeededRandom } from '../random.ts';
import type { TroubleTime } from './rescue-draws.ts';
import type { Edit, Reshape } from './reshape.ts';
import { editedServices } from './site-edits.ts';
import { pick } from './trouble.ts';
import type { ServiceInput } from './variations.ts';

/** Changes of what a service is made of, each in an order that `validate --against` does not refuse. */

/** By how much a lease changes. */
const leaseShares = [0.5, 0.7, 1.5, 3] as const;

/** Whether the loader takes a configuration. */
export function isDeployable(configuration: unknown): boolean {
  try {
    parseDeploymentValue(configuration, 'drawn');
    return true;
  } catch (error) {
    if (error instanceof ConfigError) return false;
    throw error;
  }
}

const beginOf = (random: SeededRandom, { fromMs, forMs }: TroubleTime): number => Math.round(fromMs + random() * forMs);

function editing(names: readonly string[], edit: (service: ServiceInput) => ServiceInput): Edit {
  return (configuration) => editedServices(configuration, names, edit);
}

/** A lease gets shorter or longer. */
const lease: Reshape = (random, deployment, time) => {
  const name = pick(random, Object.keys(deployment.services));
  const leaseMs = Math.round(serviceOf(deployment, name).failover.leaseMs * pick(random, leaseShares));
  const edit = editing([name], (service) => ({ ...service, failover: { ...service.failover, leaseMs } }));
  return { steps: [{ atMs: beginOf(random, time), edit }], events: [], healing: [] };
};

/** Every kind of change, by what changes. */
export const reshapes = { lease } satisfies Readonly<Record<string, Reshape>>;
