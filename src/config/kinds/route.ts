import { z } from 'zod';
import { placeText, type RouteTraffic } from '../../core/model/traffic.ts';
import { type Breach, breach, claimedTwice, type DeploymentRule, type ServiceRule } from '../rules/rule.ts';
import { instanceField, interfaceField } from '../schema/aws-id.ts';
import { list, named, pattern, regionField } from '../schema/fields.ts';
import { siteName } from '../schema/site.ts';
import { strict } from '../schema/strict-object.ts';
import { inOneRegion } from './one-region.ts';

/** Most route tables and destinations of a service. Each pair is a call; a step has ten seconds by default. */
const tablesMax = 20;
const destinationsMax = 10;

/** Bits of an address, by its family. */
const ipv4Bits = 32;
const ipv6Bits = 128;

const target = z.union(
  [
    strict({ instanceId: instanceField.describe('Instance with one network interface.') }),
    strict({
      networkInterfaceId: interfaceField.describe('Network interface; of an instance with several, that one.'),
    }),
  ],
  { error: 'a mapping with instanceId or networkInterfaceId' },
);

/** Routes of EC2 route tables. */
export const routeSchema = strict({
  region: regionField.describe('Region of the tables, a control region.'),
  tables: list(
    pattern(/^rtb-[a-z0-9-]{1,40}$/, 'a route table id, such as rtb-0123456789abcdef0'),
    1,
    tablesMax,
    'route table ids',
  ).describe('The route tables. Your template must already have made a route for every destination in each of them.'),
  destinations: list(
    pattern(/^[0-9a-f:.]{2,43}\/\d{1,3}$/, 'a block of addresses in CIDR notation, such as 0.0.0.0/0 or ::/0'),
    1,
    destinationsMax,
    'blocks of addresses',
  ).describe('Destinations of the routes, IPv4 or IPv6, as the tables have them.'),
  targets: named(siteName, target, 'targets').describe(
    'Where the routes lead while a site is active. The source/destination check of an instance that forwards packets must be off.',
  ),
});

const routeRegion = inOneRegion<RouteTraffic, RouteTraffic['targets'][string]>({
  key: 'route',
  parts: 'targets',
  of: (traffic) => traffic.route,
  partsOf: ({ targets }) => targets,
  textsOf: (one) => [placeText(one)],
  abouts: {
    parts: 'Routes lead to targets of two sites or more, all of the service, each its own.',
    region: 'The sites of a route are in the region of its tables: a route cannot leave its VPC.',
    control: 'The region of the route tables is a control region: only an actuator there can replace routes.',
  },
  words: {
    parts: 'targets of two sites or more',
    lonely: 'a route with one target does not move',
    other: (site) => `another target than that of ${site}`,
    otherWhy: null,
    stays: 'a route cannot leave its VPC',
    hint: 'give each region routes of its own and let traffic.dns choose between them',
    act: 'only an actuator there can replace the routes',
  },
});

const canonicalDestinations: ServiceRule = {
  about:
    'Destinations of routes are written as EC2 keeps them: no bit is set beyond the prefix, and IPv6 addresses are shortened.',
  check: ({ traffic }, path) =>
    (traffic.route?.destinations ?? []).flatMap((destination, index): readonly Breach[] => {
      const canonical = canonicalOf(destination);
      if (canonical === destination) return [];
      const at = [...path, 'traffic', 'route', 'destinations', index];
      return [breach(at, destination, canonical ?? 'a block of addresses, such as 10.0.0.0/16 or 2001:db8::/64', null)];
    }),
};

/** Rules about the routes of a service. */
export const routeRules: readonly ServiceRule[] = [
  routeRegion.parts,
  routeRegion.region,
  routeRegion.control,
  canonicalDestinations,
];

/** Rules about routes of several services. */
export const routeSharingRules: readonly DeploymentRule[] = [
  {
    about: 'No two services steer the same route of a table.',
    check: ({ services }) =>
      claimedTwice(
        Object.entries(services).flatMap(([name, { traffic }]) =>
          (traffic.route?.tables ?? []).flatMap((table) =>
            (traffic.route?.destinations ?? []).map((destination) => [`${destination} in ${table}`, name] as const),
          ),
        ),
      ).map(([found, owner, other]) =>
        breach(
          ['services', other, 'traffic', 'route', 'tables'],
          found,
          `one that no other service steers; ${owner} does`,
          `give ${other} its own, or make the two one service`,
        ),
      ),
  },
];

/** A block of addresses as EC2 writes it; null when the text is not one. */
function canonicalOf(destination: string): string | null {
  const [address = '', length = ''] = destination.split('/');
  const bits = address.includes(':') ? ipv6Bits : ipv4Bits;
  const prefix = Number(length);
  const groups = bits === ipv6Bits ? ipv6Groups(address) : ipv4Groups(address);
  if (groups === null || prefix > bits) return null;
  const width = bits === ipv6Bits ? 16 : 8;
  const kept = groups.map((group, index) => {
    const own = Math.min(width, Math.max(0, prefix - index * width));
    return group - (group % 2 ** (width - own));
  });
  if (bits === ipv4Bits) return `${kept.join('.')}/${prefix}`;
  const text = new URL(`http://[${kept.map((group) => group.toString(16)).join(':')}]/`).hostname.slice(1, -1);
  return `${text}/${prefix}`;
}

function ipv4Groups(address: string): readonly number[] | null {
  const groups = address.split('.').map(Number);
  return groups.length === 4 && groups.every((group) => Number.isInteger(group) && group >= 0 && group <= 255)
    ? groups
    : null;
}

function ipv6Groups(address: string): readonly number[] | null {
  if (!URL.canParse(`http://[${address}]/`)) return null;
  const [head = '', tail] = address.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? [] : Array<string>(8 - left.length - right.length).fill('0');
  const groups = [...left, ...zeros, ...right].map((group) => Number.parseInt(group, 16));
  return groups.length === 8 && groups.every((group) => group >= 0 && group <= 0xff_ff) ? groups : null;
}
