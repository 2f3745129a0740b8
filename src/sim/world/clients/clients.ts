import type { Deployment } from '../../../core/model/deployment.ts';
import { serviceOf } from '../../../core/model/deployment.ts';
import type { NamedService } from '../../../core/model/service.ts';
import { type SeededRandom, seededRandom } from '../../random.ts';
import type { SimDatabases } from '../databases.ts';
import { addressesOfSite } from '../dns/alias-addresses.ts';
import type { AnswerShare } from '../dns/route53.ts';
import type { SimControls } from '../resources/controls.ts';
import type { SimRoutes } from '../resources/routes.ts';
import type { SimStores } from '../resources/stores.ts';
import { type SimSite, servesClients } from '../sites.ts';
import { type Exposure, patienceMs } from './exposure.ts';
import { answersFor, holdersOf, type LoadGround, routedShares } from './load.ts';
import type { SimWrites } from './writes.ts';

/** What clients meet. */
export interface ClientsGround extends LoadGround {
  readonly databases: SimDatabases;
  readonly routes: SimRoutes;
  readonly controls: SimControls;
  readonly stores: SimStores;
  readonly exposure: Exposure;
  readonly writes: SimWrites;
  readonly deployments: readonly Deployment[];
}

/** How often a client of each service asks. */
const askEveryMs = 1_000;
/**
 * How long the most stubborn clients go by an answer of DNS, whatever its TTL says and whatever they meet. Java keeps
 * answers for ever where nobody sets it otherwise. Source: AWS SDK for Java Developer Guide, "Set the JVM TTL for DNS
 * name lookups"; that it is ten minutes here is our own choice.
 */
const stubbornMs = 600_000;

/**
 * Clients that keep asking every service, through a resolver that caches for the record's TTL, or at the Elastic IP.
 *
 * They see what users see: not what the register says, and not what a record says now. Beside the one that asks DNS as
 * it should, a service that one site serves has a client that holds its connection for as long as it is answered, and
 * one that goes by an old answer. Each answer that is good is a write that the client counts on.
 */
export class SimClients {
  readonly #world: ClientsGround;
  /** Services that clients are sent to. */
  readonly #asked = new Set<string>();
  readonly #cached = new Map<string, { readonly addresses: readonly string[]; readonly untilMs: number }>();

  readonly #heard = new Map<string, { readonly answers: readonly AnswerShare[]; readonly untilMs: number }>();
  readonly #random: SeededRandom;
  /** Site that the client with a connection holds it to, by service. */
  readonly #connected = new Map<string, SimSite>();
  /** Site that the stubborn client goes to, and until when, by service. */
  readonly #stubborn = new Map<string, { readonly site: SimSite; readonly untilMs: number }>();
  /** When each site last served a client. */
  readonly #servedAtMs = new Map<SimSite, number>();

  constructor(world: ClientsGround, seed: number) {
    this.#world = world;
    this.#random = seededRandom(seed, 'clients');
    this.deploy();
  }

  /** Sends clients to the services that are new. Nobody asks for one that is deployed no more. */
  deploy(): void {
    for (const name of Object.keys(this.#world.deployment.services)) {
      if (this.#asked.has(name)) continue;
      this.#asked.add(name);
      this.#world.scheduler.after(askEveryMs, () => this.#ask(name));
    }
  }

  #ask(name: string): void {
    const { scheduler, deployment } = this.#world;
    if (deployment.services[name] === undefined) {
      this.#asked.delete(name);
      return;
    }
    const service = serviceOf(deployment, name);
    scheduler.after(askEveryMs, () => this.#ask(name));
    const site = this.#siteFor(service);
    const isGood =
      site !== null &&
      this.#isReachable(site) &&
      servesClients(site, patienceMs) &&
      this.#isLucky(site) &&
      this.#isSpared(site);
    if (site !== null && isGood) this.#write(site);
    if (service.mode === 'active-passive') {
      this.#askByConnection(service, site);
      this.#askByOldAnswer(service, site);
      this.#world.writes.replicate(name);
    }
    this.#world.occur({ type: 'client', service: service.name, site: site?.name ?? null, isGood });
  }

  /** Sites of a service at which clients of any kind were served within the last second. */
  served(service: string): readonly string[] {
    const sites = this.#world.sites.all().filter((site) => site.service === service);
    return sites
      .filter((site) => this.#world.nowMs - (this.#servedAtMs.get(site) ?? Number.NEGATIVE_INFINITY) <= askEveryMs)
      .map(({ name }) => name);
  }

  #askByConnection({ name }: NamedService, fresh: SimSite | null): void {
    const held = this.#connected.get(name);
    if (held !== undefined && this.#world.exposure.isAnswering(held)) this.#write(held);
    else if (fresh !== null) this.#connected.set(name, fresh);
  }

  #askByOldAnswer({ name }: NamedService, fresh: SimSite | null): void {
    const { nowMs, exposure } = this.#world;
    let known = this.#stubborn.get(name);
    if (known === undefined || known.untilMs <= nowMs) {
      if (fresh === null) return;
      known = { site: fresh, untilMs: nowMs + stubbornMs };
      this.#stubborn.set(name, known);
    }
    if (exposure.isAnswering(known.site)) this.#write(known.site);
  }

  /** A good answer, and a write that is kept where the site's data takes any. */
  #write(site: SimSite): void {
    this.#servedAtMs.set(site, this.#world.nowMs);
    if (!site.grey.isReadOnly && this.#world.databases.takesWrites(site.service, site.name))
      this.#world.writes.note(site);
  }

  /** A site that is asked for more than it can carry serves a part of it. */
  #isLucky({ load, capacity, power }: SimSite): boolean {
    return load === null || load <= capacity * power || this.#random() < (capacity * power) / load;
  }

  /** A site that is half well fails some. */
  #isSpared({ latencyMs, grey: { errorShare, packetLoss, jitterMs } }: SimSite): boolean {
    const isHit = (share: number) => share > 0 && this.#random() < share;
    const isLate = jitterMs > 0 && latencyMs + this.#random() * jitterMs > patienceMs;
    return !isHit(errorShare) && !isHit(packetLoss) && !isLate;
  }

  #isReachable(site: SimSite): boolean {
    return this.#world.links.passes(['clients'], [site.place, `site/${site.service}/${site.id}`]);
  }

  /** The site that a request lands at now, null when at none. */
  #siteFor(service: NamedService): SimSite | null {
    const { sites } = this.#world;
    if (service.mode === 'active-active' || service.traffic.targets) return this.#siteAmong(service);
    if (Object.values(service.traffic).every((its) => its === undefined)) return this.#writerOf(service);
    if (!service.traffic.dns)
      return (
        this.#holderOfAddress(service) ??
        this.#endOfRoute(service) ??
        this.#accelerated(service) ??
        this.#controlled(service) ??
        this.#chosenAtEdge(service)
      );
    const target = this.#resolve(service)[0];
    if (target === undefined) return null;
    const named = this.#sitesAt(target, service);
    if (named.length === 0) return null;
    const [only] = named;
    // Several sites behind one name's answer share an Elastic IP: whoever holds it gets the request.
    if (named.length > 1 || only === undefined) return this.#holderOfAddress(service);
    return sites.get(service.name, only);
  }

  /** Sites that have an address. Records are deployed last, so they may lead to what was deployed before. */
  #sitesAt(target: string, { name }: NamedService): readonly string[] {
    for (const { services } of this.#world.deployments) {
      const known = Object.entries(services[name]?.traffic.dns?.addresses ?? {});
      const named = known.filter(([, address]) => addressesOfSite(address).includes(target));
      if (named.length > 0) return named.map(([site]) => site);
    }
    return [];
  }

  /** One of the sites that requests are spread over, as a resolver heard of them at its last question. */
  #siteAmong(service: NamedService): SimSite | null {
    const { scheduler, sites } = this.#world;
    const key = service.name;
    let heard = this.#heard.get(key);
    if (heard === undefined || heard.untilMs <= scheduler.nowMs) {
      const ttlMs = (service.traffic.dns?.ttlSeconds ?? 0) * 1_000;
      heard = { answers: answersFor(this.#world, service), untilMs: scheduler.nowMs + ttlMs };
      this.#heard.set(key, heard);
    }
    let draw = this.#random();
    // A balancer and an address are found anew by every request.
    for (const [site, share] of Object.entries(routedShares(this.#world, service, heard.answers))) {
      draw -= share;
      if (draw < 0) return sites.get(service.name, site);
    }
    return null;
  }

  /** The site that every route of a service leads to; null where they differ. */
  #endOfRoute(service: NamedService): SimSite | null {
    const { route } = service.traffic;
    if (!route) return null;
    const ends = new Set(route.tables.map((table) => this.#world.routes.targetOf(table)));
    const [end] = ends;
    const site = Object.keys(route.targets).find((name) =>
      Object.values(route.targets[name] ?? {}).includes(end ?? ''),
    );
    return ends.size === 1 && site !== undefined ? this.#world.sites.get(service.name, site) : null;
  }

  /** A site that the accelerator of a service leads to. */
  #accelerated(service: NamedService): SimSite | null {
    const [site] = this.#world.exposure.acceleratedSites(service.name);
    return site === undefined ? null : this.#world.sites.get(service.name, site);
  }

  /** A site that the records of a service name, by their routing controls. */
  #controlled(service: NamedService): SimSite | null {
    const { controls } = service.traffic;
    const [site] = controls === undefined ? [] : this.#world.controls.sitesOf(controls);
    return site === undefined ? null : this.#world.sites.get(service.name, site);
  }

  /** The site whose origin CloudFront goes to, by its key. */
  #chosenAtEdge(service: NamedService): SimSite | null {
    const { edge } = service.traffic;
    const site = edge && this.#world.stores.siteOf(edge);
    return site === undefined ? null : this.#world.sites.get(service.name, site);
  }

  /**
   * Where nothing steers clients, they find the writer by themselves: by the writer endpoint of a global database, or
   * by what is published.
   */
  #writerOf(service: NamedService): SimSite | null {
    const writer = this.#world.databases.writerOf(service.name);
    return writer === null ? null : this.#world.sites.get(service.name, writer);
  }

  #holderOfAddress(service: NamedService): SimSite | null {
    const { address } = service.traffic;
    if (!address) return null;
    // A client that needs all of them is served by the site that has all.
    const [holder = null, ...others] = holdersOf(this.#world.cloud, address);
    const isWhole = holder !== null && others.every((other) => other === holder);
    return isWhole ? this.#world.sites.get(service.name, holder) : null;
  }

  #resolve(service: NamedService): readonly string[] {
    const { dns } = service.traffic;
    if (!dns) return [];
    const { scheduler, names } = this.#world;
    const known = this.#cached.get(dns.record);
    if (known && known.untilMs > scheduler.nowMs) return known.addresses;
    const { addresses, ttlSeconds } = names.answerOf(dns.record, dns.ttlSeconds);
    this.#cached.set(dns.record, { addresses, untilMs: scheduler.nowMs + ttlSeconds * 1_000 });
    return addresses;
  }
}
