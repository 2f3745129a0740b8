import type { DeploymentInput } from '../../config/input/deployment.ts';
import type { SeededRandom } from '../random.ts';
import { type ServiceInput, type Variation, withAll } from './variations.ts';

/** Variations from a stream of their own: the seeds that draw none of them have the deployment that they always had. */

const metric = (site: string, service: string) => ({
  type: 'cloudwatch-metric' as const,
  namespace: 'AWS/ApplicationELB',
  name: 'HealthyHostCount',
  dimensions: { LoadBalancer: `app/${site}-${service}/1` },
  statistic: 'Minimum',
  expect: { atLeast: 1 },
});

type Probes = ServiceInput['sites'][string]['probes'];

/** Other probes at each site. No API of the deployment's account tells of a site outside AWS, or in another account. */
function probed(
  { sites, ...service }: ServiceInput,
  probesOf: (site: string, index: number, own: Probes) => Probes,
): ServiceInput | null {
  const entries = Object.entries(sites);
  if (entries.some(([, { region, account }]) => region === undefined || account !== undefined)) return null;
  const changed = entries.map(
    ([name, site], index) => [name, { ...site, probes: probesOf(name, index, site.probes) }] as const,
  );
  return { ...service, sites: Object.fromEntries(changed) };
}

/** A metric is all that tells how a site is. At the first one, no value means that it is down. */
const metricAlone: Variation = {
  share: 0.12,
  vary: (service, name) =>
    probed(service, (site, index) => [{ ...metric(site, name), missing: index === 0 ? 'down' : 'unknown' }]),
};

/** Beside its page, each site is seen by an AWS API: by a metric, an alarm or a function. */
const seenByAws: Variation = {
  share: 0.15,
  vary: (service, name) =>
    probed(service, (site, index, own) => {
      const beside: Probes = [
        { ...metric(site, name), missing: 'up' },
        { type: 'cloudwatch-alarm', name: `${name}-${site}` },
        { type: 'function', functionName: `probe-${name}-${site}` },
      ];
      return [...own, ...beside.slice(index % 3, (index % 3) + 1)];
    }),
};

/** Length of the game day that `gameDay` has. It begins a minute after the run. */
const gameDayMs = 600_000;
/** By then whatever a game day has begun is over: a minute before it, and a minute for the way back. */
export const gameDayEndMs = 60_000 + gameDayMs + 60_000;

/** The calendar moves the service amid the troubles, and back when they are over. A group's first member leads. */
const gameDay: Variation = {
  share: 0.12,
  vary: (service, name, { services }) => {
    if (service.mode !== 'active-passive') return null;
    const [first] = Object.keys(services);
    return name === first ? { ...service, gameDays: [{ cron: '1 0 1 jan *', forMs: gameDayMs }] } : service;
  },
};

const addedVariations: readonly Variation[] = [metricAlone, seenByAws, gameDay];

/** A drawn configuration, with some of these besides. */
export function variedBesides(random: SeededRandom, deployment: DeploymentInput): DeploymentInput {
  return withAll(
    addedVariations.filter(({ share }) => random() < share),
    deployment,
  );
}
