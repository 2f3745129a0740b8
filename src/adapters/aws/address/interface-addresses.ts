import {
  AssignIpv6AddressesCommand,
  AssignPrivateIpAddressesCommand,
  EC2Client,
  type NetworkInterface,
  UnassignIpv6AddressesCommand,
  UnassignPrivateIpAddressesCommand,
} from '@aws-sdk/client-ec2';
import { canonicalAddress } from '../../../core/dns/ip-address.ts';
import type { AddressState, AddressThing } from '../../../core/kinds/address.ts';
import { type AddressSort, addressSort } from '../../../core/model/traffic.ts';
import { PortError } from '../../../ports/port-error.ts';
import type { AwsClients } from '../clients.ts';
import { interfacePages } from './network-interfaces.ts';
import { interfaceOf } from './private-address.ts';

/** What finds the interface that has an address; EC2 has no filter for prefixes, so all of the subnet are looked at. */
const filters: { readonly [S in AddressSort]?: string } = {
  ipv4: 'addresses.private-ip-address',
  ipv6: 'ipv6-addresses.ipv6-address',
};

/** The interface where an address belongs, and the one that has it. */
interface Sighting {
  readonly target: string;
  readonly holder: string | null;
}

/**
 * Addresses and prefixes that are assigned to a network interface: secondary private IPv4 addresses, IPv6 addresses,
 * and prefixes of either family. They stay in their subnet, so only the interfaces of the target's subnet are looked
 * at; the same private address may be in another VPC.
 *
 * EC2 reassigns a secondary private address in one call. It has no such call for the others: those are taken from one
 * interface, and then given to the other. Where that ends half way, the next order goes on from what it finds. Source:
 * Amazon EC2 API Reference, "AssignPrivateIpAddresses", `AllowReassignment`; "AssignIpv6Addresses".
 */
export class InterfaceAddresses {
  readonly #clients: AwsClients;

  constructor(clients: AwsClients) {
    this.#clients = clients;
  }

  /** @throws {PortError} `invalid` when there is no such place, or when it is the primary address of an interface */
  async locate(thing: AddressThing): Promise<AddressState> {
    const { target, holder } = await this.#find(thing);
    return { at: holder, belongsAt: target };
  }

  /** @throws {PortError} as `locate` does */
  async assign(thing: AddressThing): Promise<void> {
    const { target, holder } = await this.#find(thing);
    if (holder === target) return;
    const { allocationId: address, region } = thing;
    const sort = addressSort(address);
    const ec2 = this.#clients.of(EC2Client, region);
    if (sort === 'ipv4') {
      const input = { NetworkInterfaceId: target, PrivateIpAddresses: [address], AllowReassignment: true };
      await this.#clients.call((options) => ec2.send(new AssignPrivateIpAddressesCommand(input), options));
      return;
    }
    const list =
      sort === 'ipv4-prefix'
        ? { Ipv4Prefixes: [address] }
        : sort === 'ipv6-prefix'
          ? { Ipv6Prefixes: [address] }
          : { Ipv6Addresses: [address] };
    const isFour = sort === 'ipv4-prefix';
    if (holder !== null) {
      const from = { NetworkInterfaceId: holder, ...list };
      const taking = this.#clients.call((options) =>
        isFour
          ? ec2.send(new UnassignPrivateIpAddressesCommand(from), options)
          : ec2.send(new UnassignIpv6AddressesCommand(from), options),
      );
      await taking.catch(unlessTaken);
    }
    const to = { NetworkInterfaceId: target, ...list };
    await this.#clients.call((options) =>
      isFour
        ? ec2.send(new AssignPrivateIpAddressesCommand(to), options)
        : ec2.send(new AssignIpv6AddressesCommand(to), options),
    );
  }

  async #find({ region, allocationId: address, place }: AddressThing): Promise<Sighting> {
    const { NetworkInterfaceId: target, SubnetId: subnet } = await interfaceOf(this.#clients, region, place);
    if (target === undefined || subnet === undefined)
      throw new PortError({ kind: 'unavailable', detail: `EC2 gave no subnet of ${target}` });
    const holder = await this.#holderOf(region, subnet, address);
    if (holder?.PrivateIpAddress === address) {
      const detail = `${address} is the primary private address of ${holder.NetworkInterfaceId}, which cannot be moved`;
      throw new PortError({ kind: 'invalid', detail });
    }
    return { target, holder: holder?.NetworkInterfaceId ?? null };
  }

  async #holderOf(region: string, subnet: string, address: string): Promise<NetworkInterface | undefined> {
    const filter = filters[addressSort(address)];
    const asked = [
      { Name: 'subnet-id', Values: [subnet] },
      ...(filter === undefined ? [] : [{ Name: filter, Values: [address] }]),
    ];
    for await (const page of interfacePages(this.#clients, region, asked, subnet)) {
      const holder = page.find((one) => has(one, address));
      if (holder !== undefined) return holder;
    }
    return undefined;
  }
}

/**
 * What was taken already, by an order whose answer was lost, is given all the same: EC2 may still show it at the
 * interface that had it. What is really there is not given to another one: EC2 refuses that.
 */
function unlessTaken(error: unknown): void {
  if (!(error instanceof PortError) || error.fault.kind !== 'invalid') throw error;
}

/** The one spelling of an address or a prefix, for comparisons. */
function canonical(address: string): string {
  const [base = '', length] = address.split('/');
  return length === undefined ? canonicalAddress(base) : `${canonicalAddress(base)}/${length}`;
}

function has(one: NetworkInterface, address: string): boolean {
  return [
    ...(one.PrivateIpAddresses ?? []).map(({ PrivateIpAddress }) => PrivateIpAddress),
    ...(one.Ipv4Prefixes ?? []).map(({ Ipv4Prefix }) => Ipv4Prefix),
    ...(one.Ipv6Addresses ?? []).map(({ Ipv6Address }) => Ipv6Address),
    ...(one.Ipv6Prefixes ?? []).map(({ Ipv6Prefix }) => Ipv6Prefix),
  ].some((each) => each !== undefined && canonical(each) === canonical(address));
}
