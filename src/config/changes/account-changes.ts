import type { Deployment } from '../../core/model/deployment.ts';
import { rolesRegionOf } from '../plan/accounts.ts';
import { accountStackName } from '../plan/names.ts';
import { type Change, newIn } from './change.ts';

/** What changes of the roles in other accounts, which a stack of each such account holds (ADR 26). */
export function accountChanges(before: Deployment, after: Deployment): readonly Change[] {
  const [then, now] = [before.accounts ?? {}, after.accounts ?? {}];
  const kept = Object.keys(now).filter((account) => Object.hasOwn(then, account));
  return [
    ...newIn(then, now).map((account) => rolesAdded(after, account)),
    ...newIn(now, then).map((account) => rolesRemoved(before, account)),
    ...kept.flatMap((account) => [
      ...(rolesRegionOf(before, account) === rolesRegionOf(after, account) ? [] : [rolesMoved(before, after, account)]),
      ...(then[account]?.externalId === now[account]?.externalId ? [] : [externalIdChanged(after, account)]),
    ]),
  ];
}

const whereOf = (account: string) => `account ${account}`;

function rolesAdded(after: Deployment, account: string): Change {
  return {
    kind: 'roles-added',
    where: whereOf(account),
    effect: 'care',
    message:
      'Functions take roles there; until those are deployed, every step for a site or a zone of that account is denied, and records in its zones cannot be made.',
    hint: `have its owner deploy ${accountStackName(after.name, account)} first`,
  };
}

function rolesRemoved(before: Deployment, account: string): Change {
  const stack = accountStackName(before.name, account);
  return {
    kind: 'roles-removed',
    where: whereOf(account),
    effect: 'care',
    message: 'Its roles stay, and go on to trust this deployment: "cdk deploy" removes no stack.',
    hint: `deploy the regions, then have its owner delete the stack ${stack} in ${rolesRegionOf(before, account)}`,
  };
}

function rolesMoved(before: Deployment, after: Deployment, account: string): Change {
  const [old, next] = [rolesRegionOf(before, account), rolesRegionOf(after, account)];
  const stack = accountStackName(before.name, account);
  return {
    kind: 'roles-moved',
    where: whereOf(account),
    effect: 'care',
    message: `The stack of its roles goes from ${old} to ${next}, where it cannot be made while the one in ${old} has the roles.`,
    hint: `write region: ${old} under accounts: '${account}', and it stays; or delete ${stack} in ${old}, then deploy it in ${next} at once: between the two every step for its sites is denied`,
  };
}

function externalIdChanged(after: Deployment, account: string): Change {
  return {
    kind: 'external-id-changed',
    where: whereOf(account),
    effect: 'care',
    message: 'Until the account and all regions have the new one, steps for its sites and zones are denied.',
    hint: `deploy ${accountStackName(after.name, account)} first and the regions right after it, while no run is open; then run "cdk-failover doctor"`,
  };
}
