import { DescribeInstancesCommand, EC2Client, type Instance } from '@aws-sdk/client-ec2';
import type { ProcessorReading } from '../../../core/checkup/quota-checks.ts';
import { notAsked } from '../../../core/checkup/reading.ts';
import type { Deployment } from '../../../core/model/deployment.ts';
import type { Scalable } from '../../../core/model/site.ts';
import { PortError } from '../../../ports/port-error.ts';
import type { AwsClients } from '../clients.ts';
import { describeGroup } from '../start/auto-scaling-group.ts';
import { describeInstances } from '../start/instances.ts';
import { groupRecipe, instanceQuota } from '../survey/instance-facts.ts';
import { isStandardType } from '../survey/quota.ts';
import type { Patience } from './patience.ts';

/** What starts instances when its site takes over. */
type Starter = Extract<Scalable, { readonly kind: 'auto-scaling-group' | 'instances' }>;

/** A site that would start instances. */
interface StartingSite {
  readonly site: string;
  readonly region: string;
  /** Undefined for that of the deployment. */
  readonly account: string | undefined;
  readonly starters: readonly Starter[];
}

/** Instances of one answer. Source: EC2 API Reference, `DescribeInstances`, MaxResults. */
const instancesOfPage = 1_000;
/** Most answers to one question. Source: our own. */
const pagesMax = 10;

/**
 * Processors that the account may run in each region where a site starts instances: a site that already has its full
 * size starts none. Each account has a quota of its own, and nobody asks in other ones.
 */
export async function readProcessors(
  clients: AwsClients,
  deployment: Deployment,
  patience: Patience,
): Promise<readonly ProcessorReading[]> {
  const starting = startingSites(deployment);
  const places = [...new Map(starting.map((one) => [`${one.region}/${one.account}`, one])).values()];
  return await Promise.all(
    places.map(async ({ region, account }) => {
      const here = starting.filter((one) => one.region === region && one.account === account);
      const starters = here.flatMap((one) => one.starters);
      const sites = here.map(({ site }) => site);
      const reading =
        account === undefined ? await patience.read(processorsOf(clients, region, starters)) : notAsked(account);
      return { region, sites, reading };
    }),
  );
}

function startingSites({ services }: Deployment): readonly StartingSite[] {
  return Object.entries(services).flatMap(([service, { sites }]) =>
    Object.entries(sites).flatMap(([name, { region, account, scale }]) => {
      const starters = scale.flatMap((one) =>
        one.kind === 'auto-scaling-group' || one.kind === 'instances' ? [one] : [],
      );
      if (region === undefined || starters.length === 0) return [];
      return [{ site: `${service}/${name}`, region, account, starters }];
    }),
  );
}

async function processorsOf(clients: AwsClients, region: string, starters: readonly Starter[]) {
  const [running, ...needs] = await Promise.all([
    runningProcessors(clients, region),
    ...starters.map((starter) => needOf(clients, region, starter)),
  ]);
  const limit = Math.min(...needs.map((need) => need.limit));
  return { limit, running, missing: needs.reduce((sum, { missing }) => sum + missing, 0) };
}

async function needOf(clients: AwsClients, region: string, starter: Starter) {
  const { count, types } = await (starter.kind === 'instances'
    ? instancesNeed(clients, region, starter.instanceIds)
    : groupNeed(clients, region, starter));
  const quota = await instanceQuota(clients, region, types);
  if (quota === undefined) {
    const detail = `the quota of ${types.join(', ')}, or what they take of it, is not known`;
    throw new PortError({ kind: 'invalid', detail });
  }
  return { limit: quota.limit, missing: count * quota.needEach };
}

async function instancesNeed(clients: AwsClients, region: string, instanceIds: readonly string[]) {
  const instances = await describeInstances(clients, region, instanceIds);
  const types = instances.flatMap(({ InstanceType }) => InstanceType ?? []);
  return { count: instances.filter((one) => !isRunning(one)).length, types: [...new Set(types)] };
}

async function groupNeed(
  clients: AwsClients,
  region: string,
  { name, size }: Extract<Starter, { readonly kind: 'auto-scaling-group' }>,
) {
  const group = await describeGroup(clients, region, name);
  const found = await groupRecipe(clients, region, group);
  if (found === null || found.isWeighted) {
    throw new PortError({ kind: 'invalid', detail: `what instances of group ${name} are is not known` });
  }
  return { count: Math.max(0, size - (group.DesiredCapacity ?? 0)), types: found.recipe.instanceTypes };
}

/** What runs on demand in the families of the quota. Spot instances have a quota of their own. */
async function runningProcessors(clients: AwsClients, region: string): Promise<number> {
  const client = clients.of(EC2Client, region);
  const filter = { Name: 'instance-state-name', Values: ['pending', 'running'] };
  let sum = 0;
  let token: string | undefined;
  for (let pages = 0; pages < pagesMax; pages += 1) {
    const command = new DescribeInstancesCommand({ Filters: [filter], MaxResults: instancesOfPage, NextToken: token });
    const page = await clients.call((options) => client.send(command, options));
    const instances = (page.Reservations ?? []).flatMap(({ Instances }) => Instances ?? []);
    sum += instances.reduce((all, instance) => all + processorsIn(instance), 0);
    token = page.NextToken;
    if (!token) return sum;
  }
  throw new PortError({ kind: 'invalid', detail: `more than ${pagesMax * instancesOfPage} instances run` });
}

function processorsIn({ InstanceType, InstanceLifecycle, CpuOptions }: Instance): number {
  if (InstanceLifecycle === 'spot' || !isStandardType(InstanceType ?? '')) return 0;
  return (CpuOptions?.CoreCount ?? 0) * (CpuOptions?.ThreadsPerCore ?? 1);
}

function isRunning({ State }: Instance): boolean {
  return State?.Name === 'running' || State?.Name === 'pending';
}
