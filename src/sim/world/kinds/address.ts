import { type AddressThing, clashOf } from '../../../core/kinds/address.ts';
import { placeText } from '../../../core/model/traffic.ts';
import { SimFault } from '../api-call.ts';
import type { SimCloud } from '../cloud.ts';
import type { SimKind } from './kind.ts';

const apis = { read: 'ec2:DescribeAddresses', write: 'ec2:AssociateAddress' };

/** Elastic IPs, each at one private address or at none. */
export const address: SimKind<'address'> = {
  apis: [apis],
  apisOf: ({ region }) => ({ ...apis, region }),
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
  const belongsAt = placeText(thing.place);
  const othersAt = thing.others.map(({ place }) => placeText(place));
  const detail = clashOf(thing, belongsAt, cloud.heldAt(thing.region, belongsAt), othersAt);
  if (detail !== null) throw new SimFault({ kind: 'invalid', detail });
}
