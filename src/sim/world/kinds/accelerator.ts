import { acceleratorRegion } from '../../../config/plan/accelerator-region.ts';
import type { EndpointGroups } from '../../../core/kinds/accelerator.ts';
import { textOf } from '../api-call.ts';
import type { SimKind } from './kind.ts';

const apis = { read: 'globalaccelerator:DescribeEndpointGroup', write: 'globalaccelerator:UpdateEndpointGroup' };

/** Traffic dials of endpoint groups and weights of endpoints, through the one control plane that there is. */
export const accelerator: SimKind<'accelerator'> = {
  apis: [apis],
  apisOf: () => ({ ...apis, region: acceleratorRegion }),
  read: ({ dials }, { groups }) => dials.read(groups),
  write: ({ dials }, { groups }) => dials.write(groups),
  targetOf: ({ groups }) => Object.keys(groups)[0]?.split('/endpoint-group/')[0] ?? '',
  wantedText: ({ groups }) => textOf(flat(groups)),
  seenText: (groups) => textOf(flat(groups)),
};

/** Dials by group and weights by endpoint, side by side. */
function flat(groups: EndpointGroups): Readonly<Record<string, number>> {
  return Object.assign({}, ...Object.entries(groups).map(([arn, { dial, weights }]) => ({ [arn]: dial, ...weights })));
}
