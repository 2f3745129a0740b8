import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { ConfigError } from '../../src/config/config-error.ts';
import { type OversizedStack, oversizedStacks, recordsStack } from '../../src/config/plan/stack-size.ts';
import type { Deployment } from '../../src/core/model/deployment.ts';

/**
 * Longest inline policy of a role, in characters without white space, with a little left for what stands around the
 * statements. Source: IAM User Guide, "IAM and AWS STS quotas": 10,240.
 */
const policyLengthMax = 10_000;

const hint = 'split the services over two deployments with names of their own';

/** @throws {ConfigError} when a region's stack would have more resources than CloudFormation takes */
export function checkRegionLimits(deployment: Deployment): void {
  refuse(oversizedStacks(deployment).filter(({ stack }) => stack !== recordsStack));
}

/** @throws {ConfigError} when the records' stack would have more resources than CloudFormation takes */
export function checkRecordsLimits(deployment: Deployment): void {
  refuse(oversizedStacks(deployment).filter(({ stack }) => stack === recordsStack));
}

/**
 * Refuses a role whose inline policy IAM would refuse.
 *
 * @throws {ConfigError} when the policy has more than {@link policyLengthMax} characters
 */
export function checkPolicyLimit(functionName: string, statements: readonly PolicyStatement[]): void {
  const text = JSON.stringify(statements.map((statement) => statement.toStatementJson()));
  // What is known only in AWS stands for an account or a partition: twelve characters at most.
  const length = text.replaceAll(/\$\{Token\[[^\]]+\]\}/g, '123456789012').length;
  if (length <= policyLengthMax) return;
  const found = `services and regions whose names fill ${length} characters of the policy of ${functionName}`;
  const allowed = `${policyLengthMax}, IAM's limit`;
  throw new ConfigError('failover.config', [{ path: 'services', line: null, found, allowed, hint }]);
}

function refuse(stacks: readonly OversizedStack[]): void {
  if (stacks.length === 0) return;
  throw new ConfigError(
    'failover.config',
    stacks.map(({ finding }) => finding),
  );
}
