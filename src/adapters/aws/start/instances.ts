import {
  DescribeInstanceStatusCommand,
  DescribeInstancesCommand,
  EC2Client,
  type Instance,
  type InstanceStatus,
  StartInstancesCommand,
  StopInstancesCommand,
} from '@aws-sdk/client-ec2';
import type { Fault } from '../../../core/fault.ts';
import { PortError } from '../../../ports/port-error.ts';
import type { AwsClients } from '../clients.ts';
import type { ScaleHandle } from './scale-handle.ts';

/**
 * Reasons that EC2 gives for an instance that was started and stopped again at once. EC2 says no more than this. The
 * usual cause of the client error is an encrypted volume whose key the caller may not use. Sources: Amazon EC2 User
 * Guide, "Troubleshoot Amazon EC2 instance launch issues", "Instance terminates immediately"; Amazon EC2 API Reference,
 * "StateReason".
 */
const launchErrors: readonly string[] = [
  'Client.InternalError',
  'Client.VolumeLimitExceeded',
  'Server.InsufficientInstanceCapacity',
  'Server.InternalError',
];

/** Faults that say nothing of a single instance: no part of the request would fare better. */
const ofNoInstance: readonly Fault['kind'][] = ['denied', 'throttled', 'timeout'];

/** An instance that EC2 does not list: it was terminated an hour ago or more, or never was. */
const gone = { State: { Name: 'terminated' } } as const;

/**
 * EC2 instances that are started and stopped.
 *
 * An instance is ready when it runs and both of EC2's checks of it, of the system and of the instance, have passed. A
 * stopping or pending instance is left alone, because EC2 accepts neither a start nor a stop for it. Stopping takes
 * minutes at times, so whoever wants to start one waits for it.
 *
 * For volumes that are encrypted with a key of the user, whoever starts the instance needs `kms:CreateGrant` on that
 * key. No policy here gives that, because the configuration names no keys.
 */
export const instances: ScaleHandle<'instances'> = {
  async read(clients, { region }, { instanceIds }) {
    const seen = await describeInstances(clients, region, instanceIds);
    const meant = seen.filter((instance) => isIn(instance, ['pending', 'running']));
    const statuses = await statusesOf(clients, region, seen);
    const ready = statuses.filter(isChecked);
    const impaired = statuses.find(isImpaired);
    const left = seen.filter((instance) => !meant.includes(instance));
    const isStopping = left.some((one) => isIn(one, ['stopping'])) && !left.some((one) => isIn(one, ['stopped']));
    return {
      wanted: meant.length / instanceIds.length,
      ready: ready.length / instanceIds.length,
      ...(isStopping ? { isStopping } : {}),
      ...(impaired ? { hindrance: `${impaired.InstanceId} runs, and EC2's checks find it impaired` } : {}),
    };
  },

  /** @throws {PortError} after the others were written: `unavailable` for one in between or that did not come up the
   * last time, `invalid` for one that is gone */
  async set(clients, { region }, { instanceIds }, { size }) {
    const seen = await describeInstances(clients, region, instanceIds);
    const isStart = size > 0;
    const ids = seen.filter((instance) => isIn(instance, [isStart ? 'stopped' : 'running'])).map(idOf);
    const fault = ids.length > 0 ? await faultOfChange(clients, region, ids, isStart) : null;
    if (fault !== null) throw fault;
    const lost = isStart ? seen.find(isGone) : undefined;
    if (lost) {
      const detail = `${idOf(lost)} is terminated: put the instance that replaces it into the configuration`;
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
  const left = (await listInstances(clients, region, instanceIds)).filter((instance) => !isGone(instance));
  if (left.length === 0) return undefined;
  return (await statusesOf(clients, region, left)).filter(isChecked).length === left.length;
}

/** What EC2's checks say of those that run. */
async function statusesOf(
  clients: AwsClients,
  region: string,
  seen: readonly Instance[],
): Promise<readonly InstanceStatus[]> {
  const running = seen.filter((instance) => isIn(instance, ['running'])).map(idOf);
  const statuses = running.length === 0 ? [] : await describeStatuses(clients, region, running);
  return statuses.filter(({ InstanceId = '' }) => running.includes(InstanceId));
}

/**
 * Instances in the order of their ids; one that EC2 does not list any more is shown as terminated.
 *
 * @throws {PortError} `invalid` when it lists none of them
 */
export async function describeInstances(
  clients: AwsClients,
  region: string,
  instanceIds: readonly string[],
): Promise<readonly Instance[]> {
  const found = await listInstances(clients, region, instanceIds);
  if (found.length === 0) throw new PortError({ kind: 'invalid', detail: `no ${instanceIds.join(', ')} in ${region}` });
  return instanceIds.map((id) => found.find((instance) => idOf(instance) === id) ?? { InstanceId: id, ...gone });
}

/** By filter: asked for by their ids, one that is gone would fail the answer about all. */
async function listInstances(
  clients: AwsClients,
  region: string,
  instanceIds: readonly string[],
): Promise<readonly Instance[]> {
  const command = new DescribeInstancesCommand({ Filters: [{ Name: 'instance-id', Values: [...instanceIds] }] });
  const { Reservations } = await clients.call((options) => clients.of(EC2Client, region).send(command, options));
  const listed = (Reservations ?? []).flatMap(({ Instances }) => Instances ?? []);
  return listed.filter((instance) => instanceIds.includes(idOf(instance)));
}

/**
 * Starts or stops instances, and returns why some could not be; null when all were.
 *
 * EC2 starts all that one request names, or none of them: one without capacity or without its volume would keep all the
 * others down. So what is refused is asked for again in halves. Sources: aws-solutions/instance-scheduler-on-aws issues
 * 266 and 304; cloud-custodian issue 5235.
 */
async function faultOfChange(
  clients: AwsClients,
  region: string,
  ids: readonly string[],
  isStart: boolean,
): Promise<PortError | null> {
  const ec2 = clients.of(EC2Client, region);
  const asked = { InstanceIds: [...ids] };
  try {
    await clients.call<unknown>((options) =>
      isStart
        ? ec2.send(new StartInstancesCommand(asked), options)
        : ec2.send(new StopInstancesCommand(asked), options),
    );
    return null;
  } catch (error) {
    if (!(error instanceof PortError)) throw error;
    if (ofNoInstance.includes(error.fault.kind)) return error;
    if (ids.length === 1) return new PortError({ ...error.fault, detail: `${ids[0]}: ${error.fault.detail}` }, error);
  }
  const middle = Math.ceil(ids.length / 2);
  const first = await faultOfChange(clients, region, ids.slice(0, middle), isStart);
  if (first !== null && ofNoInstance.includes(first.fault.kind)) return first;
  return (await faultOfChange(clients, region, ids.slice(middle), isStart)) ?? first;
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

function isImpaired({ SystemStatus, InstanceStatus }: InstanceStatus): boolean {
  return SystemStatus?.Status === 'impaired' || InstanceStatus?.Status === 'impaired';
}

/** Whether an instance was started, and stopped again by EC2 itself. */
function hasFallen(instance: Instance): boolean {
  return isIn(instance, ['stopped']) && launchErrors.includes(instance.StateReason?.Code ?? '');
}

/** Whether it will not come back. */
export function isGone(instance: Instance): boolean {
  return isIn(instance, ['terminated', 'shutting-down']);
}

function isIn(instance: Instance, states: readonly string[]): boolean {
  return states.includes(instance.State?.Name ?? '');
}

function idOf({ InstanceId = '' }: Instance): string {
  return InstanceId;
}
