import { type Deployment, serviceOf } from '../../core/model/deployment.ts';
import { groupDigestOf } from '../../core/model/digest.ts';
import { groupOf, groupOrder } from '../../core/model/group.ts';
import { remembers } from '../../core/model/traffic.ts';
import { majorityAmong } from '../../core/register/quorum.ts';
import { hasFunctionUrls } from '../plan/oracle-fronts.ts';
import { accountChanges } from './account-changes.ts';
import { type Change, isEqual, newIn } from './change.ts';
import { recordChanges } from './record-changes.ts';
import { serviceChanges } from './service-changes.ts';
import { siteChanges } from './site-changes.ts';
import { switchChanges } from './switch-changes.ts';
import { zoneChanges } from './zone-changes.ts';

/**
 * What follows when the second configuration is deployed where the first one runs. What both say is left out, and so is
 * what has no consequence beyond itself, such as an e-mail address.
 */
export function changesBetween(before: Deployment, after: Deployment): readonly Change[] {
  const kept = Object.keys(after.services).filter((name) => Object.hasOwn(before.services, name));
  const pairs = kept.map((name) => ({ before: serviceOf(before, name), after: serviceOf(after, name) }));
  return [
    ...identityChanges(before, after),
    ...regionChanges(before, after),
    ...accountChanges(before, after),
    ...zoneChanges(before, after),
    ...recordChanges(before, after),
    ...oracleChanges(before, after),
    ...newIn(before.services, after.services).map(serviceAdded),
    ...newIn(after.services, before.services).map(serviceRemoved),
    ...groupChanges(before, after, kept),
    ...pairs.flatMap((pair) => [...serviceChanges(pair), ...siteChanges(pair), ...switchChanges(pair)]),
  ];
}

function identityChanges(before: Deployment, after: Deployment): readonly Change[] {
  const changes: Change[] = [];
  if (before.name !== after.name) {
    changes.push({
      kind: 'deployment-renamed',
      where: 'the deployment',
      effect: 'refused',
      message: `"${after.name}" is another deployment beside "${before.name}": two sets of watchers would steer the same things.`,
      hint: `keep name: ${before.name}; to give it another name, uninstall "${before.name}" first`,
    });
  }
  if (!isEqual(before.account, after.account) && before.account !== undefined) {
    changes.push({
      kind: 'account-changed',
      where: 'the deployment',
      effect: 'refused',
      message: `What is steered, and who steers it, is in account ${before.account}; another account has neither.`,
      hint: `keep account: '${before.account}'; to move, uninstall there first, then deploy here`,
    });
  }
  return changes;
}

function regionChanges(before: Deployment, after: Deployment): readonly Change[] {
  const added = after.controlRegions.filter((region) => !before.controlRegions.includes(region));
  const removed = before.controlRegions.filter((region) => !after.controlRegions.includes(region));
  const kept = before.controlRegions.length - removed.length;
  if (kept < majorityAmong(before.controlRegions.length)) return [mostRegionsReplaced(before.controlRegions)];
  return [
    ...added.map(
      (region): Change => ({
        kind: 'control-region-added',
        where: region,
        effect: 'safe',
        message: 'Its table becomes a voter of each register once its watcher is heard, one voter at a time.',
        hint: `run "npx cdk bootstrap" for ${region} first`,
      }),
    ),
    ...removed.map(
      (region): Change => ({
        kind: 'control-region-removed',
        where: region,
        effect: 'care',
        message: 'Its table stays a voter until the others have taken it out, one voter at a time.',
        hint: `deploy, wait until "cdk-failover status" names ${region} no more, then delete its stack`,
      }),
    ),
    ...reordered(before, after),
  ];
}

/** Of no vote is the order anything; what is once a deployment is in the first regions. */
function reordered(before: Deployment, after: Deployment): readonly Change[] {
  const kept = before.controlRegions.filter((region) => after.controlRegions.includes(region));
  const order = after.controlRegions.filter((region) => kept.includes(region));
  if (isEqual(kept, order)) return [];
  return [
    {
      kind: 'control-regions-reordered',
      where: 'the deployment',
      effect: 'safe',
      message: `Nothing moves, and no vote changes. The dashboard goes to ${after.controlRegions[0]} under a new name, and the hourly check to the first two regions.`,
      hint: null,
    },
  ];
}

/** The stacks of regions are deployed before that of the records. */
function oracleChanges(before: Deployment, after: Deployment): readonly Change[] {
  const isAnyForgetful = Object.values(before.services).some(
    ({ traffic: { dns } }) => dns?.mode === 'oracle' && !remembers(dns),
  );
  if (!hasFunctionUrls(before) || hasFunctionUrls(after) || !isAnyForgetful) return [];
  return [
    {
      kind: 'oracle-urls-removed',
      where: 'the deployment',
      effect: 'care',
      message:
        'The function URLs of the oracles are removed before the records leave them: for those minutes every vote is missing, and names without memory lead to sites that were left.',
      hint: 'leave traffic.dns.memory out, deploy that alone, and this five minutes later; or deploy while every site that DNS should name serves',
    },
  ];
}

/** What changes of the groups that services fail over with: who leads, and who goes after whom. */
function groupChanges(before: Deployment, after: Deployment, kept: readonly string[]): readonly Change[] {
  const digestIn = (deployment: Deployment, name: string) => Object.values(groupDigestOf(deployment, name))[0];
  return kept
    .filter((name) => digestIn(before, name) !== digestIn(after, name))
    .map((name): Change => {
      const group = groupOf(after, name);
      const [leader = name] = group === null ? [] : groupOrder(group);
      const follows = leader === name ? 'It leads its group' : `It follows ${leader}`;
      return {
        kind: 'group-changed',
        where: name,
        effect: 'care',
        message: `${group === null ? 'It fails over alone' : follows} once every watcher means the same group; until then no member follows another one but after a fault.`,
        hint: 'deploy while "cdk-failover status" says PROTECTED, no run is open, and all members are active at one site',
      };
    });
}

function mostRegionsReplaced(before: readonly string[]): Change {
  const most = majorityAmong(before.length);
  return {
    kind: 'control-regions-replaced',
    where: 'the deployment',
    effect: 'refused',
    message: `The voters change only when most of them want it, and fewer than ${most} of the ${before.length} stay.`,
    hint: `keep ${most} of ${before.join(', ')}, deploy, wait until "cdk-failover status" names no table that is to join or to leave, and go on with the others`,
  };
}

function serviceAdded(name: string): Change {
  return {
    kind: 'service-added',
    where: name,
    effect: 'care',
    message: 'Its register begins with the preferred site as the active one, whoever serves now.',
    hint: 'if it serves already, read "Before the first deployment" in docs/constructs.md',
  };
}

function serviceRemoved(name: string): Change {
  return {
    kind: 'service-removed',
    where: name,
    effect: 'care',
    message: 'Its records and checks are removed, so its name answers nothing. Everything else stays as it is.',
    hint: 'make the record by hand first, below another name, and lead clients there',
  };
}
