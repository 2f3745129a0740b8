import {
  DescribeInstanceStatusCommand,
  DescribeInstancesCommand,
  EC2Client,
  type Instance,
  type InstanceStatus,
  StartInstancesCommand,
  StopInstancesCommand,
} from '@aws-sdk/client-ec2';
import { PortError } from '../../../ports/port-error.ts';
import type { AwsClients } from '../clients.ts';
import type { ScaleHandle } from './scale-handle.ts';

/**
 * Reasons that EC2 gives for an instance that was started and stopped again at once. EC2 says no more than this. The
 * usual cause of the client error is an encrypted volume whose key the caller may not use. Source: Amazon EC2 User
 * Guide, "Troubleshoot Amazon EC2 instance launch issues", "Instance terminates immediately".
 */
const launchErrors: readonly string[] = ['Client.InternalError', 'Server.InternalError'];

/**
 * EC2 instances that are started and stopped.
 *
 * An instance is ready when it runs and both of EC2's checks of it, of the system and of the instance, have passed. A
 * stopping or pending instance is left alone, because EC2 accepts neither a start nor a stop for it.
 *
 * For volumes that are encrypted with a key of the user, whoever starts the instance needs `kms:CreateGrant` on that
 * key. No policy here gives that, because the configuration names no keys.
 */
export const instances: ScaleHandle<'instances'> = {
  async read(clients, { region }, { instanceIds }) {
    const seen = await describeInstances(clients, region, instanceIds);
    const meant = seen.filter((instance) => isIn(instance, ['pending', 'running']));
    const ready = await checkedOf(clients, region, seen);
    return { wanted: meant.length / instanceIds.length, ready: ready.length / instanceIds.length };
  },

  /** @throws {PortError} after the others were written: `unavailable` for one in between or that did not come up the
   * last time, `invalid` for one that is gone */
  async set(clients, { region }, { instanceIds }, { size }) {
    const seen = await describeInstances(clients, region, instanceIds);
    const isStart = size > 0;
    const ids = seen.filter((instance) => isIn(instance, [isStart ? 'stopped' : 'running'])).map(idOf);
    if (ids.length > 0) {
      const ec2 = clients.of(EC2Client, region);
      await clients.call<unknown>((options) =>
        isStart
          ? ec2.send(new StartInstancesCommand({ InstanceIds: ids }), options)
          : ec2.send(new StopInstancesCommand({ InstanceIds: ids }), options),
      );
    }
    const gone = isStart ? seen.find((instance) => isIn(instance, ['terminated', 'shutting-down'])) : undefined;
    if (gone) {
      const detail = `${idOf(gone)} is terminated: put the instance that replaces it into the configuration`;
      throw new PortError({ kind: 'invalid', detail });
    }
    const between = seen.find((instance) => isIn(instance, [isStart ? 'stopping' : 'pending']));
    if (between) throw new PortError({ kind: 'unavailable', detail: `${idOf(between)} is ${between.State?.Name}` });
    const fallen = isStart ? seen.find(hasFallen) : undefined;
    if (fallen) {
      const why = `${idOf(fallen)} stopped when it was started last: ${fallen.StateReason?.Message}`;
      const detail = `${why}; started again. If its volumes are encrypted, let the start function use the key`;
      throw new PortError({ kind: 'unavailable', detail });
    }
  },
};

/**
 * Whether instances run and have passed EC2's checks of them. An instance that is terminated, or no longer listed, will
 * not come back and does not count.
 *
 * @returns undefined when none is left to look at
 * @throws {PortError} when EC2 does not answer
 */
export async function areInstancesWell(
  clients: AwsClients,
  region: string,
  instanceIds: readonly string[],
): Promise<boolean | undefined> {
  // By filter: asked for by their ids, one that is gone would fail the answer about all.
  const command = new DescribeInstancesCommand({ Filters: [{ Name: 'instance-id', Values: [...instanceIds] }] });
  const { Reservations } = await clients.call((options) => clients.of(EC2Client, region).send(command, options));
  const left = (Reservations ?? [])
    .flatMap(({ Instances }) => Instances ?? [])
    .filter((instance) => instanceIds.includes(idOf(instance)) && !isIn(instance, ['terminated', 'shutting-down']));
  if (left.length === 0) return undefined;
  return (await checkedOf(clients, region, left)).length === left.length;
}

/** Ids of those that run and have passed both checks. */
async function checkedOf(clients: AwsClients, region: string, seen: readonly Instance[]): Promise<readonly string[]> {
  const running = seen.filter((instance) => isIn(instance, ['running'])).map(idOf);
  const statuses = running.length === 0 ? [] : await describeStatuses(clients, region, running);
  return running.filter((id) => statuses.some((status) => status.InstanceId === id && isChecked(status)));
}

/** @throws {PortError} `invalid` when EC2 leaves one out */
export async function describeInstances(
  clients: AwsClients,
  region: string,
  instanceIds: readonly string[],
): Promise<readonly Instance[]> {
  const command = new DescribeInstancesCommand({ InstanceIds: [...instanceIds] });
  const { Reservations } = await clients.call((options) => clients.of(EC2Client, region).send(command, options));
  const found = (Reservations ?? []).flatMap(({ Instances }) => Instances ?? []);
  return instanceIds.map((id) => {
    const instance = found.find(({ InstanceId }) => InstanceId === id);
    if (!instance) throw new PortError({ kind: 'invalid', detail: `no ${id} in ${region}` });
    return instance;
  });
}

async function describeStatuses(
  clients: AwsClients,
  region: string,
  ids: readonly string[],
): Promise<readonly InstanceStatus[]> {
  const command = new DescribeInstanceStatusCommand({ InstanceIds: [...ids] });
  const { InstanceStatuses } = await clients.call((options) => clients.of(EC2Client, region).send(command, options));
  return InstanceStatuses ?? [];
}

/** `initializing`, `insufficient-data` and `impaired` are all not `ok`. */
function isChecked({ SystemStatus, InstanceStatus }: InstanceStatus): boolean {
  return SystemStatus?.Status === 'ok' && InstanceStatus?.Status === 'ok';
}

/** Whether an instance was started, and stopped again by EC2 itself. */
function hasFallen(instance: Instance): boolean {
  return isIn(instance, ['stopped']) && launchErrors.includes(instance.StateReason?.Code ?? '');
}

function isIn(instance: Instance, states: readonly string[]): boolean {
  return states.includes(instance.State?.Name ?? '');
}

function idOf({ InstanceId = '' }: Instance): string {
  return InstanceId;
}
