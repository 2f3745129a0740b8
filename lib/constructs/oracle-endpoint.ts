import { Fn } from 'aws-cdk-lib';
import { FunctionUrlAuthType } from 'aws-cdk-lib/aws-lambda';
import { CfnParameter } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import { oracleHostParameter } from '../../src/config/plan/names.ts';
import type { Deployment } from '../../src/core/model/deployment.ts';
import type { FailoverFunction } from './failover-function.ts';

/**
 * The public address of a region's oracle, and the parameter from which the records' stack reads it when it is
 * deployed.
 *
 * Route 53's checkers cannot sign requests, so anybody may ask; what is answered is a vote on names that the asker must
 * know, and nothing else.
 */
export class OracleEndpoint extends Construct {
  constructor(scope: Construct, id: string, deployment: Deployment, oracle: FailoverFunction) {
    super(scope, id);
    const url = oracle.lambda.addFunctionUrl({ authType: FunctionUrlAuthType.NONE });
    new CfnParameter(this, 'Host', {
      name: oracleHostParameter(deployment.name),
      type: 'String',
      // https://HOST/
      value: Fn.select(2, Fn.split('/', url.url)),
      description: `Host name of the oracle of ${deployment.name} in this region`,
    });
  }
}
