import { Aws } from 'aws-cdk-lib';
import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';

/**
 * What the role of a function in a VPC needs. Lambda makes the network interfaces in the name of the role; the code
 * itself is denied the same. Source: Lambda Developer Guide, "Giving Lambda functions access to resources in an Amazon
 * VPC".
 */
export function interfaceStatements(functionName: string): readonly PolicyStatement[] {
  const actions = [
    'ec2:CreateNetworkInterface',
    'ec2:DeleteNetworkInterface',
    'ec2:DescribeNetworkInterfaces',
    'ec2:DescribeSubnets',
    'ec2:AssignPrivateIpAddresses',
    'ec2:UnassignPrivateIpAddresses',
  ];
  const self = `arn:${Aws.PARTITION}:lambda:${Aws.REGION}:${Aws.ACCOUNT_ID}:function:${functionName}`;
  return [
    new PolicyStatement({ sid: 'Interfaces', actions, resources: ['*'] }),
    new PolicyStatement({
      sid: 'InterfacesNotByCode',
      effect: Effect.DENY,
      actions,
      resources: ['*'],
      conditions: { ArnEquals: { 'lambda:SourceFunctionArn': self } },
    }),
  ];
}
