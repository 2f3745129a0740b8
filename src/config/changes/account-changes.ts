import type { Deployment } from '../../core/model/deployment.ts';
import { accountRolesOf, rolesRegionOf } from '../plan/accounts.ts';
import { functionsOf } from '../plan/function-set.ts';
import { accountStackName, functionName } from '../plan/names.ts';
import { type Change, newIn } from './change.ts';

/** What changes of the roles in other accounts, which a stack of each such account holds (ADR 26). */
export function accountChanges(before: Deployment, after: Deployment): readonly Change[] {
  const [then, now] = [before.accounts ?? {}, after.accounts ?? {}];
  const kept = Object.keys(now).filter((account) => Object.hasOwn(then, account));
  return [
    ...newIn(then, now).map((account) => rolesAdded(after, account)),
    ...newIn(now, then).map((account) => rolesRemoved(before, account)),
    ...rolesRenamed(before, after),
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

/** A role that other accounts know has a name; to give it one, or to take it, makes another role. */
function rolesRenamed(before: Deployment, after: Deployment): readonly Change[] {
  const regions = after.controlRegions.filter((region) => before.controlRegions.includes(region));
  const renamed = regions.flatMap((region) => {
    const [then, now] = [before, after].map((each) => namedIn(each, region)) as [readonly string[], readonly string[]];
    return functionsOf(before, region)
      .filter((kind) => functionsOf(after, region).includes(kind) && then.includes(kind) !== now.includes(kind))
      .map((kind) => `${functionName(after.name, kind)} in ${region}`);
  });
  if (renamed.length === 0) return [];
  return [
    {
      kind: 'roles-renamed',
      where: 'the deployment',
      effect: 'care',
      message: `The role of ${renamed.join(', ')} gets another name, so it is another role: what names the old one, such as an access entry of EKS or a policy of yours, does not let the new one in.`,
      hint: 'name the new roles there right after the deployment, while no run is open',
    },
  ];
}

/** Functions of a region whose roles other accounts know by name. */
function namedIn(deployment: Deployment, region: string): readonly string[] {
  return accountRolesOf(deployment)
    .filter((role) => role.region === region)
    .map(({ kind }) => kind);
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
