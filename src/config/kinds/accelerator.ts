import type { Service } from '../../core/model/service.ts';
import type { AcceleratorTraffic } from '../../core/model/traffic.ts';
import type { Path } from '../document.ts';
import { activePassiveOnly, completenessBreaches, perSiteBreaches, unsharedRule } from '../rules/per-site.ts';
import { type Breach, breach, claimedTwice, type DeploymentRule, type ServiceRule } from '../rules/rule.ts';
import { named, oneOrMore, pattern } from '../schema/fields.ts';
import { siteName } from '../schema/site.ts';
import { strict } from '../schema/strict-object.ts';

const groupForm =
  /^arn:aws:globalaccelerator::\d{12}:accelerator\/[\w-]{1,64}\/listener\/\w{1,64}\/endpoint-group\/\w{1,64}$/;

/** Most endpoints of a group. Source: Global Accelerator API Reference, "UpdateEndpointGroup". */
const endpointCountMax = 10;

const endpointForm =
  /^(arn:aws:elasticloadbalancing:[a-z0-9-]+:\d{12}:loadbalancer\/(app|net)\/[\w-]{1,32}\/\w{1,32}|(i|eipalloc)-[a-z0-9-]{1,40})$/;

const endpointAllowed = 'the ARN of a load balancer, an instance id or an allocation id';

/** Traffic dials of a Global Accelerator, and weights of its endpoints. */
export const acceleratorSchema = strict({
  endpointGroupArns: named(
    siteName,
    pattern(groupForm, 'the ARN of an endpoint group of a standard accelerator'),
    'endpoint groups',
  ).describe(
    'Endpoint group of each site, all of one listener. Its traffic dial is 100 while the active site is in it, else 0. Sites of one region have the same group, and `endpointIds`.',
  ),
  endpointIds: named(
    siteName,
    oneOrMore(pattern(endpointForm, endpointAllowed), endpointCountMax, endpointAllowed, 'endpoint ids'),
    'endpoints',
  )
    .optional()
    .describe(
      'Endpoints of each site in its group, for several sites in one region. Their weight is 128 while the site is active, else 0; other endpoints stay as they are. Left out: all weights stay as they are.',
    ),
});

const rule =
  (check: (its: AcceleratorTraffic, service: Service, at: Path) => readonly Breach[]): ServiceRule['check'] =>
  (service, path) =>
    service.traffic.accelerator === undefined
      ? []
      : check(service.traffic.accelerator, service, [...path, 'traffic', 'accelerator']);

const wholeAccelerator: ServiceRule = {
  about:
    'An accelerator has an endpoint group for every site of the service, and all are of one listener. Sites in different regions have different groups; those of one region have one, and endpoints of their own.',
  check: rule((its, service, at) => {
    const here = [...at, 'endpointGroupArns'];
    const listeners = new Set(Object.values(its.endpointGroupArns).map((arn) => arn.split('/endpoint-group/')[0]));
    return [
      ...(its.endpointIds === undefined
        ? perSiteBreaches(its.endpointGroupArns, service, here, {
            ...groupWords,
            because: 'one group has one dial; within a region, write endpointIds, which gives each site a weight',
          })
        : completenessBreaches(its.endpointGroupArns, service, here, groupWords)),
      ...(listeners.size > 1
        ? [
            breach(
              here,
              `groups of ${listeners.size} listeners`,
              'endpoint groups of one listener',
              'dials share the traffic of one listener; make a service for each, in one group',
            ),
          ]
        : []),
      ...regionBreaches(its, service, here),
    ];
  }),
};

const groupWords = { one: 'an endpoint group', name: 'endpoint group', form: 'arn:aws:globalaccelerator::...' };

/** A listener has one endpoint group in a region, and a group is in one region. */
function regionBreaches(
  { endpointGroupArns, endpointIds }: AcceleratorTraffic,
  { sites }: Service,
  here: Path,
): readonly Breach[] {
  const placed = Object.entries(endpointGroupArns).flatMap(([site, arn]) => {
    const region = sites[site]?.region;
    return region === undefined ? [] : [{ site, arn, region }];
  });
  return placed.flatMap(({ site, arn, region }, index): readonly Breach[] => {
    const other = placed.slice(0, index).find((one) => (one.region === region) !== (one.arn === arn));
    if (other === undefined || (endpointIds === undefined && other.arn === arn)) return [];
    const found = `a site in ${region}, and ${other.site} in ${other.region}, in ${other.arn === arn ? 'one group' : 'two groups'}`;
    const hint = 'a listener has one endpoint group in a region: give sites of one region the same, with endpointIds';
    return [breach([...here, site], found, 'one endpoint group for each region', hint)];
  });
}

const ownEndpoints: ServiceRule = {
  about: `Where endpoints are declared, every site has some, each its own, and a group has at most ${endpointCountMax}.`,
  check: rule(({ endpointGroupArns, endpointIds }, service, at) => {
    if (endpointIds === undefined) return [];
    const here = [...at, 'endpointIds'];
    const claims = Object.entries(endpointIds).flatMap(([site, ids]) => ids.map((id) => [id, site] as const));
    const countOf = (arn: string) => claims.filter(([, site]) => endpointGroupArns[site] === arn).length;
    const full = [...new Set(Object.values(endpointGroupArns))].filter((arn) => countOf(arn) > endpointCountMax);
    const words = { one: 'endpoints', form: 'the ARN of its load balancer, an instance id or an allocation id' };
    return [
      ...completenessBreaches(endpointIds, service, here, words),
      ...claimedTwice(claims).map(([id, other, site]) =>
        breach([...here, site], id, `another endpoint than that of ${other}`, 'one endpoint has one weight'),
      ),
      ...full.map((arn) =>
        breach(here, `${countOf(arn)} of one group`, `${endpointCountMax} or fewer`, 'AWS takes no more in a group'),
      ),
    ];
  }),
};

const acceleratorOfOne = activePassiveOnly(
  'An accelerator is for `active-passive`.',
  'accelerator',
  'a dial is a part of what comes from near its region, not of all: with all dials at 100 the accelerator leaves out what is unhealthy by itself',
);

/** Rules about the accelerator of a service. */
export const acceleratorRules: readonly ServiceRule[] = [wholeAccelerator, ownEndpoints, acceleratorOfOne];

/** Rules about the accelerators of several services. */
export const acceleratorSharingRules: readonly DeploymentRule[] = [
  unsharedRule(
    'No two services turn the dial of the same endpoint group.',
    'steers',
    ['traffic', 'accelerator', 'endpointGroupArns'],
    ({ accelerator }) => accelerator?.endpointGroupArns,
  ),
];
