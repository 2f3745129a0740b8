import type { Service } from '../../core/model/service.ts';
import type { TargetsTraffic } from '../../core/model/traffic.ts';
import type { Path } from '../document.ts';
import { inOneRegion } from '../kinds/one-region.ts';
import { type Breach, breach, type ServiceRule } from './rule.ts';

const targetsRegion = inOneRegion<TargetsTraffic, string>({
  key: 'targets',
  parts: 'targetGroups',
  of: (traffic) => traffic.targets,
  partsOf: ({ targetGroups }) => targetGroups,
  textOf: (arn) => arn,
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
    wayOut: 'give each region a load balancer of its own and let traffic.dns choose between them',
    act: 'only an actuator there can shift the weights',
  },
});

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
export const targetsRules: readonly ServiceRule[] = [targetsRegion.parts, targetsInOneRegion, targetsRegion.control];
