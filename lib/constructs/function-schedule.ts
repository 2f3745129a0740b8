import { CfnRule } from 'aws-cdk-lib/aws-events';
import { CfnPermission } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { SchedulePlan } from '../../src/config/plan/schedules.ts';
import type { FailoverFunction } from './failover-function.ts';

/** Starts a function again and again. A lost event is not repeated: another one follows. */
export class FunctionSchedule extends Construct {
  constructor(scope: Construct, id: string, plan: SchedulePlan, started: FailoverFunction) {
    super(scope, id);
    const rule = new CfnRule(this, 'Rule', {
      name: plan.name,
      description: plan.description,
      scheduleExpression: plan.expression,
      state: 'ENABLED',
      targets: [
        {
          id: plan.kind,
          arn: started.lambda.functionArn,
          retryPolicy: { maximumRetryAttempts: 0, maximumEventAgeInSeconds: 60 },
        },
      ],
    });
    new CfnPermission(this, 'Permission', {
      action: 'lambda:InvokeFunction',
      functionName: started.lambda.functionName,
      principal: 'events.amazonaws.com',
      sourceArn: rule.attrArn,
    });
  }
}
