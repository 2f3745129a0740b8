import type { Check } from '../../../core/checkup/check.ts';
import type { CheckupTimes } from '../../../core/checkup/checkup-times.ts';
import { permissionChecks } from '../../../core/checkup/permission-checks.ts';
import type { Deployment } from '../../../core/model/deployment.ts';
import type { AwsClients } from '../clients.ts';
import { readFunctions } from './deployed-functions.ts';
import { Patience } from './patience.ts';
import { readRoles } from './role-readings.ts';

/** From where, and for how long, an account is looked at. */
export interface AccountExamination {
  readonly deployment: Deployment;
  /** Waits `times.answerMsMax` for one answer. */
  readonly clients: AwsClients;
  readonly times: CheckupTimes;
}

/**
 * What a failover needs of the account and of what is deployed there, besides the state tables: asked all at once, and
 * no longer than the time that a checkup has. Never throws for what AWS answers.
 */
export async function examineAccount({ deployment, clients, times }: AccountExamination): Promise<readonly Check[]> {
  const patience = new Patience(times);
  try {
    const functions = readFunctions(clients, deployment);
    const roles = await readRoles(clients, deployment, functions, patience);
    return permissionChecks(roles);
  } finally {
    patience.end();
  }
}
