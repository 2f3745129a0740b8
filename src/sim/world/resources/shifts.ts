import { dueOf, type ZonalState, type ZonalThing } from '../../../core/kinds/zonal.ts';
import type { Deployment } from '../../../core/model/deployment.ts';
import type { ZonalTraffic } from '../../../core/model/traffic.ts';
import type { Scheduler } from '../../scheduler.ts';
import { SimFault } from '../api-call.ts';

/** The comment of a shift that a stranger has started. */
const strangersComment = 'by hand';

/** How long a stranger's shift lasts. Source: our own; long enough to be in the way for a whole scenario. */
const strangersMs = 3_600_000;

interface Shift {
  readonly away: string;
  readonly comment: string;
  readonly untilMs: number;
}

/** The zonal shifts of all load balancers: one at a time for each, until it is cancelled or expires. */
export class SimShifts {
  readonly #scheduler: Pick<Scheduler, 'nowMs'>;
  readonly #known = new Set<string>();
  readonly #shifts = new Map<string, Shift>();

  constructor(scheduler: Pick<Scheduler, 'nowMs'>) {
    this.#scheduler = scheduler;
  }

  /** Makes what the deployment names. */
  deploy(deployment: Deployment): void {
    for (const { traffic } of Object.values(deployment.services))
      for (const arn of traffic.zonal?.resourceArns ?? []) this.#known.add(arn);
  }

  /** @throws {SimFault} when there is no such load balancer */
  read(arn: string, comment: string): ZonalState {
    const shift = this.#shiftOf(arn);
    if (shift === undefined) return { away: null, isOwn: false, leftMs: 0 };
    return {
      away: shift.away,
      isOwn: shift.comment === comment,
      leftMs: shift.untilMs - this.#scheduler.nowMs,
    };
  }

  /**
   * Whether anything has changed.
   *
   * @throws {SimFault} when somebody else's shift is in the way
   */
  write(thing: ZonalThing): boolean {
    const { resourceArn, away, comment, expiryMs } = thing;
    const seen = this.read(resourceArn, comment);
    const due = dueOf(thing, seen);
    if (due === 'yield') throw new SimFault({ kind: 'denied', detail: `a shift away from ${seen.away} is in force` });
    if (due === 'nothing') return false;
    this.#shifts.delete(resourceArn);
    const next = due === 'renew' ? seen.away : (away[0] ?? null);
    const untilMs = this.#scheduler.nowMs + expiryMs;
    if (next !== null) this.#shifts.set(resourceArn, { away: next, comment, untilMs });
    return true;
  }

  /** Sites that some load balancer of a service sends clients to. */
  sitesOf({ resourceArns, zoneIds }: ZonalTraffic): readonly string[] {
    const aways = resourceArns.map((arn) => this.#shiftOf(arn)?.away);
    return Object.keys(zoneIds).filter((site) => aways.some((away) => away !== zoneIds[site]));
  }

  /** Whether a stranger holds the shift of one of the load balancers of a service. */
  isHeldByStranger({ resourceArns }: ZonalTraffic): boolean {
    return resourceArns.some((arn) => this.#shiftOf(arn)?.comment === strangersComment);
  }

  /** A stranger shifts away from the site whose weight is 0; where none is, whatever shift there is is cancelled. */
  misplace({ resourceArns, zoneIds }: ZonalTraffic, weights: Readonly<Record<string, number>>): void {
    const [left] = Object.keys(zoneIds).filter((site) => weights[site] === 0);
    const away = left === undefined ? undefined : zoneIds[left];
    const untilMs = this.#scheduler.nowMs + strangersMs;
    for (const arn of resourceArns) {
      this.#shifts.delete(arn);
      if (away !== undefined) this.#shifts.set(arn, { away, comment: strangersComment, untilMs });
    }
  }

  #shiftOf(arn: string): Shift | undefined {
    if (!this.#known.has(arn)) throw new SimFault({ kind: 'invalid', detail: `no load balancer ${arn}` });
    const shift = this.#shifts.get(arn);
    return shift !== undefined && shift.untilMs > this.#scheduler.nowMs ? shift : undefined;
  }
}
