import { App, Stack } from 'aws-cdk-lib';
import { expect, test } from 'vitest';
import { policyStatements } from '../../../lib/constructs/permissions/policy-statement.ts';
import { parseDeployment } from '../../../src/config/loader.ts';
import { functionsOf } from '../../../src/config/plan/function-set.ts';
import { statementsFor } from '../../../src/config/plan/permissions/permissions.ts';
import { readRepository } from '../../unit/config/shop.fixture.ts';
import { plain } from '../synthesized.ts';

const path = 'examples/routing-controls/failover.config.yaml';
const deployment = parseDeployment(readRepository(path), path);

test.each(deployment.controlRegions)(
  '%s turns the declared routing controls, and overrides no safety rule',
  (region) => {
    const stack = new Stack(new App(), 'Test');
    const arns = Object.values(deployment.services.web?.traffic.controls?.routingControlArns ?? {});

    const grants = policyStatements(statementsFor(deployment, region, 'controls')).map((statement) =>
      plain(stack.resolve(statement.toStatementJson())),
    );

    expect(functionsOf(deployment, region)).toContain('controls');
    expect(grants).toEqual(
      expect.arrayContaining([
        { Effect: 'Allow', Action: 'route53-recovery-cluster:GetRoutingControlState', Resource: arns },
        {
          Effect: 'Allow',
          Action: 'route53-recovery-cluster:UpdateRoutingControlStates',
          Resource: arns,
          Condition: { BoolIfExists: { 'route53-recovery-cluster:AllowSafetyRulesOverrides': 'false' } },
        },
      ]),
    );
  },
);
