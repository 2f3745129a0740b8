import { accountRoles } from '../src/adapters/aws/accounts/account-role.ts';
import { AwsClients } from '../src/adapters/aws/clients.ts';
import { readCheckers } from '../src/adapters/aws/dns/health-check-status.ts';
import { Route53Dns } from '../src/adapters/aws/dns.ts';
import { DynamoDbStateTables } from '../src/adapters/aws/dynamodb-state-tables.ts';
import { AlarmStates } from '../src/adapters/aws/probe/alarm-states.ts';
import { systemClock } from '../src/adapters/system/clock.ts';
import { readPackedDeployment } from '../src/adapters/system/deployment-file.ts';
import { systemRng } from '../src/adapters/system/rng.ts';
import { readLambdaEnv } from '../src/config/env.ts';
import { FailoverError } from '../src/core/errors.ts';
import { valueHeldAsVoter } from '../src/core/register/quorum.ts';
import {
  type ChecksReady,
  type FollowedAlarm,
  newAlarms,
  newRegions,
  type ProviderAnswer,
  type ProviderEvent,
} from './deploy/deploy-event.ts';
import { awaitMemories, awaitVoters, awaitVotes, type ReadVoting } from './deploy/deploy-gate.ts';
import { readHosts } from './deploy/oracle-hosts.ts';
import { declaredIn, deployRecords, zoneRecordsId } from './deploy/zone-records.ts';

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
      await Promise.all([
        awaitVoters(wish.Service, newRegions(wish, event.OldResourceProperties), readVotingOn(wish), systemClock),
        awaitVotes(wish.CheckIds, (id) => readCheckers(clients, id), systemClock),
        awaitMemories(newAlarms(wish, event.OldResourceProperties), hasData, systemClock),
      ]);
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

/** Reads what the oracle of a region reads: whether its own table holds a value that counts it as a voter. */
function readVotingOn({ Deployment: deployment, Service: service }: ChecksReady): ReadVoting {
  const tables = new DynamoDbStateTables({ clients, deployment, rng: systemRng, clock: systemClock });
  return async (region) => {
    const acceptors = await tables.readAcceptors(region, [service]);
    return valueHeldAsVoter(acceptors[service]) !== null;
  };
}

/** Whether an alarm's state comes from data. */
async function hasData({ Region: region, Name: name }: FollowedAlarm): Promise<boolean> {
  const found = await new AlarmStates(clients, systemClock, [{ region, name }]).stateOf({ region, name });
  return found !== null && found.state !== 'INSUFFICIENT_DATA';
}
