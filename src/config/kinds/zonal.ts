import type { Service } from '../../core/model/service.ts';
import type { ZonalTraffic } from '../../core/model/traffic.ts';
import type { Path } from '../document.ts';
import { completenessBreaches } from '../rules/per-site.ts';
import { type Breach, breach, claimedTwice, type DeploymentRule, type ServiceRule } from '../rules/rule.ts';
import { regionOfArn } from '../schema/aws-id.ts';
import { duration } from '../schema/duration.ts';
import { named, oneOrMore, pattern, regionField } from '../schema/fields.ts';
import { siteName } from '../schema/site.ts';
import { strict } from '../schema/strict-object.ts';
import { inOneRegion } from './one-region.ts';

/** Most load balancers of a service: each has orders of its own, in moves and in looks for drift. Source: our own. */
const resourceCountMax = 8;

const hourMs = 3_600_000;

/** Longest time of a shift. Source: Zonal Shift API Reference, "StartZonalShift", `expiresIn`. */
const expiryMsMax = 72 * hourMs;

/** Shortest: a shift that ends sooner could end between two rounds of watchers that are slow. Source: our own. */
const expiryMsMin = hourMs / 2;

const expiryDefault = '12h';

const balancerForm =
  /^arn:aws[a-z-]*:elasticloadbalancing:[a-z0-9-]+:\d{12}:loadbalancer\/(app|net)\/[A-Za-z0-9-]{1,32}\/[a-z0-9]{1,32}$/;

const balancerAllowed = 'the ARN of an Application or a Network Load Balancer';

/** Zonal shifts of ARC. */
export const zonalSchema = strict({
  resourceArns: oneOrMore(
    pattern(balancerForm, balancerAllowed),
    resourceCountMax,
    balancerAllowed,
    'load balancers',
  ).describe('The load balancer that reaches all zones, or several of one region. Zonal shift must be enabled for it.'),
  region: regionField.optional().describe('Its region, a control region; taken from the ARN when left out.'),
  zoneIds: named(
    siteName,
    pattern(
      /^[a-z]{2,6}\d(-[a-z]{3}\d)?-az\d$/,
      'the id of a zone, such as use1-az1, as "aws ec2 describe-availability-zones" gives it; a name such as us-east-1a means another zone in each account',
    ),
    'zones',
  ).describe('Id of the zone that each site is. Traffic is shifted away from it while the site is out of the pool.'),
  expiryMs: duration(expiryMsMin, expiryMsMax)
    .prefault(expiryDefault)
    .describe(
      'Time after which a shift ends by itself when nobody renews it; it is renewed at half of that while it is owed.',
    ),
}).transform((its) => ({ ...its, region: its.region ?? regionOfArn(its.resourceArns[0] ?? '') }));

const zonalRegion = inOneRegion<ZonalTraffic, string>({
  key: 'zonal',
  parts: 'zoneIds',
  of: (traffic) => traffic.zonal,
  partsOf: ({ zoneIds }) => zoneIds,
  textsOf: (zone) => [zone],
  abouts: {
    parts: 'Zonal shifts are for two sites or more, all of the service, each a zone of its own.',
    region: 'The sites of zonal shifts are in the region of the load balancer.',
    control: 'The region of zonal shifts is a control region: only an actuator there can start them.',
  },
  words: {
    parts: 'zones of two sites or more',
    lonely: 'traffic that is shifted away from the only zone has nowhere to go',
    other: (site) => `another zone than that of ${site}`,
    otherWhy: null,
    stays: 'a load balancer spreads over the zones of one region',
    hint: 'let traffic.dns choose between regions, by a service of its own',
    act: 'only an actuator there can start a zonal shift',
  },
});

const rule =
  (check: (its: ZonalTraffic, service: Service, at: Path) => readonly Breach[]): ServiceRule['check'] =>
  (service, path) =>
    service.traffic.zonal === undefined ? [] : check(service.traffic.zonal, service, [...path, 'traffic', 'zonal']);

const zoneOfEach: ServiceRule = {
  about: 'Zonal shifts have a zone for every site of the service.',
  check: rule(({ zoneIds }, service, at) =>
    completenessBreaches(zoneIds, service, [...at, 'zoneIds'], { one: 'a zone', form: 'its zone, such as use1-az1' }),
  ),
};

const oneRegionOfArns: ServiceRule = {
  about: 'All load balancers of zonal shifts are in their region.',
  check: rule(({ resourceArns, region }, _service, at) =>
    resourceArns.flatMap((arn, index) =>
      regionOfArn(arn) === region
        ? []
        : [
            breach(
              [...at, 'resourceArns', index],
              `one of ${regionOfArn(arn)}`,
              `load balancers of ${region}`,
              'make a service for each region',
            ),
          ],
    ),
  ),
};

const poolOfZones: ServiceRule = {
  about:
    'Zonal shifts are for `active-active`, where every site has a priority above 0, and with nothing else below `traffic`: the load balancer sends clients to every zone that traffic is not shifted away from.',
  check: rule((_its, { mode, sites, traffic }, at) => {
    if (mode !== 'active-active') {
      const hint = 'ARC shifts away from one zone, and never to one; between two instances move an address or a route';
      return [breach(at, `mode ${mode}`, 'mode active-active', hint)];
    }
    const others = Object.entries(traffic).flatMap(([key, its]) => (key === 'zonal' || its === undefined ? [] : [key]));
    const reserves = Object.keys(sites).filter((site) => sites[site]?.priority === 0);
    return [
      ...(others.length === 0
        ? []
        : [breach(at, `zonal beside ${others.join(', ')}`, 'zonal alone', 'make a service of what is behind DNS')]),
      ...reserves.map((site) =>
        breach(
          [...at, 'zoneIds', site],
          'a site of priority 0',
          'sites of priority 1 and more',
          'a shift away from it would never end, and ARC has one at a time',
        ),
      ),
    ];
  }),
};

/** Rules about the zonal shifts of a service. */
export const zonalRules: readonly ServiceRule[] = [
  zonalRegion.parts,
  zonalRegion.region,
  zonalRegion.control,
  zoneOfEach,
  oneRegionOfArns,
  poolOfZones,
];

/** Rules about zonal shifts of several services. */
export const zonalSharingRules: readonly DeploymentRule[] = [
  {
    about: 'No two services shift the same load balancer: it has one zonal shift at a time.',
    check: ({ services }) =>
      claimedTwice(
        Object.entries(services).flatMap(([name, { traffic }]) =>
          (traffic.zonal?.resourceArns ?? []).map((arn) => [arn, name] as const),
        ),
      ).map(([arn, owner, other]) =>
        breach(
          ['services', other, 'traffic', 'zonal', 'resourceArns'],
          arn,
          `one that no other service shifts; ${owner} does`,
          'make the two one service',
        ),
      ),
  },
];
