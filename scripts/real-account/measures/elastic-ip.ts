import { listIn, objectIn, textIn } from '../aws-answers.ts';
import type { Cleanup } from '../cleanup.ts';
import type { Options } from '../options.ts';
import { type Findings, type Tools, timeUntil } from '../tools.ts';

const associations = 10;
const lookEveryMs = 200;
const limitMs = 60_000;
/** The smallest machine there is, with the newest image of its own region. */
const instanceType = 't4g.nano';
const image = 'resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64';

/** Two instances and an address in the first region, all tagged with the name of the run. */
export interface Pair {
  readonly region: string;
  /** Calls EC2 in the region. */
  readonly ec2: (...args: readonly string[]) => Promise<unknown>;
  readonly instances: readonly string[];
  readonly allocationId: string;
}

/** Makes them, and remembers how to remove them. */
export async function launchPair(tools: Tools, options: Options, cleanup: Cleanup): Promise<Pair> {
  const [region = ''] = options.regions;
  const ec2 = (...args: readonly string[]) => tools.aws('ec2', ...args, '--region', region);
  const tags = (type: string) => [
    '--tag-specifications',
    `ResourceType=${type},Tags=[{Key=Name,Value=${options.name}}]`,
  ];

  const launched = await ec2(
    ...['run-instances', '--image-id', image, '--instance-type', instanceType, '--count', '2'],
    ...tags('instance'),
  );
  const instances = listIn(launched, 'Instances').map((instance) => textIn(instance, 'InstanceId'));
  cleanup.later(`instances ${instances.join(', ')}`, async () => {
    await ec2('terminate-instances', '--instance-ids', ...instances);
    await ec2('wait', 'instance-terminated', '--instance-ids', ...instances);
  });
  const allocated = await ec2('allocate-address', '--domain', 'vpc', ...tags('elastic-ip'));
  const allocationId = textIn(allocated, 'AllocationId');
  cleanup.later(`address ${allocationId}`, async () => {
    await ec2('release-address', '--allocation-id', allocationId);
  });
  await ec2('wait', 'instance-running', '--instance-ids', ...instances);
  return { region, ec2, instances, allocationId };
}

/** Points an Elastic IP from one instance to another and back, and times each until EC2 itself says so. */
export async function measureElasticIp(tools: Tools, options: Options, cleanup: Cleanup): Promise<Findings> {
  const { region, ec2, instances, allocationId } = await launchPair(tools, options, cleanup);
  const values: number[] = [];
  for (let count = 0; count < associations; count += 1) {
    const instance = instances[count % instances.length] ?? '';
    const sinceMs = tools.nowMs();
    await ec2('associate-address', '--allocation-id', allocationId, '--instance-id', instance, '--allow-reassociation');
    const holds = async () => (await holderOf(ec2, allocationId)) === instance;
    const passedMs = await timeUntil(tools, holds, { sinceMs, everyMs: lookEveryMs, limitMs });
    if (passedMs !== null) values.push(passedMs);
  }
  const note = 'call to read-back; each includes the start of two AWS CLI processes, about a second';
  const isPassed = values.length === associations;
  return {
    series: [{ name: `Elastic IP association, ${region}`, unit: 'ms', values, note }],
    checks: [{ name: 'every association was read back', isPassed, detail: `${values.length} of ${associations}` }],
  };
}

/** Instance that the address is at; null for none. */
export async function holderOf(ec2: Pair['ec2'], allocationId: string): Promise<string | null> {
  const answer = await ec2('describe-addresses', '--allocation-ids', allocationId);
  const { InstanceId: id } = objectIn(listIn(answer, 'Addresses')[0]);
  return typeof id === 'string' ? id : null;
}
