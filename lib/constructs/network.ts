import { Aws } from 'aws-cdk-lib';
import { type ISecurityGroup, type IVpc, SecurityGroup, Subnet, type SubnetSelection, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { WatcherNetwork } from '../../src/core/deployment.ts';

/** A place in a VPC for a function, and what its role needs for it. */
export interface Network {
  readonly vpc: IVpc;
  readonly subnets: SubnetSelection;
  readonly securityGroups: ISecurityGroup[];
  readonly statements: (functionName: string) => readonly PolicyStatement[];
}

/** By ids alone: a look-up would need credentials to synthesize, and would tie a stack to one account. */
export function networkOf(scope: Construct, { vpcId, subnetIds, securityGroupIds }: WatcherNetwork): Network {
  return {
    // The zones are asked for by the CDK and used by nothing: the subnets are chosen by id.
    vpc: Vpc.fromVpcAttributes(scope, 'Vpc', { vpcId, availabilityZones: ['by-subnet'] }),
    subnets: { subnets: subnetIds.map((id) => Subnet.fromSubnetId(scope, id, id)) },
    securityGroups: securityGroupIds.map((id) => SecurityGroup.fromSecurityGroupId(scope, id, id, { mutable: false })),
    statements: attachInterfaces,
  };
}

/**
 * Lambda makes the network interfaces in the name of the role; the code itself is denied the same. Source: Lambda
 * Developer Guide, "Giving Lambda functions access to resources in an Amazon VPC".
 */
function attachInterfaces(functionName: string): readonly PolicyStatement[] {
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
