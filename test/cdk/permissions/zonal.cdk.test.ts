import { App, Stack } from 'aws-cdk-lib';
import { expect, test } from 'vitest';
import { policyStatements } from '../../../lib/constructs/permissions/policy-statement.ts';
import { parseDeployment } from '../../../src/config/loader.ts';
import { functionsOf } from '../../../src/config/plan/function-set.ts';
import { statementsFor } from '../../../src/config/plan/permissions/permissions.ts';
import { readRepository } from '../../unit/config/shop.fixture.ts';
import { plain } from '../synthesized.ts';

const path = 'examples/zones/failover.config.yaml';
const deployment = parseDeployment(readRepository(path), path);

test('the region of the load balancer may shift the one that is declared, and no other; other regions have no function', () => {
  const stack = new Stack(new App(), 'Test');
  const arns = deployment.services.web?.traffic.zonal?.resourceArns ?? [];

  const grants = policyStatements(statementsFor(deployment, 'us-east-1', 'zonal')).map((statement) =>
    plain(stack.resolve(statement.toStatementJson())),
  );

  expect(deployment.controlRegions.filter((region) => functionsOf(deployment, region).includes('zonal'))).toEqual([
    'us-east-1',
  ]);
  expect(grants).toContainEqual({
    Effect: 'Allow',
    Action: [
      'arc-zonal-shift:GetManagedResource',
      'arc-zonal-shift:StartZonalShift',
      'arc-zonal-shift:UpdateZonalShift',
      'arc-zonal-shift:CancelZonalShift',
    ],
    Resource: arns[0],
  });
});
