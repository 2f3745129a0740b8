import { z } from 'zod';
import { recordNames } from '../../core/dns/record-tree.ts';
import { askedNames } from '../../core/dns/record-values.ts';
import type { Service } from '../../core/model/service.ts';
import type { DnsTraffic, GeoLocation } from '../../core/model/traffic.ts';
import type { Path } from '../document.ts';
import { type Breach, breach, claimedTwice, type ServiceRule, unknownSites } from '../rules/rule.ts';
import { accountField } from '../schema/aws-id.ts';
import { dnsNameField, nameInZone, nameLengthMax, recordField, zoneIdField } from '../schema/dns-name.ts';
import { choice, flag, list, named, pattern, wholeNumber } from '../schema/fields.ts';
import { rampSchema } from '../schema/ramp.ts';
import { siteName } from '../schema/site.ts';
import { strict } from '../schema/strict-object.ts';
import { ipv4Values, ipv6Values, mixtureOf, oneKindOnly, placesOf, typesOf } from './dns/values.ts';

/** Half a minute: most resolvers keep to it, and detection takes about as long. Source: our own. */
const ttlSecondsDefault = 30;

const addresses = strict({
  a: ipv4Values().optional().describe('Its IPv4 address, or several that are answered together.'),
  aaaa: ipv6Values().optional().describe('Its IPv6 address, or several that are answered together.'),
  alias: strict({
    dnsName: dnsNameField.describe('Name that AWS gave it.'),
    zoneId: zoneIdField.describe(
      'Hosted zone of that name, which belongs to AWS: `CanonicalHostedZoneId` of a load balancer, `regionalHostedZoneId` of an API, Z2FDTNDATAQYW2 for CloudFront.',
    ),
    ipv6: flag().default(false).describe('Whether it has IPv6 addresses too, so that an AAAA record is made.'),
  })
    .optional()
    .describe(
      'Instead of addresses, the name of a load balancer, a custom domain name of API Gateway, a website of S3, a CloudFront distribution or a Global Accelerator. An API and a bucket have the name of the record. Resolvers keep its answers for 60 seconds, whatever `ttlSeconds` says. Its own health checks are not used: they would move traffic without a quorum.',
    ),
  cname: dnsNameField
    .optional()
    .describe(
      'Instead of addresses, a name of anybody: a database endpoint, a host of your own network, a provider. All sites of the service have one, because the record is then of type CNAME. Not at the apex of the zone, and not with policy `multivalue`. Resolvers keep the answer of that name as long as its owner says.',
    ),
});

const directCheckSchema = strict({
  type: choice(['https', 'http', 'tcp']).describe(
    'How each site is checked, at the first of its addresses. An answer of 2xx or 3xx is good; for tcp, an established connection. The certificate is not verified.',
  ),
  port: wholeNumber(1, 65_535).describe('Port.'),
  path: pattern(/^\/[^\s#]{0,254}$/, 'a path of up to 255 characters that begins with /, without # and spaces')
    .optional()
    .describe('Path of the request, `/` when left out; not with tcp.'),
});

/** Source: ISO 3166-1 alpha-2 for countries; Route 53 API Reference, "GeoLocation", for continents. */
const location = pattern(
  /^(\*|AF|AN|AS|EU|NA|OC|SA|[A-Z]{2})$/,
  'a continent (AF, AN, AS, EU, NA, OC, SA), a country such as DE, or *',
);
const continents = ['AF', 'AN', 'AS', 'EU', 'NA', 'OC', 'SA'];

/** `NA` and `SA` are countries as well: Namibia and Saudi Arabia; as locations they are the continents. */
function locationOf(code: string): GeoLocation {
  if (code === '*') return { kind: 'default' };
  return { kind: continents.includes(code) ? 'continent' : 'country', code };
}

/** Most names of one service. Source: our own; more are better served by a wildcard. */
const recordCountMax = 8;

/** A DNS name that follows the active site. */
export const dnsSchema = strict({
  zone: strict({
    id: zoneIdField.describe('Id of the hosted zone: as it is, with `/hostedzone/` before it, or as its ARN.'),
    name: dnsNameField.describe('Name of the hosted zone.'),
    account: accountField
      .optional()
      .describe(
        'AWS account that the zone is in, where that is not the account of the deployment. It is then under `accounts`, and records are made and edited by roles there. See docs/sites/accounts.md.',
      ),
    private: flag()
      .optional()
      .describe(
        'Whether it is a private zone, answered inside its networks alone. Then every control region has a network in `watcher.vpc` that is associated with it, because a watcher elsewhere cannot see what the name answers.',
      ),
  }).describe('The hosted zone of the record.'),
  record: z
    .union([recordField, list(recordField, 1, recordCountMax, 'names')])
    .meta({
      allowed: `a name in the zone, such as www.shop.example; www or @ for short; or a list of up to ${recordCountMax}`,
    })
    .describe(
      'Name that clients use, or several with one answer, which cost one tree of records, in the zone: in full, one label such as `www`, or `@` for the zone itself. `*` as the first label stands for every name below that has no record of its own.',
    ),
  ttlSeconds: wholeNumber(0, 86_400)
    .default(ttlSecondsDefault)
    .describe('How long resolvers may keep an answer, in seconds.'),
  clientKeepAliveSeconds: wholeNumber(1, 86_400)
    .optional()
    .describe(
      'How long clients, or a load balancer before the sites, keep a connection to a site open after the name has another answer, in seconds. Used by the lint only. Left out: unknown.',
    ),
  mode: choice(['oracle', 'memory', 'records'])
    .default('oracle')
    .describe(
      '`oracle`: health checks ask the oracle of each control region, and no record is edited. `memory`: health checks follow metrics that the watchers write, and no record is edited; nothing is public, and a move shows a minute or two later. `records`: the record is edited, through a control plane that is in us-east-1 only, and an edit takes up to a minute to all name servers.',
    ),
  policy: choice(['failover', 'weighted', 'latency', 'geolocation', 'multivalue'])
    .optional()
    .describe(
      'How the name chooses among serving sites. Left out: `failover`, the chain by priority, in active-passive; `weighted` by capacity in active-active.',
    ),
  locations: named(siteName, list(location, 0, 50, 'locations'), 'locations')
    .optional()
    .transform((written) =>
      written === undefined
        ? undefined
        : Object.fromEntries(Object.entries(written).map(([site, codes]) => [site, codes.map(locationOf)])),
    )
    .describe(
      'With policy `geolocation`: where the clients of each site are; one site has `*`, everywhere else. A site with an empty list is a reserve: it answers only for sites that are down.',
    ),
  ramp: rampSchema
    .optional()
    .describe('Steps in which record weights are shifted; policy `weighted` with mode `records` only.'),
  memory: flag()
    .optional()
    .describe(
      'Whether DNS keeps in mind which sites were left, a minute or two after a move, for when a majority of oracles is dark or throttled: a metric, an alarm and a health check more for each guarded site and control region. Clients come back to such a site a few minutes later. For `mode: oracle`. Left out: true, but for policy `multivalue`, which cannot.',
    ),
  lastResort: addresses
    .optional()
    .describe('A static endpoint that the name answers with when every site is down; see `failover.allDown`.'),
  addresses: named(siteName, addresses, 'addresses').describe('What the name answers while a site serves; every site.'),
  directCheck: directCheckSchema
    .optional()
    .describe(
      "Route 53's own check of each site but the last in the chain, besides the vote: for services without data. It moves clients when all watchers are dead, and also when the register says otherwise: DNS may then name a standby that was never promoted.",
    ),
}).transform(({ record, ...dns }) => {
  const [first = '', ...others] = [record].flat().map((name) => nameInZone(name, dns.zone.name));
  return { ...dns, record: first, ...(others.length === 0 ? {} : { moreRecords: others }) };
});

const dnsAddressesOfSites: ServiceRule = {
  about:
    'DNS addresses are those of all sites of the service and of no others, each with `a`, `aaaa`, both, `alias` alone, or `cname` alone.',
  check: dnsRule(({ addresses }, sites, at) => [
    ...unknownSites(addresses, sites, [...at, 'addresses']),
    ...Object.keys(sites)
      .filter((site) => !Object.hasOwn(addresses, site))
      .map((site) => breach([...at, 'addresses'], `nothing for ${site}`, 'addresses of every site', `add ${site}`)),
    ...Object.entries(addresses).flatMap(([site, known]) => {
      const mixture = mixtureOf(known);
      return mixture === null ? [] : [breach([...at, 'addresses', site], mixture, oneKindOnly, null)];
    }),
  ]),
};

const dnsAddressesAlike: ServiceRule = {
  about:
    'All sites have the same kinds of DNS address: clients of one kind would be lost by a move, and a name with a CNAME record has no other record.',
  check: dnsRule(({ addresses }, _sites, at) => {
    const described = Object.entries(addresses).map(([site, all]) => [site, typesOf(all).join(' and ')] as const);
    const told = described.filter(([, kinds]) => kinds !== '');
    if (new Set(told.map(([, kinds]) => kinds)).size < 2) return [];
    const found = told.map(([site, kinds]) => `${site} with ${kinds}`).join(', ');
    const hasAlias = Object.values(addresses).some(({ alias }) => alias !== undefined);
    const hasName = Object.values(addresses).some(({ cname }) => cname !== undefined);
    const hint = hasName
      ? 'a name with a CNAME record has no other record'
      : `clients of one kind would be lost by a move${hasAlias ? '; an alias has aaaa with ipv6: true' : ''}`;
    return [breach([...at, 'addresses'], found, 'the same kinds for every site', hint)];
  }),
};

const dnsAddressesDistinct: ServiceRule = {
  about:
    'Two sites have different DNS addresses, unless an Elastic IP or a load balancer moves clients between them or both are on this machine (loopback).',
  check: ({ traffic }, path) => {
    const { dns, address, targets } = traffic;
    const isBehindOne = (site: string) =>
      [address?.instances, targets?.targetGroups].some((sites) => sites !== undefined && Object.hasOwn(sites, site));
    const claims = Object.entries(dns?.addresses ?? {})
      .filter(([site]) => !isBehindOne(site))
      .flatMap(([site, known]) => placesOf(known).map((place) => [place, site] as const))
      .filter(([place]) => !isLoopback(place));
    return claimedTwice(claims).map(([value, other, site]) =>
      breach(
        [...path, 'traffic', 'dns', 'addresses', site],
        value,
        `another address than that of ${other}`,
        'a move between the two would change nothing for clients',
      ),
    );
  },
};

function isLoopback(address: string): boolean {
  return address.startsWith('127.') || address === '::1';
}

const recordInZone: ServiceRule = {
  about: 'Each record is in its zone.',
  check: dnsRule((dns, _sites, at) =>
    askedNames(dns)
      .filter((record) => record !== dns.zone.name && !record.endsWith(`.${dns.zone.name}`))
      .map((record) =>
        breach(
          [...at, 'record'],
          record,
          `${dns.zone.name} or a name that ends in .${dns.zone.name}`,
          record.split('.').length > 2 ? null : `if it is under the zone, write ${record}.${dns.zone.name}`,
        ),
      ),
  ),
};

const severalRecords: ServiceRule = {
  about: 'Several records of one service are different names, and are not for `mode: records`: one record is edited.',
  check: dnsRule((dns, _sites, at) => {
    const names = askedNames(dns);
    const repeated = names.find((name, index) => names.indexOf(name) !== index);
    if (repeated !== undefined) return [breach([...at, 'record'], `${repeated} twice`, 'each name once', null)];
    if (names.length === 1 || dns.mode !== 'records') return [];
    const hint = 'set mode to oracle, or let the others be CNAME records of your own that lead to the first';
    return [breach([...at, 'record'], `${names.length} names with mode records`, 'one name', hint)];
  }),
};

const namesFit: ServiceRule = {
  about: 'The record, and the names below it that its sites need, are no longer than 253 characters.',
  check: (service, path) =>
    recordNames(service)
      .filter((name) => name.length > nameLengthMax)
      .slice(0, 1)
      .map((name) =>
        breach(
          [...path, 'traffic', 'dns', 'record'],
          `${name.length} characters with ${name.slice(0, -1 - (service.traffic.dns?.record.length ?? 0))} before it`,
          `at most ${nameLengthMax} characters`,
          'choose a shorter record; its sites have names of their own below it',
        ),
      ),
};

const memoryHints: Readonly<Record<DnsTraffic['mode'], string>> = {
  oracle: 'take policy weighted, or leave it out',
  memory: 'leave it out: this mode remembers by itself',
  records: 'leave it out: an edited record stays by itself',
};

const memoryWhereItCan: ServiceRule = {
  about:
    '`memory: true` is for `mode: oracle`, and not for policy `multivalue`: its records cannot stand behind an alias.',
  check: dnsRule(({ memory, mode, policy }, _sites, at) => {
    if (memory !== true || (mode === 'oracle' && policy !== 'multivalue')) return [];
    const found = mode === 'oracle' ? 'true with policy multivalue' : `true with mode ${mode}`;
    return [breach([...at, 'memory'], found, 'none', memoryHints[mode])];
  }),
};

function dnsRule(
  check: (dns: DnsTraffic, sites: Service['sites'], at: Path) => readonly Breach[],
): ServiceRule['check'] {
  return ({ sites, traffic }, path) => (traffic.dns ? check(traffic.dns, sites, [...path, 'traffic', 'dns']) : []);
}

/** Rules about DNS. */
export const dnsRules: readonly ServiceRule[] = [
  dnsAddressesOfSites,
  dnsAddressesAlike,
  dnsAddressesDistinct,
  recordInZone,
  severalRecords,
  namesFit,
  memoryWhereItCan,
];
