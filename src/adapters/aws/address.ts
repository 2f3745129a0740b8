import {
  type Address,
  AssociateAddressCommand,
  DescribeAddressesCommand,
  DisassociateAddressCommand,
  EC2Client,
} from '@aws-sdk/client-ec2';
import { PortError } from '../../ports/port-error.ts';
import type { KindHandlers } from '../../ports/ports.ts';
import type { AwsClients } from './clients.ts';

/** Elastic IP addresses, by the EC2 API of their region. */
export class EipAddresses {
  readonly #clients: AwsClients;

  constructor(clients: AwsClients) {
    this.#clients = clients;
  }

  /** @throws {PortError} `invalid` when the region has no such address */
  async locate(region: string, allocationId: string): Promise<{ readonly instanceId: string | null }> {
    const { InstanceId } = await this.#describe(region, allocationId);
    return { instanceId: InstanceId || null };
  }

  async associate(region: string, allocationId: string, instanceId: string): Promise<void> {
    const command = new AssociateAddressCommand({
      AllocationId: allocationId,
      InstanceId: instanceId,
      AllowReassociation: true,
    });
    await this.#clients.call((options) => this.#clients.of(EC2Client, region).send(command, options));
  }

  /**
   * Takes the address away from the instance, unless the address is elsewhere.
   *
   * Only the association that was read is removed. An address that has moved since then stays where it is.
   *
   * @throws {PortError} `invalid` when the region has no such address
   */
  async dissociate(region: string, allocationId: string, instanceId: string): Promise<void> {
    const { InstanceId, AssociationId } = await this.#describe(region, allocationId);
    if (InstanceId !== instanceId) return;
    const command = new DisassociateAddressCommand({ AssociationId });
    await this.#clients.call((options) => this.#clients.of(EC2Client, region).send(command, options));
  }

  async #describe(region: string, allocationId: string): Promise<Address> {
    const command = new DescribeAddressesCommand({ AllocationIds: [allocationId] });
    const { Addresses: found } = await this.#clients.call((options) =>
      this.#clients.of(EC2Client, region).send(command, options),
    );
    const address = found?.find(({ AllocationId }) => AllocationId === allocationId);
    if (!address) throw new PortError({ kind: 'invalid', detail: `no ${allocationId} in ${region}` });
    return address;
  }
}

/** Finds and moves Elastic IPs. */
export function addressHandlers(clients: AwsClients): KindHandlers<'address'> {
  const addresses = new EipAddresses(clients);
  return {
    'read:address': ({ region, allocationId }) => addresses.locate(region, allocationId),
    'write:address': async ({ region, allocationId, instanceId }) => {
      await addresses.associate(region, allocationId, instanceId);
      return null;
    },
  };
}
