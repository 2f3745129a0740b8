import type { Service } from '../../core/model/service.ts';
import type { TargetsTraffic } from '../../core/model/traffic.ts';
import type { Path } from '../document.ts';
import { type Breach, breach, claimedTwice, type ServiceRule, strangers } from './rule.ts';

const groupsOfSites: ServiceRule = {
  about: 'A load balancer has target groups of two sites or more, all of the service, each its own.',
  check: targetsRule(({ targetGroups }, sites, at) => {
    const here = [...at, 'targetGroups'];
    const count = Object.keys(targetGroups).length;
    const claims = Object.entries(targetGroups).map(([site, arn]) => [arn, site] as const);
    return [
      ...strangers(targetGroups, sites, here),
      ...(count >= 2
        ? []
        : [
            breach(
              here,
              String(count),
              'target groups of two sites or more',
              'between one group and none there is no weight to shift',
            ),
          ]),
      ...claimedTwice(claims).map(([arn, other, site]) =>
        breach([...here, site], arn, `another target group than that of ${other}`, 'one group has one weight'),
      ),
    ];
  }),
};

const targetsInOneRegion: ServiceRule = {
  about: 'Listener, target groups and their sites are in one region, that of the load balancer.',
  check: targetsRule(({ listenerArn, region, targetGroups }, sites, at) => [
    ...(regionOfArn(listenerArn) === region
      ? []
      : [
          breach(
            [...at, 'region'],
            region,
            `${regionOfArn(listenerArn)}, as listenerArn has it`,
            'leave region out: it is taken from the ARN',
          ),
        ]),
    ...Object.entries(targetGroups).flatMap(([site, arn]) => {
      const siteRegion = Object.hasOwn(sites, site) ? sites[site]?.region : undefined;
      if (regionOfArn(arn) !== region) {
        const allowed = `a target group in ${region}, where the listener is`;
        return [breach([...at, 'targetGroups', site], `one in ${regionOfArn(arn)}`, allowed, null)];
      }
      return siteRegion === undefined || siteRegion === region
        ? []
        : [
            breach(
              [...at, 'targetGroups', site],
              `a site in ${siteRegion}`,
              `sites in ${region}: a load balancer does not leave its region`,
              'give each region a load balancer of its own and let traffic.dns choose between them',
            ),
          ];
    }),
  ]),
};

const targetsInControlRegion: ServiceRule = {
  about: 'The region of a load balancer is a control region: only an actuator there can shift its weights.',
  check: targetsRule(({ region }, _sites, at, controlRegions) =>
    controlRegions.includes(region)
      ? []
      : [
          breach(
            [...at, 'region'],
            region,
            `a control region: ${controlRegions.join(', ')}`,
            `make ${region} a control region; only an actuator there can shift the weights`,
          ),
        ],
  ),
};

/** Region that an ARN is in. */
export function regionOfArn(arn: string): string {
  return arn.split(':')[3] ?? '';
}

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
export const targetsRules: readonly ServiceRule[] = [groupsOfSites, targetsInOneRegion, targetsInControlRegion];
