import { describe, expect, it } from 'vitest';
import { isolationsIn } from '../../../lambda/isolation.ts';
import { defineDeployment } from '../../../src/config/load.ts';
import type { Order } from '../../../src/core/kinds/order.ts';
import type { Service } from '../../../src/core/model/service.ts';
import type { Fence } from '../../../src/core/model/site.ts';
import { shop } from '../config/shop.fixture.ts';

const fence: Fence = { kind: 'groups', instanceIds: ['i-1', 'i-2'], isolationGroupId: 'sg-1' };

const order: Extract<Order, { readonly kind: 'isolation' }> = {
  service: 'web',
  token: { epoch: 2, attempt: 1 },
  manner: 'enforce',
  kind: 'isolation',
  site: 'virginia',
  fence,
  isIsolated: true,
  isSelfFence: false,
};

/** Virginia, in us-east-1, has the fence; Oregon, in us-west-2, has none. */
function serviceWith(its: Fence): Service {
  const { web } = defineDeployment(shop).services;
  const virginia = web?.sites.virginia;
  if (!web || !virginia) throw new Error('the fixture has no service "web"');
  return { ...web, sites: { ...web.sites, virginia: { ...virginia, fence: its } } };
}

describe('isolations in us-east-1', () => {
  const { isOwn } = isolationsIn('us-east-1');

  it.each([
    { of: {} },
    { of: { isIsolated: false } },
    { of: { fence: { isolationGroupId: 'sg-1', instanceIds: ['i-1', 'i-2'], kind: 'groups' } as const } },
  ])('are those of the declared fence, whichever way ($of)', ({ of }) => {
    expect(isOwn({ ...order, ...of }, serviceWith(fence))).toBe(true);
  });

  it.each([
    { of: { fence: { ...fence, instanceIds: ['i-1'] } } },
    { of: { fence: { ...fence, instanceIds: ['i-1', 'i-2', 'i-3'] } } },
    { of: { fence: { ...fence, isolationGroupId: 'sg-open' } } },
    { of: { fence: { kind: 'custom', functionName: 'any' } as const } },
    { of: { site: 'oregon' } },
    { of: { site: 'ohio' } },
    { of: { site: 'toString' } },
  ])('are not of anything else ($of)', ({ of }) => {
    expect(isOwn({ ...order, ...of }, serviceWith(fence))).toBe(false);
  });

  it('are not those of a site of another region', () => {
    expect(isolationsIn('us-west-2').isOwn(order, serviceWith(fence))).toBe(false);
  });
});
