import { dueOf, type ZonalState, type ZonalThing } from '../../../core/kinds/zonal.ts';
import type { SimKind } from './kind.ts';

const apis = { read: 'arc-zonal-shift:GetManagedResource', write: 'arc-zonal-shift:StartZonalShift' };

/** Zonal shifts of load balancers, one at a time for each. A renewal and a cancellation stand for a start, too. */
export const zonal: SimKind<'zonal'> = {
  apis: [apis],
  apisOf: ({ region }) => ({ ...apis, region }),
  read: ({ shifts }, { resourceArn, comment }) => shifts.read(resourceArn, comment),
  write: ({ shifts }, thing) => shifts.write(thing),
  targetOf: ({ resourceArn }) => resourceArn,
  wantedText,
  seenText: (state, thing) => (dueOf(thing, state) === 'nothing' ? wantedText(thing) : seenAs(state)),
};

function wantedText({ away }: ZonalThing): string {
  return away.length === 0 ? 'no shift' : `away from ${away.join(' or ')}`;
}

function seenAs({ away, isOwn, leftMs }: ZonalState): string {
  if (away === null) return 'no shift';
  return isOwn ? `away from ${away} for ${leftMs} ms` : `away from ${away}, by somebody else`;
}
