import {
  CreateTagsCommand,
  DeleteTagsCommand,
  DescribeInstancesCommand,
  EC2Client,
  ModifyInstanceAttributeCommand,
} from '@aws-sdk/client-ec2';
import type { Isolation } from '../../core/calls.ts';
import type { Compute } from '../../ports/compute.ts';
import { PortError } from '../../ports/port-error.ts';
import { afterAll } from './after-all.ts';
import type { AwsClients } from './clients.ts';

/** Tag of an isolated instance: the security groups that it had before, and shall have again. */
export const groupsTag = 'cdk-failover:groups';

/** What EC2 says of one instance. */
interface Seen {
  readonly instanceId: string;
  readonly groups: readonly string[];
  /** A terminated instance has no way in or out any more. */
  readonly isTerminated: boolean;
  /** Groups from before the isolation; null when none are remembered. */
  readonly remembered: readonly string[] | null;
}

/**
 * Isolation of EC2 instances by a swap of their security groups.
 *
 * Takes instances with one network interface: `ModifyInstanceAttribute` takes no other, and a role can be held to the
 * instances of the configuration, but not to interfaces whose ids nobody has declared. Connections that stand are cut
 * only where security groups track them; see the limits in the README.
 */
export class Ec2Compute implements Compute {
  readonly #clients: AwsClients;

  constructor(clients: AwsClients) {
    this.#clients = clients;
  }

  /** @throws {PortError} `invalid` when the region has no such instance, or one has several network interfaces */
  async readIsolation(region: string, instanceIds: readonly string[], groupId: string): Promise<Isolation> {
    const seen = await this.#describe(region, instanceIds);
    return {
      isIsolated: seen.every((instance) => isCutOff(instance, groupId)),
      isReleased: !seen.some((instance) => instance.groups.includes(groupId)),
    };
  }

  /** @throws {PortError} the first fault, after every instance was tried */
  async setIsolation(
    region: string,
    instanceIds: readonly string[],
    groupId: string,
    isIsolated: boolean,
  ): Promise<void> {
    const seen = await this.#describe(region, instanceIds);
    await afterAll(
      seen.map((instance) =>
        isIsolated ? this.#isolate(region, instance, groupId) : this.#release(region, instance, groupId),
      ),
    );
  }

  /**
   * The groups are remembered before they are taken away: a crash in between loses nothing.
   *
   * A tag beside the isolation group is what a half-undone isolation left, and stays. Without that group the tag is left
   * over from a release that failed to remove it, and what the instance has now is the truth.
   */
  async #isolate(region: string, instance: Seen, groupId: string): Promise<void> {
    if (isCutOff(instance, groupId)) return;
    const { instanceId, groups, remembered } = instance;
    if (remembered === null || !groups.includes(groupId)) {
      const tag = { Key: groupsTag, Value: groups.filter((group) => group !== groupId).join(' ') };
      if (tag.Value !== remembered?.join(' ')) {
        const command = new CreateTagsCommand({ Resources: [instanceId], Tags: [tag] });
        await this.#clients.call((options) => this.#clients.of(EC2Client, region).send(command, options));
      }
    }
    await this.#setGroups(region, instanceId, [groupId]);
  }

  /** The tag goes last: a crash in between leaves a tag too many, never an instance without its groups. */
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
      if ((instance.NetworkInterfaces ?? []).length > 1) {
        const detail = `${instanceId} has several network interfaces: only instances with one can be isolated`;
        throw new PortError({ kind: 'invalid', detail });
      }
      const tag = instance.Tags?.find(({ Key }) => Key === groupsTag)?.Value;
      return {
        instanceId,
        groups: (instance.SecurityGroups ?? []).flatMap(({ GroupId }) => GroupId ?? []),
        isTerminated: instance.State?.Name === 'terminated',
        remembered: tag === undefined ? null : tag.split(' ').filter((group) => group !== ''),
      };
    });
  }
}

function isCutOff({ groups, isTerminated }: Seen, groupId: string): boolean {
  return isTerminated || (groups.length === 1 && groups[0] === groupId);
}
