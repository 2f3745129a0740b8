import type { Deployment, NamedService } from '../../core/model/deployment.ts';
import { serviceOf } from '../../core/model/deployment.ts';
import { type SeededRandom, seededRandom } from '../random.ts';
import { addressesOfSite } from './alias-addresses.ts';
import { answersFor, routedShares } from './load.ts';
import type { AnswerShare } from './route53.ts';
import { type SimSite, servesClients } from './sites.ts';
import type { World } from './world.ts';

/** How often a client of each service asks. */
const askEveryMs = 1_000;
/** How long a client waits for an answer. */
const patienceMs = 1_000;

/**
 * Clients that keep asking every service, through a resolver that caches for the record's TTL, or at the Elastic IP.
 *
 * They see what users see: not what the register says, and not what a record says now.
 */
export class SimClients {
  readonly #world: World;
  readonly #cached = new Map<string, { readonly addresses: readonly string[]; readonly untilMs: number }>();

  readonly #heard = new Map<string, { readonly answers: readonly AnswerShare[]; readonly untilMs: number }>();
  readonly #random: SeededRandom;

  constructor(world: World, deployment: Deployment, seed: number) {
    this.#world = world;
    this.#random = seededRandom(seed, 'clients');
    for (const name of Object.keys(deployment.services)) {
      const service = serviceOf(deployment, name);
      world.scheduler.after(askEveryMs, () => this.#ask(service));
    }
  }

  #ask(service: NamedService): void {
    const { scheduler } = this.#world;
    scheduler.after(askEveryMs, () => this.#ask(service));
    const site = this.#siteFor(service);
    const isGood =
      site !== null &&
      this.#isReachable(site) &&
      servesClients(site, patienceMs) &&
      this.#isLucky(site) &&
      this.#isSpared(site);
    this.#world.occur({ type: 'client', service: service.name, site: site?.name ?? null, isGood });
  }

  /** A site that is asked for more than it can carry serves a part of it. */
  #isLucky({ demand, load, capacity, power }: SimSite): boolean {
    return demand === 0 || load <= capacity * power || this.#random() < (capacity * power) / load;
  }

  /** A site that is half well fails some. */
  #isSpared({ latencyMs, grey: { errorShare, packetLoss, jitterMs } }: SimSite): boolean {
    const isHit = (share: number) => share > 0 && this.#random() < share;
    const isLate = jitterMs > 0 && latencyMs + this.#random() * jitterMs > patienceMs;
    return !isHit(errorShare) && !isHit(packetLoss) && !isLate;
  }

  #isReachable(site: SimSite): boolean {
    return this.#world.links.passes(['clients'], [site.region, `site/${site.service}/${site.name}`]);
  }

  /** The site that a request lands at now, null when at none. */
  #siteFor(service: NamedService): SimSite | null {
    const { sites } = this.#world;
    if (service.mode === 'active-active' || service.traffic.targets) return this.#siteAmong(service);
    if (!service.traffic.dns) return this.#holderOfAddress(service);
    const target = this.#resolve(service)[0];
    if (target === undefined) return null;
    const named = Object.entries(service.traffic.dns.addresses).filter(([, known]) =>
      addressesOfSite(known).includes(target),
    );
    if (named.length === 0) return null;
    const [only] = named;
    // Several sites behind one name's answer share an Elastic IP: whoever holds it gets the request.
    if (named.length > 1 || only === undefined) return this.#holderOfAddress(service);
    return sites.get(service.name, only[0]);
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

  #holderOfAddress(service: NamedService): SimSite | null {
    const { address } = service.traffic;
    if (!address) return null;
    const instance = this.#world.cloud.locate(address.region, address.allocationId);
    const holder = Object.entries(address.instances).find(([, id]) => id === instance);
    return holder ? this.#world.sites.get(service.name, holder[0]) : null;
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
