import { type AddressThing, clashOf } from '../../../core/kinds/address.ts';
import { type AddressSort, addressSort, placeText } from '../../../core/model/traffic.ts';
import { SimFault } from '../api-call.ts';
import type { SimCloud } from '../cloud.ts';
import type { ApiPair, SimKind } from './kind.ts';

/** How each sort of address is looked at and moved. A tag that stands for none or several is not simulated. */
const apisBySort: { readonly [S in AddressSort]: ApiPair } = {
  'elastic-ip': { read: 'ec2:DescribeAddresses', write: 'ec2:AssociateAddress' },
  ipv4: { read: 'ec2:DescribeNetworkInterfaces', write: 'ec2:AssignPrivateIpAddresses' },
  'ipv4-prefix': { read: 'ec2:DescribeNetworkInterfaces', write: 'ec2:AssignPrivateIpAddresses' },
  ipv6: { read: 'ec2:DescribeNetworkInterfaces', write: 'ec2:AssignIpv6Addresses' },
  'ipv6-prefix': { read: 'ec2:DescribeNetworkInterfaces', write: 'ec2:AssignIpv6Addresses' },
};

/** Addresses, each at one place or at none. */
export const address: SimKind<'address'> = {
  apis: Object.values(apisBySort),
  apisOf: ({ region, allocationId }) => ({ ...apisBySort[addressSort(allocationId)], region }),
  read: ({ cloud }, thing) => {
    refuseClash(cloud, thing);
    return { at: cloud.locate(thing.region, thing.allocationId), belongsAt: placeText(thing.place) };
  },
  write: ({ cloud }, thing) => {
    refuseClash(cloud, thing);
    return cloud.associate(thing.region, thing.allocationId, placeText(thing.place));
  },
  targetOf: ({ allocationId }) => allocationId,
  wantedText: ({ place }) => placeText(place),
  seenText: ({ at }) => String(at),
};

function refuseClash(cloud: SimCloud, thing: AddressThing): void {
  if (addressSort(thing.allocationId) !== 'elastic-ip') return;
  const belongsAt = placeText(thing.place);
  const othersAt = thing.others.map(({ place }) => placeText(place));
  const detail = clashOf(thing, belongsAt, cloud.heldAt(thing.region, belongsAt), othersAt);
  if (detail !== null) throw new SimFault({ kind: 'invalid', detail });
}
