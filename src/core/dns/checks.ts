import { type Deployment, majorityOf } from '../model/deployment.ts';
import { hashOf } from '../model/digest.ts';
import { lastResortName, type Service, sitesByPriority } from '../model/service.ts';
import type { DnsZone } from '../model/traffic.ts';
import { oraclePath } from './oracle-vote.ts';
import type { CheckPlan } from './zone-plan.ts';

/** What a guard is about: the site whose record it guards, and the sites of which one must serve. */
export interface Guarded {
  readonly site: string;
  /** `site` among them, in any order. */
  readonly sites: readonly string[];
}

type Owner = Pick<Deployment, 'name' | 'controlRegions'>;

/**
 * Id of a health check. Dots separate the names, because no name contains a dot. With hyphens, the checks of two
 * services could get the same id.
 */
export function checkIdOf(deployment: Pick<Deployment, 'name'>, service: string, sites: string, part: string): string {
  return [deployment.name, service, sites, part].join('.');
}

/**
 * Id of the check that is healthy while a site may be named: a majority of regions does not say that none of `sites`
 * serves.
 *
 * Checks are identified by what they ask and whom. So a check never changes its question: a deployment that needs
 * another one makes another check, and waits for it.
 */
export function guardIdOf(deployment: Owner, service: string, { sites }: Pick<Guarded, 'sites'>): string {
  const regions = hashOf([...deployment.controlRegions].sort());
  return checkIdOf(deployment, service, namesOf(sites), `on.${regions}`);
}

/** A site's oracle checks and the guard over them. */
export function checksOf(
  deployment: Owner,
  service: string,
  guarded: Guarded,
  zone: Pick<DnsZone, 'id'>,
): readonly CheckPlan[] {
  const { site } = guarded;
  const subject = { deployment: deployment.name, service, zoneId: zone.id };
  const sites = [...guarded.sites].sort();
  const votes = deployment.controlRegions.map((region): CheckPlan => {
    const id = checkIdOf(deployment, service, namesOf(sites), `off.${region}`);
    return { id, kind: 'oracle', region, site, sites, path: oraclePath(subject, sites) };
  });
  const guard: CheckPlan = {
    id: guardIdOf(deployment, service, guarded),
    kind: 'calculated',
    children: votes.map((vote) => vote.id),
    threshold: majorityOf(deployment),
    isInverted: true,
  };
  return [...votes, guard];
}

/** Id of the check that is healthy while a site may be named for all that is remembered. */
export function memoryGuardIdOf(deployment: Owner, service: string, { sites }: Pick<Guarded, 'sites'>): string {
  const regions = hashOf([...deployment.controlRegions].sort());
  return checkIdOf(deployment, service, namesOf(sites), `remembered.${regions}`);
}

/**
 * What remembers a vote while oracles are dark: a check a region that follows an alarm, and a guard over them.
 *
 * A check of this kind that has no data keeps its last status, and a new one is healthy: so healthy has to mean "not
 * left". Source: Route 53 API Reference, "HealthCheckConfig", InsufficientDataHealthStatus. The guard fails when a
 * majority of regions remembers that nobody of the sites serves.
 */
export function memoriesOf(deployment: Owner, service: string, guarded: Guarded): readonly CheckPlan[] {
  const { site } = guarded;
  const sites = [...guarded.sites].sort();
  const memories = deployment.controlRegions.map((region): CheckPlan => {
    const id = checkIdOf(deployment, service, namesOf(sites), `memory.${region}`);
    return { id, kind: 'memory', region, site, sites, alarm: memoryAlarmName(deployment.name, service, sites) };
  });
  const guard: CheckPlan = {
    id: memoryGuardIdOf(deployment, service, guarded),
    kind: 'calculated',
    children: memories.map((memory) => memory.id),
    threshold: deployment.controlRegions.length - majorityOf(deployment) + 1,
    isInverted: false,
  };
  return [...memories, guard];
}

/** Name of the alarm, in each control region, that says that nobody of some sites serves. */
export function memoryAlarmName(deployment: string, service: string, sites: readonly string[]): string {
  return `${deployment}-failover-${service}-left-${hashOf([...sites].sort())}`;
}

/** The sites of a chain, each with those before it: it is passed over while none of them serves. */
export function guardedInChain(chain: readonly string[]): readonly Guarded[] {
  return chain.map((site, place) => ({ site, sites: chain.slice(0, place + 1) }));
}

/** Every guard of a service's name; none where records are edited, or nothing is named. */
export function guardsIn(service: Service): readonly Guarded[] {
  const { dns } = service.traffic;
  if (dns === undefined || dns.mode === 'records') return [];
  const sites = sitesByPriority(service);
  if (dns.policy !== 'failover') return sites.map((site) => ({ site, sites: [site] }));
  return guardedInChain([...sites, ...(dns.lastResort === undefined ? [] : [lastResortName])].slice(0, -1));
}

function namesOf(sites: readonly string[]): string {
  return [...sites].sort().join('+');
}
