import { z } from 'zod';
import { type AddressPlace, type AddressTraffic, holderOf, placeText } from '../../core/model/traffic.ts';
import { type Breach, breach, claimedTwice, type DeploymentRule, type ServiceRule } from '../rules/rule.ts';
import { allocationField, instanceField, interfaceField } from '../schema/aws-id.ts';
import { choice, list, named, oneOrMore, pattern, regionField } from '../schema/fields.ts';
import { siteName } from '../schema/site.ts';
import { strict } from '../schema/strict-object.ts';
import { inOneRegion } from './one-region.ts';

/** Most Elastic IPs of a service: each has orders of its own, in moves and in looks for drift. Source: our own. */
const addressCountMax = 8;

const privateAddress = z
  .ipv4({ error: 'a private IPv4 address, such as 10.0.1.11' })
  .optional()
  .describe('Private address of it that holds the Elastic IP; its primary one when left out.');

const placeAllowed =
  'an instance id, a network interface id, or { instanceId or networkInterfaceId, privateIpAddress }';

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
    ],
    { error: placeAllowed },
  )
  .transform((written): AddressPlace => {
    if (typeof written !== 'string') return written;
    return written.startsWith('i-') ? { instanceId: written } : { networkInterfaceId: written };
  })
  .meta({ allowed: placeAllowed });

const places = z
  .union([place, list(place, 1, addressCountMax, 'places')], { error: placeAllowed })
  .transform((written): readonly AddressPlace[] => (Array.isArray(written) ? written : [written as AddressPlace]))
  .meta({ allowed: `${placeAllowed}; of several Elastic IPs, a list with one for each` });

/** Elastic IPs. */
export const addressSchema = strict({
  allocationId: oneOrMore(
    allocationField,
    addressCountMax,
    'an allocation id, such as eipalloc-0123456789abcdef0',
    'allocation ids',
  ).describe('The Elastic IP, or several that move as one.'),
  region: regionField.describe('Its region, a control region; an Elastic IP cannot leave it.'),
  instances: named(siteName, places, 'places').describe(
    'Where it is while a site is active: an instance, a network interface, or one of them with the private address, such as `{ instanceId: i-1, privateIpAddress: 10.0.1.12 }`. An instance stands for the primary private address of its primary interface. With several Elastic IPs, a list with one place for each, in the order of `allocationId`: a private address holds one.',
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

const placeForEach: ServiceRule = {
  about:
    'A site has a private address for each Elastic IP of the service, in their order: a second Elastic IP at the same private address would take the first one off.',
  check: ({ traffic: { address } }, path) => {
    if (address === undefined) return [];
    const count = address.allocationId.length;
    return Object.entries(address.instances).flatMap(([site, held]): readonly Breach[] => {
      const distinct = new Set(held.map(placeText));
      if (held.length === count && distinct.size === count) return [];
      const found = held.map(placeText).join(', ');
      const allowed =
        count === 1 ? 'one place for one Elastic IP' : `${count} different places for ${count} Elastic IPs`;
      return [breach([...path, 'traffic', 'address', 'instances', site], found, allowed, lineFor(site, held, count))];
    });
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
  if (privateIpAddress === undefined) return placeText(one);
  return `{ ${holderKey(one)}: ${holderOf(one)}, privateIpAddress: ${privateIpAddress} }`;
}

/** The same holder with a private address that only its owner knows. */
function privatePlaceOf(one: AddressPlace): string {
  return `{ ${holderKey(one)}: ${holderOf(one)}, privateIpAddress: ... }`;
}

function holderKey(one: AddressPlace): string {
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
  fallbackCanSteer,
];

/** Rules about Elastic IPs of several services. */
export const addressSharingRules: readonly DeploymentRule[] = [
  {
    about: 'No two services steer the same Elastic IP.',
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
            held.map((one) => [placeText(one), name] as const),
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
