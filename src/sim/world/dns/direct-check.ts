import type { CheckPlan } from '../../../core/dns/zone-plan.ts';
import type { Links } from '../links.ts';
import type { SimSite } from '../sites.ts';

/**
 * How long a checker waits for the answer to a request. Source: Route 53 Developer Guide, "How Amazon Route 53
 * determines whether a health check is healthy".
 */
const answerMsMax = 2_000;
/** How long it waits for a connection that is asked for nothing else. Source: the same page. */
const connectMsMax = 10_000;

/**
 * Whether one of Route 53's checkers, somewhere in the world, finds a site's endpoint good: a connection, or any status
 * of 2xx and 3xx. The body is not looked at.
 */
export function passesDirectCheck(
  { type }: Pick<Extract<CheckPlan, { kind: 'endpoint' }>, 'type'>,
  site: SimSite,
  links: Links,
): boolean {
  const isReachable = links.passes(['clients'], [site.place, `site/${site.service}/${site.id}`]);
  if (!isReachable || site.isHidden || site.state !== 'running') return false;
  if (type === 'tcp') return site.latencyMs <= connectMsMax;
  const status = site.status ?? 200;
  return site.latencyMs <= answerMsMax && status >= 200 && status < 400;
}
