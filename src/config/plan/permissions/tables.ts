import type { Deployment } from '../../../core/model/deployment.ts';
import { claimKey, opinionsKey, registerKey } from '../names.ts';
import { tableArn } from './arn.ts';
import type { Statement } from './statement.ts';

/** One read asks for the opinions and for the registers of the services, so the opinions are part of it. */
export function readTables(
  sid: string,
  deployment: Deployment,
  regions: readonly string[],
  services: readonly string[],
): Statement {
  return readItems(sid, deployment, regions, [opinionsKey, ...services.map(registerKey)]);
}

/** Items of state tables by their keys, several in one read. */
export function readItems(
  sid: string,
  deployment: Deployment,
  regions: readonly string[],
  keys: readonly string[],
): Statement {
  return {
    sid,
    actions: ['dynamodb:BatchGetItem'],
    resources: regions.map((region) => tableArn(deployment, region)),
    conditions: leadingKeys(keys),
  };
}

/** A refused write reads what refused it, where that did not come along, and a claim what a lost answer has left. */
export function writeItems(
  sid: string,
  deployment: Deployment,
  regions: readonly string[],
  keys: readonly string[],
): Statement {
  return {
    sid,
    actions: ['dynamodb:UpdateItem', 'dynamodb:GetItem'],
    resources: regions.map((region) => tableArn(deployment, region)),
    conditions: leadingKeys(keys),
  };
}

/** What every actuator does first, in its own region's table. */
export function claim(deployment: Deployment, region: string, services: readonly string[]): readonly Statement[] {
  return [
    readTables('Register', deployment, [region], services),
    writeItems('Claim', deployment, [region], services.map(claimKey)),
  ];
}

/** Which table it is that answers, for whoever counts votes. */
export function identifyTables(deployment: Deployment, regions: readonly string[]): Statement {
  return {
    sid: 'Identity',
    actions: ['dynamodb:DescribeTable'],
    resources: regions.map((region) => tableArn(deployment, region)),
  };
}

/** Limits an action on a table to items with these partition keys. */
export function leadingKeys(keys: readonly string[]): NonNullable<Statement['conditions']> {
  return { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': keys } };
}
