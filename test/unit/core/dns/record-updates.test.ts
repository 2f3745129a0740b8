import { describe, expect, it } from 'vitest';
import { declaredRecord } from '../../../../lib/constructs/record-set.ts';
import { asSet, type DeclaredRecord, declaredChanges, placeOf } from '../../../../src/adapters/aws/dns/zone-records.ts';
import { oracleVote } from '../../../../src/core/dns/oracle-vote.ts';
import { dnsTree } from '../../../../src/core/dns/record-tree.ts';
import { addressTypes, type RecordPlan } from '../../../../src/core/dns/zone-plan.ts';
import type { NamedService } from '../../../../src/core/model/service.ts';
import type { DnsAddress, DnsTraffic } from '../../../../src/core/model/traffic.ts';
import { genesis } from '../../../../src/core/register/register.ts';
import { seededRandom } from '../../../../src/sim/random.ts';
import { answersAnywhere } from '../../../../src/sim/world/dns/route53.ts';
import { type RecordResources, resourcesFrom, updateStack } from '../../../../src/sim/world/dns/stack-update.ts';
import { zoneBreaches } from '../../../../src/sim/world/dns/zone-rules.ts';
import { service as template } from '../service.fixture.ts';

/**
 * Every later deployment: the records of one configuration become those of another, one change at a time, while clients
 * ask. At no instant does Route 53 refuse a change, and at no instant is anybody answered what neither configuration
 * answers.
 */

const record = 'www.shop.example';
const names = ['a', 'b', 'c', 'd', 'e'];
const regions = ['us-east-1', 'us-west-2', 'eu-west-1'];
const owner = { name: 'shop', controlRegions: regions };

interface Family {
  readonly order: readonly string[];
  readonly hasLastResort: boolean;
  readonly isAlias: boolean;
  readonly hasIpv6: boolean;
  readonly policy: DnsTraffic['policy'];
  readonly memory?: boolean;
  /** Addresses of the second site; one when left out. */
  readonly valueCount?: number;
  /** Whether all sites are other names; `isAlias` and `hasIpv6` are then false. */
  readonly isName?: boolean;
}

/** A configuration, with all that is asked about it again and again. */
interface Configuration {
  readonly title: string;
  readonly service: NamedService;
  readonly resources: RecordResources;
  readonly records: readonly RecordPlan[];
  /** Sites that each guard asks about. */
  readonly guarded: ReadonlyMap<string, readonly string[]>;
}

function addressOf(site: string, { isAlias, hasIpv6, valueCount = 1, isName }: Family): DnsAddress {
  if (isName === true) return { cname: `${site}.partner.example` };
  const place = names.indexOf(site.charAt(0)) + 1;
  if (isAlias && site !== 'e') {
    return { alias: { dnsName: `${site.charAt(0)}.elb.amazonaws.com`, zoneId: 'Z1BALANCERS', ipv6: hasIpv6 } };
  }
  const values = Array.from({ length: site === 'b' ? valueCount : 1 }, (_, index) => `203.0.113.${place + 10 * index}`);
  return { a: values, ...(hasIpv6 ? { aaaa: [`2001:db8::${place}`] } : {}) };
}

function configure(family: Family, change: (service: NamedService) => NamedService = (service) => service) {
  const { order, hasLastResort, hasIpv6, policy, memory, isName } = family;
  const [site] = Object.values(template.sites);
  if (site === undefined) throw new Error('the fixture has sites');
  const sites = order.map((name, place) => [
    name,
    { ...site, region: `eu-south-${names.indexOf(name)}`, priority: 100 - place, capacity: 100 - 10 * place },
  ]);
  const locations = [
    [{ kind: 'default' }],
    [{ kind: 'country', code: 'DE' }],
    [{ kind: 'continent', code: 'EU' }],
  ] as const;
  const dns: DnsTraffic = {
    zone: { id: 'Z0EXAMPLE', name: 'shop.example' },
    record,
    ttlSeconds: 30,
    mode: 'oracle',
    policy,
    memory: memory === true && policy !== 'multivalue',
    lastResort: hasLastResort
      ? isName === true
        ? { cname: 'sorry.partner.example' }
        : { a: ['192.0.2.250'], ...(hasIpv6 ? { aaaa: ['2001:db8::250'] } : {}) }
      : undefined,
    addresses: Object.fromEntries(order.map((name) => [name, addressOf(name, family)])),
    ...(policy === 'geolocation'
      ? { locations: Object.fromEntries(order.map((name, place) => [name, locations[place % 3] ?? []])) }
      : {}),
  };
  const mode = policy === 'failover' ? 'active-passive' : 'active-active';
  const service = change({ ...template, name: 'web', mode, sites: Object.fromEntries(sites), traffic: { dns } });
  return configurationOf(JSON.stringify(family), service);
}

function configurationOf(title: string, service: NamedService): Configuration {
  const { checks, records } = dnsTree(owner, service);
  const asked = new Map(checks.flatMap((check) => (check.kind === 'oracle' ? [[check.id, check.sites] as const] : [])));
  const guarded = checks.flatMap((check) =>
    check.kind === 'calculated' ? [[check.id, asked.get(check.children[0] ?? '') ?? []] as const] : [],
  );
  return { title, service, records, resources: resourcesFrom(records, 'Z0EXAMPLE'), guarded: new Map(guarded) };
}

/** Every policy, with two, three and five sites, with and without a last resort. */
function allPolicies(): readonly Configuration[] {
  const policies = ['failover', 'weighted', 'latency', 'geolocation', 'multivalue'] as const;
  return policies.flatMap((policy) =>
    [
      ['a', 'b'],
      ['b', 'a', 'c'],
      ['e', 'd', 'c', 'b', 'a'],
    ].flatMap((order) =>
      [false, true].map((hasLastResort) =>
        configure({
          order,
          hasLastResort,
          isAlias: policy === 'latency',
          hasIpv6: false,
          policy,
          memory: hasLastResort && order.length < 5,
        }),
      ),
    ),
  );
}

/** Every order of some things. */
function ordersOf<T>(things: readonly T[]): readonly (readonly T[])[] {
  if (things.length === 0) return [[]];
  return things.flatMap((first) => ordersOf(things.filter((each) => each !== first)).map((rest) => [first, ...rest]));
}

function familiesOf(siteCounts: readonly number[]): readonly Family[] {
  const flags = [false, true];
  return siteCounts.flatMap((count) =>
    ordersOf(names.slice(0, count)).flatMap((order) =>
      flags.flatMap((hasLastResort) =>
        flags.flatMap((isAlias) =>
          flags.map((hasIpv6) => ({ order, hasLastResort, isAlias, hasIpv6, policy: 'failover' as const })),
        ),
      ),
    ),
  );
}

/** What is answered, by type, while some sites serve, of a zone whose checks ask oracles of one configuration. */
function answersOf(
  zone: readonly RecordPlan[],
  guarded: ReadonlyMap<string, readonly string[]>,
  oracles: NamedService,
  serving: readonly string[],
): readonly string[] {
  const register = { ...genesis(serving[0] ?? ''), serving };
  const isHealthy = (id: string) => oracleVote(register, oracles, guarded.get(id) ?? []) === 'no-vote';
  return addressTypes.map((type) => answersAnywhere(zone, isHealthy, record, type).values.toSorted().join());
}

/** The records that the name leads to: nothing else changes what it answers. */
function reachable(zone: readonly RecordPlan[], name = record): readonly RecordPlan[] {
  return zone
    .filter((each) => each.name === name)
    .flatMap((each) => [each, ...(each.target.kind === 'alias' ? reachable(zone, each.target.name) : [])]);
}

function servingIn(before: Configuration, after: Configuration): readonly (readonly string[])[] {
  const sites = [...new Set([before, after].flatMap(({ service }) => Object.keys(service.sites)))];
  const hasLastResort = [before, after].every(({ service }) => service.traffic.dns?.lastResort !== undefined);
  return [...sites.map((site) => [site]), sites, ...(hasLastResort ? [['last-resort']] : [])];
}

/** What is wrong on the way from one configuration to the other; empty when nothing is. */
function faultsBetween(
  before: Configuration,
  after: Configuration,
  random: () => number,
  carryOut: typeof updateStack = updateStack,
): readonly string[] {
  const guarded = new Map([...before.guarded, ...after.guarded]);
  const allowed = servingIn(before, after).map((serving) => ({
    serving,
    either: [before, after].map(({ records, service }) => answersOf(records, guarded, service, serving)),
  }));
  const faults: string[] = [];
  let led: readonly RecordPlan[] = [];
  const judge = (zone: readonly RecordPlan[], what: string) => {
    faults.push(...zoneBreaches(zone).map((breach) => `${what}: ${breach}`));
    const leads = reachable(zone);
    if (leads.length === led.length && leads.every((each, index) => each === led[index])) return;
    led = leads;
    for (const { serving, either } of allowed) {
      // The regions' stacks come first: all oracles have the new configuration by then.
      for (const [index, answer] of answersOf(zone, guarded, after.service, serving).entries()) {
        if (either.some((each) => each[index] === answer)) continue;
        faults.push(`${what}: while ${serving} serve, ${addressTypes[index]} is answered ${answer || 'nothing'}`);
      }
    }
  };
  judge(before.records, 'the oracles are new, the records old');
  let reached = before.records;
  carryOut(before.resources, after.resources, random, (zone, { kind, id }) => {
    reached = zone;
    judge(zone, `${kind} ${id}`);
  });
  if (textOf(reached) !== textOf(after.records)) faults.push('in the end the zone is not what is declared');
  return faults.map((fault) => `${before.title} -> ${after.title}: ${fault}`);
}

function textOf(zone: readonly RecordPlan[]): string {
  return zone
    .map((record) => JSON.stringify(record))
    .sort()
    .join();
}

function faultsOfPairs(all: readonly Configuration[], seed: number, carryOut?: typeof updateStack): readonly string[] {
  const random = seededRandom(seed);
  return all.flatMap((before) =>
    all.flatMap((after) => (before === after ? [] : faultsBetween(before, after, random, carryOut))),
  );
}

/**
 * In a zone of another account: the changes of the function that makes records there. Each is judged alone, and is seen
 * by clients alone, but for those of one name that follow one another: they are in one batch.
 */
const updateZone: typeof updateStack = (before, after, _random, visit) => {
  const declaredIn = (resources: RecordResources) =>
    [...resources.values()].map(
      ({ record, zoneId }) => asTexts(declaredRecord(record, zoneId, (check) => check)) as DeclaredRecord,
    );
  const [former, wanted] = [before, after].map(declaredIn) as [DeclaredRecord[], DeclaredRecord[]];
  const planOf = new Map([...after.values()].map(({ record }, index) => [placeOf(wanted[index] ?? {}), record]));
  const zone = new Map([...before.values()].map(({ record }, index) => [placeOf(former[index] ?? {}), record]));
  const changes = declaredChanges(former.map(asSet), { former, wanted });
  for (const [index, { Action, ResourceRecordSet: set }] of changes.entries()) {
    if (set === undefined) throw new Error('a change without a set');
    const place = placeOf(set);
    const plan = planOf.get(place);
    if (Action === 'DELETE') zone.delete(place);
    else if (plan !== undefined) zone.set(place, plan);
    const next = changes[index + 1]?.ResourceRecordSet;
    const isSeen = next?.Name !== set.Name;
    if (!isSeen && zoneBreaches([...zone.values()]).length === 0) continue;
    visit([...zone.values()], {
      kind: Action === 'CREATE' ? 'create' : Action === 'UPSERT' ? 'update' : 'remove',
      id: place,
    });
  }
};

/** As CloudFormation hands the properties of a custom resource on: numbers and truth values are texts. */
function asTexts(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asTexts);
  if (typeof value !== 'object' || value === null) return String(value);
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, asTexts(part)]));
}

describe('every ordered pair of configurations', () => {
  it('of two and three sites, in every order, with and without last resort, alias, IPv6 (4,032 pairs)', () => {
    const all = familiesOf([2, 3]).map((family) => configure(family));

    expect(all).toHaveLength(64);
    expect(faultsOfPairs(all, 1)).toEqual([]);
  });

  it('of two to five sites: 1,000 drawn from the 1,477,440 pairs of all orders (seed=2)', () => {
    const random = seededRandom(2);
    const families = familiesOf([2, 3, 4, 5]);
    const draw = () => configure(families[Math.floor(random() * families.length)] ?? (families[0] as Family));

    expect(families).toHaveLength(1_216);
    const faults = Array.from({ length: 1_000 }, () => faultsBetween(draw(), draw(), random)).flat();
    expect(faults).toEqual([]);
  });

  it('with and without memory: 200 drawn from the pairs of two and three sites (seed=4)', () => {
    const random = seededRandom(4);
    const all = familiesOf([2, 3]).flatMap((family) => [true, false].map((memory) => configure({ ...family, memory })));
    const draw = () => all[Math.floor(random() * all.length)] ?? configure(familiesOf([2])[0] as Family);

    const faults = Array.from({ length: 200 }, () => faultsBetween(draw(), draw(), random)).flat();
    expect(faults).toEqual([]);
  });

  it('with one address of a site and with several, by every policy (380 pairs)', () => {
    const policies = ['failover', 'weighted', 'latency', 'geolocation', 'multivalue'] as const;
    const all = policies.flatMap((policy) =>
      [1, 2].flatMap((valueCount) =>
        [false, true].map((hasLastResort) =>
          configure({ order: ['b', 'a'], hasLastResort, isAlias: false, hasIpv6: true, policy, valueCount }),
        ),
      ),
    );

    expect(all).toHaveLength(20);
    expect(faultsOfPairs(all, 5)).toEqual([]);
  });

  it('of sites that are other names, in every order, by every policy that Route 53 has for them (552 pairs)', () => {
    const policies = ['failover', 'weighted', 'latency', 'geolocation'] as const;
    const all = policies.flatMap((policy) =>
      [
        ['a', 'b'],
        ['b', 'a'],
        ['c', 'a', 'b'],
      ].flatMap((order) =>
        [false, true].map((hasLastResort) =>
          configure({
            order,
            hasLastResort,
            isAlias: false,
            hasIpv6: false,
            policy,
            isName: true,
            memory: hasLastResort,
          }),
        ),
      ),
    );
    const byName = all.map(({ records }) => new Set(records.map(({ type }) => type)));

    expect(byName.every((types) => [...types].join() === 'CNAME')).toBe(true);
    expect(faultsOfPairs(all, 6)).toEqual([]);
  });

  it('of every policy, with one to three sites more or less and a last resort (870 pairs)', () => {
    const all = allPolicies();

    expect(all).toHaveLength(30);
    expect(faultsOfPairs(all, 3)).toEqual([]);
  });
});

describe('every ordered pair of configurations, where the zone is in another account', () => {
  it('of two and three sites, in every order, with and without last resort, alias, IPv6 (4,032 pairs)', () => {
    const all = familiesOf([2, 3]).map((family) => configure(family));

    expect(faultsOfPairs(all, 1, updateZone)).toEqual([]);
  });

  it('of every policy, with one to three sites more or less, a last resort and memory (870 pairs)', () => {
    const all = allPolicies();

    expect(all).toHaveLength(30);
    expect(faultsOfPairs(all, 3, updateZone)).toEqual([]);
  });

  it('of sites that are other names and sites that are addresses, which cannot stand side by side (288 pairs)', () => {
    const orders = [
      ['a', 'b'],
      ['b', 'a'],
      ['c', 'a', 'b'],
    ];
    const all = (['failover', 'weighted', 'latency', 'geolocation'] as const).flatMap((policy) =>
      orders.flatMap((order) =>
        [false, true].map((isName) =>
          configure({ order, hasLastResort: false, isAlias: false, hasIpv6: !isName, policy, isName }),
        ),
      ),
    );
    const [names, addresses] = [true, false].map((isName) =>
      all.filter(({ records }) => records.some(({ type }) => type === 'CNAME') === isName),
    ) as [Configuration[], Configuration[]];
    const random = seededRandom(8);
    const faults = names.flatMap((one) =>
      addresses.flatMap((other) => [
        ...faultsBetween(one, other, random, updateZone),
        ...faultsBetween(other, one, random, updateZone),
      ]),
    );

    expect(names.length * addresses.length * 2).toBe(288);
    expect(faults).toEqual([]);
  });

  it('has a fault where what is declared no more is removed first', () => {
    const backwards: typeof updateStack = (before, after, random, visit) => {
      const left = new Map([...before].filter(([id]) => after.has(id)));
      visit(
        [...left.values()].map(({ record: each }) => each),
        { kind: 'remove', id: 'the old tree' },
      );
      updateZone(before, after, random, visit);
    };
    const [one, other] = familiesOf([2]).map((family) => configure(family));
    if (one === undefined || other === undefined) return expect.fail('two configurations');

    expect(faultsBetween(one, other, seededRandom(1), backwards).join()).toContain('which has no record of the type');
  });
});

describe('one change', () => {
  const plain: Family = {
    order: ['a', 'b', 'c'],
    hasLastResort: false,
    isAlias: false,
    hasIpv6: false,
    policy: 'failover',
  };
  const before = configure(plain);
  const stepsTo = (after: Configuration) => {
    const kinds: string[] = [];
    updateStack(before.resources, after.resources, seededRandom(1), (_, { kind, id }) => {
      if (kind !== 'create' || id.startsWith(record))
        kinds.push(`${kind} ${id.startsWith(record) ? 'the record' : 'a tree'}`);
    });
    return [...new Set(kinds)];
  };

  it.each<[string, Configuration]>([
    ['a site more', configure({ ...plain, order: ['a', 'b', 'c', 'd'] })],
    ['a site less', configure({ ...plain, order: ['a', 'b'] })],
    ['another order', configure({ ...plain, order: ['c', 'b', 'a'] })],
    ['a last resort', configure({ ...plain, hasLastResort: true })],
    ['another policy', configure({ ...plain, policy: 'weighted' })],
    ['an address more of a site', configure({ ...plain, valueCount: 2 })],
  ])('updates the record once and then removes the old tree: %s', (_, after) => {
    expect(stepsTo(after)).toEqual(['update the record', 'remove a tree']);
  });

  it('changes nothing when nothing changed', () => {
    expect(stepsTo(configure(plain))).toEqual([]);
  });

  it.each(['a', 'new'])('keeps a renamed site named, whichever name the register has (serving=%s)', (serving) => {
    const after = configurationOf('renamed', renamed(before.service, 'a', 'new'));
    const guarded = new Map([...before.guarded, ...after.guarded]);
    const answers = new Set<string>();
    const ask = (zone: readonly RecordPlan[]) => answers.add(answersOf(zone, guarded, after.service, [serving]).join());

    ask(before.records);
    updateStack(before.resources, after.resources, seededRandom(1), (zone) => void ask(zone));

    expect([...answers]).toEqual(['203.0.113.1,']);
  });
});

function renamed(service: NamedService, old: string, now: string): NamedService {
  const { dns } = service.traffic;
  if (dns === undefined) throw new Error('a service with DNS');
  const rename = <T>(bySite: Readonly<Record<string, T>>) =>
    Object.fromEntries(Object.entries(bySite).map(([site, value]) => [site === old ? now : site, value]));
  const sites = Object.fromEntries(
    Object.entries(rename(service.sites)).map(([site, value]) => [
      site,
      site === now ? { ...value, renamedFrom: old } : value,
    ]),
  );
  return { ...service, sites, traffic: { dns: { ...dns, addresses: rename(dns.addresses) } } };
}

describe('planted bugs that these tests catch', () => {
  const swap = (planted: (configuration: Configuration) => Configuration) => {
    const family = {
      order: ['a', 'b', 'c'],
      hasLastResort: false,
      isAlias: false,
      hasIpv6: false,
      policy: 'failover',
    } as const;
    const [before, after] = [family, { ...family, order: ['c', 'a', 'b'] }].map((each) => planted(configure(each)));
    if (!before || !after) throw new Error('two configurations');
    return [1, 2, 3, 4, 5].flatMap((seed) => faultsBetween(before, after, seededRandom(seed)));
  };
  const remade = (configuration: Configuration, change: (each: RecordPlan) => RecordPlan): Configuration => {
    const records = configuration.records.map(change);
    return { ...configuration, records, resources: resourcesFrom(records, 'Z0EXAMPLE') };
  };
  const unmarked = (name: string) => name.replace(/v[0-9a-z]{7}[.]/, 'tree.');

  it('one tree that is updated in place answers a site that does not serve', () => {
    const inPlace = (configuration: Configuration) =>
      remade(configuration, (each) => {
        const { target } = each;
        const name = unmarked(each.name);
        return { ...each, name, target: target.kind === 'alias' ? { ...target, name: unmarked(target.name) } : target };
      });

    expect(swap(inPlace).join('\n')).toContain('is answered');
  });

  it('records that are identified by their site become two PRIMARY ones', () => {
    const bySite = (configuration: Configuration) =>
      remade(configuration, (each) => {
        const { target } = each;
        const setIdentifier = target.kind === 'values' ? `site-${target.values[0]}` : each.setIdentifier;
        const name = unmarked(each.name);
        return {
          ...each,
          name,
          setIdentifier: each.setIdentifier === null ? null : setIdentifier,
          target: target.kind === 'alias' ? { ...target, name: unmarked(target.name) } : target,
        };
      });

    expect(swap(bySite).join('\n')).toContain('two PRIMARY');
  });
});
