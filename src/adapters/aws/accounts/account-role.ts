import { type AccountFunctionKind, accountRoleName, functionName } from '../../../config/plan/names.ts';
import type { Deployment } from '../../../core/model/deployment.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { AwsClients, AwsClientsOptions } from '../clients.ts';
import { assumedRole } from './assumed-role.ts';

/**
 * How a function gets the credentials of the accounts that its deployment names: by its own role in each.
 *
 * @param clients - with the credentials of the function itself
 * @param region - the function's own, whose STS is asked
 */
export function accountRoles(
  clients: AwsClients,
  clock: Clock,
  { name, accounts = {} }: Pick<Deployment, 'name' | 'accounts'>,
  kind: AccountFunctionKind,
  region: string,
): NonNullable<AwsClientsOptions['credentialsIn']> {
  return (account) => {
    const externalId = accounts[account]?.externalId;
    if (externalId === undefined) return null;
    const role = accountRoleName(name, kind, kind === 'deploy' ? null : region);
    return assumedRole(clients, clock, {
      account,
      name: role,
      externalId,
      sessionName: functionName(name, kind),
      region,
    });
  };
}
