import type { AutoScalingGroup } from '@aws-sdk/client-auto-scaling';
import {
  DescribeImagesCommand,
  DescribeInstanceTypesCommand,
  DescribeLaunchTemplateVersionsCommand,
  DescribeSecurityGroupsCommand,
  EC2Client,
  type IpPermission,
} from '@aws-sdk/client-ec2';
import type { AwsClients } from '../clients.ts';
import { describeGroup } from '../start/auto-scaling-group.ts';
import { describeInstances, isGone } from '../start/instances.ts';
import { isStandardType, quotaLimit, quotas } from './quota.ts';
import type { StandbyFacts } from './standby-audit.ts';

/** What an instance is made of, in ids of its region. */
export interface Recipe {
  readonly imageIds: readonly string[];
  readonly instanceTypes: readonly string[];
  readonly groupIds: readonly string[];
}

/**
 * What is known of an Auto Scaling group by its launch template; of a launch configuration nothing is.
 *
 * The types of a mixed instances policy stand above that of the template. A group with instance weights counts its size
 * in units that say nothing of processors, so its quota is unknown.
 */
export async function groupFacts(clients: AwsClients, region: string, name: string): Promise<StandbyFacts> {
  const group = await describeGroup(clients, region, name);
  const suspended = (group.SuspendedProcesses ?? []).map(({ ProcessName }) => ProcessName);
  const facts = { isLaunchSuspended: suspended.includes('Launch') };
  const found = await groupRecipe(clients, region, group);
  if (found === null) return facts;
  const { quota, ...known } = await recipeFacts(clients, region, found.recipe);
  return { ...facts, ...known, ...(quota === undefined || found.isWeighted ? {} : { quota }) };
}

/**
 * In place of the id of an image: the parameter that names it. EC2 resolves it for those who may read the parameter,
 * which no configuration names; without that the rest of the template counts. Source: Amazon EC2 Auto Scaling User
 * Guide, "Use AWS Systems Manager parameters instead of AMI IDs in launch templates".
 */
const parameterPrefix = 'resolve:ssm:';

/** The recipe of a group; null where it has no launch template, or nobody says what is in it. */
export async function groupRecipe(
  clients: AwsClients,
  region: string,
  group: AutoScalingGroup,
): Promise<{ readonly recipe: Recipe; readonly isWeighted: boolean } | null> {
  const mixed = group.MixedInstancesPolicy?.LaunchTemplate;
  const template = group.LaunchTemplate ?? mixed?.LaunchTemplateSpecification ?? null;
  const overrides = mixed?.Overrides ?? [];
  if (template?.LaunchTemplateId === undefined) return null;
  const asked = { LaunchTemplateId: template.LaunchTemplateId, Versions: [template.Version ?? '$Default'] };
  const read = (ResolveAlias: boolean) => {
    const command = new DescribeLaunchTemplateVersionsCommand({ ...asked, ResolveAlias });
    return clients.call((options) => clients.of(EC2Client, region).send(command, options));
  };
  const answer = await read(true)
    .catch(() => read(false))
    .catch(() => undefined);
  const data = answer?.LaunchTemplateVersions?.[0]?.LaunchTemplateData;
  if (!data) return null;
  const groupIds = data.SecurityGroupIds ?? (data.NetworkInterfaces ?? []).flatMap(({ Groups }) => Groups ?? []);
  const mixedTypes = overrides.flatMap(({ InstanceType }) => listed(InstanceType));
  const instanceTypes = mixedTypes.length > 0 ? mixedTypes : listed(data.InstanceType);
  const imageIds = listed(data.ImageId).filter((id) => !id.startsWith(parameterPrefix));
  const recipe = { imageIds, instanceTypes, groupIds };
  return { recipe, isWeighted: overrides.some(({ WeightedCapacity }) => WeightedCapacity !== undefined) };
}

/** What is known of instances that are started and stopped. */
export async function instanceFacts(
  clients: AwsClients,
  region: string,
  instanceIds: readonly string[],
): Promise<StandbyFacts> {
  const seen = await describeInstances(clients, region, instanceIds);
  const instances = seen.filter((instance) => !isGone(instance));
  const gone = seen.filter(isGone).flatMap(({ InstanceId }) => listed(InstanceId));
  const facts = await recipeFacts(clients, region, {
    imageIds: instances.flatMap(({ ImageId }) => listed(ImageId)),
    instanceTypes: instances.flatMap(({ InstanceType }) => listed(InstanceType)),
    groupIds: instances.flatMap(({ SecurityGroups }) =>
      (SecurityGroups ?? []).flatMap(({ GroupId }) => listed(GroupId)),
    ),
  });
  return gone.length === 0 ? facts : { ...facts, gone };
}

/** An image by its name, as copies in other regions keep it; security groups by what they let in. */
async function recipeFacts(clients: AwsClients, region: string, recipe: Recipe): Promise<StandbyFacts> {
  const instanceTypes = distinct(recipe.instanceTypes);
  const [image, openPorts, quota] = await Promise.all([
    imageNames(clients, region, distinct(recipe.imageIds)).catch(() => undefined),
    portsOf(clients, region, recipe.groupIds).catch(() => undefined),
    instanceQuota(clients, region, instanceTypes).catch(() => undefined),
  ]);
  return {
    ...(image === undefined ? {} : { image }),
    ...(instanceTypes.length === 0 ? {} : { instanceType: instanceTypes.join(', ') }),
    ...(openPorts === undefined ? {} : { openPorts }),
    ...(quota === undefined ? {} : { quota }),
  };
}

async function imageNames(
  clients: AwsClients,
  region: string,
  imageIds: readonly string[],
): Promise<string | undefined> {
  if (imageIds.length === 0) return undefined;
  const command = new DescribeImagesCommand({ ImageIds: [...imageIds] });
  const { Images } = await clients.call((options) => clients.of(EC2Client, region).send(command, options));
  const names = (Images ?? []).flatMap(({ Name }) => listed(Name));
  return names.length === imageIds.length ? distinct(names).join(', ') : undefined;
}

/**
 * What security groups let in, by protocol and port; sources differ from network to network and are left out.
 *
 * @returns undefined when no groups are named
 * @throws {PortError} when EC2 does not answer
 */
export async function portsOf(
  clients: AwsClients,
  region: string,
  groupIds: readonly string[],
): Promise<readonly string[] | undefined> {
  if (groupIds.length === 0) return undefined;
  const command = new DescribeSecurityGroupsCommand({ GroupIds: [...distinct(groupIds)] });
  const { SecurityGroups } = await clients.call((options) => clients.of(EC2Client, region).send(command, options));
  return distinct((SecurityGroups ?? []).flatMap(({ IpPermissions }) => (IpPermissions ?? []).map(portText)));
}

function portText({ IpProtocol = '-1', FromPort, ToPort }: IpPermission): string {
  if (IpProtocol === '-1') return 'everything';
  if (FromPort === undefined || FromPort === -1) return IpProtocol;
  return FromPort === ToPort ? `${IpProtocol} ${FromPort}` : `${IpProtocol} ${FromPort}-${ToPort}`;
}

/** By the largest of the types; undefined where one of them is counted by another quota, or the limit is not known. */
export async function instanceQuota(
  clients: AwsClients,
  region: string,
  types: readonly string[],
): Promise<StandbyFacts['quota'] | undefined> {
  if (types.length === 0 || !types.every(isStandardType)) return undefined;
  const command = new DescribeInstanceTypesCommand({ InstanceTypes: [...types] as never });
  const [{ InstanceTypes }, limit] = await Promise.all([
    clients.call((options) => clients.of(EC2Client, region).send(command, options)),
    quotaLimit(clients, region, quotas.standardInstances),
  ]);
  const needEach = Math.max(0, ...(InstanceTypes ?? []).map(({ VCpuInfo }) => VCpuInfo?.DefaultVCpus ?? 0));
  return limit === undefined || needEach === 0 ? undefined : { what: quotas.standardInstances.what, limit, needEach };
}

function listed<T>(value: T | undefined): readonly T[] {
  return value === undefined ? [] : [value];
}

function distinct(values: readonly string[]): readonly string[] {
  return [...new Set(values)].sort();
}
