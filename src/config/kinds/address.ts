import { z } from 'zod';
import { type AddressPlace, type AddressTraffic, addressSort, holderOf, placeText } from '../../core/model/traffic.ts';
import { type Breach, breach, claimedTwice, type DeploymentRule, type ServiceRule } from '../rules/rule.ts';
import { instanceField, interfaceField } from '../schema/aws-id.ts';
import { choice, list, named, oneOrMore, pattern, regionField, text } from '../schema/fields.ts';
import { siteName } from '../schema/site.ts';
import { strict } from '../schema/strict-object.ts';
import { canonicalBlock } from './address-block.ts';
import { inOneRegion } from './one-region.ts';

/** Most addresses of a service: each has orders of its own, in moves and in looks for drift. Source: our own. */
const addressCountMax = 8;

const privateAddress = z
  .ipv4({ error: 'a private IPv4 address, such as 10.0.1.11' })
  .optional()
  .describe('Private address of it that holds the Elastic IP; its primary one when left out.');

const placeAllowed =
  'an instance id, a network interface id, or { instanceId, networkInterfaceId, tag or autoScalingGroup, privateIpAddress }';

/** The tag that EC2 Auto Scaling gives the instances of a group. Source: EC2 Auto Scaling User Guide, "Tag groups". */
const groupTag = 'aws:autoscaling:groupName';

const addressAllowed =
  'an allocation id, such as eipalloc-0123456789abcdef0, a secondary private address, an IPv6 address, or a prefix of /28 or /80';

/** What EC2 delegates to an interface: prefixes of 28 bits, and of 80 for IPv6. */
const addressForm = /^(eipalloc-[a-z0-9-]{1,40}|\d{1,3}(\.\d{1,3}){3}(\/28)?|(?=.*:)[0-9A-Fa-f:]{2,39}(\/80)?)$/;

const place = z
  .union(
    [
      pattern(/^(i|eni)-[a-z0-9-]{1,40}$/, placeAllowed),
      strict({
        instanceId: instanceField.describe('Instance; without `privateIpAddress`, its primary interface.'),
        privateIpAddress: privateAddress,
      }),
      strict({
        networkInterfaceId: interfaceField.describe('Network interface.'),
        privateIpAddress: privateAddress,
      }),
      strict({
        tag: strict({
          key: text(128, 'the key of a tag').describe('Its key.'),
          value: text(256, 'the value of a tag').describe('Its value.'),
        }).describe(
          'Tag of the instance, looked up whenever it is needed. Exactly one instance that runs must have it; with none or several nothing is moved, and that is said.',
        ),
        privateIpAddress: privateAddress,
      }),
      strict({
        autoScalingGroup: text(255, 'the name of an Auto Scaling group').describe(
          'Group with one instance, found by the tag that EC2 Auto Scaling gives it.',
        ),
        privateIpAddress: privateAddress,
      }),
    ],
    { error: placeAllowed },
  )
  .transform((written): AddressPlace => {
    if (typeof written === 'string')
      return written.startsWith('i-') ? { instanceId: written } : { networkInterfaceId: written };
    if (!('autoScalingGroup' in written)) return written;
    const { autoScalingGroup, ...more } = written;
    return { tag: { key: groupTag, value: autoScalingGroup }, ...more };
  })
  .meta({ allowed: placeAllowed });

const places = z
  .union([place, list(place, 1, addressCountMax, 'places')], { error: placeAllowed })
  .transform((written): readonly AddressPlace[] => (Array.isArray(written) ? written : [written as AddressPlace]))
  .meta({ allowed: `${placeAllowed}; of several addresses, a list with one for each` });

/** Elastic IPs, and addresses of network interfaces. */
export const addressSchema = strict({
  allocationId: oneOrMore(pattern(addressForm, addressAllowed), addressCountMax, addressAllowed, 'addresses').describe(
    'The Elastic IP by its allocation id, or several addresses that move as one. A secondary private IPv4 address, an IPv6 address, or a prefix moves between interfaces of its subnet; the system on the instance must have it, too.',
  ),
  region: regionField.describe('Its region, a control region; an address cannot leave it.'),
  instances: named(siteName, places, 'places').describe(
    'Where it is while a site is active: an instance, a network interface, or one of them with the private address, such as `{ instanceId: i-1, privateIpAddress: 10.0.1.12 }`. An instance stands for the primary private address of its primary interface. With several Elastic IPs, a list with one place for each, in the order of `allocationId`: a private address holds one. Where no address is an Elastic IP, one place stands for all.',
  ),
  fallback: choice(['dns', 'none'])
    .default('none')
    .describe(
      'What happens when the address cannot be moved. `dns`: the DNS record leads clients to the new site, so these sites need DNS addresses of their own.',
    ),
});

const addressRegion = inOneRegion<AddressTraffic, AddressTraffic['instances'][string]>({
  key: 'address',
  parts: 'instances',
  of: (traffic) => traffic.address,
  partsOf: ({ instances }) => instances,
  textsOf: (held) => [...new Set(held.map(holderOf))],
  abouts: {
    parts:
      'An Elastic IP names instances or network interfaces of two sites or more, all of the service, each its own.',
    region: 'The sites of an Elastic IP are in its region, which it cannot leave.',
    control: 'The region of an Elastic IP is a control region: only an actuator there can move it.',
  },
  words: {
    parts: 'instances of two sites or more',
    lonely: 'an address with one instance cannot move',
    other: (site) => `another instance than that of ${site}`,
    otherWhy: null,
    stays: 'an Elastic IP cannot leave its region',
    hint: 'give each region an address of its own and let traffic.dns choose between them',
    act: 'only an actuator there can move the address',
  },
});

const isElastic = (id: string) => addressSort(id) === 'elastic-ip';

const placeForEach: ServiceRule = {
  about:
    'A site has a place for each address of the service, in their order, and a private address for each Elastic IP: a second Elastic IP at the same private address would take the first one off.',
  check: ({ traffic: { address } }, path) => {
    if (address === undefined) return [];
    const { allocationId } = address;
    const count = allocationId.length;
    return Object.entries(address.instances).flatMap(([site, held]): readonly Breach[] => {
      const elastic = held.filter((_, index) => isElastic(allocationId[index] ?? ''));
      const isDistinct = new Set(elastic.map(placeText)).size === elastic.length;
      const isForAll = held.length === 1 && !allocationId.some(isElastic);
      if ((held.length === count || isForAll) && isDistinct) return [];
      const found = held.map(placeText).join(', ');
      const what = allocationId.some(isElastic) ? 'Elastic IP' : 'address';
      const allowed =
        count === 1 ? `one place for one ${what}` : `${count} different places for ${count} ${pluralOf(what)}`;
      return [breach([...path, 'traffic', 'address', 'instances', site], found, allowed, lineFor(site, held, count))];
    });
  },
};

const pluralOf = (what: string) => (what === 'address' ? 'addresses' : `${what}s`);

const canonicalAddresses: ServiceRule = {
  about:
    'Private addresses, IPv6 addresses and prefixes are written as EC2 keeps them: no bit is set beyond the prefix, and IPv6 addresses are shortened.',
  check: ({ traffic: { address } }, path) =>
    (address?.allocationId ?? []).flatMap((id, index): readonly Breach[] => {
      if (isElastic(id)) return [];
      const whole = id.includes('/') ? id : `${id}/${id.includes(':') ? 128 : 32}`;
      const canonical = canonicalBlock(whole);
      if (canonical === whole) return [];
      const allowed =
        canonical === null ? addressAllowed : canonical.slice(0, id.includes('/') ? undefined : canonical.indexOf('/'));
      return [breach([...path, 'traffic', 'address', 'allocationId', index], id, allowed, null)];
    }),
};

const inOneSubnet: ServiceRule = {
  about:
    'An address that is assigned to an interface is at sites of one zone, at interfaces: it cannot leave its subnet, and it is itself what `privateIpAddress` would name.',
  check: ({ sites, traffic: { address } }, path) => {
    const assigned = (address?.allocationId ?? []).filter((id) => !isElastic(id));
    if (address === undefined || assigned.length === 0) return [];
    const at = [...path, 'traffic', 'address', 'instances'];
    const zoned = Object.keys(address.instances).flatMap((site) => {
      const zone = sites[site]?.zone;
      return zone === undefined ? [] : [{ site, zone }];
    });
    const apart = zoned.filter(({ zone }) => zone !== zoned[0]?.zone);
    const named = Object.entries(address.instances).flatMap(([site, held]) =>
      held.some(
        ({ privateIpAddress }, index) =>
          privateIpAddress !== undefined && !isElastic(address.allocationId[index] ?? ''),
      )
        ? [site]
        : [],
    );
    return [
      ...apart.map(({ site, zone }) =>
        breach(
          [...at, site],
          `a site in ${zone} for ${assigned.join(', ')}`,
          `sites in ${zoned[0]?.zone}`,
          'a subnet is in one zone; between zones move an Elastic IP, or routes',
        ),
      ),
      ...named.map((site) =>
        breach(
          [...at, site],
          `a privateIpAddress for ${assigned.join(', ')}`,
          'an instance or an interface alone',
          'leave privateIpAddress out: the address in allocationId is what the interface gets',
        ),
      ),
    ];
  },
};

/** A line that gives each Elastic IP a private address of its own, as far as it can be known from what is written. */
function lineFor(site: string, held: readonly AddressPlace[], count: number): string {
  const [first] = held;
  if (first === undefined || count < held.length) return `write ${count === 1 ? 'one' : count} for ${site}`;
  const own = held.filter((one, index) => held.findIndex((other) => placeText(other) === placeText(one)) === index);
  const missing = Array.from({ length: count - own.length }, () => privatePlaceOf(first));
  const line = `${site}: [${[...own.map(writtenPlace), ...missing].join(', ')}]`;
  return `write ${line}, each with a private address that it has; a private address holds one Elastic IP`;
}

/** A place as a person writes it. */
function writtenPlace(one: AddressPlace): string {
  const { privateIpAddress } = one;
  if (privateIpAddress === undefined) return 'tag' in one ? `{ tag: ${writtenHolder(one)} }` : placeText(one);
  return `{ ${holderKey(one)}: ${writtenHolder(one)}, privateIpAddress: ${privateIpAddress} }`;
}

function writtenHolder(one: AddressPlace): string {
  return 'tag' in one ? `{ key: ${one.tag.key}, value: ${one.tag.value} }` : holderOf(one);
}

/** The same holder with a private address that only its owner knows. */
function privatePlaceOf(one: AddressPlace): string {
  return `{ ${holderKey(one)}: ${writtenHolder(one)}, privateIpAddress: ... }`;
}

function holderKey(one: AddressPlace): string {
  if ('tag' in one) return 'tag';
  return 'instanceId' in one ? 'instanceId' : 'networkInterfaceId';
}

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

/** Rules about the Elastic IPs of a service. */
export const addressRules: readonly ServiceRule[] = [
  addressRegion.parts,
  addressRegion.region,
  addressRegion.control,
  placeForEach,
  canonicalAddresses,
  inOneSubnet,
  fallbackCanSteer,
];

/** Rules about Elastic IPs of several services. */
export const addressSharingRules: readonly DeploymentRule[] = [
  {
    about: 'No two services steer the same address.',
    check: ({ services }) =>
      claimedTwice(
        Object.entries(services).flatMap(([name, { traffic }]) =>
          (traffic.address?.allocationId ?? []).map((id) => [id, name] as const),
        ),
      ).map(([id, owner, other]) =>
        breach(
          ['services', other, 'traffic', 'address', 'allocationId'],
          id,
          `one that no other service steers; ${owner} does`,
          `give ${other} its own, or make the two one service`,
        ),
      ),
  },
  {
    about:
      'No two services have an Elastic IP at the same private address: it holds one, and the second would take the first one off.',
    check: ({ services }) =>
      claimedTwice(
        Object.entries(services).flatMap(([name, { traffic }]) =>
          Object.values(traffic.address?.instances ?? {}).flatMap((held) =>
            held.flatMap((one, index) =>
              isElastic(traffic.address?.allocationId[index] ?? '') ? [[placeText(one), name] as const] : [],
            ),
          ),
        ),
      ).flatMap(([found, owner, other]): readonly Breach[] => {
        const instances = services[other]?.traffic.address?.instances ?? {};
        const [site, held] =
          Object.entries(instances).find(([, all]) => all.some((one) => placeText(one) === found)) ?? [];
        const one = held?.find((each) => placeText(each) === found);
        if (site === undefined || one === undefined) return [];
        const at = ['services', other, 'traffic', 'address', 'instances', site];
        const hint = `write ${site}: ${privatePlaceOf(one)}, with a second private address of it; a private address holds one Elastic IP`;
        return [breach(at, found, `a private address that no other service has; ${owner} does`, hint)];
      }),
  },
];
