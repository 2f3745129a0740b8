import { type BootstrapReading, bootstrapCheck } from './bootstrap-checks.ts';
import type { Check } from './check.ts';
import { type DrainReading, drainCheck } from './fencing/drain-checks.ts';
import { type AccountRoles, accountRoleCheck, type FunctionRole, permissionChecks } from './permission-checks.ts';
import { type PlaceReading, placeCheck } from './places/place-checks.ts';
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
import { type SubscriptionReading, subscriptionChecks } from './subscription-checks.ts';
import { type RecordsReading, recordsCheck, type ZoneReading, zoneCheck } from './zone-checks.ts';

/** What was read of the account and of what is deployed in it, besides the state tables. */
export interface AwsReadings {
  readonly roles: readonly FunctionRole[];
  readonly accountRoles: readonly AccountRoles[];
  readonly concurrency: readonly ConcurrencyReading[];
  /** Null where the configuration has none. */
  readonly healthChecks: HealthCheckReading | null;
  readonly addresses: readonly AddressReading[];
  readonly processors: readonly ProcessorReading[];
  readonly drains: readonly DrainReading[];
  readonly places: readonly PlaceReading[];
  readonly subscriptions: readonly SubscriptionReading[];
  readonly zones: readonly ZoneReading[];
  readonly records: readonly RecordsReading[];
  /** Empty where nobody asks who could deploy. */
  readonly bootstraps: readonly BootstrapReading[];
}

/**
 * What a failover needs of the account.
 *
 * @param isDeployed - false where nothing is: then what a deployment needs is checked, and not what it has
 */
export function awsChecks(readings: AwsReadings, isDeployed: boolean): readonly Check[] {
  const { roles, accountRoles, concurrency, healthChecks, addresses, processors, drains, places } = readings;
  const { subscriptions, zones, records, bootstraps } = readings;
  return [
    ...(isDeployed ? [...permissionChecks(roles), ...accountRoles.map(accountRoleCheck)] : []),
    ...concurrency.map(concurrencyCheck),
    ...(healthChecks === null ? [] : [healthCheckCheck(healthChecks, isDeployed)]),
    ...addresses.map(addressCheck),
    ...processors.map(processorCheck),
    ...drains.map(drainCheck),
    ...places.map(placeCheck),
    ...(isDeployed ? subscriptionChecks(subscriptions) : []),
    ...zones.map(zoneCheck),
    ...records.map((one) => recordsCheck(one, isDeployed)),
    ...bootstraps.map((one) => bootstrapCheck(one, isDeployed)),
  ];
}
