import { Aws } from 'aws-cdk-lib';
import { type FunctionKind, functionName, stateTableName, topicName } from '../../src/config/names.ts';
import type { Deployment } from '../../src/core/deployment.ts';

/** Names of things as policies want them. All are known beforehand, so that no stack has to ask another. */

type Named = Pick<Deployment, 'name'>;

/** The state table of a region. */
export function tableArn({ name }: Named, region: string): string {
  return `arn:${Aws.PARTITION}:dynamodb:${region}:${Aws.ACCOUNT_ID}:table/${stateTableName(name)}`;
}

/** A function of a region. */
export function functionArn({ name }: Named, region: string, kind: FunctionKind): string {
  return `arn:${Aws.PARTITION}:lambda:${region}:${Aws.ACCOUNT_ID}:function:${functionName(name, kind)}`;
}

/** The topic of a region. */
export function topicArn({ name }: Named, region: string): string {
  return `arn:${Aws.PARTITION}:sns:${region}:${Aws.ACCOUNT_ID}:${topicName(name)}`;
}

/** A thing of EC2, such as `instance` and `i-0123456789abcdef0`. */
export function ec2Arn(region: string, type: 'elastic-ip' | 'instance' | 'security-group', id: string): string {
  return `arn:${Aws.PARTITION}:ec2:${region}:${Aws.ACCOUNT_ID}:${type}/${id}`;
}
