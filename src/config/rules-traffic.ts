import type { Service } from '../core/deployment.ts';
import { type Breach, breach, type ServiceRule } from './rules.ts';

/** Rules about what steers the clients. */

const somethingSteers: ServiceRule = ({ sites, traffic }, path) => {
  if (!traffic.dns && !traffic.address) {
    return [
      breach([...path, 'traffic'], 'nothing', 'dns, address, or both', 'without either no client would notice a move'),
    ];
  }
  const isReached = (site: string) =>
    traffic.dns?.addresses[site] !== undefined || traffic.address?.instances[site] !== undefined;
  return Object.keys(sites)
    .filter((site) => !isReached(site))
    .map((site) =>
      breach(
        [...path, 'traffic'],
        `nothing for ${site}`,
        'a DNS address or an instance for every site',
        'a move there would reach nobody',
      ),
    );
};

const addressesKnown: ServiceRule = ({ sites, traffic }, path) => {
  const { dns } = traffic;
  if (!dns) return [];
  const at = [...path, 'traffic', 'dns'];
  const found: Breach[] = strangers(dns.addresses, sites, [...at, 'addresses']);
  for (const [site, { a, aaaa }] of Object.entries(dns.addresses)) {
    if (a === undefined && aaaa === undefined)
      found.push(breach([...at, 'addresses', site], 'nothing', 'an a or aaaa address', null));
  }
  for (const site of Object.keys(sites)) {
    if (dns.addresses[site] === undefined)
      found.push(breach([...at, 'addresses'], `nothing for ${site}`, 'addresses of every site', null));
  }
  const types = new Set(Object.values(dns.addresses).map(({ a, aaaa }) => `${a !== undefined} ${aaaa !== undefined}`));
  if (types.size > 1) {
    found.push(
      breach(
        [...at, 'addresses'],
        'sites with different kinds of address',
        'the same kinds (a, aaaa) for every site',
        'clients of one kind would be lost by a move',
      ),
    );
  }
  if (dns.record !== dns.zone.name && !dns.record.endsWith(`.${dns.zone.name}`)) {
    found.push(breach([...at, 'record'], dns.record, `a name in the zone ${dns.zone.name}`, null));
  }
  return found;
};

function strangers(
  named: Readonly<Record<string, unknown>>,
  sites: Service['sites'],
  path: readonly (string | number)[],
): Breach[] {
  return Object.keys(named)
    .filter((site) => sites[site] === undefined)
    .map((site) => breach([...path, site], site, `a site of the service: ${Object.keys(sites).join(', ')}`, null));
}

const addressInOneRegion: ServiceRule = ({ sites, traffic }, path, { controlRegions }) => {
  const { address } = traffic;
  if (!address) return [];
  const at = [...path, 'traffic', 'address'];
  const found: Breach[] = strangers(address.instances, sites, [...at, 'instances']);
  if (Object.keys(address.instances).length < 2) {
    found.push(
      breach(
        [...at, 'instances'],
        String(Object.keys(address.instances).length),
        'instances of two sites or more',
        'an address with one home does not move',
      ),
    );
  }
  for (const site of Object.keys(address.instances)) {
    const region = sites[site]?.region;
    if (region === undefined || region === address.region) continue;
    found.push(
      breach(
        [...at, 'instances', site],
        region,
        `a site in ${address.region}: an Elastic IP cannot leave its region`,
        'give each region an address of its own and let DNS choose between them',
      ),
    );
  }
  if (!controlRegions.includes(address.region)) {
    found.push(
      breach(
        [...at, 'region'],
        address.region,
        `a control region: ${controlRegions.join(', ')}`,
        `make ${address.region} a control region: only an actuator there can move the address`,
      ),
    );
  }
  return found;
};

const fallbackCanSteer: ServiceRule = ({ traffic }, path) => {
  const { address, dns } = traffic;
  if (address?.fallback !== 'dns') return [];
  const at = [...path, 'traffic', 'address', 'fallback'];
  if (!dns) return [breach(at, 'dns', 'none, as the service has no DNS record', 'add traffic.dns')];
  const own = Object.keys(address.instances).map((site) => JSON.stringify(dns.addresses[site] ?? {}));
  if (new Set(own).size === own.length) return [];
  return [
    breach(
      at,
      'dns',
      'none while sites share a DNS address',
      'give each instance an address of its own in traffic.dns.addresses',
    ),
  ];
};

export const trafficRules: readonly ServiceRule[] = [
  somethingSteers,
  addressesKnown,
  addressInOneRegion,
  fallbackCanSteer,
];
