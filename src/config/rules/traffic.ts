import type { Service } from '../../core/model/service.ts';
import type { AddressTraffic } from '../../core/model/traffic.ts';
import type { Path } from '../document.ts';
import { type Breach, breach, claimedTwice, type ServiceRule, strangers } from './rule.ts';

const somethingSteers: ServiceRule = {
  about:
    'A service has DNS, an Elastic IP, target groups of a load balancer or several of them, and at least one reaches each of its sites.',
  check: ({ sites, traffic }, path) => {
    const at = [...path, 'traffic'];
    const { dns, address, targets } = traffic;
    if (!dns && !address && !targets) {
      const allowed = 'dns, address, targets, or several of them';
      return [breach(at, 'nothing', allowed, 'without any no client would notice a move')];
    }
    // With DNS, every site must have a DNS address, and that rule speaks.
    if (dns) return [];
    const reached = { ...address?.instances, ...targets?.targetGroups };
    return Object.keys(sites)
      .filter((site) => !Object.hasOwn(reached, site))
      .map((site) =>
        breach(
          at,
          `nothing that reaches ${site}`,
          'an instance, a target group or a DNS address for every site',
          'add traffic.dns',
        ),
      );
  },
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
    const hint = 'give each of its sites an address of its own in traffic.dns.addresses';
    return [breach(at, 'dns', 'none while sites share a DNS address', hint)];
  },
};

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

/** Rules about what steers the clients. */
export const trafficRules: readonly ServiceRule[] = [
  somethingSteers,
  instancesOfSites,
  addressInOneRegion,
  addressInControlRegion,
  fallbackCanSteer,
];
