import type { Check } from './check.ts';
import { type FunctionRole, permissionChecks } from './permission-checks.ts';
import {
  type AddressReading,
  addressCheck,
  type ConcurrencyReading,
  concurrencyCheck,
  type HealthCheckReading,
  healthCheckCheck,
  type ProcessorReading,
  processorCheck,
} from './quota-checks.ts';

/** What was read of the account and of what is deployed in it, besides the state tables. */
export interface AwsReadings {
  readonly roles: readonly FunctionRole[];
  readonly concurrency: readonly ConcurrencyReading[];
  /** Null where the configuration has none. */
  readonly healthChecks: HealthCheckReading | null;
  readonly addresses: readonly AddressReading[];
  readonly processors: readonly ProcessorReading[];
}

/**
 * What a failover needs of the account.
 *
 * @param isDeployed - false where nothing is: then what a deployment needs is checked, and not what it has
 */
export function awsChecks(readings: AwsReadings, isDeployed: boolean): readonly Check[] {
  const { roles, concurrency, healthChecks, addresses, processors } = readings;
  return [
    ...(isDeployed ? permissionChecks(roles) : []),
    ...concurrency.map(concurrencyCheck),
    ...(healthChecks === null ? [] : [healthCheckCheck(healthChecks, isDeployed)]),
    ...addresses.map(addressCheck),
    ...processors.map(processorCheck),
  ];
}
