import type { FailoverEvent } from '../../../core/alerting/event.ts';
import { memoriesIn, memoryDimension } from '../../../core/dns/memory.ts';
import type { CheckPlan } from '../../../core/dns/zone-plan.ts';
import { metricsApi } from '../api-call.ts';
import type { Ground } from '../ground.ts';
import { checkerCount, type HealthChecks } from './health-checks.ts';

type MemoryCheck = Extract<CheckPlan, { kind: 'memory' }>;

/**
 * Period of the alarms' metrics: the shortest that a check may follow. Source: Route 53 API Reference,
 * "AlarmIdentifier".
 */
const periodMs = 60_000;
/**
 * Time from the end of a minute until a check follows what was written in it. Nowhere promised; metrics that come as
 * log lines are there within seconds, and this is the better part of a minute.
 */
const followMs = 45_000;

/**
 * Health checks that follow a metric, by AWS's rules: each minute that has data decides, the largest value of it; a
 * minute without keeps the last status, and a check that never had any is healthy.
 *
 * Sources: Route 53 Developer Guide, "How Route 53 determines the status of health checks that monitor CloudWatch
 * alarms"; API Reference, "HealthCheckConfig", InsufficientDataHealthStatus, LastKnownStatus.
 */
export class SimMemories {
  readonly #world: Ground;
  readonly #health: HealthChecks;
  /** By id, with the service that each is about. */
  readonly #checks = new Map<string, { readonly check: MemoryCheck; readonly service: string }>();
  /** Largest value of each check's metric by minute, until the check has followed it. */
  readonly #written = new Map<string, number>();

  /** Checks that have had data. */
  readonly #followed = new Set<string>();

  constructor(world: Ground, health: HealthChecks) {
    this.#world = world;
    this.#health = health;
  }

  /** Whether a check has followed its metric for the first time. */
  hasFollowed(id: string): boolean {
    return this.#followed.has(id);
  }

  /** Has a check follow its metric from now on. */
  follow(check: MemoryCheck, service: string): void {
    this.#checks.set(check.id, { check, service });
  }

  /** What a watcher wrote in its region; nothing arrives in a region that is lost. */
  hear(region: string, event: FailoverEvent): void {
    const { links, faults, scheduler, random } = this.#world;
    if (links.isRegionDead(region)) return;
    const memories = memoriesIn(event);
    const call = { api: metricsApi, region, by: region };
    if (memories.length === 0 || faults.strike(call, scheduler.nowMs, random) !== null) return;
    for (const [dimension, value] of memories) {
      for (const { check, service } of this.#checks.values()) {
        const isOfCheck = service === event.service && check.region === region;
        if (isOfCheck && memoryDimension(check.sites) === dimension) this.#write(check.id, value);
      }
    }
  }

  #write(id: string, value: number): void {
    const { scheduler } = this.#world;
    const minute = Math.floor(scheduler.nowMs / periodMs);
    const key = `${id} ${minute}`;
    const before = this.#written.get(key);
    this.#written.set(key, Math.max(before ?? 0, value));
    if (before !== undefined) return;
    scheduler.after((minute + 1) * periodMs + followMs - scheduler.nowMs, () => {
      const isLeft = (this.#written.get(key) ?? 0) > 0;
      this.#written.delete(key);
      this.#followed.add(id);
      for (let checker = 0; checker < checkerCount; checker += 1) this.#health.report(id, checker, !isLeft);
    });
  }
}
