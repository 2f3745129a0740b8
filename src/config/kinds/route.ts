import { z } from 'zod';
import { placeText, type RouteTraffic } from '../../core/model/traffic.ts';
import { type Breach, breach, claimedTwice, type DeploymentRule, type ServiceRule } from '../rules/rule.ts';
import { instanceField, interfaceField } from '../schema/aws-id.ts';
import { list, named, pattern, regionField } from '../schema/fields.ts';
import { siteName } from '../schema/site.ts';
import { strict } from '../schema/strict-object.ts';
import { canonicalBlock } from './address-block.ts';
import { inOneRegion } from './one-region.ts';

/** Most route tables and destinations of a service. Each pair is a call; a step has ten seconds by default. */
const tablesMax = 20;
const destinationsMax = 10;

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
      const canonical = canonicalBlock(destination);
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
