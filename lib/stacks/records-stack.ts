import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { recordsStackName } from '../../src/config/plan/names.ts';
import { recordsRegionOf } from '../../src/config/plan/records.ts';
import { checkedDeployment, environmentOf } from '../constructs/checked-deployment.ts';
import { FailoverRecords, type FailoverRecordsProps } from '../constructs/failover-records.ts';

/** What the records' stack is made from. */
export interface FailoverRecordsStackProps
  extends FailoverRecordsProps,
    Omit<StackProps, 'env' | 'crossRegionReferences'> {}

/** The stack of checks and records: in the region that the deployment names, else in the first control region. */
export class FailoverRecordsStack extends Stack {
  constructor(scope: Construct, id: string, { deployment, bundleFolder, ...props }: FailoverRecordsStackProps) {
    const region = recordsRegionOf(checkedDeployment(deployment, `stack ${id}`));
    super(scope, id, {
      stackName: recordsStackName(deployment.name),
      description: `cdk-failover: health checks and records of ${deployment.name}`,
      ...props,
      env: environmentOf(scope, deployment, region),
    });
    new FailoverRecords(this, 'Records', { deployment, bundleFolder });
  }
}
