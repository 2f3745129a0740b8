import type { AddressTraffic, DnsTraffic, Service } from '../core/deployment.ts';
import type { Path } from './document.ts';
import { type Breach, breach, claimedTwice, type ServiceRule } from './rule.ts';

const somethingSteers: ServiceRule = {
  about: 'A service has DNS, an Elastic IP or both, and at least one of them reaches each of its sites.',
  check: ({ sites, traffic }, path) => {
    const at = [...path, 'traffic'];
    if (!traffic.dns && !traffic.address) {
      return [breach(at, 'nothing', 'dns, address, or both', 'without either no client would notice a move')];
    }
    // With DNS, every site must have a DNS address, and that rule speaks.
    if (traffic.dns) return [];
    const instances = traffic.address?.instances ?? {};
    return Object.keys(sites)
      .filter((site) => !Object.hasOwn(instances, site))
      .map((site) =>
        breach(at, `nothing that reaches ${site}`, 'an instance or a DNS address for every site', 'add traffic.dns'),
      );
  },
};

const dnsAddressesOfSites: ServiceRule = {
  about: 'DNS addresses are those of all sites of the service and of no others, each with `a`, `aaaa` or both.',
  check: dnsRule(({ addresses }, sites, at) => [
    ...strangers(addresses, sites, [...at, 'addresses']),
    ...Object.keys(sites)
      .filter((site) => !Object.hasOwn(addresses, site))
      .map((site) => breach([...at, 'addresses'], `nothing for ${site}`, 'addresses of every site', `add ${site}`)),
    ...Object.entries(addresses)
      .filter(([, { a, aaaa }]) => a === undefined && aaaa === undefined)
      .map(([site]) => breach([...at, 'addresses', site], 'neither', 'a, aaaa, or both', null)),
  ]),
};

const dnsAddressesAlike: ServiceRule = {
  about: 'All sites have the same kinds of DNS address: clients of one kind would be lost by a move.',
  check: dnsRule(({ addresses }, _sites, at) => {
    const kindsOf = ({ a, aaaa }: { a?: string | undefined; aaaa?: string | undefined }) =>
      [a === undefined ? [] : ['a'], aaaa === undefined ? [] : ['aaaa']].flat().join(' and ');
    const described = Object.entries(addresses).map(([site, all]) => [site, kindsOf(all)] as const);
    const told = described.filter(([, kinds]) => kinds !== '');
    if (new Set(told.map(([, kinds]) => kinds)).size < 2) return [];
    const found = told.map(([site, kinds]) => `${site} with ${kinds}`).join(', ');
    const wayOut = 'clients of one kind would be lost by a move';
    return [breach([...at, 'addresses'], found, 'the same kinds for every site', wayOut)];
  }),
};

const dnsAddressesDistinct: ServiceRule = {
  about:
    'Two sites have different DNS addresses, unless an Elastic IP moves between them or both are on this machine (loopback).',
  check: ({ traffic }, path) => {
    const { dns, address } = traffic;
    const isBehindAddress = (site: string) => address !== undefined && Object.hasOwn(address.instances, site);
    const claims = Object.entries(dns?.addresses ?? {})
      .filter(([site]) => !isBehindAddress(site))
      .flatMap(([site, { a, aaaa }]) => [a, aaaa].map((value) => [value, site] as const))
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

const instancesOfSites: ServiceRule = {
  about: 'An Elastic IP names instances of two sites or more, all of the service, each its own.',
  check: addressRule(({ instances }, sites, at) => {
    const count = Object.keys(instances).length;
    const claims = Object.entries(instances).map(([site, id]) => [id, site] as const);
    return [
      ...strangers(instances, sites, [...at, 'instances']),
      ...(count >= 2
        ? []
        : [
            breach(
              [...at, 'instances'],
              String(count),
              'instances of two sites or more',
              'an address with one home does not move',
            ),
          ]),
      ...claimedTwice(claims).map(([id, other, site]) =>
        breach([...at, 'instances', site], id, `another instance than that of ${other}`, null),
      ),
    ];
  }),
};

const addressInOneRegion: ServiceRule = {
  about: 'The sites of an Elastic IP are in its region, which it cannot leave.',
  check: addressRule(({ instances, region }, sites, at) =>
    Object.keys(instances).flatMap((site) => {
      const siteRegion = Object.hasOwn(sites, site) ? sites[site]?.region : undefined;
      if (siteRegion === undefined || siteRegion === region) return [];
      return [
        breach(
          [...at, 'instances', site],
          `a site in ${siteRegion}`,
          `sites in ${region}: an Elastic IP cannot leave its region`,
          'give each region an address of its own and let traffic.dns choose between them',
        ),
      ];
    }),
  ),
};

const addressInControlRegion: ServiceRule = {
  about: 'The region of an Elastic IP is a control region: only an actuator there can move it.',
  check: addressRule(({ region }, _sites, at, controlRegions) =>
    controlRegions.includes(region)
      ? []
      : [
          breach(
            [...at, 'region'],
            region,
            `a control region: ${controlRegions.join(', ')}`,
            `make ${region} a control region; only an actuator there can move the address`,
          ),
        ],
  ),
};

const fallbackCanSteer: ServiceRule = {
  about: '`address.fallback: dns` needs DNS, and a DNS address of its own for each site of the Elastic IP.',
  check: ({ traffic }, path) => {
    const { address, dns } = traffic;
    if (address?.fallback !== 'dns') return [];
    const at = [...path, 'traffic', 'address', 'fallback'];
    if (!dns) return [breach(at, 'dns', 'none while the service has no DNS', 'add traffic.dns')];
    const own = Object.keys(address.instances).map((site) => JSON.stringify(dns.addresses[site] ?? {}));
    if (new Set(own).size === own.length) return [];
    const wayOut = 'give each of its sites an address of its own in traffic.dns.addresses';
    return [breach(at, 'dns', 'none while sites share a DNS address', wayOut)];
  },
};

function dnsRule(
  check: (dns: DnsTraffic, sites: Service['sites'], at: Path) => readonly Breach[],
): ServiceRule['check'] {
  return ({ sites, traffic }, path) => (traffic.dns ? check(traffic.dns, sites, [...path, 'traffic', 'dns']) : []);
}

function addressRule(
  check: (
    address: AddressTraffic,
    sites: Service['sites'],
    at: Path,
    controlRegions: readonly string[],
  ) => readonly Breach[],
): ServiceRule['check'] {
  return ({ sites, traffic }, path, { controlRegions }) =>
    traffic.address ? check(traffic.address, sites, [...path, 'traffic', 'address'], controlRegions) : [];
}

function strangers(
  mentioned: Readonly<Record<string, unknown>>,
  sites: Service['sites'],
  path: Path,
): readonly Breach[] {
  return Object.keys(mentioned)
    .filter((site) => !Object.hasOwn(sites, site))
    .map((site) => breach([...path, site], site, `a site of the service: ${Object.keys(sites).join(', ')}`, null));
}

/** Rules about what steers the clients. */
export const trafficRules: readonly ServiceRule[] = [
  somethingSteers,
  dnsAddressesOfSites,
  dnsAddressesAlike,
  dnsAddressesDistinct,
  recordInZone,
  instancesOfSites,
  addressInOneRegion,
  addressInControlRegion,
  fallbackCanSteer,
];
