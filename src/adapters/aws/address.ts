import {
  type Address,
  AssociateAddressCommand,
  DescribeAddressesCommand,
  DisassociateAddressCommand,
  EC2Client,
} from '@aws-sdk/client-ec2';
import { type AddressState, type AddressThing, clashOf } from '../../core/kinds/address.ts';
import type { AddressFence } from '../../core/model/site.ts';
import { type AddressPlace, addressSort } from '../../core/model/traffic.ts';
import { PortError } from '../../ports/port-error.ts';
import type { KindHandlers } from '../../ports/ports.ts';
import { InterfaceAddresses } from './address/interface-addresses.ts';
import { privateAddressesOf } from './address/private-address.ts';
import { namedPlace } from './address/tagged-instance.ts';
import type { AwsClients } from './clients.ts';
import { afterAll } from './settlement.ts';

/**
 * Elastic IP addresses, by the EC2 API of their region.
 *
 * An Elastic IP is associated with a private address of a network interface, never with an instance: by an instance id
 * EC2 takes one with a single interface alone, and puts every Elastic IP at the same private address, which holds one.
 * Source: Amazon EC2 API Reference, "AssociateAddress", `InstanceId` and `PrivateIpAddress`.
 */
export class EipAddresses {
  readonly #clients: AwsClients;

  constructor(clients: AwsClients) {
    this.#clients = clients;
  }

  /**
   * @throws {PortError} `invalid` when the region has no such address or place, or when the place holds or shall hold
   *   another Elastic IP
   */
  async locate(thing: AddressThing): Promise<AddressState> {
    const { region, allocationId } = thing;
    const [found, place] = await Promise.all([this.#describe(region, [allocationId]), this.#placeOf(thing)]);
    const [{ NetworkInterfaceId, PrivateIpAddress } = {}] = found;
    return { at: NetworkInterfaceId ? `${NetworkInterfaceId}/${PrivateIpAddress}` : null, belongsAt: place.text };
  }

  /** @throws {PortError} as `locate` does */
  async associate(thing: AddressThing): Promise<void> {
    const { networkInterfaceId, privateIpAddress } = await this.#placeOf(thing);
    const command = new AssociateAddressCommand({
      AllocationId: thing.allocationId,
      NetworkInterfaceId: networkInterfaceId,
      PrivateIpAddress: privateIpAddress,
      AllowReassociation: true,
    });
    await this.#clients.call((options) => this.#clients.of(EC2Client, thing.region).send(command, options));
  }

  /**
   * Whether one of a fence's Elastic IPs is still at what the fence takes them from.
   *
   * @throws {PortError} `invalid` when the region has no such address
   */
  async isHeld(region: string, fence: AddressFence): Promise<boolean> {
    const found = await this.#describe(region, fence.allocationId);
    return found.some((address) => isInside(address, fence));
  }

  /**
   * Takes a fence's Elastic IPs away from what it names. Those that are elsewhere stay there.
   *
   * Only the associations that were read are removed. An address that has moved since then stays where it is.
   *
   * @throws {PortError} `invalid` when the region has no such address
   */
  async dissociate(region: string, fence: AddressFence): Promise<void> {
    const held = (await this.#describe(region, fence.allocationId)).filter((address) => isInside(address, fence));
    await afterAll(
      held.map(async ({ AssociationId }) => {
        const command = new DisassociateAddressCommand({ AssociationId });
        await this.#clients.call((options) => this.#clients.of(EC2Client, region).send(command, options));
      }),
    );
  }

  /** The private address where an Elastic IP belongs, unless another one is there or belongs there. */
  async #placeOf(thing: AddressThing) {
    const { region, place, others } = thing;
    const otherPlaces = others.map((other) => other.place);
    const found = await privateAddressesOf(this.#clients, region, place, otherPlaces);
    const othersAt = found.others.map(({ text }) => text);
    const clash = clashOf(thing, found.own.text, found.own.allocationId, othersAt);
    if (clash !== null) throw new PortError({ kind: 'invalid', detail: clash });
    return found.own;
  }

  async #describe(region: string, allocationIds: readonly string[]): Promise<readonly Address[]> {
    const command = new DescribeAddressesCommand({ AllocationIds: [...allocationIds] });
    const { Addresses: found } = await this.#clients.call((options) =>
      this.#clients.of(EC2Client, region).send(command, options),
    );
    return allocationIds.map((id) => {
      const address = found?.find(({ AllocationId }) => AllocationId === id);
      if (!address) throw new PortError({ kind: 'invalid', detail: `no ${id} in ${region}` });
      return address;
    });
  }
}

function isInside({ InstanceId, NetworkInterfaceId }: Address, fence: AddressFence): boolean {
  const isAtInstance = fence.instanceId !== undefined && InstanceId === fence.instanceId;
  return isAtInstance || (fence.networkInterfaceId ?? []).some((id) => id === NetworkInterfaceId);
}

/** Finds and moves addresses. A place by a tag is looked up first. */
export function addressHandlers(clients: AwsClients): KindHandlers<'address'> {
  const isElastic = ({ allocationId }: AddressThing) => addressSort(allocationId) === 'elastic-ip';
  return {
    'read:address': async (thing) => {
      const there = clients.in(thing.account);
      const named = await withNamedPlaces(there, thing);
      return await (isElastic(named) ? new EipAddresses(there) : new InterfaceAddresses(there)).locate(named);
    },
    'write:address': async (thing) => {
      const there = clients.in(thing.account);
      const named = await withNamedPlaces(there, thing);
      await (isElastic(named) ? new EipAddresses(there).associate(named) : new InterfaceAddresses(there).assign(named));
      return null;
    },
  };
}

async function withNamedPlaces(clients: AwsClients, thing: AddressThing): Promise<AddressThing> {
  const named = (place: AddressPlace) => namedPlace(clients, thing.region, place);
  const others = thing.others.map(async (other) => ({ ...other, place: await named(other.place) }));
  return { ...thing, place: await named(thing.place), others: await Promise.all(others) };
}
