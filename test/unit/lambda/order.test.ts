import { describe, expect, it } from 'vitest';
import { isOrder } from '../../../lambda/order.ts';
import type { Desired } from '../../../src/core/kinds/order.ts';

const some = { service: 'web', token: { epoch: 2, attempt: 1 }, manner: 'enforce' };
const sizes = { size: 4, asActive: true, standbySize: 1 };
const group = 'arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/left/0123456789abcdef';
const bySite = { virginia: 'one', oregon: 'two' };

/** One good thing of each kind. */
const good = {
  address: { allocationId: 'eipalloc-1', instanceId: 'i-1' },
  record: { zoneId: 'Z1', name: 'www.shop.example', ttlSeconds: 30, values: { a: '203.0.113.10', aaaa: null } },
  'record-weights': { zoneId: 'Z1', name: 'www.shop.example', weights: { virginia: 255, oregon: 0 } },
  isolation: {
    site: 'virginia',
    fence: { kind: 'groups', instanceIds: ['i-1', 'i-2'], isolationGroupId: 'sg-1' },
    isIsolated: true,
    isSelfFence: false,
  },
  weights: { listenerArn: 'arn:listener', weights: { [group]: 999 } },
  scale: {
    site: 'virginia',
    scalable: { kind: 'auto-scaling-group', name: 'web', ...sizes },
    size: 4,
    isExact: false,
  },
  promotion: {
    data: { kind: 'aurora-global', globalId: 'shop', clusters: bySite },
    from: 'virginia',
    to: 'oregon',
    isPlanned: false,
    isDataLossAllowed: true,
  },
  publication: {
    publication: {
      service: 'web',
      epoch: 2,
      endpoints: [{ site: 'oregon', url: 'https://oregon.shop.example' }],
      isReadOnly: false,
    },
  },
} as const satisfies Readonly<Record<Desired['kind'], unknown>>;
const kinds = Object.keys(good) as Desired['kind'][];

const orderOf = (kind: Desired['kind'], changes: Readonly<Record<string, unknown>> = {}) => ({
  ...some,
  kind,
  ...good[kind],
  ...changes,
});

describe('an order', () => {
  it.each(kinds)('is one when it has all of its parts (%s)', (kind) => {
    expect(isOrder(orderOf(kind))).toBe(true);
  });

  it.each(kinds.flatMap((kind) => Object.keys(good[kind]).map((part) => ({ kind, part }))))(
    'is none without its $part, or with something else there ($kind)',
    ({ kind, part }) => {
      const wrong = [undefined, null, {}, [], 1.5, -1, () => {}];
      expect(wrong.filter((value) => isOrder(orderOf(kind, { [part]: value })))).toEqual([]);
    },
  );

  it.each([
    { kind: 'groups', instanceIds: ['i-1'], isolationGroupId: 'sg-1' },
    { kind: 'targets', targetGroupArn: group, targetIds: ['i-1'] },
    { kind: 'address', allocationId: 'eipalloc-1', instanceId: 'i-1' },
    { kind: 'custom', functionName: 'shop-fence' },
    { kind: 'read-only', functionName: 'shop-fence' },
  ])('knows fences of kind $kind, and what belongs to them', (fence) => {
    expect(isOrder(orderOf('isolation', { fence }))).toBe(true);
    expectEachPartNeeded('isolation', 'fence', fence);
  });

  it.each([
    { kind: 'auto-scaling-group', name: 'web', ...sizes },
    { kind: 'ecs-service', cluster: 'shop', name: 'web', ...sizes },
    { kind: 'provisioned-concurrency', functionName: 'web', alias: 'live', ...sizes },
    { kind: 'instances', instanceIds: ['i-1'] },
  ])('knows what can be scaled of kind $kind, and what belongs to it', (scalable) => {
    expect(isOrder(orderOf('scale', { scalable }))).toBe(true);
    expectEachPartNeeded('scale', 'scalable', scalable);
  });

  it.each([
    { kind: 'aurora-global', globalId: 'shop', clusters: bySite },
    { kind: 'documentdb-global', globalId: 'shop', clusters: bySite },
    { kind: 'neptune-global', globalId: 'shop', clusters: bySite },
    { kind: 'rds-replica', instances: bySite },
    { kind: 'elasticache-global', globalId: 'shop', members: bySite },
    { kind: 'dynamodb-global', tableName: 'shop' },
    { kind: 's3-mrap', accessPointArn: 'arn:mrap', buckets: bySite },
    { kind: 'custom', functions: bySite },
  ])('knows data of kind $kind, and what belongs to it', (data) => {
    expect(isOrder(orderOf('promotion', { data }))).toBe(true);
    expectEachPartNeeded('promotion', 'data', data);
  });

  it.each([
    ['a list of instances that is text', 'isolation', { fence: { ...good.isolation.fence, instanceIds: 'i-1,i-2' } }],
    ['a fence of no instances', 'isolation', { fence: { ...good.isolation.fence, instanceIds: [] } }],
    ['a text instead of a direction', 'isolation', { isIsolated: 'no' }],
    ['a text instead of whose fence it is', 'isolation', { isSelfFence: 'no' }],
    ['half of the values of a record', 'record', { values: { a: '203.0.113.10' } }],
    ['a value of a record that is no text', 'record', { values: { a: 1, aaaa: null } }],
    ['weights of nobody', 'weights', { weights: {} }],
    ['a list of weights', 'weights', { weights: [1, 2] }],
    ['a weight above 999', 'weights', { weights: { [group]: 1_000 } }],
    ['a weight below 0', 'weights', { weights: { [group]: -1 } }],
    ['a weight between whole numbers', 'weights', { weights: { [group]: 0.5 } }],
    ['a weight that is text', 'weights', { weights: { [group]: '100' } }],
    ['a weight of a record above 255', 'record-weights', { weights: { virginia: 256 } }],
    ['a size between whole numbers', 'scale', { size: 1.5 }],
    ['a size below 0', 'scale', { size: -1 }],
    ['a site that is a number', 'promotion', { data: { ...good.promotion.data, clusters: { virginia: 1 } } }],
    ['an endpoint without an address', 'publication', publicationWith({ endpoints: [{ site: 'oregon' }] })],
    ['an endpoint that is nothing', 'publication', publicationWith({ endpoints: [null] })],
    ['an epoch between whole numbers', 'publication', publicationWith({ epoch: 1.5 })],
    ['a publication that does not say whether to write', 'publication', publicationWith({ isReadOnly: undefined })],
  ] as const)('is none with %s', (_, kind, changes) => {
    expect(isOrder(orderOf(kind, changes))).toBe(false);
  });

  it('is none of a kind that every object has', () => {
    const fence = { ...good.isolation.fence, kind: 'constructor' };

    expect(isOrder({ ...orderOf('address'), kind: 'constructor' })).toBe(false);
    expect(isOrder(orderOf('isolation', { fence }))).toBe(false);
  });

  it.each([{ values: { a: null, aaaa: '2001:db8::1' } }, { values: { a: null, aaaa: null } }])(
    'may leave out an address type of a record by null ($values)',
    (changes) => {
      expect(isOrder(orderOf('record', changes))).toBe(true);
    },
  );
});

function expectEachPartNeeded(kind: Desired['kind'], name: string, thing: Readonly<Record<string, unknown>>): void {
  const passed = Object.keys(thing).filter((part) =>
    isOrder(orderOf(kind, { [name]: { ...thing, [part]: undefined } })),
  );
  expect(passed).toEqual([]);
}

function publicationWith(changes: Readonly<Record<string, unknown>>) {
  return { publication: { ...good.publication.publication, ...changes } };
}
