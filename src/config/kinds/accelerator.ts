import type { Service } from '../../core/model/service.ts';
import type { AcceleratorTraffic } from '../../core/model/traffic.ts';
import type { Path } from '../document.ts';
import { activePassiveOnly, perSiteBreaches, unsharedRule } from '../rules/per-site.ts';
import { type Breach, breach, claimedTwice, type DeploymentRule, type ServiceRule } from '../rules/rule.ts';
import { named, pattern } from '../schema/fields.ts';
import { siteName } from '../schema/site.ts';
import { strict } from '../schema/strict-object.ts';

const groupForm =
  /^arn:aws:globalaccelerator::\d{12}:accelerator\/[\w-]{1,64}\/listener\/\w{1,64}\/endpoint-group\/\w{1,64}$/;

/** Traffic dials of a Global Accelerator. */
export const acceleratorSchema = strict({
  endpointGroupArns: named(
    siteName,
    pattern(groupForm, 'the ARN of an endpoint group of a standard accelerator'),
    'endpoint groups',
  ).describe(
    'Endpoint group of each site, all of one listener. Its traffic dial is 100 while the site is active, else 0; its endpoints and their weights stay as they are.',
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
    'An accelerator has an endpoint group for every site of the service, each in another region, and all of one listener.',
  check: rule(({ endpointGroupArns }, service, at) => {
    const here = [...at, 'endpointGroupArns'];
    const listeners = new Set(Object.values(endpointGroupArns).map((arn) => arn.split('/endpoint-group/')[0]));
    const regions = Object.entries(service.sites).flatMap(([name, { region }]) =>
      region === undefined ? [] : [[region, name] as const],
    );
    return [
      ...perSiteBreaches(endpointGroupArns, service, here, {
        one: 'an endpoint group',
        name: 'endpoint group',
        form: 'arn:aws:globalaccelerator::...',
        because: 'one group has one dial',
      }),
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
      ...claimedTwice(regions).map(([region, other, site]) =>
        breach(
          [...here, site],
          `a site in ${region}, as ${other}`,
          'sites in different regions',
          'a listener has one endpoint group in a region; within a region, move by address or targets',
        ),
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
export const acceleratorRules: readonly ServiceRule[] = [wholeAccelerator, acceleratorOfOne];

/** Rules about the accelerators of several services. */
export const acceleratorSharingRules: readonly DeploymentRule[] = [
  unsharedRule(
    'No two services turn the dial of the same endpoint group.',
    'steers',
    ['traffic', 'accelerator', 'endpointGroupArns'],
    ({ accelerator }) => accelerator?.endpointGroupArns,
  ),
];
