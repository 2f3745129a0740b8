import { acceleratorRegion } from '../../../config/plan/accelerator-region.ts';
import { textOf } from '../api-call.ts';
import type { SimKind } from './kind.ts';

const apis = { read: 'globalaccelerator:DescribeEndpointGroup', write: 'globalaccelerator:UpdateEndpointGroup' };

/** Traffic dials of endpoint groups, through the one control plane that there is. */
export const accelerator: SimKind<'accelerator'> = {
  apis: [apis],
  apisOf: () => ({ ...apis, region: acceleratorRegion }),
  read: ({ dials }, thing) => dials.read(Object.keys(thing.dials)),
  write: ({ dials }, thing) => dials.write(thing.dials),
  targetOf: ({ dials }) => Object.keys(dials)[0]?.split('/endpoint-group/')[0] ?? '',
  wantedText: ({ dials }) => textOf(dials),
  seenText: textOf,
};
