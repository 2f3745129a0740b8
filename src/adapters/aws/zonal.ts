import { dueOf, type ZonalState, type ZonalThing } from '../../core/kinds/zonal.ts';
import type { Clock } from '../../ports/clock.ts';
import { PortError } from '../../ports/port-error.ts';
import type { KindHandlers } from '../../ports/ports.ts';
import type { AwsClients } from './clients.ts';
import { type JsonRequest, requestJson } from './wire/signed-request.ts';

/** The service's host name and the name in its signatures. */
const service = 'arc-zonal-shift';

/** A shift as the API has it, as far as it is read. Source: Zonal Shift API Reference, "ZonalShiftInResource". */
interface Shift {
  readonly zonalShiftId: string;
  readonly awayFrom: string;
  readonly comment: string;
  /** Seconds since 1970, with a fraction. */
  readonly expiryTime: number;
  /** What starts a practice run by itself; left out by older answers. */
  readonly shiftType?: string;
}

/**
 * Starts, renews and cancels zonal shifts, in the region of the load balancer.
 *
 * The one shift that counts is a customer's: ARC lets it take precedence over its own autoshifts and practice runs,
 * so those are not read. The SDK has no client here, so the calls are signed by another one. The end of a shift is a
 * time of AWS's clock, compared with the function's own: minutes between them matter little to hours. Source: Zonal
 * Shift API Reference, "GetManagedResource", "StartZonalShift", "UpdateZonalShift" and "CancelZonalShift".
 */
export function zonalHandlers(clients: AwsClients, clock: Clock): KindHandlers<'zonal'> {
  const call = (thing: ZonalThing, request: Pick<JsonRequest, 'method' | 'path' | 'body'>) =>
    requestJson(clients.in(thing.account), { region: thing.region, service, ...request });

  const find = async (thing: ZonalThing): Promise<Shift | null> => {
    const path = `/managedresources/${encodeURIComponent(thing.resourceArn)}`;
    const shifts = shiftsOf(await call(thing, { method: 'GET', path }));
    return shifts.find((shift) => shift.shiftType === undefined || shift.shiftType === 'ZONAL_SHIFT') ?? null;
  };

  const stateOf = ({ comment }: ZonalThing, shift: Shift | null): ZonalState =>
    shift === null
      ? { away: null, isOwn: false, leftMs: 0 }
      : {
          away: shift.awayFrom,
          isOwn: shift.comment === comment,
          leftMs: Math.max(0, shift.expiryTime * 1_000 - clock.wallMs()),
        };

  return {
    'read:zonal': async (thing) => stateOf(thing, await find(thing)),
    'write:zonal': async (thing) => {
      const shift = await find(thing);
      const due = dueOf(thing, stateOf(thing, shift));
      if (due === 'yield') throw foreign(thing, shift);
      const expiresIn = `${Math.floor(thing.expiryMs / 60_000)}m`;
      const path = `/zonalshifts/${encodeURIComponent(shift?.zonalShiftId ?? '')}`;
      if (due === 'renew') await call(thing, { method: 'PATCH', path, body: { comment: thing.comment, expiresIn } });
      if (due === 'cancel') await call(thing, { method: 'DELETE', path });
      const [awayFrom] = thing.away;
      if (awayFrom !== undefined && (due === 'start' || due === 'cancel')) {
        const body = { resourceIdentifier: thing.resourceArn, awayFrom, expiresIn, comment: thing.comment };
        await call(thing, { method: 'POST', path: '/zonalshifts', body });
      }
      return null;
    },
  };
}

/** @throws {PortError} `unavailable` when the answer has not the shape of the API reference */
function shiftsOf(answer: unknown): readonly Shift[] {
  const { zonalShifts } = (answer ?? {}) as { readonly zonalShifts?: unknown };
  const isShift = (one: Partial<Shift> | null) =>
    typeof one?.zonalShiftId === 'string' &&
    typeof one.awayFrom === 'string' &&
    typeof one.comment === 'string' &&
    typeof one.expiryTime === 'number';
  if (!Array.isArray(zonalShifts) || !zonalShifts.every(isShift))
    throw new PortError({ kind: 'unavailable', detail: 'GetManagedResource gave no list of zonal shifts' });
  return zonalShifts;
}

function foreign({ away }: ZonalThing, shift: Shift | null): PortError {
  const detail = `a zonal shift of somebody else's leads away from ${shift?.awayFrom} (${shift?.comment}), and ARC has one at a time: cancel it, or let it expire, to shift away from ${away.join(' or ')}`;
  return new PortError({ kind: 'denied', detail });
}
