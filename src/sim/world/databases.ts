import type { Calls, WriterState } from '../../core/calls.ts';
import type { Deployment } from '../../core/model/deployment.ts';
import type { Fault } from '../../core/routine.ts';
import type { Scheduler } from '../scheduler.ts';
import type { SimSites } from './sites.ts';

interface Data {
  writer: string;
  isMoving: boolean;
}

/** Who writes each service's data; promotions take their time. */
export class SimDatabases {
  readonly #scheduler: Scheduler;
  readonly #sites: SimSites;
  readonly #isRegionDead: (region: string) => boolean;
  readonly #data = new Map<string, Data>();
  /** Milliseconds of writes that promotions have lost, by service. */
  readonly #lostMs = new Map<string, number>();
  readonly #onWriter: (service: string, writer: string) => void;

  constructor(
    scheduler: Scheduler,
    sites: SimSites,
    isRegionDead: (region: string) => boolean,
    onWriter: (service: string, writer: string) => void,
  ) {
    this.#scheduler = scheduler;
    this.#sites = sites;
    this.#isRegionDead = isRegionDead;
    this.#onWriter = onWriter;
  }

  /** Makes what the deployment names; what exists keeps its writer. */
  deploy(deployment: Deployment, activeOf: (service: string) => string): void {
    for (const [service, { data }] of Object.entries(deployment.services)) {
      if (!data || data.kind === 'dynamodb-global' || this.#data.has(service)) continue;
      this.#data.set(service, { writer: activeOf(service), isMoving: false });
    }
  }

  read(service: string): WriterState {
    const data = this.#data.get(service);
    return { writer: data?.isMoving ? null : (data?.writer ?? null), isMoving: data?.isMoving ?? false };
  }

  writerOf(service: string): string | null {
    return this.#data.get(service)?.writer ?? null;
  }

  lostMs(service: string): number {
    return this.#lostMs.get(service) ?? 0;
  }

  /** Begins a promotion; a fault when it is refused. */
  promote({ service, from, to, isPlanned, isDataLossAllowed }: Calls['promote']['input']): Fault | null {
    const data = this.#data.get(service);
    if (!data) return { kind: 'invalid', detail: `${service} has no data` };
    const target = this.#sites.get(service, to);
    if (target.veto !== null) return { kind: 'denied', detail: `veto: ${target.veto}` };
    const old = this.#sites.get(service, from);
    if (isPlanned && this.#isRegionDead(old.region)) {
      return { kind: 'unavailable', detail: `a switchover needs ${from}, which does not answer` };
    }
    const lagMs = isPlanned ? 0 : target.replicationLagMs;
    if (!isPlanned && !isDataLossAllowed)
      return { kind: 'denied', detail: 'data would be lost, and that is not allowed' };
    if (data.isMoving || data.writer === to) return null;
    data.isMoving = true;
    this.#scheduler.after(target.promotionMs, () => {
      data.isMoving = false;
      data.writer = to;
      this.#lostMs.set(service, this.lostMs(service) + lagMs);
      this.#onWriter(service, to);
    });
    return null;
  }
}
