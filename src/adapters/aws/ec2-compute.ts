import {
  CreateTagsCommand,
  DeleteTagsCommand,
  DescribeInstancesCommand,
  EC2Client,
  ModifyInstanceAttributeCommand,
} from '@aws-sdk/client-ec2';
import type { Compute } from '../../ports/compute.ts';
import { PortError } from '../../ports/port-error.ts';
import type { AwsClients } from './clients.ts';

/** Tag of an isolated instance: the security groups that it had before, and shall have again. */
export const groupsTag = 'cdk-failover:groups';

/** What EC2 says of one instance. */
interface Seen {
  readonly instanceId: string;
  readonly groups: readonly string[];
  /** Groups from before the isolation; null when none are remembered. */
  readonly remembered: readonly string[] | null;
}

/**
 * Isolation of EC2 instances by a swap of their security groups.
 *
 * Works on instances with one network interface, which is what ModifyInstanceAttribute takes; any other is refused by EC2.
 * Connections that stand are cut only where security groups track them; see the limits in the README.
 */
export class Ec2Compute implements Compute {
  readonly #clients: AwsClients;

  constructor(clients: AwsClients) {
    this.#clients = clients;
  }

  async readIsolation(
    region: string,
    instanceIds: readonly string[],
    groupId: string,
  ): Promise<{ readonly isIsolated: boolean }> {
    const seen = await this.#describe(region, instanceIds);
    return { isIsolated: seen.every((instance) => isAlone(instance, groupId)) };
  }

  async setIsolation(
    region: string,
    instanceIds: readonly string[],
    groupId: string,
    isIsolated: boolean,
  ): Promise<void> {
    const seen = await this.#describe(region, instanceIds);
    await Promise.all(
      seen.map((instance) =>
        isIsolated ? this.#isolate(region, instance, groupId) : this.#release(region, instance, groupId),
      ),
    );
  }

  /** The groups are remembered before they are taken away: a crash in between loses nothing. */
  async #isolate(region: string, instance: Seen, groupId: string): Promise<void> {
    if (isAlone(instance, groupId)) return;
    if (instance.remembered === null) {
      const tag = { Key: groupsTag, Value: instance.groups.filter((group) => group !== groupId).join(' ') };
      const command = new CreateTagsCommand({ Resources: [instance.instanceId], Tags: [tag] });
      await this.#clients.call((options) => this.#clients.of(EC2Client, region).send(command, options));
    }
    await this.#setGroups(region, instance.instanceId, [groupId]);
  }

  async #release(region: string, instance: Seen, groupId: string): Promise<void> {
    const { instanceId, remembered, groups } = instance;
    if (groups.includes(groupId)) {
      if (remembered === null || remembered.length === 0) {
        const detail = `${instanceId} has no tag ${groupsTag}: give it its security groups back by hand`;
        throw new PortError({ kind: 'invalid', detail });
      }
      await this.#setGroups(region, instanceId, remembered);
    }
    if (remembered === null) return;
    const command = new DeleteTagsCommand({ Resources: [instanceId], Tags: [{ Key: groupsTag }] });
    await this.#clients.call((options) => this.#clients.of(EC2Client, region).send(command, options));
  }

  async #setGroups(region: string, instanceId: string, groups: readonly string[]): Promise<void> {
    const command = new ModifyInstanceAttributeCommand({ InstanceId: instanceId, Groups: [...groups] });
    await this.#clients.call((options) => this.#clients.of(EC2Client, region).send(command, options));
  }

  async #describe(region: string, instanceIds: readonly string[]): Promise<readonly Seen[]> {
    const command = new DescribeInstancesCommand({ InstanceIds: [...instanceIds] });
    const { Reservations } = await this.#clients.call((options) =>
      this.#clients.of(EC2Client, region).send(command, options),
    );
    const found = new Map(
      (Reservations ?? []).flatMap(({ Instances }) => Instances ?? []).map((item) => [item.InstanceId, item]),
    );
    return instanceIds.map((instanceId) => {
      const instance = found.get(instanceId);
      if (!instance) throw new PortError({ kind: 'invalid', detail: `no ${instanceId} in ${region}` });
      const tag = instance.Tags?.find(({ Key }) => Key === groupsTag)?.Value;
      return {
        instanceId,
        groups: (instance.SecurityGroups ?? []).flatMap(({ GroupId }) => GroupId ?? []),
        remembered: tag === undefined ? null : tag.split(' ').filter((group) => group !== ''),
      };
    });
  }
}

function isAlone({ groups }: Seen, groupId: string): boolean {
  return groups.length === 1 && groups[0] === groupId;
}
