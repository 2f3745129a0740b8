import type { Service } from '../../core/model/service.ts';
import type { ControlsTraffic } from '../../core/model/traffic.ts';
import type { Path } from '../document.ts';
import { activePassiveOnly, perSiteBreaches, unsharedRule } from '../rules/per-site.ts';
import { type Breach, breach, type DeploymentRule, type ServiceRule } from '../rules/rule.ts';
import { named, pattern, regionField, wholeNumber } from '../schema/fields.ts';
import { siteName } from '../schema/site.ts';
import { strict } from '../schema/strict-object.ts';

const controlForm = /^arn:aws:route53-recovery-control::\d{12}:controlpanel\/\w{1,64}\/routingcontrol\/\w{1,64}$/;

/** Endpoints that a cluster has, each in another region. Source: ARC Developer Guide, "Routing control in ARC". */
const endpointCount = 5;

/** Time that clients keep an answer where nothing is said: what AWS recommends for records with health checks. */
const ttlSecondsDefault = 60;

/** Routing controls of ARC. */
export const controlsSchema = strict({
  endpoints: named(
    regionField,
    pattern(/^https:\/\/[a-z0-9.-]{1,120}(\/v1)?$/, 'the URL of a cluster endpoint'),
    'cluster endpoints',
  ).describe(
    'The five endpoints of the cluster by their regions, as `aws route53-recovery-control-config describe-cluster` gives them. Any one that answers is enough.',
  ),
  routingControlArns: named(
    siteName,
    pattern(controlForm, 'the ARN of a routing control'),
    'routing controls',
  ).describe(
    'Routing control of each site. It is on while the site is active, else off, in one call for all. Safety rules are never overridden.',
  ),
  ttlSeconds: wholeNumber(0, 86_400)
    .default(ttlSecondsDefault)
    .describe('TTL of the records that the controls lead; the bound on a recovery reckons with it.'),
});

const rule =
  (check: (its: ControlsTraffic, service: Service, at: Path) => readonly Breach[]): ServiceRule['check'] =>
  (service, path) =>
    service.traffic.controls === undefined
      ? []
      : check(service.traffic.controls, service, [...path, 'traffic', 'controls']);

const wholeControls: ServiceRule = {
  about: 'Routing controls have one for every site of the service and for no other, each its own.',
  check: rule(({ routingControlArns }, service, at) =>
    perSiteBreaches(routingControlArns, service, [...at, 'routingControlArns'], {
      one: 'a routing control',
      name: 'routing control',
      form: 'arn:aws:route53-recovery-control::...',
      because: 'one control has one state',
    }),
  ),
};

const allEndpoints: ServiceRule = {
  about: `A cluster has ${endpointCount} endpoints, and all are declared: AWS takes up to two of them out of service at a time.`,
  check: rule(({ endpoints }, _service, at) => {
    const count = Object.keys(endpoints).length;
    return count === endpointCount
      ? []
      : [
          breach(
            [...at, 'endpoints'],
            `${count} endpoints`,
            `the ${endpointCount} endpoints of the cluster`,
            'take them from "aws route53-recovery-control-config describe-cluster --region us-west-2"',
          ),
        ];
  }),
};

const controlsOfOne = activePassiveOnly(
  'Routing controls are for `active-passive`.',
  'controls',
  'one control is on at a time; for a pool write dns with policy weighted, latency or multivalue',
);

/** Rules about the routing controls of a service. */
export const controlsRules: readonly ServiceRule[] = [wholeControls, allEndpoints, controlsOfOne];

/** Rules about the routing controls of several services. */
export const controlsSharingRules: readonly DeploymentRule[] = [
  unsharedRule(
    'No two services turn the same routing control.',
    'turns',
    ['traffic', 'controls', 'routingControlArns'],
    ({ controls }) => controls?.routingControlArns,
  ),
];
