import { expect, test } from 'vitest';
import { defineDeployment } from '../../../src/config/loader.ts';
import { statementsFor } from '../../../src/config/plan/permissions/permissions.ts';
import { zones } from '../../unit/config/shop.fixture.ts';

const elb = 'arn:aws:elasticloadbalancing:us-east-1:123456789012';

test.each([
  ['app', 'listener', false],
  ['net', 'listener', true],
  ['net', 'listener-rule', true],
])('the survey behind %s balancers (%s) reads what the balancer says of zones: %s', (type, resource, isRead) => {
  const { web } = zones.services;
  if (web === undefined) throw new Error('the fixture has a service');
  const listenerArn = `${elb}:${resource}/${type}/shop/0123456789abcdef/0123456789abcdef`;
  const targetGroups = { left: `${elb}:targetgroup/left/0123456789abcdef`, right: `${elb}:targetgroup/right/01234567` };
  const traffic = { targets: { listenerArn, targetGroups } };
  const deployment = defineDeployment({ ...zones, services: { web: { ...web, traffic } } });

  const actions = statementsFor(deployment, 'us-east-1', 'survey').flatMap((statement) => statement.actions);

  expect(actions).toContain('elasticloadbalancing:DescribeTargetGroupAttributes');
  expect(actions.includes('elasticloadbalancing:DescribeLoadBalancerAttributes')).toBe(isRead);
});
