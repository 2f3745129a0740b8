import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { regionStackName } from '../../src/config/plan/names.ts';
import { checkedDeployment, environmentOf } from '../constructs/checked-deployment.ts';
import { FailoverRegion, type FailoverRegionProps } from '../constructs/failover-region.ts';

/** What a control region's stack is made from. */
export interface FailoverRegionStackProps
  extends FailoverRegionProps,
    Omit<StackProps, 'env' | 'crossRegionReferences'> {
  /** One of the deployment's control regions. */
  readonly region: string;
}

/** The stack of one control region, in the account that the deployment names, or in that of the credentials. */
export class FailoverRegionStack extends Stack {
  /** What the stack holds. */
  readonly failover: FailoverRegion;

  constructor(scope: Construct, id: string, { region, deployment, bundleFolder, ...props }: FailoverRegionStackProps) {
    super(scope, id, {
      stackName: regionStackName(checkedDeployment(deployment, `stack ${id}`).name, region),
      description: `cdk-failover: control region ${region} of ${deployment.name}`,
      ...props,
      env: environmentOf(scope, deployment, region),
    });
    this.failover = new FailoverRegion(this, 'Failover', { deployment, bundleFolder });
  }
}
