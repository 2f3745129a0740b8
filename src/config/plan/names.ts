import { type KindName, kindNames } from '../../core/kinds/kind-name.ts';
import type { TableCapacity } from '../../core/kinds/start.ts';

/**
 * Names of everything that is deployed. All follow from the deployment's name, so that any region and any person can
 * find the parts of another region without asking that region.
 */

/** The only key of a state table, a string: what the item is, and of which service. */
export const partitionKey = 'pk';

/** Source of the events on the default bus. */
export const eventSource = 'cdk-failover';

/** CloudWatch namespace of the metrics. */
export const metricNamespace = 'CdkFailover';

/** Metric that is 1 while nobody of the sites in its dimension `sites` serves, else 0. */
export const memoryMetric = 'left';

/** Name of the file, beside a function's code, that holds the deployment with all defaults filled in. */
export const deploymentFileName = 'deployment.json';

/**
 * The functions of a control region: one for each kind of thing that a run changes, and some others. `deploy` runs only
 * while a stack is deployed.
 */
export const functionKinds = [
  'watcher',
  'oracle',
  'endpoints',
  ...kindNames,
  'survey',
  'notify',
  'doctor',
  'deploy',
] as const;

/** What a deployed function is for; its handler is `lambda/<kind>.lambda.ts`. */
export type FunctionKind = (typeof functionKinds)[number];

/** Name of a deployment's state table, the same in each control region. */
export function stateTableName(deployment: string): string {
  return `${deployment}-failover-state`;
}

/** Name of a function, the same in each control region that has it. */
export function functionName(deployment: string, kind: FunctionKind): string {
  return `${deployment}-failover-${kind}`;
}

/** A function that goes to other accounts: to what sites have there, or to hosted zones. */
export type AccountFunctionKind = KindName | 'survey' | 'deploy';

/**
 * Name of the role of a function that goes to other accounts, which their roles know it by. IAM has one set of names
 * for all regions, so it names the region; it takes 64 characters.
 *
 * @param region - null for the function that is there once a deployment
 */
export function functionRoleName(deployment: string, kind: AccountFunctionKind, region: string | null): string {
  return [deployment, 'failover', kind, region].filter((part) => part !== null).join('-');
}

/** Name of the role that a function takes in another account. */
export function accountRoleName(deployment: string, kind: AccountFunctionKind, region: string | null): string {
  const owner = kind === 'dns' || kind === 'deploy' ? 'zone' : 'site';
  return [deployment, owner, kind, region].filter((part) => part !== null).join('-');
}

/** Name of the stack of these roles in an account. */
export function accountStackName(deployment: string, account: string): string {
  return `${deployment}-failover-account-${account}`;
}

/** Name of the topic that people subscribe to, the same in each control region. */
export function topicName(deployment: string): string {
  return `${deployment}-failover`;
}

/** Name of an alarm; deployment-wide when `service` is null. */
export function alarmResourceName(deployment: string, service: string | null, alarm: string): string {
  return [deployment, 'failover', service, alarm].filter((part) => part !== null).join('-');
}

/** Name of the dashboard; dashboards of all regions share one list. */
export function dashboardName(deployment: string, region: string): string {
  return `${deployment}-failover-${region}`;
}

/** Parameter in each control region that holds the host name of its oracle, read while the records are deployed. */
export function oracleHostParameter(deployment: string): string {
  return `/${deployment}/failover/oracle-host`;
}

/** Parameter in each control region that holds the host name at which clients ask for endpoints. */
export function endpointsHostParameter(deployment: string): string {
  return `/${deployment}/failover/endpoints-host`;
}

/** Parameter in each control region with the endpoints of a service, for clients inside the account. */
export function endpointsParameter(deployment: string, service: string): string {
  return `/${deployment}/failover/endpoints/${service}`;
}

/** Tag of an isolated instance: its earlier security groups, which it gets back when the fence opens. */
export const isolationTag = 'cdk-failover:groups';

/** Value of the metric dimension `service` for what belongs to none. */
export const noService = '-';

/** Log group of a function: where Lambda looks for it. */
export function logGroupName(deployment: string, kind: FunctionKind): string {
  return `/aws/lambda/${functionName(deployment, kind)}`;
}

/** Name of a control region's stack. */
export function regionStackName(deployment: string, region: string): string {
  return `${deployment}-failover-${region}`;
}

/** Name of the stack of health checks and records. */
export function recordsStackName(deployment: string): string {
  return `${deployment}-failover-records`;
}

/** Rule that hands on the ends of alarms of which no watcher tells. */
export function alarmEndsName(deployment: string): string {
  return `${deployment}-failover-alarm-ends`;
}

/** Name of the schedule of a function, the same in each control region that has it. */
export function scheduleName(deployment: string, kind: FunctionKind): string {
  return functionName(deployment, kind);
}

/** Key of the item that holds a region's opinions. */
export const opinionsKey = 'opinions';

/** Key of the item that holds a service's register. */
export function registerKey(service: string): string {
  return `register#${service}`;
}

/** Key of the item that holds the newest token claimed for a service. */
export function claimKey(service: string): string {
  return `claim#${service}`;
}

/**
 * Name of a capacity of a table, or of an index of it, in Application Auto Scaling. Source: Application Auto Scaling
 * API Reference, RegisterScalableTarget.
 */
export function scalableDimension({ index, units }: Pick<TableCapacity, 'index' | 'units'>): string {
  const unitsName = units === 'read' ? 'ReadCapacityUnits' : 'WriteCapacityUnits';
  return `dynamodb:${index === undefined ? 'table' : 'index'}:${unitsName}`;
}

/** Name of the count of an ECS service in Application Auto Scaling. Source: the same. */
export const ecsCountDimension = 'ecs:service:DesiredCount';

/** Name of the provisioned concurrency of an alias in Application Auto Scaling. Source: the same. */
export const concurrencyDimension = 'lambda:function:ProvisionedConcurrency';

/** Most readers of an Aurora cluster. Source: Amazon Aurora User Guide, "Adding Aurora Replicas to a DB cluster". */
export const readersMax = 15;

/**
 * Names of the instances that are made as readers of a cluster, in the order in which they are made. Nobody else may
 * use them, because what has such a name is deleted when it is not needed.
 */
export function readerNames(cluster: string): readonly string[] {
  return Array.from({ length: readersMax }, (_, index) => `${cluster}-failover-${index + 1}`);
}
