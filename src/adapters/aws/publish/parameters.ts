import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { PortError } from '../../../ports/port-error.ts';
import type { AwsClients } from '../clients.ts';

/**
 * Value of a parameter in a region.
 *
 * @throws {PortError} when there is none, or the region does not answer
 */
export async function readParameter(clients: AwsClients, region: string, name: string): Promise<string> {
  const command = new GetParameterCommand({ Name: name });
  const { Parameter } = await clients.call((options) => clients.of(SSMClient, region).send(command, options));
  if (!Parameter?.Value) throw new PortError({ kind: 'invalid', detail: `${name} in ${region} is empty` });
  return Parameter.Value;
}
