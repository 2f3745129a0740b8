import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { ConfigError } from '../../src/config/config-error.ts';
import { deploymentAlarms, serviceAlarms } from '../../src/config/plan/alarms.ts';
import { memoryAlarms } from '../../src/config/plan/memories.ts';
import { recordsPlan } from '../../src/config/plan/records.ts';
import type { Deployment } from '../../src/core/model/deployment.ts';

/**
 * Most resources of one CloudFormation template. Its other limit, 1 MB, is not reached before this one: an alarm, the
 * largest of what there are many of, takes 1 KB. Source: CloudFormation User Guide, "Understand CloudFormation quotas".
 */
const resourcesMax = 500;
/**
 * Resources of a region besides alarms: table, topic, schedule, dashboard, and five for each of eleven functions;
 * rounded up.
 */
const regionBase = 85;
/** Resources of the records' stack besides checks and records: the custom resources with their functions. */
const recordsBase = 20;

/**
 * Longest inline policy of a role, in characters without white space, with a little left for what stands around the
 * statements. Source: IAM User Guide, "IAM and AWS STS quotas": 10,240.
 */
const policyLengthMax = 10_000;

const hint = 'split the services over two deployments with names of their own';

/**
 * Refuses what CloudFormation would refuse.
 *
 * Not split over several stacks: alarms and records have names of their own, and one that changes stacks cannot be made
 * in the new before it is gone from the old.
 *
 * @throws {ConfigError} when a region's stack would have more than {@link resourcesMax} resources
 */
export function checkRegionLimits(deployment: Deployment): void {
  const perService = Object.keys(deployment.services).map((service) => serviceAlarms(deployment, service).length + 1);
  const alarms = deploymentAlarms(deployment).length + memoryAlarms(deployment).length;
  const count = regionBase + alarms + sum(perService);
  refuseAbove(count, 'a region', 'alarms');
}

/** @throws {ConfigError} when the records' stack would have more than {@link resourcesMax} resources */
export function checkRecordsLimits(deployment: Deployment): void {
  const perService = recordsPlan(deployment).map(({ checks, records }) => checks.length + records.length);
  refuseAbove(recordsBase + sum(perService), 'the records', 'health checks and records');
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

function refuseAbove(count: number, owner: string, things: string): void {
  if (count <= resourcesMax) return;
  const found = `services that need about ${count} resources in the stack of ${owner}, most of them ${things}`;
  const allowed = `${resourcesMax}, CloudFormation's limit`;
  throw new ConfigError('failover.config', [{ path: 'services', line: null, found, allowed, hint }]);
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}
