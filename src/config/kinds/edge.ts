import type { Service } from '../../core/model/service.ts';
import type { EdgeTraffic } from '../../core/model/traffic.ts';
import type { Path } from '../document.ts';
import { activePassiveOnly, perSiteBreaches, unsharedRule } from '../rules/per-site.ts';
import type { Breach, DeploymentRule, ServiceRule } from '../rules/rule.ts';
import { named, pattern } from '../schema/fields.ts';
import { siteName } from '../schema/site.ts';
import { strict } from '../schema/strict-object.ts';

const storeForm = /^arn:aws:cloudfront::\d{12}:key-value-store\/[0-9a-f-]{36}$/;
/** Keys have at most 512 bytes, ids of origins 128 characters. Source: CloudFront Developer Guide, "Quotas". */
const keyForm = /^[\x21-\x7e]{1,512}$/;
const originForm = /^[\x20-\x7e]{1,128}$/;

/** A key of CloudFront's KeyValueStore that names the origin. */
export const edgeSchema = strict({
  storeArn: pattern(storeForm, 'the ARN of a key value store of CloudFront').describe(
    'The KeyValueStore that the function of the distribution reads, in the account of the deployment.',
  ),
  key: pattern(keyForm, 'a key, 1 to 512 visible characters').describe('The key whose value names the origin.'),
  originIds: named(
    siteName,
    pattern(originForm, 'the id of an origin, 1 to 128 characters'),
    'ids of origins',
  ).describe('What the value is while a site is active: the id of its origin in the distribution.'),
});

const rule =
  (check: (its: EdgeTraffic, service: Service, at: Path) => readonly Breach[]): ServiceRule['check'] =>
  (service, path) =>
    service.traffic.edge === undefined ? [] : check(service.traffic.edge, service, [...path, 'traffic', 'edge']);

const wholeEdge: ServiceRule = {
  about: 'A key of the edge has an origin for every site of the service and for no other, each its own.',
  check: rule(({ originIds }, service, at) =>
    perSiteBreaches(originIds, service, [...at, 'originIds'], {
      one: 'an origin',
      name: 'origin',
      form: 'the id of its origin in the distribution',
      because: 'a move between the two would change nothing',
    }),
  ),
};

const edgeOfOne = activePassiveOnly(
  'A key of the edge is for `active-passive`.',
  'edge',
  'the key names one origin at a time; for a pool write dns with policy weighted, latency or multivalue',
);

/** Rules about the key of a service in a KeyValueStore. */
export const edgeRules: readonly ServiceRule[] = [wholeEdge, edgeOfOne];

/** Rules about the keys of several services. */
export const edgeSharingRules: readonly DeploymentRule[] = [
  unsharedRule('No two services write the same key of the edge.', 'writes', ['traffic', 'edge', 'key'], ({ edge }) =>
    edge === undefined ? undefined : { key: `${edge.key} of ${edge.storeArn}` },
  ),
];
