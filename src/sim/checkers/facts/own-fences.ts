import type { Opinion } from '../../../core/detection/opinion.ts';
import type { NamedService } from '../../../core/model/service.ts';
import type { SimEvent } from '../../event.ts';
import type { World } from '../../world/world.ts';
import { serviceIn, type Voices } from '../checker.ts';

/** Sites that were well when they were cut off, and since when each of their fences is owed no more. */
export class OwnFences {
  readonly #world: World;
  readonly #voices: Voices;
  readonly #cutOffWell = new Set<string>();
  readonly #freeAtMs = new Map<string, number>();
  readonly #openedAtMs = new Map<string, number>();

  constructor(world: World, voices: Voices) {
    this.#world = world;
    this.#voices = voices;
  }

  hear(event: SimEvent): void {
    if (event.type === 'write' && event.order.kind === 'fence' && event.order.isIsolated && event.hasChanged) {
      const { service, site, isSelfFence } = event.order;
      const key = this.#world.sites.keyOf(service, site);
      if (!isSelfFence && this.#isFoundUp(service, site)) this.#cutOffWell.add(key);
      else this.#cutOffWell.delete(key);
      this.#freeAtMs.delete(key);
    }
    if (event.type === 'write' && event.order.kind === 'fence' && !event.order.isIsolated)
      this.#openedAtMs.set(this.#world.sites.keyOf(event.order.service, event.order.site), event.atMs);
    if (event.type !== 'decided') return;
    const { service, register, previous, atMs } = event;
    const isOwed = (site: string) => register.owed.some((fence) => fence.site === site);
    for (const { site } of previous?.owed ?? [])
      if (!isOwed(site)) this.#freeAtMs.set(this.#world.sites.keyOf(service, site), atMs);
  }

  /**
   * Whether nobody can know how a site is: it runs and was well, and its fence is still closed although nobody wants it
   * to be, or was opened a moment ago. Where that lasts for longer than the probes in a row that would find the site
   * up, it may be left.
   */
  hides(service: NamedService, name: string): boolean {
    const { riseCount, intervalMs } = service.detection;
    const key = this.#world.sites.keyOf(service.name, name);
    const sinceMs = (times: ReadonlyMap<string, number>) =>
      this.#world.nowMs - (times.get(key) ?? Number.NEGATIVE_INFINITY);
    const site = this.#world.sites.get(service.name, name);
    const lookMs = riseCount * intervalMs;
    if (!this.#cutOffWell.has(key) || sinceMs(this.#freeAtMs) > lookMs || site.state !== 'running') return false;
    return this.#world.exposure.isCutOff(site) || sinceMs(this.#openedAtMs) < lookMs;
  }

  /** By a majority, and by nobody as failing. */
  #isFoundUp(service: string, site: string): boolean {
    const count = (opinions: readonly Opinion[]) =>
      this.#voices.count(serviceIn(this.#world, service), site, this.#world.nowMs, ({ opinion }) =>
        opinions.includes(opinion),
      );
    return count(['up']) > this.#world.deployment.controlRegions.length / 2 && count(['down', 'suspect']) === 0;
  }
}
