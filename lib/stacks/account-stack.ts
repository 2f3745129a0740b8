import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { rolesRegionOf } from '../../src/config/plan/accounts.ts';
import { accountStackName } from '../../src/config/plan/names.ts';
import { checkedDeployment } from '../constructs/checked-deployment.ts';
import { FailoverAccount, type FailoverAccountProps } from '../constructs/failover-account.ts';

/** What an account's stack is made from. */
export interface FailoverAccountStackProps
  extends FailoverAccountProps,
    Omit<StackProps, 'env' | 'crossRegionReferences'> {
  /** One of the deployment's other accounts. */
  readonly account: string;
}

/** The stack of the roles in another account: in the region that `accounts` names, else in the first control region. */
export class FailoverAccountStack extends Stack {
  constructor(scope: Construct, id: string, { account, deployment, ...props }: FailoverAccountStackProps) {
    const region = rolesRegionOf(checkedDeployment(deployment, `stack ${id}`), account);
    super(scope, id, {
      stackName: accountStackName(deployment.name, account),
      description: `cdk-failover: roles of ${deployment.name} in account ${account}`,
      ...props,
      env: { account, ...(region === undefined ? {} : { region }) },
    });
    new FailoverAccount(this, 'Account', { deployment });
  }
}
