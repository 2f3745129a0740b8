import { accountRolesOf } from '../../../config/plan/accounts.ts';
import { statementsFor } from '../../../config/plan/permissions/permissions.ts';
import type { AccountRoles, FunctionRole, RoleAnswer } from '../../../core/checkup/permission-checks.ts';
import type { Deployment } from '../../../core/model/deployment.ts';
import { systemClock } from '../../system/clock.ts';
import type { AwsClients } from '../clients.ts';
import type { ReadFunction } from './deployed-functions.ts';
import type { Patience } from './patience.ts';
import { questionsOf } from './permission-questions.ts';
import { PermissionSimulator } from './permission-simulator.ts';

/**
 * What IAM says of the role of each function: whether it may do what a deployment of this very configuration would let
 * it do. What is missing there was taken away, or was never deployed.
 */
export async function readRoles(
  clients: AwsClients,
  deployment: Deployment,
  functions: readonly ReadFunction[],
  patience: Patience,
): Promise<readonly FunctionRole[]> {
  const [region = ''] = deployment.controlRegions;
  const simulator = new PermissionSimulator(clients, region, systemClock, patience.signal);
  return await Promise.all(
    functions.map(async (one) => ({
      region: one.region,
      kind: one.kind,
      reading: await patience.read(answerOf(simulator, deployment, one)),
    })),
  );
}

/** The roles that functions take in other accounts, an entry an account. */
export function accountRoleNames(deployment: Deployment): readonly AccountRoles[] {
  const roles = accountRolesOf(deployment);
  const accounts = [...new Set(roles.map(({ account }) => account))];
  return accounts.map((account) => {
    const there = roles.filter((role) => role.account === account);
    return { account, functions: there.map(({ kind, region }) => (region === null ? kind : `${kind} ${region}`)) };
  });
}

async function answerOf(
  simulator: PermissionSimulator,
  deployment: Deployment,
  { region, kind, deployed }: ReadFunction,
): Promise<RoleAnswer | null> {
  const found = await deployed;
  if (found === null) return null;
  // arn:PARTITION:iam::ACCOUNT:role/NAME
  const [, partition = '', , , account = ''] = found.role.split(':');
  const owner = { partition, account, region, controlRegions: deployment.controlRegions };
  return await simulator.ask(found.role, questionsOf(statementsFor(deployment, region, kind), owner));
}
