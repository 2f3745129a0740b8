import { sitePlaceText } from '../../core/model/place.ts';
import type { Service } from '../../core/model/service.ts';
import type { TargetsTraffic } from '../../core/model/traffic.ts';
import type { Path } from '../document.ts';
import { type Breach, breach, type ServiceRule } from '../rules/rule.ts';
import { regionOfArn, targetGroupField } from '../schema/aws-id.ts';
import { flag, named, oneOrMore, pattern, regionField, wholeNumber } from '../schema/fields.ts';
import { rampSchema } from '../schema/ramp.ts';
import { siteName } from '../schema/site.ts';
import { strict } from '../schema/strict-object.ts';
import { inOneRegion } from './one-region.ts';

const listenerForm =
  /^arn:aws[a-z-]*:elasticloadbalancing:([a-z0-9-]+):\d{12}:listener(-rule)?\/(app|net)\/[A-Za-z0-9-]{1,32}(\/[a-z0-9]+){2,3}$/;

/** Most listeners of a service: each is an order of its own in every step of a shift. Source: our own. */
const listenerCountMax = 8;

/** Weights of target groups behind the listeners of one region. */
export const targetsSchema = strict({
  listenerArn: oneOrMore(
    pattern(listenerForm, 'the ARN of a listener or of a listener rule'),
    listenerCountMax,
    'the ARN of a listener or of a listener rule',
    'listeners',
  ).describe(
    'A listener, whose default action is set, or a listener rule; or several of one region, such as those of ports 80 and 443, which all get the same weights. Not one with an action `authenticate-cognito`: to write it, Elastic Load Balancing requires permission to read the user pool client with its secret.',
  ),
  region: regionField.optional().describe('Its region, a control region; taken from the ARN when left out.'),
  targetGroups: named(siteName, targetGroupField, 'target groups').describe('Target group of each site behind it.'),
  corroborating: flag()
    .default(false)
    .describe(
      "Whether a site that is down counts as degraded while the load balancer finds targets of it healthy. The load balancer's view may be half a minute old, and a move waits that long.",
    ),
  stickinessSeconds: wholeNumber(1, 604_800)
    .optional()
    .describe(
      'How long clients stay at the target group that they were sent to, by a cookie of an Application Load Balancer. Such a cookie wins over weights, so it is switched off with the write that gives a group the weight 0, and on again once every group has a share. Left out: as it is there, but switched off in the same way.',
    ),
  ramp: rampSchema.prefault({}).describe('Steps in which traffic is shifted in planned moves.'),
}).transform((targets) => ({
  ...targets,
  region: targets.region ?? regionOfArn(targets.listenerArn[0] ?? ''),
}));

const hint = 'give each region a load balancer of its own and let traffic.dns choose between them';

const targetsRegion = inOneRegion<TargetsTraffic, string>({
  key: 'targets',
  parts: 'targetGroups',
  of: (traffic) => traffic.targets,
  partsOf: ({ targetGroups }) => targetGroups,
  textsOf: (arn) => [arn],
  abouts: {
    parts: 'A load balancer has target groups of two sites or more, all of the service, each its own.',
    region: 'The sites of target groups are in the region of the load balancer.',
    control: 'The region of a load balancer is a control region: only an actuator there can shift its weights.',
  },
  words: {
    parts: 'target groups of two sites or more',
    lonely: 'between one group and none there is no weight to shift',
    other: (site) => `another target group than that of ${site}`,
    otherWhy: 'one group has one weight',
    stays: 'a load balancer does not leave its region',
    hint,
    act: 'only an actuator there can shift the weights',
  },
});

const targetsInOneRegion: ServiceRule = {
  about: 'Listeners, target groups and their sites are in one region, that of the load balancer.',
  check: targetsRule(({ listenerArn, region, targetGroups }, sites, at) => [
    ...listenerArn
      .map(regionOfArn)
      .filter((own, index, all) => own !== region && all.indexOf(own) === index)
      .map((own) =>
        listenerArn.some((arn) => regionOfArn(arn) === region)
          ? breach([...at, 'listenerArn'], `one in ${own}`, `listeners of one region, here ${region}`, hint)
          : breach(
              [...at, 'region'],
              region,
              `${own}, as listenerArn has it`,
              'leave region out: it is taken from the ARN',
            ),
      ),
    ...Object.entries(targetGroups).flatMap(([site, arn]) => {
      const place = Object.hasOwn(sites, site) ? sites[site] : undefined;
      if (regionOfArn(arn) !== region) {
        const allowed = `a target group in ${region}, where the listener is`;
        return [breach([...at, 'targetGroups', site], `one in ${regionOfArn(arn)}`, allowed, null)];
      }
      return place === undefined || place.region === region
        ? []
        : [
            breach(
              [...at, 'targetGroups', site],
              `a site in ${sitePlaceText(place)}`,
              `sites in ${region}: a load balancer does not leave its region`,
              hint,
            ),
          ];
    }),
  ]),
};

const stickyByCookie: ServiceRule = {
  about: '`targets.stickinessSeconds` is for Application Load Balancers: others have no cookies.',
  check: targetsRule(({ listenerArn, stickinessSeconds }, _sites, at) =>
    stickinessSeconds === undefined || listenerArn.every((arn) => arn.includes('/app/'))
      ? []
      : [breach([...at, 'stickinessSeconds'], 'a network load balancer', 'none', 'leave stickinessSeconds out')],
  ),
};

function targetsRule(
  check: (
    targets: TargetsTraffic,
    sites: Service['sites'],
    at: Path,
    controlRegions: readonly string[],
  ) => readonly Breach[],
): ServiceRule['check'] {
  return ({ sites, traffic }, path, { controlRegions }) =>
    traffic.targets ? check(traffic.targets, sites, [...path, 'traffic', 'targets'], controlRegions) : [];
}

/** Rules about target groups behind one load balancer. */
export const targetsRules: readonly ServiceRule[] = [
  targetsRegion.parts,
  targetsInOneRegion,
  targetsRegion.control,
  stickyByCookie,
];
