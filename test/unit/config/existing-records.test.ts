import { describe, expect, test } from 'vitest';
import { type ExistingRecord, proposalFrom } from '../../../src/config/existing-records.ts';

const east = 'web-1.us-east-1.elb.amazonaws.com';
const west = 'web-2.us-west-2.elb.amazonaws.com';

function record(more: Partial<ExistingRecord>): ExistingRecord {
  return {
    type: 'A',
    policy: 'simple',
    setIdentifier: null,
    isSecondary: false,
    weight: null,
    region: null,
    alias: null,
    values: [],
    ttlSeconds: null,
    ...more,
  };
}

const weighted = (setIdentifier: string, weight: number, value: string) =>
  record({ policy: 'weighted', setIdentifier, weight, values: [value], ttlSeconds: 60 });

test('failover records are two sites, the primary first, their regions those of the load balancers', () => {
  const proposal = proposalFrom([
    record({ policy: 'failover', setIdentifier: 'Oregon!', isSecondary: true, alias: west }),
    record({ policy: 'failover', setIdentifier: 'Virginia', alias: east }),
    record({ policy: 'failover', setIdentifier: 'Virginia-6', type: 'AAAA', alias: east }),
  ]);

  expect(proposal).toEqual({
    policy: 'failover',
    ttlSeconds: null,
    sites: [
      { name: 'virginia', region: 'us-east-1', addresses: [east], ipv6: true, weight: null },
      { name: 'oregon', region: 'us-west-2', addresses: [west], ipv6: false, weight: null },
    ],
  });
});

test('latency records say their regions themselves', () => {
  const latency = (region: string, value: string) =>
    record({ policy: 'latency', setIdentifier: region, region, values: [value], ttlSeconds: 20 });

  const proposal = proposalFrom([latency('us-east-1', '203.0.113.10'), latency('eu-west-1', '203.0.113.11')]);

  expect(proposal).toMatchObject({ policy: 'latency', ttlSeconds: 20 });
  expect(proposal.sites.map(({ region, addresses }) => [region, ...addresses])).toEqual([
    ['us-east-1', '203.0.113.10'],
    ['eu-west-1', '203.0.113.11'],
  ]);
});

describe('weighted records', () => {
  test('are a pool by their weights, without those of weight 0', () => {
    const { policy, sites } = proposalFrom([
      weighted('a', 10, '192.0.2.1'),
      weighted('b', 0, '192.0.2.2'),
      weighted('c', 90, '192.0.2.3'),
    ]);

    expect(policy).toBe('weighted');
    expect(sites.map(({ name, weight }) => [name, weight])).toEqual([
      ['c', 90],
      ['a', 10],
    ]);
  });

  test('are an active site and a standby when one alone has weight', () => {
    const { policy, sites } = proposalFrom([weighted('green', 0, '192.0.2.1'), weighted('blue', 1, '192.0.2.2')]);

    expect(policy).toBe('failover');
    expect(sites.map(({ name, weight, region }) => [name, weight, region])).toEqual([
      ['blue', null, null],
      ['green', null, null],
    ]);
  });
});

test.each([
  ['a simple record', [record({ values: ['203.0.113.10'], ttlSeconds: 300 })], ['203.0.113.10']],
  [
    'both kinds of address',
    [record({ values: ['203.0.113.10'] }), record({ type: 'AAAA', values: ['2001:db8::1'] })],
    ['203.0.113.10', '2001:db8::1'],
  ],
  ['an alias of another record of the zone', [record({ alias: 'ha.shop.example' })], []],
  ['a name', [record({ type: 'CNAME', values: ['db.example.net'] })], ['db.example.net']],
])('%s is one site, and its region is unknown', (_, records, addresses) => {
  const proposal = proposalFrom(records);

  expect(proposal.sites).toEqual([{ name: 'site-1', region: null, addresses, ipv6: false, weight: null }]);
  expect(proposal.ttlSeconds).toBeNull();
});

test('identifiers that are no names become numbers, and no two sites have one name', () => {
  const { sites } = proposalFrom([
    weighted('A', 3, '192.0.2.1'),
    weighted('a', 2, '192.0.2.2'),
    weighted('?', 1, '192.0.2.3'),
  ]);

  expect(sites.map(({ name }) => name)).toEqual(['a', 'site-2', 'site-3']);
});

test('no records propose nothing', () => {
  expect(proposalFrom([])).toEqual({ sites: [], policy: 'failover', ttlSeconds: null });
});
