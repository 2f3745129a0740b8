import { DescribeNetworkInterfacesCommand, EC2Client, type NetworkInterface } from '@aws-sdk/client-ec2';
import { type AddressPlace, holderOf, placeText } from '../../../core/model/traffic.ts';
import { PortError } from '../../../ports/port-error.ts';
import type { AwsClients } from '../clients.ts';
import { interfacesBy } from './network-interfaces.ts';

/** A private address of a network interface. */
export interface PrivateAddress {
  readonly networkInterfaceId: string;
  readonly privateIpAddress: string;
  /** Both in one, to compare it with others. */
  readonly text: string;
  /** The Elastic IP that it holds; null when it holds none. */
  readonly allocationId: string | null;
}

/**
 * The private addresses that places stand for: that of the first, and those of the others in their order.
 *
 * The primary interface of an instance is the one with device index 0 on network card 0. Source: Amazon EC2 User Guide,
 * "Elastic network interfaces".
 *
 * @throws {PortError} `invalid` when an interface, an instance or a private address is not there
 */
export async function privateAddressesOf(
  clients: AwsClients,
  region: string,
  own: AddressPlace,
  others: readonly AddressPlace[],
): Promise<{ readonly own: PrivateAddress; readonly others: readonly PrivateAddress[] }> {
  const found = await interfacesAt(clients, region, [own, ...others]);
  const addressOf = (place: AddressPlace) => addressIn(found, place, region);
  return { own: addressOf(own), others: others.map(addressOf) };
}

/**
 * The network interface that a place stands for: of an instance, its primary one.
 *
 * @throws {PortError} `invalid` when the interface or the instance is not there
 */
export async function interfaceOf(clients: AwsClients, region: string, place: AddressPlace): Promise<NetworkInterface> {
  const found = await interfacesAt(clients, region, [place]);
  const one = found.find((each) => isOf(each, place) && isPrimary(each, place));
  if (one === undefined) throw absent(place, region);
  return one;
}

async function interfacesAt(
  clients: AwsClients,
  region: string,
  places: readonly AddressPlace[],
): Promise<readonly NetworkInterface[]> {
  const interfaceIds = distinct(places.flatMap((one) => ('networkInterfaceId' in one ? one.networkInterfaceId : [])));
  const instanceIds = distinct(places.flatMap((one) => ('instanceId' in one ? one.instanceId : [])));
  const named = async () => {
    if (interfaceIds.length === 0) return [];
    const command = new DescribeNetworkInterfacesCommand({ NetworkInterfaceIds: interfaceIds });
    const answer = await clients.call((options) => clients.of(EC2Client, region).send(command, options));
    return answer.NetworkInterfaces ?? [];
  };
  const attached = interfacesBy(clients, region, 'attachment.instance-id', instanceIds);
  return (await Promise.all([named(), attached])).flat();
}

function absent(place: AddressPlace, region: string): PortError {
  const what = 'instanceId' in place ? `${place.instanceId} with a network interface` : holderOf(place);
  return new PortError({ kind: 'invalid', detail: `no ${what} in ${region}` });
}

function addressIn(found: readonly NetworkInterface[], place: AddressPlace, region: string): PrivateAddress {
  const candidates = found.filter((one) => isOf(one, place));
  if (candidates.length === 0) throw absent(place, region);
  const { privateIpAddress } = place;
  for (const one of candidates) {
    const address = (one.PrivateIpAddresses ?? []).find(({ PrivateIpAddress, Primary }) =>
      privateIpAddress === undefined ? Primary && isPrimary(one, place) : PrivateIpAddress === privateIpAddress,
    );
    if (one.NetworkInterfaceId === undefined || address?.PrivateIpAddress === undefined) continue;
    return {
      networkInterfaceId: one.NetworkInterfaceId,
      privateIpAddress: address.PrivateIpAddress,
      text: `${one.NetworkInterfaceId}/${address.PrivateIpAddress}`,
      allocationId: address.Association?.AllocationId || null,
    };
  }
  const missing = privateIpAddress ?? 'primary private address';
  const detail = `${placeText({ ...place, privateIpAddress: undefined })} in ${region} has no ${missing}`;
  throw new PortError({ kind: 'invalid', detail });
}

function isOf({ NetworkInterfaceId, Attachment }: NetworkInterface, place: AddressPlace): boolean {
  return 'instanceId' in place
    ? Attachment?.InstanceId === place.instanceId
    : 'networkInterfaceId' in place && NetworkInterfaceId === place.networkInterfaceId;
}

/** Of an instance, its first interface; an interface that is named is the one. */
function isPrimary({ Attachment }: NetworkInterface, place: AddressPlace): boolean {
  return 'networkInterfaceId' in place || (Attachment?.DeviceIndex === 0 && (Attachment.NetworkCardIndex ?? 0) === 0);
}

function distinct(ids: readonly string[]): string[] {
  return [...new Set(ids)];
}
