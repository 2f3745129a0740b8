import {
  type Activity,
  AutoScalingClient,
  type AutoScalingGroup,
  DescribeAutoScalingGroupsCommand,
  DescribeScalingActivitiesCommand,
  type Instance,
  UpdateAutoScalingGroupCommand,
} from '@aws-sdk/client-auto-scaling';
import { PortError } from '../../../ports/port-error.ts';
import type { AwsClients } from '../clients.ts';
import type { ScaleHandle } from './scale-handle.ts';

/** Activities of a group that are looked through for why it does not grow; the newest come first. */
const activitiesMax = 10;
/** Codes of a launch that came to nothing. Source: Auto Scaling API Reference, DescribeScalingActivities. */
const failed: readonly string[] = ['Failed', 'Cancelled'];
/** What has failed that long before the newest activity says nothing of it, in milliseconds. Source: our own. */
const activityAgeMsMax = 3_600_000;

/**
 * An Auto Scaling group, by its desired capacity.
 *
 * `MinSize` stays as it is: the user's own scaling policies and template rely on it, and its old value would be lost.
 * `MaxSize` is raised when it would refuse the size, and is not lowered again, because a higher maximum costs nothing
 * by itself. Instances of a warm pool are not in service and do not count.
 *
 * Sizes are in the group's own unit: in a group with instance weights an instance counts as much as its type weighs,
 * and the last one may go beyond the size. Source: Auto Scaling API Reference, `LaunchTemplateOverrides`,
 * `WeightedCapacity`.
 */
export const autoScalingGroup: ScaleHandle<'auto-scaling-group'> = {
  async read(clients, { region }, { name }) {
    const group = await describeGroup(clients, region, name);
    const isSuspended = (group.SuspendedProcesses ?? []).some(({ ProcessName }) => ProcessName === 'Launch');
    return {
      wanted: group.DesiredCapacity ?? 0,
      ready: inServiceOf(group).reduce((sum, one) => sum + weightOf(one), 0),
      ...(isSuspended ? { hindrance: `group ${name} launches nothing while its process Launch is suspended` } : {}),
    };
  },

  async set(clients, { region }, { name }, { size, isServing }) {
    const { DesiredCapacity = 0, MinSize = 0, MaxSize = 0 } = await describeGroup(clients, region, name);
    if (size < MinSize) {
      const detail = `group ${name} has MinSize ${MinSize}, above the standby size ${size}: lower the one or raise the other`;
      throw new PortError({ kind: 'invalid', detail });
    }
    // What grew by itself since it was looked at is not reduced.
    if (DesiredCapacity === size || (isServing && DesiredCapacity > size)) return;
    const command = new UpdateAutoScalingGroupCommand({
      AutoScalingGroupName: name,
      DesiredCapacity: size,
      ...(MaxSize < size ? { MaxSize: size } : {}),
    });
    await clients.call((options) => clients.of(AutoScalingClient, region).send(command, options));
  },
};

/**
 * Why a group is smaller than what was asked for: what its last launches have failed of, such as capacity that EC2 does
 * not have; null when the last one came through, or nobody says. Never rejects.
 */
export async function launchHindrance(clients: AwsClients, region: string, name: string): Promise<string | null> {
  const command = new DescribeScalingActivitiesCommand({ AutoScalingGroupName: name, MaxRecords: activitiesMax });
  const answer = await clients
    .call((options) => clients.of(AutoScalingClient, region).send(command, options))
    .catch(() => undefined);
  const activities = answer?.Activities ?? [];
  const newestMs = startOf(activities[0]);
  const ended = activities.find(({ StatusCode = '' }) => [...failed, 'Successful'].includes(StatusCode));
  if (ended === undefined || ended.StatusCode === 'Successful') return null;
  if (newestMs - startOf(ended) > activityAgeMsMax || ended.StatusMessage === undefined) return null;
  return `group ${name}: ${ended.StatusMessage}`;
}

function startOf(activity: Activity | undefined): number {
  return activity?.StartTime?.getTime() ?? 0;
}

/**
 * Instances of a group that are in service and healthy, each counted as one.
 *
 * @throws {PortError} `invalid` when the region has no such group
 */
export async function countInService(clients: AwsClients, region: string, name: string): Promise<number> {
  return inServiceOf(await describeGroup(clients, region, name)).length;
}

function inServiceOf({ Instances = [] }: AutoScalingGroup): readonly Instance[] {
  return Instances.filter(
    ({ LifecycleState, HealthStatus }) => LifecycleState === 'InService' && HealthStatus === 'Healthy',
  );
}

/** Units of capacity that an instance is; one where its group has no weights. */
function weightOf({ WeightedCapacity }: Instance): number {
  return Number(WeightedCapacity ?? 1);
}

/** @throws {PortError} `invalid` when the region has no such group */
export async function describeGroup(clients: AwsClients, region: string, name: string): Promise<AutoScalingGroup> {
  const command = new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [name] });
  const { AutoScalingGroups } = await clients.call((options) =>
    clients.of(AutoScalingClient, region).send(command, options),
  );
  const group = AutoScalingGroups?.find(({ AutoScalingGroupName }) => AutoScalingGroupName === name);
  if (!group) throw new PortError({ kind: 'invalid', detail: `no Auto Scaling group ${name} in ${region}` });
  return group;
}
