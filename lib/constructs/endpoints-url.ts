import { Fn } from 'aws-cdk-lib';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import { FunctionUrlAuthType } from 'aws-cdk-lib/aws-lambda';
import { CfnParameter } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import { endpointsHostParameter } from '../../src/config/plan/names.ts';
import type { Deployment } from '../../src/core/model/deployment.ts';
import type { FailoverFunction } from './failover-function.ts';

/**
 * Where clients inside the account ask for endpoints, and the parameter with its host name.
 *
 * Only who may invoke it is answered: requests are signed (`credentials` in `cdk-failover/client`).
 */
export class EndpointsUrl extends Construct {
  readonly #endpoints: FailoverFunction;

  constructor(scope: Construct, id: string, deployment: Deployment, endpoints: FailoverFunction) {
    super(scope, id);
    this.#endpoints = endpoints;
    const url = endpoints.lambda.addFunctionUrl({ authType: FunctionUrlAuthType.AWS_IAM });
    new CfnParameter(this, 'Host', {
      name: endpointsHostParameter(deployment.name),
      type: 'String',
      // https://HOST/
      value: Fn.select(2, Fn.split('/', url.url)),
      description: `Host name at which clients of ${deployment.name} ask for endpoints in this region`,
    });
  }

  /**
   * Lets somebody of this account ask. Both permissions are needed since October 2025. Source: Lambda Developer Guide,
   * "Control access to Lambda function URLs".
   */
  grantAsk(grantee: IGrantable): void {
    this.#endpoints.lambda.grantInvokeUrl(grantee);
    this.#endpoints.lambda.grantInvoke(grantee);
  }
}
