import { describe, expect, it } from 'vitest';
import { editedRecord, recordWeights } from '../../../lambda/records.ts';
import type { Order } from '../../../src/core/kinds/order.ts';
import type { DnsTraffic } from '../../../src/core/model/traffic.ts';
import { lastResort, poolWith } from '../core/pool.fixture.ts';

const some = { service: 'web', token: { epoch: 2, attempt: 1 }, manner: 'enforce' } as const;
const zone = { zoneId: 'Z0EXAMPLE', name: 'www.shop.example' } as const;

const weights: Extract<Order, { readonly kind: 'record-weights' }> = {
  ...some,
  ...zone,
  kind: 'record-weights',
  weights: { virginia: 100, frankfurt: 0, ireland: 50 },
};
const record: Extract<Order, { readonly kind: 'record' }> = {
  ...some,
  ...zone,
  kind: 'record',
  ttlSeconds: 30,
  values: { a: '203.0.113.10', aaaa: null },
};

const edited = (policy: DnsTraffic['policy'], changes: Partial<DnsTraffic> = {}) =>
  poolWith({ mode: 'records', policy, ...changes });

describe('weights of records', () => {
  it('are those of the sites of a pool with edited weights', () => {
    expect(recordWeights.isOwn(weights, edited('weighted'))).toBe(true);
  });

  const others: readonly Partial<typeof weights>[] = [
    { zoneId: 'Z0OTHER' },
    { name: 'shop.example' },
    { weights: { virginia: 100, ohio: 100 } },
    { weights: { constructor: 100 } },
  ];

  it.each(others.map((of) => ({ of })))('are not of anything else ($of)', ({ of }) => {
    expect(recordWeights.isOwn({ ...weights, ...of }, edited('weighted'))).toBe(false);
  });

  it.each([
    { lastResort: undefined, isOwn: false },
    { lastResort, isOwn: true },
  ])('are of the static endpoint where there is one (isOwn=$isOwn)', ({ lastResort: endpoint, isOwn }) => {
    const order = { ...weights, weights: { ...weights.weights, 'last-resort': 0 } };

    expect(recordWeights.isOwn(order, edited('weighted', { lastResort: endpoint }))).toBe(isOwn);
  });

  it.each(['failover', 'latency', 'multivalue'] as const)('are none with policy %s', (policy) => {
    expect(recordWeights.isOwn(weights, edited(policy))).toBe(false);
  });

  it('are none where the oracles steer', () => {
    expect(recordWeights.isOwn(weights, poolWith({ mode: 'oracle', policy: 'weighted' }))).toBe(false);
  });
});

describe('the record of one site at a time', () => {
  it('is the one that the service has edited', () => {
    expect(editedRecord.isOwn(record, edited('failover'))).toBe(true);
  });

  it.each([{ of: { zoneId: 'Z0OTHER' } }, { of: { name: 'shop.example' } }])('is no other ($of)', ({ of }) => {
    expect(editedRecord.isOwn({ ...record, ...of }, edited('failover'))).toBe(false);
  });

  it('is not one of several with weights', () => {
    expect(editedRecord.isOwn(record, edited('weighted'))).toBe(false);
  });

  it('is none where the oracles steer', () => {
    expect(editedRecord.isOwn(record, poolWith({ mode: 'oracle', policy: 'failover' }))).toBe(false);
  });
});
