import { App, Stack } from 'aws-cdk-lib';
import { expect, test } from 'vitest';
import { policyStatements } from '../../lib/constructs/permissions/policy-statement.ts';
import { functionsOf } from '../../src/config/plan/function-set.ts';
import { statementsFor } from '../../src/config/plan/permissions/permissions.ts';
import { exampleDeployment, plain, stubBundles, templatesOf } from './synthesized.ts';

const deployment = exampleDeployment('datacenter');

test('no stack is made for a location: one a control region, and the records', () => {
  const regions = Object.keys(templatesOf(deployment, stubBundles())).sort();

  expect(regions).toEqual([
    'shop-failover-eu-central-1',
    'shop-failover-eu-west-1',
    'shop-failover-eu-west-2',
    'shop-failover-records',
  ]);
});

test('the region that the fence names has its functions, and no other region', () => {
  const fencing = deployment.controlRegions.filter((region) => functionsOf(deployment, region).includes('fence'));
  const surveying = deployment.controlRegions.filter((region) => functionsOf(deployment, region).includes('survey'));

  expect([fencing, surveying]).toEqual([['eu-west-1'], ['eu-west-1']]);
});

test.each(['fence', 'survey'] as const)('the %s function there may ask the function that fences', (kind) => {
  const stack = new Stack(new App(), 'Test');
  const granted = policyStatements(statementsFor(deployment, 'eu-west-1', kind))
    .map((statement) => JSON.stringify(plain(stack.resolve(statement.toStatementJson()))))
    .filter((statement) => statement.includes('lambda:InvokeFunction'));

  expect(granted).toEqual([expect.stringContaining('arn:aws:lambda:eu-west-1:111122223333:function:cut-off')]);
});
