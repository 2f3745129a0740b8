import { describe, expect, it } from 'vitest';
import { guardIdOf } from '../../../../src/core/dns/checks.ts';
import { type OracleVote, oraclePath, oracleVote } from '../../../../src/core/dns/oracle-vote.ts';
import { dnsTree, recordNames, simpleRecords } from '../../../../src/core/dns/record-tree.ts';
import type { CheckPlan, DnsTree } from '../../../../src/core/dns/zone-plan.ts';
import type { Deployment } from '../../../../src/core/model/deployment.ts';
import type { NamedService } from '../../../../src/core/model/service.ts';
import type { DirectCheck, DnsAddress } from '../../../../src/core/model/traffic.ts';
import { genesis, type Register } from '../../../../src/core/register/register.ts';
import { checkerCount, HealthChecks } from '../../../../src/sim/world/dns/health-checks.ts';
import { answerQuery } from '../../../../src/sim/world/dns/route53.ts';

const threeRegions = ['us-east-1', 'us-west-2', 'us-east-2'];
const fiveRegions = [...threeRegions, 'eu-west-1', 'eu-central-1'];
const record = 'www.shop.example';
const quiet = { windowTicks: 0, clockOffsetMs: 30_000, certificateDays: 14 };

type Addresses = NonNullable<NamedService['traffic']['dns']>['addresses'];

/** Sites `s0`, `s1`, ... in order of falling priority, each with an address that ends in its place. */
function chainOf(siteCount: number): readonly string[] {
  return Array.from({ length: siteCount }, (_, place) => `s${place}`);
}

function makeService(
  siteCount: number,
  changes: {
    name?: string;
    mode?: 'oracle' | 'records';
    addresses?: Addresses;
    directCheck?: DirectCheck;
    lastResort?: DnsAddress;
  } = {},
): NamedService {
  const chain = chainOf(siteCount);
  const addresses =
    changes.addresses ?? Object.fromEntries(chain.map((site, place) => [site, { a: [addressAt(place)] }]));
  return {
    name: changes.name ?? 'web',
    mode: 'active-passive',
    sites: Object.fromEntries(
      chain.map((site, place) => [
        site,
        {
          region: 'us-east-1',
          priority: 100 - place,
          standby: 'hot',
          capacity: 100,
          probes: [{ type: 'tcp', host: site, port: 80, timeoutMs: 1_000, corroborating: false }],
          require: 'all',
          scale: [],
          work: [],
          bootMs: 60_000,
          measures: {},
        } as const,
      ]),
    ),
    detection: {
      intervalMs: 2_000,
      fallCount: 3,
      riseCount: 5,
      suspectIntervalMs: 500,
      minDownMs: 0,
      quorum: 2,
      opinionTtlMs: 10_000,
      grey: quiet,
      bootGraceMs: 0,
    },
    failover: {
      automatic: true,
      blockMs: 3_600_000,
      maxMovesPerDay: 3,
      leaseMs: 15_000,
      requireFenceProof: false,
      reconcileMs: 30_000,
      stepTimeoutMs: 10_000,
      stepAttemptsMax: 3,
      runAttemptsMax: 3,
      onStartFailure: 'wait',
      allDown: 'keep',
    },
    capacity: { limitPercent: 90, spareSites: 0, shortage: 'shed' },
    failback: { mode: 'manual', healthyForMs: 600_000 },
    traffic: {
      dns: {
        zone: { id: 'Z0EXAMPLE', name: 'shop.example' },
        record,
        ttlSeconds: 30,
        mode: changes.mode ?? 'oracle',
        policy: 'failover',
        memory: false,
        lastResort: changes.lastResort,
        addresses,
        directCheck: changes.directCheck,
      },
    },
  };
}

function addressAt(place: number): string {
  return `203.0.113.${place + 1}`;
}

function treeOf(service: NamedService, controlRegions: readonly string[] = threeRegions): DnsTree {
  return dnsTree({ name: 'shop', controlRegions }, service);
}

/** Name of the tree that the record leads to. */
function headOf({ records }: DnsTree): string {
  const [target] = records.filter(({ name }) => name === record).map((each) => each.target);
  if (target?.kind !== 'alias') throw new Error('the record leads to a tree');
  return target.name;
}

/** Id of the guard of some sites. */
function guardOf(sites: string): string {
  return guardIdOf({ name: 'shop', controlRegions: threeRegions }, 'web', { sites: sites.split('+') });
}

/** The same sites, the last one first. */
function reversedPriorities({ sites }: NamedService): NamedService['sites'] {
  return Object.fromEntries(
    Object.entries(sites).map(([name, site]) => [name, { ...site, priority: 200 - site.priority }]),
  );
}

type OracleCheck = Extract<CheckPlan, { kind: 'oracle' }>;

/** Route 53 with the tree of a service in it, and all oracles in the test's hand. */
class Rig {
  readonly service: NamedService;
  readonly chain: readonly string[];
  readonly regions: readonly string[];
  readonly votes: readonly OracleCheck[];
  readonly #tree: DnsTree;
  readonly #checks = new HealthChecks();

  constructor(siteCount: number, regions: readonly string[] = threeRegions) {
    this.service = makeService(siteCount);
    this.chain = chainOf(siteCount);
    this.regions = regions;
    this.#tree = treeOf(this.service, regions);
    for (const check of this.#tree.checks) this.#checks.add(check);
    this.votes = this.#tree.checks.filter((check) => check.kind === 'oracle');
  }

  /** Site that an oracle check asks about. */
  siteOf(check: OracleCheck): string {
    return check.site;
  }

  /** Has every checker read every oracle. */
  read(voteOf: (check: OracleCheck, index: number) => OracleVote): void {
    for (const [index, check] of this.votes.entries()) {
      const isOff = voteOf(check, index) === 'off';
      for (let checker = 0; checker < checkerCount; checker += 1) this.#checks.report(check.id, checker, isOff);
    }
  }

  /** Place in the chain of the one site that is answered. */
  answered(): number {
    const { values } = answerQuery(this.#tree.records, (id) => this.#checks.isHealthy(id), record, 'A');
    const [place, ...others] = [...this.chain.keys()].filter((each) => values.includes(addressAt(each)));
    if (place === undefined || others.length > 0) throw new Error(`answered ${values.join(', ')}`);
    return place;
  }
}

/** What every oracle of a deployment holds after a move there. */
function serving(site: string): Register {
  return genesis(site);
}

const siteCounts = [2, 3, 4, 5];

/** Every ordered pair of different places in a chain. */
function movesOf(siteCount: number): readonly (readonly [number, number])[] {
  const places = [...chainOf(siteCount).keys()];
  return places.flatMap((from) => places.filter((to) => to !== from).map((to) => [from, to] as const));
}

/** Calls `visit` with every mixture of old and new votes: each vote that a move changes may have arrived or not. */
function everyMixture(
  rig: Rig,
  voteOf: (place: number, check: OracleCheck) => OracleVote,
  [from, to]: readonly [number, number],
  visit: (arrived: number, answered: number) => void,
): void {
  const changing = rig.votes.filter((check) => voteOf(from, check) !== voteOf(to, check));
  for (let arrived = 0; arrived < 2 ** changing.length; arrived += 1) {
    rig.read((check) => voteOf((arrived >> changing.indexOf(check)) & 1 ? to : from, check));
    visit(arrived, rig.answered());
  }
}

describe('the answer', () => {
  it.each(siteCounts)('is the first site that no majority votes off (sites=%i, regions=3, every vote)', (siteCount) => {
    const rig = new Rig(siteCount);

    for (let votes = 0; votes < 2 ** rig.votes.length; votes += 1) {
      rig.read((_, index) => ((votes >> index) & 1 ? 'off' : 'no-vote'));

      const offCount = (site: string) =>
        rig.votes.filter((check, index) => rig.siteOf(check) === site && (votes >> index) & 1).length;
      const first = rig.chain.findIndex((site) => offCount(site) < 2);
      expect(rig.answered()).toBe(first);
    }
  });

  it.each([2, 3])('is the first site that no majority votes off (sites=%i, regions=5, every vote)', (siteCount) => {
    const rig = new Rig(siteCount, fiveRegions);

    for (let votes = 0; votes < 2 ** rig.votes.length; votes += 1) {
      rig.read((_, index) => ((votes >> index) & 1 ? 'off' : 'no-vote'));

      const offCount = (site: string) =>
        rig.votes.filter((check, index) => rig.siteOf(check) === site && (votes >> index) & 1).length;
      expect(rig.answered()).toBe(rig.chain.findIndex((site) => offCount(site) < 3));
    }
  });

  it.each(siteCounts)('is the serving site when all oracles hold the register (sites=%i)', (siteCount) => {
    const rig = new Rig(siteCount);

    for (const [place, site] of rig.chain.entries()) {
      rig.read((check) => oracleVote(serving(site), rig.service, check.sites));

      expect(rig.answered()).toBe(place);
    }
  });

  it.each(siteCounts)('does not change whatever one oracle of three says (sites=%i)', (siteCount) => {
    const rig = new Rig(siteCount);

    for (const [place, site] of rig.chain.entries()) {
      for (const liar of rig.regions) {
        const lies = rig.votes.filter((check) => check.region === liar);
        for (let votes = 0; votes < 2 ** lies.length; votes += 1) {
          rig.read((check) => {
            if (check.region === liar) return (votes >> lies.indexOf(check)) & 1 ? 'off' : 'no-vote';
            return oracleVote(serving(site), rig.service, check.sites);
          });

          expect(rig.answered()).toBe(place);
        }
      }
    }
  });

  it.each(siteCounts)(
    'falls back to the head of the chain when two oracles of three are dead (sites=%i)',
    (siteCount) => {
      const rig = new Rig(siteCount);

      for (const site of rig.chain) {
        for (const alive of rig.regions) {
          rig.read((check) => oracleVote(check.region === alive ? serving(site) : null, rig.service, check.sites));

          expect(rig.answered()).toBe(0);
        }
      }
    },
  );

  it('is the last site while every check is new and no checker has looked (sites=3)', () => {
    const rig = new Rig(3);

    expect(rig.answered()).toBe(2);
  });
});

describe('while the votes of a move arrive one by one', () => {
  const voteIn = (rig: Rig) => (place: number, check: OracleCheck) =>
    oracleVote(serving(rig.chain[place] ?? ''), rig.service, check.sites);

  it.each(siteCounts)(
    'the answer lies between the old site and the new (sites=%i, every move and order)',
    (siteCount) => {
      const rig = new Rig(siteCount);

      for (const move of movesOf(siteCount)) {
        everyMixture(rig, voteIn(rig), move, (_, answered) => {
          expect(answered).toBeGreaterThanOrEqual(Math.min(...move));
          expect(answered).toBeLessThanOrEqual(Math.max(...move));
        });
      }
    },
  );

  it.each(siteCounts)('the answer never turns back on its way (sites=%i, every move and order)', (siteCount) => {
    const rig = new Rig(siteCount);

    for (const [from, to] of movesOf(siteCount)) {
      const answers: number[] = [];
      everyMixture(rig, voteIn(rig), [from, to], (arrived, answered) => {
        answers[arrived] = answered;
      });

      const forward = Math.sign(to - from);
      for (const [arrived, answered] of answers.entries()) {
        for (let bit = 1; bit < answers.length; bit *= 2) {
          const later = answers[arrived | bit] ?? Number.NaN;
          expect((later - answered) * forward).toBeGreaterThanOrEqual(0);
        }
      }
    }
  });

  it('a move that skips a site may name it in between (sites=3, 0 to 2)', () => {
    const rig = new Rig(3);
    const seen = new Set<number>();

    everyMixture(rig, voteIn(rig), [0, 2], (_, answered) => seen.add(answered));

    expect([...seen].sort()).toEqual([0, 1, 2]);
  });
});

describe('planted bugs that these tests catch', () => {
  /** Votes every site off that does not serve. */
  const voteAllOff = (rig: Rig) => (place: number, check: OracleCheck) =>
    rig.siteOf(check) === rig.chain[place] ? 'no-vote' : 'off';

  it.each([
    ['next site', [0, 1]],
    ['site before', [1, 0]],
  ] as const)('voting sites behind the serving one off names a third site on a move to the %s (sites=3)', (_, move) => {
    const rig = new Rig(3);
    const seen = new Set<number>();

    everyMixture(rig, voteAllOff(rig), move, (_arrived, answered) => seen.add(answered));

    expect(seen).toContain(2);
  });

  it.each([
    ['threshold one', { threshold: 1 }, 1, 1],
    ['not inverted', { isInverted: false }, 0, 1],
    ['unanimity', { threshold: 3 }, 2, 0],
  ] as const)('a guard with %s answers the wrong site (sites=2)', (_, changes, offCount, wrong) => {
    const tree = treeOf(makeService(2));
    const checks = new HealthChecks();
    for (const check of tree.checks) checks.add(check.kind === 'calculated' ? { ...check, ...changes } : check);
    for (const [index, check] of tree.checks.filter(({ kind }) => kind === 'oracle').entries()) {
      for (let checker = 0; checker < checkerCount; checker += 1) checks.report(check.id, checker, index < offCount);
    }

    const { values } = answerQuery(tree.records, (id) => checks.isHealthy(id), record, 'A');

    expect(values).toEqual([addressAt(wrong)]);
  });
});

describe('dnsTree', () => {
  it('guards one of two sites by a majority of the votes against it', () => {
    const tree = treeOf(makeService(2));

    expect(tree.checks).toEqual([
      ...threeRegions.map((region) => ({
        id: `shop.web.s0.off.${region}`,
        kind: 'oracle',
        region,
        site: 's0',
        sites: ['s0'],
        path: oraclePath({ deployment: 'shop', service: 'web', zoneId: 'Z0EXAMPLE' }, ['s0']),
      })),
      {
        id: guardOf('s0'),
        kind: 'calculated',
        children: threeRegions.map((region) => `shop.web.s0.off.${region}`),
        threshold: 2,
        isInverted: true,
      },
    ]);
    expect(tree.records).toEqual([
      {
        name: headOf(tree),
        type: 'A',
        setIdentifier: 'primary',
        failover: 'PRIMARY',
        checkId: guardOf('s0'),
        target: { kind: 'values', values: ['203.0.113.1'], ttlSeconds: 30 },
      },
      {
        name: headOf(tree),
        type: 'A',
        setIdentifier: 'secondary',
        failover: 'SECONDARY',
        checkId: null,
        target: { kind: 'values', values: ['203.0.113.2'], ttlSeconds: 30 },
      },
      {
        name: record,
        type: 'A',
        setIdentifier: null,
        failover: null,
        checkId: null,
        target: { kind: 'alias', name: headOf(tree), isSteadfast: true },
      },
    ]);
  });

  it('hangs each further site under an alias (sites=4)', () => {
    const tree = treeOf(makeService(4));
    const head = headOf(tree);

    const links = tree.records
      .slice(0, -1)
      .map(({ name, setIdentifier, target }) => [
        name,
        setIdentifier,
        target.kind === 'values' ? target.values[0] : target.name,
      ]);

    expect(links).toEqual([
      [`failover-2.${head}`, 'primary', '203.0.113.3'],
      [`failover-2.${head}`, 'secondary', '203.0.113.4'],
      [`failover-1.${head}`, 'primary', '203.0.113.2'],
      [`failover-1.${head}`, 'secondary', `failover-2.${head}`],
      [head, 'primary', '203.0.113.1'],
      [head, 'secondary', `failover-1.${head}`],
    ]);
  });

  it.each<[string, (service: NamedService) => NamedService]>([
    ['a site more', () => makeService(4)],
    ['a site less', () => makeService(2)],
    ['another order', (service) => ({ ...service, sites: reversedPriorities(service) })],
    ['a last resort', () => makeService(3, { lastResort: { a: ['192.0.2.250'] } })],
    ['a direct check', () => makeService(3, { directCheck: { type: 'https', port: 443 } })],
  ])('is a tree of other names, all of them, with %s', (_, change) => {
    const before = recordNames(makeService(3));

    const after = recordNames(change(makeService(3)));

    expect(after.filter((name) => before.includes(name))).toEqual([record]);
  });

  it('does not change its names with what it does not hold', () => {
    const service = makeService(3);
    const tree = treeOf(service);
    const [first, ...rest] = Object.entries(service.sites);
    if (first === undefined) throw new Error('three sites');
    const slower = { ...first[1], probes: [], bootMs: 1 };

    const sites = Object.fromEntries([[first[0], slower], ...rest]);
    expect(treeOf({ ...service, sites }, fiveRegions).records.map(({ name }) => name)).toEqual(
      tree.records.map(({ name }) => name),
    );
  });

  it('asks about a site and those before it, whatever their order, by a check of its own', () => {
    const asked = (service: NamedService) =>
      treeOf(service).checks.flatMap((check) => (check.kind === 'calculated' ? [check.id] : []));
    const service = makeService(3);

    expect(asked(service)).toEqual([guardOf('s0'), guardOf('s0+s1')]);
    expect(asked({ ...service, sites: reversedPriorities(service) })).toEqual([guardOf('s2'), guardOf('s1+s2')]);
    expect(asked(makeService(4))).toEqual([guardOf('s0'), guardOf('s0+s1'), guardOf('s0+s1+s2')]);
  });

  it('guards by another check once other regions vote', () => {
    const guardIds = (regions: readonly string[]) =>
      treeOf(makeService(2), regions).checks.filter(({ kind }) => kind === 'calculated')[0]?.id;

    expect(guardIds(fiveRegions)).not.toBe(guardIds(threeRegions));
    expect(guardIds([...threeRegions].reverse())).toBe(guardIds(threeRegions));
  });

  it.each([
    [3, 2],
    [5, 3],
    [7, 4],
  ])('needs a majority of the control regions (regions=%i, threshold=%i)', (count, threshold) => {
    const regions = Array.from({ length: count }, (_, index) => `region-${index}`);

    const guards = treeOf(makeService(3), regions).checks.filter((check) => check.kind === 'calculated');

    expect(guards.map((guard) => [guard.children.length, guard.threshold])).toEqual([
      [count, threshold],
      [count, threshold],
    ]);
  });

  it('is the same whatever order the sites are declared in', () => {
    const service = makeService(4);
    const reversed = { ...service, sites: Object.fromEntries(Object.entries(service.sites).reverse()) };

    expect(treeOf(reversed)).toEqual(treeOf(service));
  });

  it('gives every check an id of its own where hyphens could confuse them', () => {
    const rename = (name: string, site: string): NamedService => {
      const { sites, ...rest } = makeService(2, {
        name,
        addresses: { [site]: { a: ['192.0.2.1'] }, s1: { a: ['192.0.2.2'] } },
      });
      const { s0, s1 } = sites;
      if (!s0 || !s1) throw new Error('two sites');
      return { ...rest, sites: { [site]: s0, s1 } };
    };

    const ids = [rename('web', 'api-virginia'), rename('web-api', 'virginia')]
      .flatMap((service) => treeOf(service).checks)
      .map((check) => check.id);

    expect(new Set(ids).size).toBe(8);
  });

  it('makes both types when every site has both (sites=3)', () => {
    const addresses = Object.fromEntries(
      chainOf(3).map((site, place) => [site, { a: [addressAt(place)], aaaa: [`2001:db8::${place}`] }]),
    );

    const tree = treeOf(makeService(3, { addresses }));

    const head = headOf(tree);
    expect(tree.records.map(({ name, type }) => `${name} ${type}`)).toEqual([
      ...[`failover-1.${head}`, head].flatMap((name) => ['A', 'A', 'AAAA', 'AAAA'].map((type) => `${name} ${type}`)),
      `${record} A`,
      `${record} AAAA`,
    ]);
    expect(tree.checks).toHaveLength(8);
  });

  it.each([0, 1, 2])('leaves out a type that one site lacks (sites=3, without=s%i)', (without) => {
    const addresses = Object.fromEntries(
      chainOf(3).map((site, place) => [
        site,
        place === without ? { a: [addressAt(place)] } : { a: [addressAt(place)], aaaa: [`2001:db8::${place}`] },
      ]),
    );

    const types = treeOf(makeService(3, { addresses })).records.map(({ type }) => type);

    expect(types).toEqual(['A', 'A', 'A', 'A', 'A']);
  });

  it('has nothing for edited records, and nothing without DNS', () => {
    const edited = makeService(2, { mode: 'records' });
    const deployment: Pick<Deployment, 'name' | 'controlRegions'> = { name: 'shop', controlRegions: threeRegions };

    expect(dnsTree(deployment, edited)).toEqual({ checks: [], records: [] });
    expect(dnsTree(deployment, { ...edited, traffic: {} })).toEqual({ checks: [], records: [] });
  });
});

describe('simpleRecords', () => {
  it.each([
    [{ a: ['192.0.2.1'], aaaa: [], cname: [] }, ['A 192.0.2.1']],
    [{ a: [], aaaa: ['2001:db8::1'], cname: [] }, ['AAAA 2001:db8::1']],
    [{ a: ['192.0.2.1'], aaaa: ['2001:db8::1'], cname: [] }, ['A 192.0.2.1', 'AAAA 2001:db8::1']],
    [{ a: [], aaaa: [], cname: ['db.partner.example'] }, ['CNAME db.partner.example']],
    [{ a: [], aaaa: [], cname: [] }, []],
  ])('holds one record a type (%o)', (values, expected) => {
    const records = simpleRecords(makeService(2, { mode: 'records' }), values);

    const told = records.map(({ type, target }) => `${type} ${target.kind === 'values' ? target.values.join() : ''}`);
    expect(told).toEqual(expected);
    expect(records.every(({ failover, setIdentifier, checkId }) => !(failover || setIdentifier || checkId))).toBe(true);
  });

  it('is nothing for a service whose records are never edited', () => {
    expect(simpleRecords(makeService(2), { a: ['192.0.2.1'], aaaa: [], cname: [] })).toEqual([]);
  });
});

describe('several names of one service', () => {
  it('have one alias each, to one tree with one set of checks', () => {
    const plain = makeService(2);
    const { dns } = plain.traffic;
    if (dns === undefined) throw new Error('a service with DNS');
    const one = treeOf(plain);

    const several = treeOf({ ...plain, traffic: { dns: { ...dns, moreRecords: ['shop.example', '*.shop.example'] } } });

    const [last] = one.records.slice(-1);
    expect(several.checks).toEqual(one.checks);
    expect(several.records).toEqual([
      ...one.records,
      { ...last, name: 'shop.example' },
      { ...last, name: '*.shop.example' },
    ]);
  });
});

describe('an alias to a load balancer', () => {
  const alias = { dnsName: 'a.elb.amazonaws.com', zoneId: 'Z1BALANCERS', ipv6: false };
  const target = { kind: 'external-alias', name: alias.dnsName, zoneId: alias.zoneId };

  it('stands beside addresses of other sites, without a TTL', () => {
    const { records } = treeOf(makeService(2, { addresses: { s0: { alias }, s1: { a: [addressAt(1)] } } }));

    expect(records.slice(0, -1).map(({ type, target: held }) => [type, held])).toEqual([
      ['A', target],
      ['A', { kind: 'values', values: [addressAt(1)], ttlSeconds: 30 }],
    ]);
  });

  it.each([true, false])('has an AAAA record only with IPv6 (ipv6=%s)', (ipv6) => {
    const addresses = { s0: { alias: { ...alias, ipv6 } }, s1: { a: [addressAt(1)], aaaa: ['2001:db8::1'] } };

    const types = treeOf(makeService(2, { addresses })).records.map(({ type }) => type);

    expect([...new Set(types)]).toEqual(ipv6 ? ['A', 'AAAA'] : ['A']);
  });

  it('answers the same address each time, for 60 seconds', () => {
    const { records } = treeOf(makeService(2, { addresses: { s0: { alias }, s1: { a: [addressAt(1)] } } }));

    const answers = [1, 2].map(() => answerQuery(records, () => true, record, 'A'));

    expect(answers[0]).toEqual(answers[1]);
    expect(answers[0]).toMatchObject({ ttlSeconds: 60, values: [expect.stringMatching(/^100[.]/)] });
  });
});

describe('a direct check', () => {
  const directCheck = { type: 'https', port: 443 } as const;
  const service = makeService(3, { directCheck });
  const { checks, records } = treeOf(service);

  /** The site that is answered when some checks are unhealthy. */
  function answeredWithout(unhealthy: readonly string[]): string {
    const { values } = answerQuery(records, (id) => !unhealthy.includes(id), record, 'A');
    return `s${[0, 1, 2].find((place) => values[0] === addressAt(place))}`;
  }

  it.each<[string, readonly string[], string]>([
    ['nothing', [], 's0'],
    ['the vote on the head', [guardOf('s0')], 's1'],
    ['the endpoint of the head', ['shop.web.s0.direct'], 's1'],
    ['the vote on the head and the endpoint behind it', [guardOf('s0'), 'shop.web.s1.direct'], 's2'],
    ['every endpoint', ['shop.web.s0.direct', 'shop.web.s1.direct'], 's2'],
    ['only what nobody gets to', [guardOf('s0+s1'), 'shop.web.s1.direct'], 's0'],
  ])('names the first site that neither fails, with %s failing', (_, unhealthy, answered) => {
    expect(answeredWithout(unhealthy)).toBe(answered);
  });

  it('asks each site but the last at its address, by the name of the record', () => {
    const direct = checks.filter(({ kind }) => kind === 'endpoint');

    expect(direct).toEqual(
      ['s0', 's1'].map((site, place) => ({
        id: `shop.web.${site}.direct`,
        kind: 'endpoint',
        site,
        type: 'https',
        ipAddress: addressAt(place),
        host: record,
        port: 443,
        path: '/',
        failureThreshold: 3,
      })),
    );
  });

  it('asks a load balancer by its own name, and a connection by no name', () => {
    const alias = { dnsName: 'a.elb.amazonaws.com', zoneId: 'Z1BALANCERS', ipv6: false };
    const asked = (check: DirectCheck, addresses: Addresses) =>
      treeOf(makeService(2, { directCheck: check, addresses })).checks.find(({ kind }) => kind === 'endpoint');
    const other = { s1: { a: [addressAt(1)] } };

    expect(asked(directCheck, { s0: { alias }, ...other })).toMatchObject({ ipAddress: null, host: alias.dnsName });
    expect(asked({ type: 'tcp', port: 22 }, { s0: { a: [addressAt(0)] }, ...other })).toMatchObject({
      ipAddress: addressAt(0),
      host: null,
      path: null,
    });
  });

  it('makes what an alias leads to before the alias, and tells every name', () => {
    const made = records.map(({ name }) => name);

    for (const [index, { target }] of records.entries()) {
      if (target.kind === 'alias') expect(made.slice(0, index)).toContain(target.name);
    }
    expect([...recordNames(service)].sort()).toEqual([...new Set(made)].sort());
  });

  it('is no calculated check over another: each counts only checks that ask', () => {
    const asking = checks.filter(({ kind }) => kind !== 'calculated').map(({ id }) => id);

    for (const check of checks) {
      if (check.kind === 'calculated') expect(asking).toEqual(expect.arrayContaining([...check.children]));
    }
  });
});

describe('a chain with a last resort', () => {
  const lastResort = { a: ['192.0.2.250'] };
  const service = makeService(3, { lastResort });
  const sites = chainOf(3);

  /** What is answered while all oracles hold a register. */
  function answeredWhile(register: Register | null, of = service): readonly string[] {
    const { checks, records } = treeOf(of);
    const health = new HealthChecks();
    for (const check of checks) health.add(check);
    for (const check of checks) {
      if (check.kind !== 'oracle') continue;
      const isOff = oracleVote(register, of, check.sites) === 'off';
      for (let checker = 0; checker < checkerCount; checker += 1) health.report(check.id, checker, isOff);
    }
    return answerQuery(records, (id) => health.isHealthy(id), record, 'A').values;
  }

  it.each(sites.map((site, place) => [site, addressAt(place)] as const))(
    'names %s while it serves',
    (site, address) => {
      expect(answeredWhile(serving(site))).toEqual([address]);
    },
  );

  it('names the static endpoint only while the register says so', () => {
    expect(answeredWhile({ ...genesis('s2'), serving: ['last-resort'] })).toEqual(['192.0.2.250']);
    expect(answeredWhile(null)).toEqual([addressAt(0)]);
  });

  it('is no part of a service that has none: the last site is answered', () => {
    expect(answeredWhile({ ...genesis('s2'), serving: ['last-resort'] }, makeService(3))).toEqual([addressAt(2)]);
  });

  it('guards every site, and Route 53 alone never leaves the last one', () => {
    const { checks, records } = treeOf(makeService(2, { lastResort, directCheck: { type: 'https', port: 443 } }));

    expect(checks.filter(({ kind }) => kind === 'calculated').map(({ id }) => id)).toEqual([
      guardOf('s0'),
      guardOf('s0+s1'),
    ]);
    expect(checks.filter(({ kind }) => kind === 'endpoint').map(({ id }) => id)).toEqual(['shop.web.s0.direct']);
    expect(records.at(-2)).toMatchObject({ setIdentifier: 'secondary', target: { kind: 'alias' } });
    expect(records[1]).toMatchObject({ checkId: null, target: { kind: 'values', values: ['192.0.2.250'] } });
  });

  it.each([undefined, { type: 'https', port: 443 } as const])('tells every name (directCheck=%j)', (directCheck) => {
    const made = makeService(3, { lastResort, ...(directCheck ? { directCheck } : {}) });

    const names = new Set(treeOf(made).records.map(({ name }) => name));
    expect([...recordNames(made)].sort()).toEqual([...names].sort());
  });
});
