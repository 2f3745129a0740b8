import type { Deployment } from '../../../core/model/deployment.ts';
import { type AddressTraffic, addressSort } from '../../../core/model/traffic.ts';
import { dnsSizeOf } from '../dns-size.ts';
import { actuatorsOf, functionsOf } from '../function-set.ts';
import { memoryAlarms } from '../memories.ts';
import { oracleHostParameter, registerKey } from '../names.ts';
import { hasFunctionUrls } from '../oracle-fronts.ts';
import { alarmArn, anyRegion, functionArn, ownAccount, parameterArn, roleArn, topicArn, zoneArn } from './arn.ts';
import { lookStatements, type Statement } from './statement.ts';
import { identifyTables, readTables, writeItems } from './tables.ts';

/**
 * What commands need that only look, and the hourly checkup: the state tables, and for votes and memories the addresses
 * of the oracles and the alarms by which DNS remembers. A register may name a voter of any region.
 */
export function lookingStatements(deployment: Deployment): readonly Statement[] {
  const { name, controlRegions, services } = deployment;
  // Of the same name in each region. Named once for all, because a policy has 10,000 characters at most.
  const alarms = memoryAlarms(deployment).map((alarm) => alarmArn(anyRegion, alarm.name));
  return unnamed([
    readTables('Tables', deployment, [anyRegion], Object.keys(services)),
    identifyTables(deployment, [anyRegion]),
    ...(hasFunctionUrls(deployment)
      ? [
          allow(
            'ssm:GetParameter',
            controlRegions.map((region) => parameterArn(region, oracleHostParameter(name))),
          ),
        ]
      : []),
    ...(alarms.length > 0 ? [allow('cloudwatch:DescribeAlarms', alarms)] : []),
    ...examiningStatements(deployment),
  ]);
}

/**
 * What `doctor` reads of the account: which functions are there, and whether their roles may do what they need. Asking
 * IAM calls nothing of what is asked about.
 */
function examiningStatements(deployment: Deployment): readonly Statement[] {
  const kinds = deployment.controlRegions.flatMap((region) => functionsOf(deployment, region));
  const functions = [...new Set(kinds)].map((kind) => functionArn(deployment, anyRegion, kind));
  return [
    { actions: ['lambda:GetFunctionConcurrency', 'lambda:GetFunctionConfiguration'], resources: functions },
    // CloudFormation chooses the names of the roles.
    allow('iam:SimulatePrincipalPolicy', [roleArn(ownAccount, '*')]),
    allow('sns:ListSubscriptionsByTopic', [topicArn(deployment, anyRegion)]),
    ...zoneStatements(deployment),
    ...lookStatements(['lambda:GetAccountSettings', ...quotaActions(deployment)]),
  ];
}

/** The zones of this account, and what is in them. */
function zoneStatements({ services }: Deployment): readonly Statement[] {
  const zones = Object.values(services).flatMap(({ traffic }) => traffic.dns?.zone ?? []);
  const ids = zones.filter(({ account }) => account === undefined).map(({ id }) => id);
  const resources = [...new Set(ids)].map(zoneArn);
  return resources.length === 0
    ? []
    : [{ actions: ['route53:GetHostedZone', 'route53:ListResourceRecordSets'], resources }];
}

/**
 * What people need besides, who deploy: the version of what `cdk bootstrap` made, whatever its qualifier, and the
 * configuration that runs, which lies beside the code of the watchers.
 */
export function deployingStatements(deployment: Deployment): readonly Statement[] {
  return [
    allow('ssm:GetParameter', [parameterArn(anyRegion, '/cdk-bootstrap/*/version')]),
    allow('lambda:GetFunction', [functionArn(deployment, anyRegion, 'watcher')]),
  ];
}

/**
 * What is read of limits, of how fences drain, and of places: none of these actions knows resources, or any that are
 * known beforehand.
 */
function quotaActions(deployment: Deployment): readonly string[] {
  const services = Object.values(deployment.services);
  const kinds = services.flatMap(({ sites }) =>
    Object.values(sites).flatMap(({ scale }) => scale.map(({ kind }) => kind)),
  );
  const hasGroups = kinds.includes('auto-scaling-group');
  const startsInstances = hasGroups || kinds.includes('instances');
  const hasAddresses = services.some(({ traffic }) =>
    traffic.address?.allocationId.some((one) => addressSort(one) === 'elastic-ip'),
  );
  const hasPlaces = services.some(({ traffic }) => traffic.route !== undefined || isByName(traffic.address));
  const drains = services.some(({ sites }) => Object.values(sites).some(({ fence }) => fence?.kind === 'targets'));
  return [
    ...(hasPlaces ? ['ec2:DescribeNetworkInterfaces'] : []),
    ...(drains ? ['elasticloadbalancing:DescribeTargetGroupAttributes'] : []),
    ...(dnsSizeOf(deployment) === null ? [] : ['route53:GetAccountLimit']),
    ...(hasAddresses ? ['ec2:DescribeAddresses'] : []),
    ...(hasGroups ? ['autoscaling:DescribeAutoScalingGroups', 'ec2:DescribeLaunchTemplateVersions'] : []),
    ...(startsInstances ? ['ec2:DescribeInstanceTypes', 'ec2:DescribeInstances'] : []),
    ...(startsInstances || hasAddresses
      ? ['servicequotas:GetAWSDefaultServiceQuota', 'servicequotas:GetServiceQuota']
      : []),
  ];
}

/** Whether a place of an address is named by an id, not by a tag. */
function isByName(address: AddressTraffic | undefined): boolean {
  return Object.values(address?.instances ?? {}).some((places) => places.some((place) => !('tag' in place)));
}

/** What commands need besides that change something: they write registers, and watchers do the rest. */
export function changingStatements(deployment: Deployment): readonly Statement[] {
  return unnamed([writeItems('Registers', deployment, [anyRegion], Object.keys(deployment.services).map(registerKey))]);
}

/**
 * What `gameday --rehearse` needs besides: it asks the functions themselves. IAM cannot tell an order that only looks
 * from one that writes; the functions refuse what is older than the register.
 */
export function rehearsingStatements(deployment: Deployment): readonly Statement[] {
  const functions = deployment.controlRegions.flatMap((region) =>
    actuatorsOf(deployment, region).map((kind) => functionArn(deployment, region, kind)),
  );
  return functions.length === 0 ? [] : [allow('lambda:InvokeFunction', functions)];
}

function allow(action: string, resources: string[]): Statement {
  return { actions: [action], resources };
}

/** Without names, which two deployments would share in one role. */
function unnamed(statements: readonly Statement[]): readonly Statement[] {
  return statements.map((statement) => ({ ...statement, sid: undefined }));
}
