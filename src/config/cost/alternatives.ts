import type { Deployment } from '../../core/model/deployment.ts';
import { groupOf } from '../../core/model/group.ts';
import { placeOf } from '../../core/model/place.ts';
import type { Service } from '../../core/model/service.ts';
import { prices } from './prices.ts';

/** What else could move the same services, with what it costs and does not do. */
export interface Alternative {
  readonly name: string;
  /** US dollars a month at list price. */
  readonly listUsd: number;
  /** How the price comes about. */
  readonly reckoning: string;
  /** What it leaves to the user, of what this deployment asks for. */
  readonly lacks: string;
  /** AWS's own page with the current price. */
  readonly source: string;
}

const recoveryControllerPage = 'https://aws.amazon.com/application-recovery-controller/pricing/';
const planUsd = 70;
const clusterHourUsd = 2.5;
const monthHours = 730;

/**
 * AWS's own ways to move the services of a deployment, the cheapest first.
 *
 * Route 53 alone gets a fast HTTPS check a site, as the probes ask for. Region switch gets a plan a service, or a group
 * of services, since a plan is activated as a whole. Routing control needs one cluster, whatever hangs on it.
 */
export function alternativesOf(deployment: Deployment): readonly Alternative[] {
  const services = Object.values(deployment.services);
  const checked = services.filter(({ traffic }) => traffic.dns !== undefined);
  const sites = checked.reduce((count, { sites }) => count + Object.keys(sites).length, 0);
  const plans = new Set(Object.keys(deployment.services).map((name) => groupOf(deployment, name)?.name ?? name)).size;
  const checkUsd = prices.foreignHealthCheck.usd + 2 * prices.foreignHealthCheckOption.usd;
  return [
    {
      name: 'Route 53 failover records alone',
      listUsd: sites * checkUsd,
      reckoning: `${countOf(sites, 'check')} of a site outside AWS, HTTPS every 10 s, $${checkUsd} each`,
      // Source: Route 53 Developer Guide, "How Amazon Route 53 determines whether a health check is healthy".
      lacks: 'a majority of checkers (18 % are enough), limits, fences, data, sizes; goes back once its checks pass',
      source: prices.foreignHealthCheck.source,
    },
    {
      name: 'ARC Region switch',
      listUsd: plans * planUsd,
      reckoning: `${countOf(plans, 'plan')}, $${planUsd} each`,
      lacks: `detection but for CloudWatch alarms, a limit on lag, addresses and balancers${regionsLacked(services)}`,
      source: recoveryControllerPage,
    },
    {
      name: 'ARC routing control',
      listUsd: clusterHourUsd * monthHours,
      reckoning: `one cluster, $${clusterHourUsd} an hour`,
      lacks: 'detection and decision, fences, data, sizes: a person or a program turns the switches',
      source: recoveryControllerPage,
    },
  ].sort((a, b) => a.listUsd - b.listUsd);
}

/** A plan of Region switch knows two regions. */
function regionsLacked(services: readonly Service[]): string {
  const most = Math.max(...services.map(({ sites }) => new Set(Object.values(sites).map(placeOf)).size));
  return most > 2 ? `; a plan has two regions, and a service here has ${most} places` : '';
}

function countOf(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
