import { CfnRule } from 'aws-cdk-lib/aws-events';
import { CfnPermission } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { scheduleName } from '../../src/config/plan/names.ts';
import type { Deployment } from '../../src/core/model/deployment.ts';
import type { FailoverFunction } from './failover-function.ts';

/** Starts a watcher each minute. A lost event is not repeated: the next one is less than a minute away. */
export class WatcherSchedule extends Construct {
  constructor(scope: Construct, id: string, deployment: Deployment, watcher: FailoverFunction) {
    super(scope, id);
    const rule = new CfnRule(this, 'Rule', {
      name: scheduleName(deployment.name),
      description: `Starts a watcher of ${deployment.name}`,
      scheduleExpression: 'rate(1 minute)',
      state: 'ENABLED',
      targets: [
        {
          id: 'watcher',
          arn: watcher.lambda.functionArn,
          retryPolicy: { maximumRetryAttempts: 0, maximumEventAgeInSeconds: 60 },
        },
      ],
    });
    new CfnPermission(this, 'Permission', {
      action: 'lambda:InvokeFunction',
      functionName: watcher.lambda.functionName,
      principal: 'events.amazonaws.com',
      sourceArn: rule.attrArn,
    });
  }
}
