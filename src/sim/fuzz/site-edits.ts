import type { DeploymentInput } from '../../config/input/deployment.ts';
import type { ServiceInput } from './variations.ts';

/** Some services of a configuration, edited. */
export function editedServices(
  configuration: DeploymentInput,
  names: readonly string[],
  edit: (service: ServiceInput) => ServiceInput,
): DeploymentInput {
  const services = Object.entries(configuration.services).map(
    ([name, service]) => [name, names.includes(name) ? edit(service) : service] as const,
  );
  return { ...configuration, services: Object.fromEntries(services) };
}
