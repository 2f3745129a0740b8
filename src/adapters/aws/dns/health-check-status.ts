import { GetHealthCheckStatusCommand, Route53Client } from '@aws-sdk/client-route-53';
import type { AwsClients } from '../clients.ts';

/** What one of Route 53's checkers last saw; `unknown` before its first look. */
export type CheckerState = 'success' | 'failure' | 'unknown';

/** What each checker of a health check last saw. Not for calculated checks, which have no checkers. */
export async function readCheckers(clients: AwsClients, checkId: string): Promise<readonly CheckerState[]> {
  const command = new GetHealthCheckStatusCommand({ HealthCheckId: checkId });
  const { HealthCheckObservations } = await clients.call((options) =>
    clients.of(Route53Client, 'us-east-1').send(command, options),
  );
  return (HealthCheckObservations ?? []).map(({ StatusReport }) => checkerStateIn(StatusReport?.Status ?? ''));
}

function checkerStateIn(status: string): CheckerState {
  if (status.startsWith('Success')) return 'success';
  return status.startsWith('Failure') ? 'failure' : 'unknown';
}
