import { DescribeAddressesCommand, EC2Client } from '@aws-sdk/client-ec2';
import { GetAccountSettingsCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetAccountLimitCommand, Route53Client } from '@aws-sdk/client-route-53';
import { dnsSizeOf } from '../../../config/plan/dns-size.ts';
import { functionPlanOf } from '../../../config/plan/functions.ts';
import type {
  AddressReading,
  ConcurrencyReading,
  HealthCheckReading,
  ReservedConcurrency,
} from '../../../core/checkup/quota-checks.ts';
import { notAsked } from '../../../core/checkup/reading.ts';
import type { Deployment } from '../../../core/model/deployment.ts';
import { addressSort } from '../../../core/model/traffic.ts';
import { PortError } from '../../../ports/port-error.ts';
import type { AwsClients } from '../clients.ts';
import { controlPlaneRegion } from '../dns.ts';
import { quotaLimit, quotas } from '../survey/quota.ts';
import type { ReadFunction } from './deployed-functions.ts';
import type { Patience } from './patience.ts';

/** Concurrent executions, by region. Source: Lambda API Reference, `GetAccountSettings`, AccountLimit. */
export async function readConcurrency(
  clients: AwsClients,
  deployment: Deployment,
  functions: readonly ReadFunction[],
  patience: Patience,
): Promise<readonly ConcurrencyReading[]> {
  return await Promise.all(
    deployment.controlRegions.map(async (region) => {
      const here = functions.filter((one) => one.region === region);
      const settings = clients.call((options) =>
        clients.of(LambdaClient, region).send(new GetAccountSettingsCommand({}), options),
      );
      const read = Promise.all([settings, Promise.all(here.map((one) => reservedOf(deployment, one)))]).then(
        ([{ AccountLimit }, reserved]) => ({
          limit: known(AccountLimit?.ConcurrentExecutions, 'Lambda says no limit'),
          unreserved: known(AccountLimit?.UnreservedConcurrentExecutions, 'Lambda does not say what is unreserved'),
          functions: reserved,
        }),
      );
      return { region, reading: await patience.read(read) };
    }),
  );
}

async function reservedOf(deployment: Deployment, { kind, deployed }: ReadFunction): Promise<ReservedConcurrency> {
  const found = await deployed;
  const planned = functionPlanOf(deployment, kind).concurrencyMax;
  return { kind, planned, reserved: found?.reserved ?? null, isThere: found !== null };
}

/** Health checks of the account; null where the configuration has none. Source: Route 53 API Reference. */
export async function readHealthChecks(
  clients: AwsClients,
  deployment: Deployment,
  patience: Patience,
): Promise<HealthCheckReading | null> {
  const needed = dnsSizeOf(deployment)?.healthChecks ?? 0;
  if (needed === 0) return null;
  const command = new GetAccountLimitCommand({ Type: 'MAX_HEALTH_CHECKS_BY_OWNER' });
  const read = clients
    .call((options) => clients.of(Route53Client, controlPlaneRegion).send(command, options))
    .then(({ Limit, Count }) => ({
      limit: known(Limit?.Value, 'Route 53 says no limit'),
      count: known(Count, 'Route 53 does not say how many there are'),
    }));
  return { needed, reading: await patience.read(read) };
}

/** The Elastic IPs of each service that moves some. */
export async function readAddresses(
  clients: AwsClients,
  { services }: Deployment,
  patience: Patience,
): Promise<readonly AddressReading[]> {
  const wanted = Object.entries(services).flatMap(([service, { sites, traffic }]) => {
    const { address } = traffic;
    const needed = address?.allocationId.filter((one) => addressSort(one) === 'elastic-ip') ?? [];
    if (address === undefined || needed.length === 0) return [];
    // What moves between sites is in their account.
    const [account] = Object.keys(address.instances).flatMap((site) => sites[site]?.account ?? []);
    return [{ service, region: address.region, needed, account }];
  });
  return await Promise.all(
    wanted.map(async ({ service, region, needed, account }): Promise<AddressReading> => {
      if (account !== undefined) return { service, region, needed, reading: notAsked(account) };
      const addresses = clients.call((options) =>
        clients.of(EC2Client, region).send(new DescribeAddressesCommand({}), options),
      );
      const read = Promise.all([addresses, quotaLimit(clients, region, quotas.elasticIps)]).then(
        ([{ Addresses = [] }, limit = null]) => ({
          there: Addresses.flatMap(({ AllocationId }) => AllocationId ?? []),
          limit,
        }),
      );
      return { service, region, needed, reading: await patience.read(read) };
    }),
  );
}

function known<T>(value: T | undefined, otherwise: string): T {
  if (value === undefined) throw new PortError({ kind: 'invalid', detail: otherwise });
  return value;
}
