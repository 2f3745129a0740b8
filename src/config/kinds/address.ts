import type { AddressTraffic } from '../../core/model/traffic.ts';
import { breach, type ServiceRule } from '../rules/rule.ts';
import { instanceField } from '../schema/aws-id.ts';
import { choice, named, pattern, regionField } from '../schema/fields.ts';
import { siteName } from '../schema/site.ts';
import { strict } from '../schema/strict-object.ts';
import { inOneRegion } from './one-region.ts';

/** An Elastic IP. */
export const addressSchema = strict({
  allocationId: pattern(/^eipalloc-[a-z0-9-]{1,40}$/, 'an allocation id, such as eipalloc-0123456789abcdef0').describe(
    'The Elastic IP.',
  ),
  region: regionField.describe('Its region, a control region; an Elastic IP cannot leave it.'),
  instances: named(siteName, instanceField, 'instances').describe('Instance of each site that can hold it.'),
  fallback: choice(['dns', 'none'])
    .default('none')
    .describe(
      'What happens when the address cannot be moved. `dns`: the DNS record leads clients to the new site, so these sites need DNS addresses of their own.',
    ),
});

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
    lonely: 'an address with one instance cannot move',
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

/** Rules about the Elastic IP of a service. */
export const addressRules: readonly ServiceRule[] = [
  addressRegion.parts,
  addressRegion.region,
  addressRegion.control,
  fallbackCanSteer,
];
