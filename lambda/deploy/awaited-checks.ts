import type { AwsClients } from '../../src/adapters/aws/clients.ts';
import { readCheckers } from '../../src/adapters/aws/dns/health-check-status.ts';
import { AlarmStates } from '../../src/adapters/aws/probe/alarm-states.ts';
import { DynamoDbStateTables } from '../../src/adapters/aws/tables/dynamodb-state-tables.ts';
import { systemClock } from '../../src/adapters/system/clock.ts';
import { systemRng } from '../../src/adapters/system/rng.ts';
import { FailoverError } from '../../src/core/errors.ts';
import { valueHeldAsVoter, viewRegister } from '../../src/core/register/quorum.ts';
import {
  type ChecksReady,
  droppedSites,
  type FollowedAlarm,
  newAlarms,
  newRegions,
  type ProviderEvent,
} from './deploy-event.ts';
import {
  awaitDeparture,
  awaitMemories,
  awaitVoters,
  awaitVotes,
  type ReadRegister,
  type ReadVoting,
} from './deploy-gate.ts';

/**
 * Waits for what the records of all services are to follow.
 *
 * @param former - what was deployed before; what is followed already is not waited for
 * @throws {FailoverError} FAULT when something is not so after ten minutes
 */
export async function awaitChecks(
  clients: AwsClients,
  { Services: services, Deployment: deployment }: ChecksReady,
  former: ProviderEvent['OldResourceProperties'],
): Promise<void> {
  const ground = { clock: systemClock, rng: systemRng };
  const checkIds = services.flatMap(({ CheckIds }) => CheckIds);
  const alarms = services.flatMap((service) => newAlarms(service, former));
  await Promise.all([
    ...services.map((service) =>
      awaitVoters(
        service.Service,
        newRegions(service, former),
        readVotingOn(clients, deployment, service.Service),
        systemClock,
      ),
    ),
    ...services.map((service) =>
      awaitDeparture(
        service.Service,
        droppedSites(service, former),
        readRegisterBy(clients, deployment, service.Service, service.Tables ?? []),
        systemClock,
      ),
    ),
    awaitVotes(checkIds, (id) => readCheckers(clients, id), ground),
    awaitMemories(alarms, (alarm) => hasData(clients, alarm), ground),
  ]);
}

/** Reads what the oracle of a region reads: whether its own table holds a value that counts it as a voter. */
function readVotingOn(clients: AwsClients, deployment: string, service: string): ReadVoting {
  const tables = new DynamoDbStateTables({ clients, deployment, rng: systemRng, clock: systemClock });
  return async (region) => {
    const acceptors = await tables.readAcceptors(region, [service]);
    return valueHeldAsVoter(acceptors[service]) !== null;
  };
}

/** Reads the newest value that a majority of the tables tells. */
function readRegisterBy(
  clients: AwsClients,
  deployment: string,
  service: string,
  regions: readonly string[],
): ReadRegister {
  const tables = new DynamoDbStateTables({ clients, deployment, rng: systemRng, clock: systemClock });
  return async () => {
    const states = await Promise.all(
      regions.map(async (region) => {
        const acceptors = await tables.readAcceptors(region, [service]).catch(() => null);
        return [region, acceptors === null ? undefined : (acceptors[service] ?? null)] as const;
      }),
    );
    const view = viewRegister(Object.fromEntries(states));
    if (view.kind === 'no-majority') throw new FailoverError('FAULT', 'too few state tables answer');
    return view.kind === 'absent' ? null : view.register;
  };
}

/** Whether an alarm's state comes from data. */
async function hasData(clients: AwsClients, { Region: region, Name: name }: FollowedAlarm): Promise<boolean> {
  const found = await new AlarmStates(clients, systemClock, [{ region, name }]).stateOf({ region, name });
  return found !== null && found.state !== 'INSUFFICIENT_DATA';
}
