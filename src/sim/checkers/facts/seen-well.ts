import type { NamedService } from '../../../core/model/service.ts';
import type { SimSite } from '../../world/sites.ts';
import type { World } from '../../world/world.ts';

/** For how long a majority of watchers could have seen each site well, whatever its fence keeps them from. */
export class SeenWell {
  readonly #world: World;
  readonly #notSinceMs = new Map<SimSite, number>();
  readonly #closedAtMs = new Map<SimSite, number>();

  constructor(world: World) {
    this.#world = world;
  }

  /** Looks at every site of a service; once a second. */
  look(service: NamedService): void {
    for (const name of Object.keys(service.sites)) {
      const site = this.#world.sites.get(service.name, name);
      if (!this.#isSeen(site)) this.#notSinceMs.set(site, this.#world.nowMs);
      if (this.#world.exposure.isCutOff(site)) this.#closedAtMs.set(site, this.#world.nowMs);
    }
  }

  /** In milliseconds, up to now. */
  forMs(site: SimSite): number {
    return this.#world.nowMs - (this.#notSinceMs.get(site) ?? 0);
  }

  /** For how long it has been so, and no fence kept probes away; in milliseconds, up to now. */
  openForMs(site: SimSite): number {
    return Math.min(this.forMs(site), this.sinceClosedMs(site));
  }

  /** How long ago a fence kept probes away last, in milliseconds; since the beginning where none ever did. */
  sinceClosedMs(site: SimSite): number {
    return this.#world.nowMs - (this.#closedAtMs.get(site) ?? Number.NEGATIVE_INFINITY);
  }

  #isSeen(site: SimSite): boolean {
    const { deployment, control, links } = this.#world;
    const isWell = site.state === 'running' && site.body === null && (site.status ?? 200) < 400 && !isGrey(site);
    if (!isWell || links.isRegionDead(site.place)) return false;
    const there = [site.place, `site/${site.service}/${site.id}`];
    const seeing = deployment.controlRegions.filter(
      (region) => control.isWatcherRunning(region) && links.passes([region], there) && links.passes(there, [region]),
    );
    return seeing.length > deployment.controlRegions.length / 2;
  }
}

/** Whether something is half wrong with a site: then nobody is owed the opinion that it is well. */
export function isGrey({ grey, latencyMs, isCollapsed }: SimSite): boolean {
  const { errorShare, jitterMs, packetLoss, failingProbe, isReadOnly } = grey;
  return (
    errorShare > 0 ||
    jitterMs > 0 ||
    packetLoss > 0 ||
    failingProbe !== null ||
    isReadOnly ||
    isCollapsed ||
    latencyMs >= 1_000
  );
}
