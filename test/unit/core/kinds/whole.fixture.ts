import type { KindName } from '../../../../src/core/kinds/kind-name.ts';
import type { DesiredOf } from '../../../../src/core/kinds/kinds.ts';
import {
  accelerator,
  address,
  controls,
  edge,
  fence,
  recordsDns,
  route,
  serviceWith,
  targets,
  warm,
  weightedDns,
  zonal,
} from '../service.fixture.ts';

export const clients = {
  fleet: 1,
  askMs: 5_000,
  endpoints: { one: 'https://one', two: 'https://two', far: 'https://far' },
};
export const lastResort = { a: ['192.0.2.9'] };

export const nightly = [{ kind: 'eventbridge-rule', name: 'nightly', bus: 'default' }] as const;

export const replicas = {
  kind: 'rds-replica',
  instances: { one: 'db-one', two: 'db-two', far: 'db-far' },
  rebuild: { afterMs: 60_000 },
} as const;
/** A service that has a thing of every kind, all of them in region-1. */
export const whole = serviceWith({
  sites: { one: { fence, work: nightly }, two: { ...warm, work: nightly } },
  traffic: { address, route, targets, accelerator, controls, edge, zonal, dns: recordsDns },
  data: replicas,
  clients,
});
export const weighted = serviceWith({ traffic: { dns: { ...weightedDns, lastResort } } });

/** Whose order it is. */
export const token = { epoch: 2, attempt: 1 };

/** An order of each kind that the whole service may be given, and what it is rebuilt to in region-1. */
export const orders: { readonly [K in KindName]: { readonly wanted: DesiredOf<K>; readonly thing: unknown } } = {
  fence: {
    wanted: { kind: 'fence', site: 'one', isIsolated: true, isSelfFence: false },
    thing: { region: 'region-1', service: 'shop', site: 'one', fence, isIsolated: true, token },
  },
  promote: {
    wanted: { kind: 'promote', from: 'far', to: 'two', isPlanned: false, isDataLossAllowed: true },
    thing: {
      region: 'region-1',
      service: 'shop',
      data: replicas,
      from: 'far',
      to: 'two',
      isPlanned: false,
      isDataLossAllowed: true,
      token,
    },
  },
  start: {
    wanted: { kind: 'start', site: 'two', part: 'auto-scaling-group asg', isServing: true, activeSize: null },
    thing: {
      region: 'region-1',
      service: 'shop',
      site: 'two',
      scalable: warm.scale[0],
      size: 4,
      isServing: true,
      token,
    },
  },
  rebuild: {
    wanted: { kind: 'rebuild', site: 'one', writer: 'far' },
    thing: {
      region: 'region-1',
      service: 'shop',
      site: 'one',
      instance: 'db-one',
      source: { region: 'region-2', instance: 'db-far' },
      aside: 'db-one-before-2',
    },
  },
  work: {
    wanted: { kind: 'work', site: 'two', isOn: false, isSelfFence: false },
    thing: { region: 'region-1', work: nightly, isOn: false },
  },
  accelerator: {
    wanted: { kind: 'accelerator', site: 'two' },
    thing: {
      groups: {
        'arn:one': { dial: 0, weights: {} },
        'arn:two': { dial: 100, weights: {} },
        'arn:far': { dial: 0, weights: {} },
      },
    },
  },
  controls: {
    wanted: { kind: 'controls', site: 'two' },
    thing: {
      endpoints: controls.endpoints,
      region: 'region-1',
      states: { 'arn:one': false, 'arn:two': true, 'arn:far': false },
    },
  },
  zonal: {
    wanted: { kind: 'zonal', resource: 1, away: ['far'] },
    thing: {
      region: 'region-1',
      account: undefined,
      resourceArn: 'arn:balancer-2',
      away: ['az3'],
      expiryMs: 3_600_000,
      comment: 'cdk-failover: shop',
    },
  },
  edge: {
    wanted: { kind: 'edge', site: 'two' },
    thing: { storeArn: 'arn:store', key: 'shop', value: 'origin-two', region: 'region-1' },
  },
  address: {
    wanted: { kind: 'address', address: 0, site: 'two' },
    thing: { region: 'region-1', allocationId: 'eipalloc-1', place: { instanceId: 'i-2' }, others: [] },
  },
  route: {
    wanted: { kind: 'route', site: 'two' },
    thing: {
      region: 'region-1',
      tables: ['rtb-1', 'rtb-2'],
      destinations: ['0.0.0.0/0', '::/0'],
      target: { networkInterfaceId: 'eni-2' },
    },
  },
  targets: {
    wanted: { kind: 'targets', listener: 0, weights: { one: 0, two: 999 } },
    thing: { region: 'region-1', listenerArn: 'listener-1', weights: { 'group-1': 0, 'group-2': 999 } },
  },
  dns: {
    wanted: { kind: 'dns', site: 'two' },
    thing: {
      zoneId: 'Z1',
      name: 'shop.example.com',
      ttlSeconds: 30,
      answer: { kind: 'values', values: { a: ['192.0.2.2'], aaaa: [], cname: [] } },
    },
  },
  publish: {
    wanted: { kind: 'publish', epoch: 2, sites: ['two', 'far'], isReadOnly: false },
    thing: {
      region: 'region-1',
      publication: {
        service: 'shop',
        epoch: 2,
        endpoints: [
          { site: 'two', url: 'https://two' },
          { site: 'far', url: 'https://far' },
        ],
        isReadOnly: false,
      },
    },
  },
};
