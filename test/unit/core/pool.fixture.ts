import { oracleVote } from '../../../src/core/dns/oracle-vote.ts';
import { dnsTree } from '../../../src/core/dns/record-tree.ts';
import type { DnsTree } from '../../../src/core/dns/zone-plan.ts';
import type { NamedService } from '../../../src/core/model/service.ts';
import type { DnsTraffic } from '../../../src/core/model/traffic.ts';
import { genesis, type Register } from '../../../src/core/register/register.ts';
import { checkerCount, HealthChecks } from '../../../src/sim/world/dns/health-checks.ts';
import { type Asker, answerShares, answersAnywhere } from '../../../src/sim/world/dns/route53.ts';
import { service } from './service.fixture.ts';

export const record = 'www.shop.example';
export const controlRegions = ['us-east-1', 'us-west-2', 'eu-west-1'];
export const lastResort = { a: ['192.0.2.250'] };

export const siteNames = ['virginia', 'frankfurt', 'ireland'];
const regions = ['us-east-1', 'eu-central-1', 'eu-west-1'];
const capacities = [100, 50, 50];

export const dns: DnsTraffic = {
  zone: { id: 'Z0EXAMPLE', name: 'shop.example' },
  record,
  ttlSeconds: 30,
  mode: 'oracle',
  policy: 'weighted',
  memory: false,
  addresses: Object.fromEntries(siteNames.map((site, place) => [site, { a: [addressAt(place)] }])),
};

/** Where clients of each site are: Germany and Europe, of which Germany is a part, and everywhere else. */
export const locations: DnsTraffic['locations'] = {
  virginia: [{ kind: 'default' }],
  frankfurt: [{ kind: 'country', code: 'DE' }],
  ireland: [{ kind: 'continent', code: 'EU' }],
};

export const german: Asker = { country: 'DE', continent: 'EU' };
export const french: Asker = { country: 'FR', continent: 'EU' };
export const american: Asker = { country: 'US', continent: 'NA' };
export const askers = [german, french, american, {}];

function addressAt(place: number): string {
  return `203.0.113.${place + 1}`;
}

/** Virginia, twice as large as Frankfurt and Ireland; all serve. */
export function poolWith(
  changes: Partial<DnsTraffic> = {},
  failover: Partial<NamedService['failover']> = {},
): NamedService {
  const [template] = Object.values(service.sites);
  if (template === undefined) throw new Error('the fixture has sites');
  return {
    ...service,
    name: 'web',
    mode: 'active-active',
    sites: Object.fromEntries(
      siteNames.map((site, place) => [
        site,
        {
          ...template,
          location: undefined,
          region: regions[place] ?? '',
          priority: 100 - place,
          capacity: capacities[place] ?? 0,
        },
      ]),
    ),
    failover: { ...service.failover, ...failover },
    traffic: { dns: { ...dns, ...changes } },
  };
}

/** What each region's table holds while sites serve. */
export function serving(...sites: readonly string[]): Register {
  return { ...genesis(sites[0] ?? ''), serving: sites };
}

/** Route 53 with the tree of a pool in it. */
export class PoolRig {
  readonly tree: DnsTree;
  readonly #service: NamedService;
  readonly #checks = new HealthChecks();
  readonly #isHealthy = (id: string) => this.#checks.isHealthy(id);

  constructor(pool: NamedService) {
    this.#service = pool;
    this.tree = dnsTree({ name: 'shop', controlRegions }, pool);
    for (const check of this.tree.checks) this.#checks.add(check);
    this.hold(serving(...siteNames));
  }

  /** Has every checker read every oracle, each of which holds the register that is given for its region. */
  hold(registerOf: Register | null | ((region: string) => Register | null)): void {
    for (const check of this.tree.checks) {
      if (check.kind !== 'oracle') continue;
      const register = typeof registerOf === 'function' ? registerOf(check.region) : registerOf;
      const isOff = oracleVote(register, this.#service, check.sites) === 'off';
      for (let checker = 0; checker < checkerCount; checker += 1) this.#checks.report(check.id, checker, isOff);
    }
  }

  /** Percent of questions that are answered with each site. */
  answered(asker: Asker = {}): Readonly<Record<string, number>> {
    const percents: Record<string, number> = {};
    for (const { values, share } of answerShares(this.tree.records, this.#isHealthy, record, 'A', asker)) {
      const site = siteOf(values);
      percents[site] = Math.round(((percents[site] ?? 0) + 100 * share) * 10) / 10;
    }
    return percents;
  }

  /** Every site that anybody is answered with, by name. */
  answeredAnywhere(): readonly string[] {
    const { values } = answersAnywhere(this.tree.records, this.#isHealthy, record, 'A');
    return values.map((value) => siteOf([value])).sort();
  }
}

function siteOf([value]: readonly string[]): string {
  if (value !== undefined && lastResort.a.includes(value)) return 'last-resort';
  const place = siteNames.findIndex((_, index) => addressAt(index) === value);
  return siteNames[place] ?? `${value}`;
}

/** Every set of sites that may serve. */
export function servings(): readonly (readonly string[])[] {
  return Array.from({ length: 2 ** siteNames.length - 1 }, (_, bits) =>
    siteNames.filter((_name, place) => ((bits + 1) >> place) & 1),
  );
}
