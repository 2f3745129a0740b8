import type { DrillResult, Expectation } from '../../dashboard/drill-result.ts';
import type { DrillFault } from '../program.ts';
import { duration, plural } from '../show/layout.ts';
import type { Outage } from './outage.ts';

/**
 * What a fault should do to traffic.
 *
 * @param isOwnSite - the active site is the lab's; a user's site goes on when its region's control parts are gone, and
 *   is probed past the links
 */
export function expectationOf(fault: DrillFault, isOwnSite: boolean): Expectation {
  switch (fault) {
    case 'kill':
    case 'hang':
    case 'slow':
    case 'error':
    case 'wrong-body':
    case 'by-hand':
    case 'command':
      return 'back-in-time';
    case 'region':
      return isOwnSite ? 'back-in-time' : 'stays';
    case 'partition':
      return isOwnSite ? 'moves-without-loss' : 'stays';
    case 'watcher':
      return 'stays';
  }
}

/** Says what was expected, what was seen, and whether they agree. */
export function compare(
  expectation: Expectation,
  outage: Outage,
  { from, to, boundMs }: Pick<DrillResult, 'from' | 'to' | 'boundMs'>,
): Pick<DrillResult, 'expected' | 'seen' | 'isAsExpected'> {
  const bound = duration(boundMs);
  const { recoveryMs, movedMs } = outage;
  const hasMoved = to !== from && movedMs !== null;
  switch (expectation) {
    case 'back-in-time':
      return {
        expected: `Traffic is back within ${bound}, from another site.`,
        seen: describeRecovery(outage, hasMoved, boundMs),
        isAsExpected: hasMoved && recoveryMs !== null && recoveryMs <= boundMs && movedMs <= boundMs,
      };
    case 'moves-without-loss':
      return {
        expected: `Clients still reach ${from}, a majority of watchers does not: traffic moves within ${bound}, and no request is lost.`,
        seen: hasMoved
          ? `Traffic moved to ${to} after ${duration(movedMs)}; ${lostOf(outage)}; the bound was ${bound}.`
          : `Traffic did not move; ${lostOf(outage)}.`,
        isAsExpected: hasMoved && movedMs <= boundMs && outage.lostRequests === 0,
      };
    case 'stays':
      return {
        expected: `${from} is well: traffic stays there, and no request is lost.`,
        seen: `Traffic ${to === from ? 'stayed at' : `moved from ${from} to`} ${to}; ${lostOf(outage)}.`,
        isAsExpected: to === from && outage.lostRequests === 0,
      };
  }
}

function describeRecovery(outage: Outage, hasMoved: boolean, boundMs: number): string {
  const tail = `${lostOf(outage)}; the bound was ${duration(boundMs)}.`;
  if (outage.recoveryMs === null) return `Traffic was not back when the drill ended; ${tail}`;
  return hasMoved
    ? `Traffic was back after ${duration(outage.recoveryMs)}; ${tail}`
    : `Traffic came back after ${duration(outage.recoveryMs)}, but from the site that had the fault; ${tail}`;
}

function lostOf({ lostRequests }: Outage): string {
  const verb = lostRequests === 1 ? 'was' : 'were';
  return lostRequests === 0 ? 'no request was lost' : `${plural(lostRequests, 'request')} ${verb} lost`;
}
