import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { accountStackName } from '../../src/config/plan/names.ts';
import { FailoverAccount, type FailoverAccountProps } from '../constructs/failover-account.ts';

/** What an account's stack is made from. */
export interface FailoverAccountStackProps
  extends FailoverAccountProps,
    Omit<StackProps, 'env' | 'crossRegionReferences'> {
  /** One of the deployment's other accounts. */
  readonly account: string;
}

/** The stack of the roles in another account. IAM is one for all regions, so it stands in the first control region. */
export class FailoverAccountStack extends Stack {
  constructor(scope: Construct, id: string, { account, deployment, ...props }: FailoverAccountStackProps) {
    const [region] = deployment.controlRegions;
    super(scope, id, {
      stackName: accountStackName(deployment.name, account),
      description: `cdk-failover: roles of ${deployment.name} in account ${account}`,
      ...props,
      env: { account, ...(region === undefined ? {} : { region }) },
    });
    new FailoverAccount(this, 'Account', { deployment });
  }
}
