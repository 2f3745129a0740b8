import { Aws } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { isActuatedBy } from '../../src/config/function-plan.ts';
import { functionsOf } from '../../src/config/functions.ts';
import {
  claimKey,
  eventSource,
  type FunctionKind,
  isolationTag,
  opinionsKey,
  oracleHostParameter,
  registerKey,
} from '../../src/config/names.ts';
import type { Deployment, Service } from '../../src/core/deployment.ts';
import { ec2Arn, functionArn, tableArn, topicArn } from './arn.ts';

/** Functions that the watchers of all regions call. */
type ActuatorKind = 'address' | 'isolation' | 'records';
const actuatorKinds: readonly ActuatorKind[] = ['address', 'isolation', 'records'];

/** What each function may do, and nothing else; on what the configuration names, and on nothing else. */
export function statementsFor(deployment: Deployment, region: string, kind: FunctionKind): readonly PolicyStatement[] {
  switch (kind) {
    case 'watcher':
      return watcherStatements(deployment, region);
    case 'oracle':
      return [readItems('Registers', deployment, [region], Object.keys(deployment.services).map(registerKey))];
    case 'address':
    case 'isolation':
    case 'records': {
      const users = usersOf(deployment, region, kind);
      return [
        ...claim(deployment, region, Object.keys(users)),
        ...actuatorStatements(kind, region, Object.values(users)),
      ];
    }
    case 'notify':
      return notifyStatements(deployment, region);
    case 'deploy':
      return deployStatements(deployment);
  }
}

/** Services for which the actuator of a region has something to do. */
function usersOf(deployment: Deployment, region: string, kind: ActuatorKind): Readonly<Record<string, Service>> {
  const isHere = ({ traffic, sites }: Service) =>
    kind === 'records' ||
    (kind === 'address'
      ? traffic.address?.region === region
      : Object.values(sites).some((site) => site.fence && site.region === region));
  return Object.fromEntries(
    Object.entries(deployment.services).filter(([, service]) => isActuatedBy(service, kind) && isHere(service)),
  );
}

function watcherStatements(deployment: Deployment, region: string): readonly PolicyStatement[] {
  const { controlRegions, services } = deployment;
  const registers = Object.keys(services).map(registerKey);
  const actuators = controlRegions.flatMap((other) =>
    functionsOf(deployment, other).flatMap((kind) =>
      actuatorKinds.some((actuator) => actuator === kind) ? [functionArn(deployment, other, kind)] : [],
    ),
  );
  return [
    readTables('Tables', deployment, controlRegions, Object.keys(services)),
    writeItems('Registers', deployment, controlRegions, registers),
    writeItems('OwnOpinions', deployment, [region], [opinionsKey]),
    new PolicyStatement({
      sid: 'Functions',
      actions: ['lambda:InvokeFunction'],
      resources: [functionArn(deployment, region, 'notify'), ...actuators],
    }),
  ];
}

/** One read asks for the opinions and for the registers of the services, so the opinions are part of it. */
function readTables(
  sid: string,
  deployment: Deployment,
  regions: readonly string[],
  services: readonly string[],
): PolicyStatement {
  return readItems(sid, deployment, regions, [opinionsKey, ...services.map(registerKey)]);
}

function readItems(
  sid: string,
  deployment: Deployment,
  regions: readonly string[],
  keys: readonly string[],
): PolicyStatement {
  return new PolicyStatement({
    sid,
    actions: ['dynamodb:BatchGetItem'],
    resources: regions.map((region) => tableArn(deployment, region)),
    conditions: leadingKeys(keys),
  });
}

/** A refused write reads what refused it, where that did not come with the refusal. */
function writeItems(
  sid: string,
  deployment: Deployment,
  regions: readonly string[],
  keys: readonly string[],
): PolicyStatement {
  return new PolicyStatement({
    sid,
    actions: ['dynamodb:UpdateItem', 'dynamodb:GetItem'],
    resources: regions.map((region) => tableArn(deployment, region)),
    conditions: leadingKeys(keys),
  });
}

function leadingKeys(keys: readonly string[]): Record<string, unknown> {
  return { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': keys } };
}

/** What every actuator does first, in its own region's table. */
function claim(deployment: Deployment, region: string, services: readonly string[]): readonly PolicyStatement[] {
  return [
    readTables('Register', deployment, [region], services),
    writeItems('Claim', deployment, [region], services.map(claimKey)),
  ];
}

function actuatorStatements(
  kind: ActuatorKind,
  region: string,
  services: readonly Service[],
): readonly PolicyStatement[] {
  switch (kind) {
    case 'address':
      return addressStatements(region, services);
    case 'isolation':
      return isolationStatements(region, services);
    case 'records':
      return [...services.flatMap(recordsStatements), waitForChanges()];
  }
}

/**
 * One statement a service, so that no address can go to another service's instances. EC2's Describe calls know no
 * resources. Source: Service Authorization Reference, "Actions, resources, and condition keys for Amazon EC2".
 */
function addressStatements(region: string, services: readonly Service[]): readonly PolicyStatement[] {
  const associate = services.flatMap(({ traffic: { address } }) => {
    if (address === undefined) return [];
    const instances = Object.values(address.instances).map((id) => ec2Arn(region, 'instance', id));
    return new PolicyStatement({
      actions: ['ec2:AssociateAddress'],
      resources: [ec2Arn(region, 'elastic-ip', address.allocationId), ...instances],
    });
  });
  return [...associate, new PolicyStatement({ sid: 'Look', actions: ['ec2:DescribeAddresses'], resources: ['*'] })];
}

/** The groups that an instance gets back are its own from before, which no configuration names. */
function isolationStatements(region: string, services: readonly Service[]): readonly PolicyStatement[] {
  const ids = services.flatMap(({ sites }) =>
    Object.values(sites).flatMap(({ fence, region: at }) => (fence && at === region ? fence.instanceIds : [])),
  );
  const instances = [...new Set(ids)].map((id) => ec2Arn(region, 'instance', id));
  return [
    new PolicyStatement({
      sid: 'Isolate',
      actions: ['ec2:ModifyInstanceAttribute'],
      resources: [...instances, ec2Arn(region, 'security-group', '*')],
    }),
    new PolicyStatement({
      sid: 'Remember',
      actions: ['ec2:CreateTags', 'ec2:DeleteTags'],
      resources: instances,
      // A request without keys would remove every tag, and for none the set operator alone would be true.
      conditions: {
        'ForAllValues:StringEquals': { 'aws:TagKeys': [isolationTag] },
        Null: { 'aws:TagKeys': 'false' },
      },
    }),
    new PolicyStatement({ sid: 'Look', actions: ['ec2:DescribeInstances'], resources: ['*'] }),
  ];
}

/** One name, its two types, and no more than setting and removing them. */
function recordsStatements({ traffic: { dns } }: Service): readonly PolicyStatement[] {
  if (dns === undefined) return [];
  const zone = `arn:${Aws.PARTITION}:route53:::hostedzone/${dns.zone.id}`;
  return [
    new PolicyStatement({
      actions: ['route53:ChangeResourceRecordSets'],
      resources: [zone],
      conditions: {
        'ForAllValues:StringEquals': {
          'route53:ChangeResourceRecordSetsNormalizedRecordNames': [dns.record],
          'route53:ChangeResourceRecordSetsRecordTypes': ['A', 'AAAA'],
          'route53:ChangeResourceRecordSetsActions': ['UPSERT', 'DELETE'],
        },
      },
    }),
    new PolicyStatement({ actions: ['route53:ListResourceRecordSets'], resources: [zone] }),
  ];
}

/** Changes have ids of Route 53's own. */
function waitForChanges(): PolicyStatement {
  return new PolicyStatement({
    sid: 'Changes',
    actions: ['route53:GetChange'],
    resources: [`arn:${Aws.PARTITION}:route53:::change/*`],
  });
}

function notifyStatements(deployment: Deployment, region: string): readonly PolicyStatement[] {
  return [
    new PolicyStatement({ sid: 'People', actions: ['sns:Publish'], resources: [topicArn(deployment, region)] }),
    new PolicyStatement({
      sid: 'Events',
      actions: ['events:PutEvents'],
      resources: [`arn:${Aws.PARTITION}:events:${region}:${Aws.ACCOUNT_ID}:event-bus/default`],
      // A request may hold several sources; for none at all the set operator alone would be true.
      conditions: {
        'ForAllValues:StringEquals': { 'events:source': [eventSource] },
        Null: { 'events:source': 'false' },
      },
    }),
  ];
}

/**
 * The checks' ids are Route 53's own and not known when the role is made; a role that named them would have to be
 * changed between the checks and their first use, and IAM takes its time. Only their status can be read.
 */
function deployStatements({ name, controlRegions }: Deployment): readonly PolicyStatement[] {
  return [
    new PolicyStatement({
      sid: 'OracleHosts',
      actions: ['ssm:GetParameter'],
      resources: controlRegions.map(
        (region) => `arn:${Aws.PARTITION}:ssm:${region}:${Aws.ACCOUNT_ID}:parameter${oracleHostParameter(name)}`,
      ),
    }),
    new PolicyStatement({
      sid: 'CheckStatus',
      actions: ['route53:GetHealthCheckStatus'],
      resources: [`arn:${Aws.PARTITION}:route53:::healthcheck/*`],
    }),
  ];
}
