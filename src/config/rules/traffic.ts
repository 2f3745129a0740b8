import type { AddressTraffic } from '../../core/model/traffic.ts';
import { inOneRegion } from '../kinds/one-region.ts';
import { breach, type ServiceRule } from './rule.ts';

const somethingSteers: ServiceRule = {
  about:
    'A service has DNS, an Elastic IP, routes, target groups of a load balancer or several of them, and at least one reaches each of its sites.',
  check: ({ sites, traffic }, path) => {
    const at = [...path, 'traffic'];
    const { dns, address, route, targets } = traffic;
    if (!dns && !address && !route && !targets) {
      const allowed = 'dns, address, route, targets, or several of them';
      return [breach(at, 'nothing', allowed, 'without any no client would notice a move')];
    }
    // With DNS, every site must have a DNS address, and that rule speaks.
    if (dns) return [];
    const reached = { ...address?.instances, ...route?.targets, ...targets?.targetGroups };
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

const addressRegion = inOneRegion<AddressTraffic, string>({
  key: 'address',
  parts: 'instances',
  of: (traffic) => traffic.address,
  partsOf: ({ instances }) => instances,
  textOf: (id) => id,
  abouts: {
    parts: 'An Elastic IP names instances of two sites or more, all of the service, each its own.',
    region: 'The sites of an Elastic IP are in its region, which it cannot leave.',
    control: 'The region of an Elastic IP is a control region: only an actuator there can move it.',
  },
  words: {
    parts: 'instances of two sites or more',
    lonely: 'an address with one home does not move',
    other: (site) => `another instance than that of ${site}`,
    otherWhy: null,
    stays: 'an Elastic IP cannot leave its region',
    wayOut: 'give each region an address of its own and let traffic.dns choose between them',
    act: 'only an actuator there can move the address',
  },
});

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

/** Rules about what steers the clients. */
export const trafficRules: readonly ServiceRule[] = [
  somethingSteers,
  addressRegion.parts,
  addressRegion.region,
  addressRegion.control,
  fallbackCanSteer,
];
