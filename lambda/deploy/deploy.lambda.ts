import { accountRoles } from '../../src/adapters/aws/accounts/account-role.ts';
import { AwsClients } from '../../src/adapters/aws/clients.ts';
import { Route53Dns } from '../../src/adapters/aws/dns.ts';
import { systemClock } from '../../src/adapters/system/clock.ts';
import { readPackedDeployment } from '../../src/adapters/system/deployment-file.ts';
import { systemRng } from '../../src/adapters/system/rng.ts';
import { readLambdaEnv } from '../../src/config/env.ts';
import { FailoverError } from '../../src/core/errors.ts';
import { awaitChecks } from './awaited-checks.ts';
import type { ProviderAnswer, ProviderEvent } from './deploy-event.ts';
import { readHosts } from './oracle-hosts.ts';
import { declaredIn, deployRecords, zoneRecordsId } from './zone-records.ts';

/** Deadline of one call; a deployment can wait, a tick could not. */
const callDeadlineMs = 10_000;

/** Longest wait until a batch of records is in sync, in milliseconds. Route 53 takes 60 s as a rule. */
const batchMs = 120_000;

const clients = new AwsClients({ callDeadlineMs });

/**
 * Reads and waits while the records are deployed, and makes those in zones of other accounts. Nothing calls this
 * function afterwards. A delete changes nothing but those records.
 */
export async function handler(event: ProviderEvent): Promise<ProviderAnswer> {
  const { RequestType, ResourceProperties: wish } = event;
  const PhysicalResourceId = event.PhysicalResourceId ?? wish.Kind;
  if (wish.Kind === 'ZoneRecords') {
    await deployRecords(zoneIn(wish.Account), wish.ZoneId, declaredIn(event, wish), systemClock);
    return { PhysicalResourceId: RequestType === 'Delete' ? PhysicalResourceId : zoneRecordsId(wish) };
  }
  if (RequestType === 'Delete') return { PhysicalResourceId };
  switch (wish.Kind) {
    case 'OracleHosts':
      return { PhysicalResourceId, Data: await readHosts(clients, wish.Regions, wish.Parameter, systemClock) };
    case 'ChecksReady':
      await awaitChecks(clients, wish, event.OldResourceProperties);
      return { PhysicalResourceId };
    default:
      throw new FailoverError('INVARIANT', 'unknown kind of custom resource');
  }
}

/** The records of an account's zones, by the role that this function has there. */
function zoneIn(account: string): Route53Dns {
  const deployment = readPackedDeployment(import.meta.url);
  const credentialsIn = accountRoles(clients, systemClock, deployment, 'deploy', readLambdaEnv().region);
  return new Route53Dns(clients.with({ credentialsIn }).in(account), systemClock, systemRng, batchMs);
}
