import { AwsClients } from '../src/adapters/aws/clients.ts';
import { readCheckers } from '../src/adapters/aws/dns/health-check-status.ts';
import { DynamoDbStateTables } from '../src/adapters/aws/dynamodb-state-tables.ts';
import { AlarmStates } from '../src/adapters/aws/probe/alarm-states.ts';
import { systemClock } from '../src/adapters/system/clock.ts';
import { systemRng } from '../src/adapters/system/rng.ts';
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

/** Deadline of one call; a deployment can wait, a tick could not. */
const callDeadlineMs = 10_000;

const clients = new AwsClients({ callDeadlineMs });

/**
 * Reads and waits while the records are deployed. Nothing calls this function afterwards, and a delete changes nothing.
 */
export async function handler(event: ProviderEvent): Promise<ProviderAnswer> {
  const { RequestType, ResourceProperties: wish } = event;
  const PhysicalResourceId = event.PhysicalResourceId ?? wish.Kind;
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
