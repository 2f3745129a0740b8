import { actingRegionOf } from '../../../core/model/place.ts';
import type { Service } from '../../../core/model/service.ts';
import { placeText } from '../../../core/model/traffic.ts';
import type { SimCloud } from '../cloud.ts';
import type { SimDatabases } from '../databases.ts';
import type { Ground } from '../ground.ts';
import type { SimDials } from '../resources/dials.ts';
import type { SimRoutes } from '../resources/routes.ts';
import type { SimShifts } from '../resources/shifts.ts';
import { type SimSite, servesClients } from '../sites.ts';

/** What outsiders meet on their way to a site. */
export interface ExposureGround extends Pick<Ground, 'links' | 'sites' | 'deployment'> {
  readonly cloud: SimCloud;
  readonly databases: SimDatabases;
  readonly routes: SimRoutes;
  readonly dials: SimDials;
  readonly shifts: SimShifts;
}

/** How long a client waits for an answer. */
export const patienceMs = 1_000;

/**
 * What outsiders find at each site at this instant: nothing here asks what any register says.
 *
 * A client comes to a site by an answer of DNS, by an old one that it kept, or by a connection that it holds. Whoever
 * has been there once can come again for as long as something answers at the address.
 */
export class Exposure {
  readonly #world: ExposureGround;

  constructor(world: ExposureGround) {
    this.#world = world;
  }

  /** Whether somebody who knows the way to a site gets good answers there. */
  isAnswering(site: SimSite): boolean {
    const { links } = this.#world;
    return (
      servesClients(site, patienceMs) &&
      links.passes(['clients'], [site.place, `site/${site.service}/${site.id}`]) &&
      this.#hasWay(site)
    );
  }

  /**
   * Whether what somebody writes there is kept there: the site answers, nothing keeps clients off, its data takes
   * writes.
   */
  isWritable(site: SimSite): boolean {
    return (
      this.isAnswering(site) && !site.grey.isReadOnly && this.#world.databases.takesWrites(site.service, site.name)
    );
  }

  /** Sites of a service that answer, in the order of the configuration. */
  answering(service: string): readonly string[] {
    return this.#sitesOf(service)
      .filter((site) => this.isAnswering(site))
      .map(({ name }) => name);
  }

  /** Sites of a service that can be written. */
  writable(service: string): readonly string[] {
    return this.#sitesOf(service)
      .filter((site) => this.isWritable(site))
      .map(({ name }) => name);
  }

  /** Sites of a service that their fence cuts off. */
  isolated(service: string): readonly string[] {
    return this.#sitesOf(service)
      .filter((site) => this.isCutOff(site))
      .map(({ name }) => name);
  }

  /** Whether a fence keeps clients from a site. */
  isCutOff(site: SimSite): boolean {
    const place = this.#serviceOf(site)?.sites[site.name];
    const region = place && actingRegionOf(place);
    if (place?.fence === undefined || region === undefined) return false;
    const { service, name } = site;
    return this.#world.cloud.isIsolated({ region, service, site: name, fence: place.fence });
  }

  /** A site behind an address or a balancer that it shares is reached only while that leads there. */
  #hasWay(site: SimSite): boolean {
    const traffic = this.#serviceOf(site)?.traffic;
    const { cloud } = this.#world;
    const { address } = traffic ?? {};
    const places = address?.instances[site.name];
    if (address !== undefined && places !== undefined)
      return address.allocationId.some((id) =>
        places.some((place) => cloud.locate(address.region, id) === placeText(place)),
      );
    const end = traffic?.route?.targets[site.name];
    if (traffic?.route !== undefined && end !== undefined)
      return traffic.route.tables.some((table) =>
        Object.values(end).includes(this.#world.routes.targetOf(table) ?? ''),
      );
    const group = traffic?.targets?.targetGroups[site.name];
    if (traffic?.targets !== undefined && group !== undefined)
      return traffic.targets.listenerArn.some((arn) => (cloud.leadingWeights(arn)?.[group] ?? 0) > 0);
    if (traffic?.zonal !== undefined) return this.#world.shifts.sitesOf(traffic.zonal).includes(site.name);
    // Where DNS leads to the sites too, whoever knows a site's own address gets there.
    if (traffic?.accelerator !== undefined && traffic.dns === undefined)
      return this.acceleratedSites(site.service).includes(site.name);
    return true;
  }

  /** Sites that an accelerator sends new connections to now; none for a service without one. */
  acceleratedSites(service: string): readonly string[] {
    const { links, deployment, dials, sites } = this.#world;
    const { accelerator } = deployment.services[service]?.traffic ?? {};
    if (accelerator === undefined) return [];
    return dials.sitesOf(accelerator, (name) => {
      const site = sites.get(service, name);
      return servesClients(site, patienceMs) && !links.isRegionDead(site.place) && !this.isCutOff(site);
    });
  }

  #sitesOf(service: string): readonly SimSite[] {
    const names = Object.keys(this.#world.deployment.services[service]?.sites ?? {});
    return names.map((name) => this.#world.sites.get(service, name));
  }

  #serviceOf(site: SimSite): Service | undefined {
    return this.#world.deployment.services[site.service];
  }
}
