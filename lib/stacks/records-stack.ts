import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { recordsStackName } from '../../src/config/plan/names.ts';
import { checkedDeployment, environmentOf } from '../constructs/checked-deployment.ts';
import { FailoverRecords, type FailoverRecordsProps } from '../constructs/failover-records.ts';

/** What the records' stack is made from. */
export interface FailoverRecordsStackProps
  extends FailoverRecordsProps,
    Omit<StackProps, 'env' | 'crossRegionReferences'> {}

/** The stack of checks and records. Route 53 is one for all regions, so it stands in the first control region. */
export class FailoverRecordsStack extends Stack {
  constructor(scope: Construct, id: string, { deployment, bundleFolder, ...props }: FailoverRecordsStackProps) {
    const [region] = checkedDeployment(deployment, `stack ${id}`).controlRegions;
    super(scope, id, {
      stackName: recordsStackName(deployment.name),
      description: `cdk-failover: health checks and records of ${deployment.name}`,
      ...props,
      env: environmentOf(scope, deployment, region),
    });
    new FailoverRecords(this, 'Records', { deployment, bundleFolder });
  }
}
