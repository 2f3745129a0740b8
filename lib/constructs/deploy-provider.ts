import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Provider } from 'aws-cdk-lib/custom-resources';
import { Construct } from 'constructs';
import { accountRolesOf } from '../../src/config/plan/accounts.ts';
import { functionPlanOf } from '../../src/config/plan/functions.ts';
import { functionRoleName, logGroupName } from '../../src/config/plan/names.ts';
import { statementsFor } from '../../src/config/plan/permissions/permissions.ts';
import type { Deployment } from '../../src/core/model/deployment.ts';
import { FailoverFunction, writeLogs } from './failover-function.ts';
import { acceptWildcards } from './permissions/accepted/accepted-wildcards.ts';
import { policyStatements } from './permissions/policy-statement.ts';

/**
 * The function that reads and waits while the records are deployed, and makes those in zones of other accounts; and the
 * CDK's framework that answers CloudFormation.
 */
export class DeployProvider extends Construct {
  readonly serviceToken: string;

  constructor(scope: Construct, id: string, deployment: Deployment, bundleFolder: string) {
    super(scope, id);
    const worker = new FailoverFunction(this, 'deploy', {
      deployment,
      plan: functionPlanOf(deployment, 'deploy'),
      statements: policyStatements(statementsFor(deployment, Stack.of(this).region, 'deploy')),
      bundleFolder,
      roleName: accountRolesOf(deployment).some(({ kind }) => kind === 'deploy')
        ? functionRoleName(deployment.name, 'deploy', null)
        : undefined,
    });
    const logGroup = new LogGroup(this, 'FrameworkLogs', {
      logGroupName: `${logGroupName(deployment.name, 'deploy')}-framework`,
      retention: RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const statements = [
      writeLogs(`${logGroupName(deployment.name, 'deploy')}-framework`),
      new PolicyStatement({
        sid: 'Worker',
        actions: ['lambda:InvokeFunction', 'lambda:GetFunction'],
        resources: [worker.lambda.functionArn],
      }),
    ];
    const role = new Role(this, 'FrameworkRole', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      inlinePolicies: { own: new PolicyDocument({ statements }) },
    });
    acceptWildcards(role, statements);
    const provider = new Provider(this, 'Framework', {
      onEventHandler: worker.lambda,
      frameworkOnEventRole: role.withoutPolicyUpdates(),
      logGroup,
    });
    this.serviceToken = provider.serviceToken;
  }
}
