import {
  GetAWSDefaultServiceQuotaCommand,
  GetServiceQuotaCommand,
  ServiceQuotasClient,
} from '@aws-sdk/client-service-quotas';
import { PortError } from '../../../ports/port-error.ts';
import type { AwsClients } from '../clients.ts';

/** A quota by the codes of Service Quotas. */
export interface QuotaName {
  readonly serviceCode: string;
  readonly quotaCode: string;
  /** In words, for a finding. */
  readonly what: string;
}

/** Codes: Service Quotas console, the same in every region. */
export const quotas = {
  standardInstances: { serviceCode: 'ec2', quotaCode: 'L-1216C47A', what: 'vCPUs of standard on-demand instances' },
  elasticIps: { serviceCode: 'ec2', quotaCode: 'L-0263D0A3', what: 'Elastic IPs' },
  fargate: { serviceCode: 'fargate', quotaCode: 'L-3032A538', what: 'vCPUs of Fargate on demand' },
  lambda: { serviceCode: 'lambda', quotaCode: 'L-B99A9384', what: 'concurrent executions' },
} satisfies Readonly<Record<string, QuotaName>>;

/** Families that the quota of standard instances covers. Source: Amazon EC2 User Guide, "Amazon EC2 service quotas". */
const standardFamily = /^[acdhimrtz]\d/;

/** Whether an instance type is counted by `quotas.standardInstances`. */
export function isStandardType(instanceType: string): boolean {
  return standardFamily.test(instanceType);
}

/** Error where the account has no value of its own. Source: Service Quotas API Reference, GetServiceQuota. */
const noOwnValue = 'NoSuchResourceException';

/**
 * What the account may have: its own value, or AWS's default where it has none.
 *
 * Any other fault of the first call says nothing of the account, nor does an answer with an `ErrorReason` in place of a
 * value: taken for "none", a call that was throttled would give an account AWS's default, which is five vCPUs. Source:
 * Service Quotas API Reference, `ServiceQuota`.
 *
 * @returns undefined when it is not known
 */
export async function quotaLimit(
  clients: AwsClients,
  region: string,
  { serviceCode, quotaCode }: QuotaName,
): Promise<number | undefined> {
  const client = clients.of(ServiceQuotasClient, region);
  const input = { ServiceCode: serviceCode, QuotaCode: quotaCode };
  try {
    return (await clients.call((options) => client.send(new GetServiceQuotaCommand(input), options))).Quota?.Value;
  } catch (error) {
    const isWithout = error instanceof PortError && error.cause instanceof Error && error.cause.name === noOwnValue;
    if (!isWithout) return undefined;
  }
  const usual = await clients
    .call((options) => client.send(new GetAWSDefaultServiceQuotaCommand(input), options))
    .catch(() => undefined);
  return usual?.Quota?.Value;
}
