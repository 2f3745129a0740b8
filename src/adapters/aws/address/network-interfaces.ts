import { DescribeNetworkInterfacesCommand, EC2Client, type Filter, type NetworkInterface } from '@aws-sdk/client-ec2';
import { PortError } from '../../../ports/port-error.ts';
import type { AwsClients } from '../clients.ts';

/** Interfaces of one answer, at most. Source: EC2 API Reference, "DescribeNetworkInterfaces", MaxResults. */
const pageSize = 1_000;
/** Most answers to one question. Source: our own. */
const pagesMax = 5;

/**
 * Network interfaces by filters, page by page; a page may hold nothing of what it is asked for, and others follow all
 * the same.
 *
 * It asks for pages although one would hold them all: where an account has many interfaces, EC2 refuses a question
 * without pages by any other filter than those of networks and addresses, such as one by an instance. Source: the same.
 *
 * @param what - whose interfaces, in a fault
 * @throws {PortError} `unavailable` for a list that does not end
 */
export async function* interfacePages(
  clients: AwsClients,
  region: string,
  filters: readonly Filter[],
  what: string,
): AsyncGenerator<readonly NetworkInterface[], void> {
  const asked = { Filters: [...filters], MaxResults: pageSize };
  let from: string | undefined;
  for (let pages = 0; pages < pagesMax; pages += 1) {
    const command = new DescribeNetworkInterfacesCommand(from === undefined ? asked : { ...asked, NextToken: from });
    const { NetworkInterfaces = [], NextToken } = await clients.call((options) =>
      clients.of(EC2Client, region).send(command, options),
    );
    yield NetworkInterfaces;
    if (!NextToken) return;
    from = NextToken;
  }
  const detail = `${what} has more than ${pagesMax} pages of ${pageSize} interfaces`;
  throw new PortError({ kind: 'unavailable', detail });
}

/**
 * All network interfaces of which a field has one of some values.
 *
 * @param name - of the filter, such as `attachment.instance-id`
 * @returns none for no values; nothing is asked then
 * @throws {PortError} as `interfacePages`
 */
export async function interfacesBy(
  clients: AwsClients,
  region: string,
  name: string,
  values: readonly string[],
): Promise<readonly NetworkInterface[]> {
  if (values.length === 0) return [];
  const all: NetworkInterface[] = [];
  for await (const page of interfacePages(clients, region, [{ Name: name, Values: [...values] }], values.join(', ')))
    all.push(...page);
  return all;
}
