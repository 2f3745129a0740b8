import type { BootstrapReading } from '../../../core/checkup/bootstrap-checks.ts';
import type { Deployment } from '../../../core/model/deployment.ts';
import { PortError } from '../../../ports/port-error.ts';
import type { AwsClients } from '../clients.ts';
import { readParameter } from '../publish/parameters.ts';
import { errorName } from './fault-explanation.ts';
import type { Patience } from './patience.ts';

/** What `cdk bootstrap` wrote in each control region. Source: AWS CDK Developer Guide, "Bootstrap template". */
export async function readBootstraps(
  clients: AwsClients,
  { controlRegions }: Deployment,
  qualifier: string,
  patience: Patience,
): Promise<readonly BootstrapReading[]> {
  return await Promise.all(
    controlRegions.map(async (region) => ({
      region,
      qualifier,
      reading: await patience.read(versionIn(clients, region, qualifier)),
    })),
  );
}

async function versionIn(clients: AwsClients, region: string, qualifier: string): Promise<number | null> {
  try {
    const version = Number(await readParameter(clients, region, `/cdk-bootstrap/${qualifier}/version`));
    if (Number.isInteger(version)) return version;
  } catch (error) {
    if (error instanceof PortError && errorName(error) === 'ParameterNotFound') return null;
    throw error;
  }
  throw new PortError({ kind: 'invalid', detail: 'the version of the bootstrap stack is no number' });
}
