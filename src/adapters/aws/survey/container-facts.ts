import { DescribeTaskDefinitionCommand, ECSClient } from '@aws-sdk/client-ecs';
import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import type { AwsClients } from '../clients.ts';
import { describeService } from '../start/ecs-service.ts';
import { portsOf } from './instance-facts.ts';
import { quotaLimit, quotas } from './quota.ts';
import type { StandbyFacts } from './standby-audit.ts';

/** Processor units of one vCPU. Source: Amazon ECS API Reference, RegisterTaskDefinition. */
const unitsPerVcpu = 1_024;

/** Characters of a digest that are enough to tell two apart, and to find it again. */
const digestLength = 12;

/** What is known of an ECS service, by its task definition. */
export async function serviceFacts(
  clients: AwsClients,
  region: string,
  where: { readonly cluster: string; readonly name: string },
): Promise<StandbyFacts> {
  const service = await describeService(clients, region, where);
  const command = new DescribeTaskDefinitionCommand({ taskDefinition: service.taskDefinition });
  const groupIds = service.networkConfiguration?.awsvpcConfiguration?.securityGroups ?? [];
  const isFargate = service.launchType === 'FARGATE';
  const [task, openPorts, limit] = await Promise.all([
    clients.call((options) => clients.of(ECSClient, region).send(command, options)).catch(() => undefined),
    portsOf(clients, region, groupIds).catch(() => undefined),
    isFargate ? quotaLimit(clients, region, quotas.fargate) : undefined,
  ]);
  const { cpu, memory, containerDefinitions = [] } = task?.taskDefinition ?? {};
  const images = containerDefinitions.flatMap(({ image }) => (image === undefined ? [] : [withoutRegistry(image)]));
  const needEach = Number(cpu ?? 0) / unitsPerVcpu;
  return {
    ...(images.length === 0 ? {} : { image: images.sort().join(', ') }),
    ...(cpu === undefined || memory === undefined ? {} : { resources: `cpu ${cpu} and memory ${memory}` }),
    ...(openPorts === undefined ? {} : { openPorts }),
    ...(limit === undefined || needEach === 0 ? {} : { quota: { what: quotas.fargate.what, limit, needEach } }),
  };
}

/** An image without the account's registry, whose host names the region. */
function withoutRegistry(image: string): string {
  return image.replace(/^\d{12}\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com(\.cn)?\//, '');
}

/**
 * What is known of a function behind an alias; version numbers differ between regions, the digest of the code does not.
 */
export async function functionFacts(
  clients: AwsClients,
  region: string,
  { functionName, alias }: { readonly functionName: string; readonly alias: string },
): Promise<StandbyFacts> {
  const command = new GetFunctionConfigurationCommand({ FunctionName: functionName, Qualifier: alias });
  const [seen, limit] = await Promise.all([
    clients.call((options) => clients.of(LambdaClient, region).send(command, options)),
    quotaLimit(clients, region, quotas.lambda),
  ]);
  const { CodeSha256, Runtime: runtime, MemorySize: memory } = seen;
  const code = CodeSha256?.slice(0, digestLength);
  return {
    ...(code === undefined ? {} : { code }),
    ...(memory === undefined ? {} : { resources: [runtime, `${memory} MiB`].filter(Boolean).join(' with ') }),
    ...(limit === undefined ? {} : { quota: { what: quotas.lambda.what, limit, needEach: 1 } }),
  };
}
