import { describe, expect, it } from 'vitest';
import { promotionsIn } from '../../../lambda/data.ts';
import { defineDeployment } from '../../../src/config/load.ts';
import type { Order } from '../../../src/core/kinds/order.ts';
import type { DataResource } from '../../../src/core/model/data.ts';
import type { Service } from '../../../src/core/model/service.ts';
import { shop } from '../config/shop.fixture.ts';

const data: DataResource = { kind: 'rds-replica', instances: { virginia: 'shop-east', oregon: 'shop-west' } };

const order: Extract<Order, { readonly kind: 'promotion' }> = {
  service: 'web',
  token: { epoch: 2, attempt: 1 },
  manner: 'enforce',
  kind: 'promotion',
  data,
  from: 'virginia',
  to: 'oregon',
  isPlanned: false,
  isDataLossAllowed: false,
};

function serviceWith(its: DataResource | undefined): Service {
  const { web } = defineDeployment(shop).services;
  if (!web) throw new Error('the fixture has no service "web"');
  return { ...web, data: its };
}

describe('promotions in us-west-2', () => {
  const { isOwn } = promotionsIn('us-west-2');

  it.each([
    { of: {} },
    { of: { data: { instances: { oregon: 'shop-west', virginia: 'shop-east' }, kind: 'rds-replica' } as const } },
    { of: { from: 'last-resort' } },
  ])('are those of the declared data, to a site of the region ($of)', ({ of }) => {
    expect(isOwn({ ...order, ...of }, serviceWith(data))).toBe(true);
  });

  it.each([
    { of: { data: { ...data, instances: { virginia: 'shop-east', oregon: 'other' } } } },
    { of: { data: { kind: 'custom', functions: data.instances } as const } },
    { of: { from: 'ohio' } },
    { of: { to: 'ohio' } },
    { of: { to: 'virginia' } },
    { of: { to: 'last-resort' } },
    { of: { to: 'toString' } },
  ])('are not of anything else ($of)', ({ of }) => {
    expect(isOwn({ ...order, ...of }, serviceWith(data))).toBe(false);
  });

  it('are none for a service without data', () => {
    expect(isOwn(order, serviceWith(undefined))).toBe(false);
  });
});
