import { App, Stack } from 'aws-cdk-lib';
import { expect, test } from 'vitest';
import { policyStatements } from '../../../lib/constructs/permissions/policy-statement.ts';
import { parseDeployment } from '../../../src/config/loader.ts';
import { functionsOf } from '../../../src/config/plan/function-set.ts';
import { statementsFor } from '../../../src/config/plan/permissions/permissions.ts';
import { readRepository } from '../../unit/config/shop.fixture.ts';
import { plain } from '../synthesized.ts';

const path = 'examples/accelerator/failover.config.yaml';
const deployment = parseDeployment(readRepository(path), path);

test.each(deployment.controlRegions)('%s has a function that turns the declared dials, and no others', (region) => {
  const stack = new Stack(new App(), 'Test');
  const arns = Object.values(deployment.services.web?.traffic.accelerator?.endpointGroupArns ?? {});

  const grants = policyStatements(statementsFor(deployment, region, 'accelerator')).map((statement) =>
    plain(stack.resolve(statement.toStatementJson())),
  );

  expect(functionsOf(deployment, region)).toContain('accelerator');
  expect(grants).toContainEqual({
    Effect: 'Allow',
    Action: ['globalaccelerator:DescribeEndpointGroup', 'globalaccelerator:UpdateEndpointGroup'],
    Resource: arns,
  });
});

test.each([
  ['weights of endpoints are turned', true],
  ['dials alone are', false],
])('what other accounts share is listed where %s (%s)', (_, isListed) => {
  const { web } = deployment.services;
  if (web === undefined) throw new Error('the example has a service');
  const { accelerator } = web.traffic;
  const ids = Object.fromEntries(Object.keys(web.sites).map((site) => [site, [`i-${site}`]]));
  const endpointIds = isListed ? ids : undefined;
  const traffic = { ...web.traffic, accelerator: accelerator && { ...accelerator, endpointIds } };
  const of = { ...deployment, services: { web: { ...web, traffic } } };

  const actions = statementsFor(of, 'us-east-1', 'accelerator').flatMap((statement) => statement.actions);

  expect(actions.includes('globalaccelerator:ListCrossAccountResources')).toBe(isListed);
});
