import {
  AutoScalingClient,
  type AutoScalingGroup,
  DescribeAutoScalingGroupsCommand,
  type Instance,
  UpdateAutoScalingGroupCommand,
} from '@aws-sdk/client-auto-scaling';
import { PortError } from '../../../ports/port-error.ts';
import type { AwsClients } from '../clients.ts';
import type { ScaleHandle } from './scale-handle.ts';

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
    return {
      wanted: group.DesiredCapacity ?? 0,
      ready: inServiceOf(group).reduce((sum, one) => sum + weightOf(one), 0),
    };
  },

  async set(clients, { region }, { name }, { size }) {
    const { DesiredCapacity, MinSize = 0, MaxSize = 0 } = await describeGroup(clients, region, name);
    if (size < MinSize) {
      const detail = `group ${name} has MinSize ${MinSize}, above the standby size ${size}: lower the one or raise the other`;
      throw new PortError({ kind: 'invalid', detail });
    }
    if (DesiredCapacity === size) return;
    const command = new UpdateAutoScalingGroupCommand({
      AutoScalingGroupName: name,
      DesiredCapacity: size,
      ...(MaxSize < size ? { MaxSize: size } : {}),
    });
    await clients.call((options) => clients.of(AutoScalingClient, region).send(command, options));
  },
};

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
