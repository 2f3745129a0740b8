import { type Deployment, majorityOf } from '../model/deployment.ts';
import { oraclePath } from './oracle-vote.ts';
import type { CheckPlan } from './zone-plan.ts';

/** Dots part the names, which cannot contain one; with hyphens, two services could mean one check. */
export function checkIdOf(deployment: Pick<Deployment, 'name'>, service: string, site: string, part: string): string {
  return [deployment.name, service, site, part].join('.');
}

/** Id of the check that is healthy while a site may be named. */
export function guardIdOf(deployment: Pick<Deployment, 'name'>, service: string, site: string): string {
  return checkIdOf(deployment, service, site, 'on');
}

/** A site's oracle checks and the guard over them. */
export function checksOf(
  deployment: Pick<Deployment, 'name' | 'controlRegions'>,
  service: string,
  site: string,
): readonly CheckPlan[] {
  const votes = deployment.controlRegions.map((region): CheckPlan => {
    const id = checkIdOf(deployment, service, site, `off.${region}`);
    return { id, kind: 'oracle', region, path: oraclePath(service, site) };
  });
  const guard: CheckPlan = {
    id: guardIdOf(deployment, service, site),
    kind: 'calculated',
    children: votes.map((vote) => vote.id),
    threshold: majorityOf(deployment),
    isInverted: true,
  };
  return [...votes, guard];
}
