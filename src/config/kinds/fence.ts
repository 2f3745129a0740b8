import { z } from 'zod';
import { actingRegionOf } from '../../core/model/place.ts';
import type { Fence } from '../../core/model/site.ts';
import { addressSort, holderOf } from '../../core/model/traffic.ts';
import { type Breach, breach, claimedTwice, type ServiceRule } from '../rules/rule.ts';
import {
  allocationField,
  functionField,
  instanceField,
  interfaceField,
  regionOfArn,
  targetGroupField,
} from '../schema/aws-id.ts';
import { choice, list, oneOrMore, pattern, regionField, text } from '../schema/fields.ts';
import { strict } from '../schema/strict-object.ts';

const fenceKinds = z.discriminatedUnion(
  'kind',
  [
    strict({
      kind: choice(['groups'])
        .default('groups')
        .describe(
          'Puts its instances into a security group that allows no inbound traffic. Open connections that security groups track go on until they end: choose another kind where such connections may write.',
        ),
      instanceIds: list(instanceField, 1, 50, 'instance ids').describe('Instances of the site.'),
      isolationGroupId: pattern(/^sg-[a-z0-9-]{1,40}$/, 'a security group id, such as sg-0123456789abcdef0').describe(
        'Security group without inbound rules.',
      ),
    }),
    strict({
      kind: choice(['targets']).describe('Takes its targets out of their target group.'),
      targetGroupArn: targetGroupField.describe(
        'The target group. The fence is closed after its deregistration delay, 5 minutes by default: set that to 0.',
      ),
      targetIds: list(text(255, 'a target'), 1, 100, 'targets').describe('Instances or addresses of the site.'),
    }),
    strict({
      kind: choice(['address']).describe('Takes its Elastic IPs away.'),
      allocationId: oneOrMore(allocationField, 8, 'an allocation id', 'allocation ids').describe(
        'The Elastic IP, or several.',
      ),
      instanceId: instanceField
        .optional()
        .describe('Instance of the site that may hold them, at whichever of its interfaces.'),
      networkInterfaceId: oneOrMore(interfaceField, 8, 'a network interface id', 'network interface ids')
        .optional()
        .describe('Network interface of the site that may hold them, or several; `traffic.address` names them.'),
    }),
    strict({
      kind: choice(['custom', 'read-only']).describe(
        'Invokes a function of yours. `read-only`: it stops writes and still serves readers.',
      ),
      functionName: functionField.describe('The function.'),
      region: regionField
        .optional()
        .describe('Region in which it runs. A site outside AWS needs it; left out: the region of the site.'),
    }),
  ],
  { error: 'a mapping with kind: groups, targets, address, custom or read-only' },
);

/** How a site is cut off; without a kind, by security groups. */
export const fenceSchema = z.preprocess(
  (written) =>
    typeof written === 'object' && written !== null && !Array.isArray(written) && !('kind' in written)
      ? { kind: 'groups', ...written }
      : written,
  fenceKinds,
);

const fencesReachable: ServiceRule = {
  about:
    'A site with a fence is in a control region, or its fence names one: only an actuator there can cut it off when the other regions are dark.',
  check: ({ sites }, path, { controlRegions }) =>
    Object.entries(sites).flatMap(([name, site]) => {
      const region = actingRegionOf(site);
      if (site.fence === undefined || region === undefined || controlRegions.includes(region)) return [];
      const at = [...path, 'sites', name, 'fence', ...(site.region === undefined ? ['region'] : [])];
      const what = site.region === undefined ? 'a control region' : 'a site in a control region';
      return [
        breach(
          at,
          region,
          `${what}: ${controlRegions.join(', ')}`,
          `make ${region} a control region; only an actuator there can fence`,
        ),
      ];
    }),
};

const fencesDistinct: ServiceRule = {
  about: 'No resource is in the fences of two sites: a fence for one would cut off both.',
  check: ({ sites }, path) => {
    const claims = Object.entries(sites).flatMap(([name, site]) =>
      (site.fence ? fencedThings(site.fence) : []).map(({ thing }) => [thing, name] as const),
    );
    return claimedTwice(claims).map(([thing, other, name]): Breach => {
      const { fence } = sites[name] ?? {};
      const found = fence && fencedThings(fence).find((each) => each.thing === thing);
      return breach(
        [...path, 'sites', name, 'fence', found?.key ?? 'kind'],
        thing,
        `what no other site fences; ${other} does`,
        `list only what serves ${name}`,
      );
    });
  },
};

const fencesInRegion: ServiceRule = {
  about: 'The target group of a fence is in the region of its site.',
  check: ({ sites }, path) =>
    Object.entries(sites).flatMap(([name, { fence, region }]) =>
      fence?.kind !== 'targets' || region === undefined || regionOfArn(fence.targetGroupArn) === region
        ? []
        : [
            breach(
              [...path, 'sites', name, 'fence', 'targetGroupArn'],
              `one in ${regionOfArn(fence.targetGroupArn)}`,
              `a target group in ${region}, where ${name} is`,
              null,
            ),
          ],
    ),
};

const addressFencesWhole: ServiceRule = {
  about:
    'A fence of kind `address` says what it takes the Elastic IPs from. Where they are those of `traffic.address`, it takes all of them, from every place of the site.',
  check: ({ sites, traffic }, path) =>
    Object.entries(sites).flatMap(([name, { fence }]): readonly Breach[] => {
      if (fence?.kind !== 'address') return [];
      const at = [...path, 'sites', name, 'fence'];
      const holders = [fence.instanceId ?? [], fence.networkInterfaceId ?? []].flat();
      if (holders.length === 0) {
        return [
          breach(at, 'nothing', 'instanceId, networkInterfaceId or both', `name what holds the address at ${name}`),
        ];
      }
      const { address } = traffic;
      if (!address?.allocationId.some((id) => fence.allocationId.includes(id))) return [];
      const elastic = address.allocationId.filter((id) => addressSort(id) === 'elastic-ip');
      const left = elastic.filter((id) => !fence.allocationId.includes(id));
      const held = [...new Set((address.instances[name] ?? []).map(holderOf))];
      const open = held.filter((id) => !holders.includes(id));
      return [
        ...left.map((id) =>
          breach(
            [...at, 'allocationId'],
            `a fence without ${id}`,
            `all Elastic IPs of traffic.address: ${elastic.join(', ')}`,
            `clients would still come to ${name} by ${id}`,
          ),
        ),
        ...open.map((id) =>
          breach(
            [...at, id.startsWith('i-') ? 'instanceId' : 'networkInterfaceId'],
            `a fence without ${id}`,
            `all that holds the Elastic IPs at ${name}: ${held.join(', ')}`,
            `clients would still come to ${name} by ${id}`,
          ),
        ),
      ];
    }),
};

/**
 * The resources of a fence, each with the key that names it. A function may serve several sites, because it gets the
 * site's name.
 */
function fencedThings(fence: Fence): readonly { readonly thing: string; readonly key: string }[] {
  switch (fence.kind) {
    case 'groups':
      return fence.instanceIds.map((id) => ({ thing: id, key: 'instanceIds' }));
    case 'targets':
      return fence.targetIds.map((id) => ({ thing: `${id} in ${fence.targetGroupArn}`, key: 'targetIds' }));
    case 'address':
      return [
        ...[fence.instanceId ?? []].flat().map((id) => ({ id, key: 'instanceId' })),
        ...(fence.networkInterfaceId ?? []).map((id) => ({ id, key: 'networkInterfaceId' })),
      ].flatMap(({ id, key }) => fence.allocationId.map((allocation) => ({ thing: `${id} with ${allocation}`, key })));
    case 'custom':
    case 'read-only':
      return [];
  }
}

/** Rules about how sites are cut off. */
export const fenceRules: readonly ServiceRule[] = [fencesReachable, fencesDistinct, fencesInRegion, addressFencesWhole];
