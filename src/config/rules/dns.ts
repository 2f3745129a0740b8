import { recordNames } from '../../core/dns/record-tree.ts';
import type { Service } from '../../core/model/service.ts';
import type { DnsAddress, DnsTraffic } from '../../core/model/traffic.ts';
import type { Path } from '../document.ts';
import { type Breach, breach, claimedTwice, type ServiceRule, unknownSites } from './rule.ts';

/** Most characters of a DNS name. Source: RFC 1035, section 2.3.4, less the length bytes and the root. */
const nameLengthMax = 253;

const dnsAddressesOfSites: ServiceRule = {
  about:
    'DNS addresses are those of all sites of the service and of no others, each with `a`, `aaaa`, both, or `alias` alone.',
  check: dnsRule(({ addresses }, sites, at) => [
    ...unknownSites(addresses, sites, [...at, 'addresses']),
    ...Object.keys(sites)
      .filter((site) => !Object.hasOwn(addresses, site))
      .map((site) => breach([...at, 'addresses'], `nothing for ${site}`, 'addresses of every site', `add ${site}`)),
    ...Object.entries(addresses)
      .map(([site, { a, aaaa, alias }]) => [site, a !== undefined || aaaa !== undefined, alias !== undefined] as const)
      .filter(([, isValue, isAlias]) => isValue === isAlias)
      .map(([site, isBoth]) =>
        breach([...at, 'addresses', site], isBoth ? 'both' : 'neither', 'a, aaaa, or both; or alias alone', null),
      ),
  ]),
};

const dnsAddressesAlike: ServiceRule = {
  about: 'All sites have the same kinds of DNS address: clients of one kind would be lost by a move.',
  check: dnsRule(({ addresses }, _sites, at) => {
    const kindsOf = ({ a, aaaa, alias }: DnsAddress) => {
      const has = alias === undefined ? [a !== undefined, aaaa !== undefined] : [true, alias.ipv6];
      return ['a', 'aaaa'].filter((_, index) => has[index]).join(' and ');
    };
    const described = Object.entries(addresses).map(([site, all]) => [site, kindsOf(all)] as const);
    const told = described.filter(([, kinds]) => kinds !== '');
    if (new Set(told.map(([, kinds]) => kinds)).size < 2) return [];
    const found = told.map(([site, kinds]) => `${site} with ${kinds}`).join(', ');
    const hasAlias = Object.values(addresses).some(({ alias }) => alias !== undefined);
    const hint = `clients of one kind would be lost by a move${hasAlias ? '; an alias has aaaa with ipv6: true' : ''}`;
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
      .flatMap(([site, { a, aaaa, alias }]) => [a, aaaa, alias?.dnsName].map((value) => [value, site] as const))
      .filter((claim): claim is readonly [string, string] => claim[0] !== undefined && !isLoopback(claim[0]));
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
  about: 'The record is in its zone.',
  check: dnsRule(({ record, zone }, _sites, at) =>
    record === zone.name || record.endsWith(`.${zone.name}`)
      ? []
      : [breach([...at, 'record'], record, `${zone.name} or a name that ends in .${zone.name}`, null)],
  ),
};

const namesFit: ServiceRule = {
  about: 'The record, and the names below it that a chain of sites needs, are no longer than 253 characters.',
  check: (service, path) =>
    recordNames(service)
      .filter((name) => name.length > nameLengthMax)
      .slice(0, 1)
      .map((name) =>
        breach(
          [...path, 'traffic', 'dns', 'record'],
          `${name.length} characters with ${name.split('.')[0]} before it`,
          `at most ${nameLengthMax} characters`,
          'choose a shorter record; each site but the last two has a name of its own below it',
        ),
      ),
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
  namesFit,
];
