import { describe, expect, it } from 'vitest';
import { targetWeightsIn } from '../../../lambda/targets.ts';
import { defineDeployment } from '../../../src/config/load.ts';
import type { Order } from '../../../src/core/kinds/order.ts';
import type { Service } from '../../../src/core/model/service.ts';
import { zones } from '../config/shop.fixture.ts';

const prefix = 'arn:aws:elasticloadbalancing:us-east-1:123456789012';
const listenerArn = `${prefix}:listener/app/shop/0123456789abcdef/0123456789abcdef`;
const left = `${prefix}:targetgroup/left/0123456789abcdef`;
const right = `${prefix}:targetgroup/right/0123456789abcdef`;

const order: Extract<Order, { readonly kind: 'weights' }> = {
  service: 'web',
  token: { epoch: 2, attempt: 1 },
  manner: 'enforce',
  kind: 'weights',
  listenerArn,
  weights: { [left]: 0, [right]: 100 },
};

function serviceBehind(targets: { readonly listenerArn: string } | undefined): Service {
  const { web } = zones.services;
  if (!web) throw new Error('the fixture has no service "web"');
  const traffic = targets ? { targets: { ...targets, targetGroups: { left, right } } } : web.traffic;
  const service = defineDeployment({ ...zones, services: { web: { ...web, traffic } } }).services.web;
  return service ?? expect.fail('it was defined');
}

describe('weights in us-east-1', () => {
  const { isOwn } = targetWeightsIn('us-east-1');

  it.each([{ of: {} }, { of: { weights: { [right]: 1, [left]: 2 } } }])(
    'are those of all declared target groups, whatever they are ($of)',
    ({ of }) => {
      expect(isOwn({ ...order, ...of }, serviceBehind({ listenerArn }))).toBe(true);
    },
  );

  it.each([
    { of: { listenerArn: `${listenerArn}0` } },
    { of: { weights: { [right]: 100 } } },
    { of: { weights: { [left]: 0, [right]: 100, [`${right}0`]: 0 } } },
    { of: { weights: { [left]: 0, [`${right}0`]: 100 } } },
  ])('are not of anything else, nor of a part ($of)', ({ of }) => {
    expect(isOwn({ ...order, ...of }, serviceBehind({ listenerArn }))).toBe(false);
  });

  it('are none for a service without target groups', () => {
    expect(isOwn(order, serviceBehind(undefined))).toBe(false);
  });

  it('are not those of a listener of another region', () => {
    expect(targetWeightsIn('us-west-2').isOwn(order, serviceBehind({ listenerArn }))).toBe(false);
  });
});
