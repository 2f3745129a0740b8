import { noKnowledge } from '../detection/site-knowledge.ts';
import { type Deployment, serviceOf } from '../model/deployment.ts';
import { groupOf, groupOrder } from '../model/group.ts';
import type { NamedService } from '../model/service.ts';
import { hasOpenRun } from '../register/register.ts';
import { inOwnNames } from '../register/renaming.ts';
import type { ServiceView } from '../tables/service-view.ts';
import type { GroupView } from './decision-input.ts';
import { ineligibilities } from './eligibility.ts';

/**
 * What is known of the other members of a service's group; null when the service fails over alone.
 *
 * @param pictureOf - gives what is known of a service now; null when nothing is known
 */
export function groupViewOf(
  deployment: Deployment,
  service: string,
  serviceViewOf: (other: NamedService) => ServiceView | null,
): GroupView | null {
  const group = groupOf(deployment, service);
  if (group === null) return null;
  const order = groupOrder(group);
  const [leader = service] = order;
  const others = order
    .filter((name) => name !== service)
    .map((name) => {
      const other = serviceOf(deployment, name);
      const serviceView = serviceViewOf(other);
      const decided = serviceView?.register.kind === 'decided' ? serviceView.register.register : null;
      const register = decided && inOwnNames(other, decided);
      const knowledge = serviceView?.knowledge ?? noKnowledge;
      return [name, { service: other, register, knowledge }] as const;
    });
  const needs = new Set([leader, ...(group.members[service] ?? [])]);
  needs.delete(service);
  return { name: group.name, leader, needs: [...needs], others: Object.fromEntries(others) };
}

/** Whether a site may become active, or already is active, for every other member of the group. */
export function isEligibleForOthers(group: GroupView | null, site: string): boolean {
  return Object.values(group?.others ?? {}).every(
    ({ service, register, knowledge }) =>
      register !== null &&
      (register.active === site || ineligibilities(service, register, knowledge, site).length === 0),
  );
}

/** Why a site may not become active for the other members of the group, in a few words; null where it may. */
export function explainOthers(group: GroupView | null, site: string): string | null {
  const refusals = Object.entries(group?.others ?? {}).flatMap(([name, { service, register, knowledge }]) => {
    if (register === null) return [`the register of ${name} cannot be read`];
    const faults = register.active === site ? [] : ineligibilities(service, register, knowledge, site);
    return faults.length > 0 ? [`refused for ${name} (${faults.join(', ')})`] : [];
  });
  return refusals.length > 0 ? refusals.join(' and ') : null;
}

/** Whether a site is down for another member of the group that is there and has no run under way. */
export function isDownForOther(group: GroupView | null, site: string): boolean {
  return Object.values(group?.others ?? {}).some(
    ({ register, knowledge }) =>
      register !== null && register.active === site && !hasOpenRun(register) && knowledge.verdicts[site] === 'down',
  );
}

/**
 * Whether a site is up for every other member of the group that is there and has no run under way. It is not enough
 * that none calls it down: a watcher that has just begun has not seen why the group leaves it.
 */
export function isUpForOthers(group: GroupView | null, site: string): boolean {
  return Object.values(group?.others ?? {}).every(
    ({ register, knowledge }) =>
      register !== null && (register.active !== site || hasOpenRun(register) || knowledge.verdicts[site] === 'up'),
  );
}
