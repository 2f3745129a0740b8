import { AwsClients } from '../src/adapters/aws/clients.ts';
import { readCheckers } from '../src/adapters/aws/dns/health-check-status.ts';
import { DynamoDbStateTables } from '../src/adapters/aws/dynamodb-state-tables.ts';
import { readParameter } from '../src/adapters/aws/parameters.ts';
import { systemClock } from '../src/adapters/system/clock.ts';
import { systemRng } from '../src/adapters/system/rng.ts';
import { FailoverError } from '../src/core/errors.ts';
import { valueHeldAsVoter } from '../src/core/register/quorum.ts';
import { type ChecksReady, newRegions, type ProviderAnswer, type ProviderEvent } from './deploy/deploy-event.ts';
import { awaitVoters, awaitVotes, type ReadVoting } from './deploy/deploy-gate.ts';

/** Deadline of one call; a deployment can wait, a tick could not. */
const callDeadlineMs = 10_000;

/**
 * Tries to read one region's parameter, and the pause between them. A new role takes seconds until every region knows
 * it.
 */
const triesMax = 12;
const pauseMs = 5_000;

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
      return { PhysicalResourceId, Data: await readHosts(wish.Regions, wish.Parameter) };
    case 'ChecksReady':
      await Promise.all([
        awaitVoters(wish.Service, newRegions(wish, event.OldResourceProperties), readVotingOn(wish), systemClock),
        awaitVotes(wish.CheckIds, (id) => readCheckers(clients, id), systemClock),
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

/** The oracle's host by control region. */
async function readHosts(regions: readonly string[], parameter: string): Promise<Readonly<Record<string, string>>> {
  const hosts = await Promise.all(regions.map((region) => readHost(region, parameter)));
  return Object.fromEntries(regions.map((region, index) => [region, hosts[index] ?? '']));
}

async function readHost(region: string, parameter: string): Promise<string> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await readParameter(clients, region, parameter);
    } catch (error) {
      if (tries >= triesMax) throw error;
      await systemClock.sleep(pauseMs);
    }
  }
}
