import type { Deployment, NamedService } from '../../core/deployment.ts';
import { serviceOf } from '../../core/deployment.ts';
import { addressesOfSite } from './alias-addresses.ts';
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

  constructor(world: World, deployment: Deployment) {
    this.#world = world;
    for (const name of Object.keys(deployment.services)) {
      const service = serviceOf(deployment, name);
      world.scheduler.after(askEveryMs, () => this.#ask(service));
    }
  }

  #ask(service: NamedService): void {
    const { scheduler } = this.#world;
    scheduler.after(askEveryMs, () => this.#ask(service));
    const site = this.#siteFor(service);
    const isGood = site !== null && this.#isReachable(site) && servesClients(site, patienceMs);
    this.#world.occur({ type: 'client', service: service.name, site: site?.name ?? null, isGood });
  }

  #isReachable(site: SimSite): boolean {
    return this.#world.links.passes(['clients'], [site.region, `site/${site.service}/${site.name}`]);
  }

  /** The site that a request lands at now, null when at none. */
  #siteFor(service: NamedService): SimSite | null {
    const { sites } = this.#world;
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
