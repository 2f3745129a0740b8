import { App, Stack } from 'aws-cdk-lib';
import { expect, test } from 'vitest';
import { policyStatements } from '../../../lib/constructs/permissions/policy-statement.ts';
import { parseDeployment } from '../../../src/config/loader.ts';
import { functionsOf } from '../../../src/config/plan/function-set.ts';
import { statementsFor } from '../../../src/config/plan/permissions/permissions.ts';
import { readRepository } from '../../unit/config/shop.fixture.ts';
import { plain } from '../synthesized.ts';

const path = 'examples/cloudfront/failover.config.yaml';
const deployment = parseDeployment(readRepository(path), path);

test.each(deployment.controlRegions)('%s writes keys of the declared store alone', (region) => {
  const stack = new Stack(new App(), 'Test');

  const grants = policyStatements(statementsFor(deployment, region, 'edge')).map((statement) =>
    plain(stack.resolve(statement.toStatementJson())),
  );

  expect(functionsOf(deployment, region)).toContain('edge');
  expect(grants).toContainEqual({
    Effect: 'Allow',
    Action: ['DescribeKeyValueStore', 'GetKey', 'UpdateKeys'].map((action) => `cloudfront-keyvaluestore:${action}`),
    Resource: deployment.services.web?.traffic.edge?.storeArn,
  });
});
