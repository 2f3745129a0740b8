import {
  CreateTagsCommand,
  DeleteTagsCommand,
  DescribeInstancesCommand,
  EC2Client,
  ModifyInstanceAttributeCommand,
} from '@aws-sdk/client-ec2';
import { isolationTag } from '../../../config/plan/names.ts';
import type { FenceState } from '../../../core/kinds/fence.ts';
import { PortError } from '../../../ports/port-error.ts';
import type { AwsClients } from '../clients.ts';
import { afterAll } from '../settlement.ts';

/** What EC2 says of one instance. */
interface Seen {
  readonly instanceId: string;
  readonly groups: readonly string[];
  /** Whether the instance is terminated, so that nothing can reach it. */
  readonly isTerminated: boolean;
  /** Groups from before the isolation; null when none are remembered. */
  readonly remembered: readonly string[] | null;
}

/**
 * FenceState of EC2 instances by a swap of their security groups.
 *
 * Takes instances with one network interface: `ModifyInstanceAttribute` takes no other, and a role can be held to the
 * instances of the configuration, but not to interfaces whose ids nobody has declared.
 *
 * The proof covers new connections only. Connections that security groups track go on after the change until they end
 * or time out, and may write. Only untracked connections, which rules for all addresses in both directions allow, are
 * cut at once. If tracked connections must be cut too, use a fence of another kind. Source: Amazon EC2 User Guide,
 * "Security group connection tracking".
 *
 * An instance that EC2 no longer lists, about an hour after its termination, counts as cut off and as released: it must
 * not prevent the fence of the other instances. Source: Amazon EC2 User Guide, "Terminate Amazon EC2 instances".
 */
export class Ec2Isolation {
  readonly #clients: AwsClients;

  constructor(clients: AwsClients) {
    this.#clients = clients;
  }

  /** @throws {PortError} `invalid` when the region has none of the instances, or one has several network interfaces */
  async readIsolation(region: string, instanceIds: readonly string[], groupId: string): Promise<FenceState> {
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
   * The groups are stored in a tag before they are taken away, so a crash in between loses nothing.
   *
   * When the instance has the isolation group and a tag, an isolation was undone in part, and the tag stays. When it
   * has a tag without that group, a release failed to remove the tag, and the instance's present groups are stored
   * instead.
   */
  async #isolate(region: string, instance: Seen, groupId: string): Promise<void> {
    if (isCutOff(instance, groupId)) return;
    const { instanceId, groups, remembered } = instance;
    if (remembered === null || !groups.includes(groupId)) {
      const tag = { Key: isolationTag, Value: groups.filter((group) => group !== groupId).join(' ') };
      if (tag.Value !== remembered?.join(' ')) {
        const command = new CreateTagsCommand({ Resources: [instanceId], Tags: [tag] });
        await this.#clients.call((options) => this.#clients.of(EC2Client, region).send(command, options));
      }
    }
    await this.#setGroups(region, instanceId, [groupId]);
  }

  /** The tag is removed last. A crash in between leaves a tag too many, but never an instance without its groups. */
  async #release(region: string, instance: Seen, groupId: string): Promise<void> {
    const { instanceId, remembered, groups } = instance;
    if (groups.includes(groupId)) {
      if (remembered === null || remembered.length === 0) {
        const detail = `${instanceId} has no tag ${isolationTag}: give it its security groups back by hand`;
        throw new PortError({ kind: 'invalid', detail });
      }
      await this.#setGroups(region, instanceId, remembered);
    }
    if (remembered === null) return;
    const command = new DeleteTagsCommand({ Resources: [instanceId], Tags: [{ Key: isolationTag }] });
    await this.#clients.call((options) => this.#clients.of(EC2Client, region).send(command, options));
  }

  async #setGroups(region: string, instanceId: string, groups: readonly string[]): Promise<void> {
    const command = new ModifyInstanceAttributeCommand({ InstanceId: instanceId, Groups: [...groups] });
    await this.#clients.call((options) => this.#clients.of(EC2Client, region).send(command, options));
  }

  async #describe(region: string, instanceIds: readonly string[]): Promise<readonly Seen[]> {
    // By filter: asked for by their ids, one that is gone would fail the answer about all.
    const command = new DescribeInstancesCommand({ Filters: [{ Name: 'instance-id', Values: [...instanceIds] }] });
    const { Reservations } = await this.#clients.call((options) =>
      this.#clients.of(EC2Client, region).send(command, options),
    );
    const found = (Reservations ?? [])
      .flatMap(({ Instances }) => Instances ?? [])
      .flatMap((instance) => (instanceIds.includes(instance.InstanceId ?? '') ? [instance] : []));
    if (found.length === 0) {
      const detail = `none of ${instanceIds.join(', ')} is in ${region}: correct the instance ids of the fence`;
      throw new PortError({ kind: 'invalid', detail });
    }
    return found.map((instance) => {
      const instanceId = instance.InstanceId ?? '';
      if ((instance.NetworkInterfaces ?? []).length > 1) {
        const detail = `${instanceId} has several network interfaces: only instances with one can be isolated`;
        throw new PortError({ kind: 'invalid', detail });
      }
      const tag = instance.Tags?.find(({ Key }) => Key === isolationTag)?.Value;
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
