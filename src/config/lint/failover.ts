import { isPromoted } from '../../core/kinds/promote.ts';
import { placeOf } from '../../core/model/place.ts';
import { recordsFollowMs } from '../../core/timing.ts';
import { durationText } from '../schema/duration.ts';
import { healthyForMsDefault } from '../schema/schema.ts';
import { eachService, type LintRule, listed } from './finding.ts';

const promotionWithoutFence: LintRule = {
  name: 'promotion-without-fence',
  about: 'Data is promoted, and a site of the service has no fence.',
  reason: 'A site that is out of contact but alive continues to write to the old copy, and those writes are lost.',
  check: eachService(({ name, sites, data, mode }, at) => {
    if (mode === 'active-active' || data === undefined || !isPromoted(data)) return [];
    const open = Object.keys(sites).filter((site) => sites[site]?.fence === undefined);
    const [first] = open;
    if (first === undefined) return [];
    const place = sites[first];
    return [
      {
        path: `${at}.sites.${first}.fence`,
        what: `${data.kind} is promoted and ${listed(open)} cannot be cut off`,
        breaks: `when ${place && placeOf(place)} is out of contact but not dead, ${first} continues to take writes of ${name} that will be lost`,
        hint: 'give each site a fence; kind read-only invokes a function of yours',
      },
    ];
  }),
};

const fenceWithoutLease: LintRule = {
  name: 'fence-without-lease',
  about: 'A site outside AWS has a fence.',
  reason: 'No watcher runs there, so no lease ends there, and no elapsed time stands in for the proof of its fence.',
  check: eachService(({ name, sites, mode }, at) =>
    Object.entries(sites).flatMap(([site, { fence, location }]) => {
      if (mode === 'active-active' || fence === undefined || location === undefined) return [];
      const region = 'region' in fence ? fence.region : undefined;
      return [
        {
          path: `${at}.sites.${site}.fence`,
          what: `${site} is at ${location}, outside AWS, and a function in ${region} fences it`,
          breaks: `when ${region} is lost, or the function cannot cut ${site} off, ${name} does not leave ${site} by itself, dead or not`,
          hint: `let the function cut ${site} off from outside ${location}, at a provider or a firewall, and run it in a region that ${name} may move to; a person moves by "failover ${name} --force --without-fence-proof"`,
        },
      ];
    }),
  ),
};

const fenceKeepsConnections: LintRule = {
  name: 'fence-keeps-connections',
  about: 'Data is of kind `rds-replica`, and a site of the service is fenced by security groups.',
  reason:
    'Tracked connections go on after a change of security groups, also connections to the database, and AWS does not stop the old writer of this kind.',
  check: eachService(({ name, sites, data, mode }, at) => {
    if (mode === 'active-active' || data?.kind !== 'rds-replica') return [];
    const swapped = Object.keys(sites).filter((site) => sites[site]?.fence?.kind === 'groups');
    const [first] = swapped;
    if (first === undefined) return [];
    return [
      {
        path: `${at}.sites.${first}.fence.kind`,
        what: `${listed(swapped)} is fenced by security groups, and data is ${data.kind}`,
        breaks: `when ${sites[first]?.region} is out of contact but not dead, ${first} continues to write for ${name} through open connections`,
        hint: 'use a fence of kind read-only or custom that stops the database from taking writes',
      },
    ];
  }),
};

const workLeftBehind: LintRule = {
  name: 'work-left-behind',
  about: 'One site of a service has `work`, and another that may take over has none.',
  reason: 'The work of a site is turned off when the service leaves it, and nobody does it then.',
  check: eachService(({ name, sites }, at) => {
    const busy = Object.keys(sites).filter((site) => (sites[site]?.work.length ?? 0) > 0);
    const idle = Object.entries(sites).filter(([, { work, priority }]) => work.length === 0 && priority > 0);
    const [first] = idle;
    if (busy.length === 0 || first === undefined) return [];
    return [
      {
        path: `${at}.sites.${first[0]}.work`,
        what: `${listed(busy)} has work, and ${first[0]} has none`,
        breaks: `when ${name} moves to ${first[0]}, schedules and consumers are off everywhere`,
        hint: `give ${first[0]} the same rules and mappings in ${placeOf(first[1])}, disabled, and list them`,
      },
    ];
  }),
};

const spareTooSmall: LintRule = {
  name: 'spare-too-small',
  about:
    '`capacity.spareSites` is above 0, and the sites that would be left are together smaller than the largest one.',
  reason: 'The sites that are left could then not even take over the load of the largest site.',
  check: eachService(({ name, sites, capacity }, at) => {
    const { spareSites } = capacity;
    const sizes = Object.entries(sites)
      .filter(([, { priority }]) => priority > 0)
      .sort(([, a], [, b]) => b.capacity - a.capacity);
    const lost = sizes.slice(0, spareSites);
    const largest = lost[0]?.[1];
    const left = sizes.slice(spareSites).reduce((sum, [, site]) => sum + site.capacity, 0);
    if (largest === undefined || left >= largest.capacity) return [];
    return [
      {
        path: `${at}.capacity.spareSites`,
        what: `${spareSites} may be lost, and without ${listed(lost.map(([site]) => site))} the capacity is ${left}`,
        breaks: `when ${placeOf(largest)} is lost, ${name} has ${left} to carry what ${largest.capacity} were declared for`,
        hint: 'add sites, raise the capacity of the others, or lower spareSites',
      },
    ];
  }),
};

const oneListener: LintRule = {
  name: 'one-listener',
  about: 'A service has all its sites behind one listener.',
  reason: 'A load balancer belongs to one region. When it fails, it fails for all sites.',
  check: eachService(({ name, sites, traffic }, at) => {
    const { targets } = traffic;
    if (targets === undefined || Object.keys(sites).some((site) => targets.targetGroups[site] === undefined)) return [];
    return [
      {
        path: `${at}.traffic.targets`,
        what: `all sites of ${name} are behind one load balancer in ${targets.region}`,
        breaks: `when ${targets.region} is lost, or only that load balancer, ${name} cannot move anywhere`,
        hint: 'add a site in another region, and traffic.dns to lead there',
      },
    ];
  }),
};

const blockOutlastsHealth: LintRule = {
  name: 'block-outlasts-health',
  about: '`failback.healthyForMs` is set below its default, and `failover.blockMs` is longer.',
  reason: 'A site that an automatic failover has left is not returned to before `blockMs` has passed.',
  check: eachService(({ name, mode, failback, failover }, at) => {
    const { healthyForMs } = failback;
    const isShort = healthyForMs < healthyForMsDefault && healthyForMs < failover.blockMs;
    if (mode === 'active-active' || failback.mode !== 'automatic' || !isShort) return [];
    return [
      {
        path: `${at}.failback.healthyForMs`,
        what: `healthyForMs is ${durationText(healthyForMs)} and failover.blockMs is ${durationText(failover.blockMs)}`,
        breaks: `after a failover, ${name} returns no sooner than ${durationText(failover.blockMs)} later, however well its site is`,
        hint: `set blockMs to what may be the shortest time between a failover and its return, or healthyForMs to ${durationText(healthyForMsDefault)} or more`,
      },
    ];
  }),
};

const rampOutrunsDns: LintRule = {
  name: 'ramp-outruns-dns',
  about: 'Weights of records are shifted in steps, and the pause after each is shorter than clients take to follow it.',
  reason:
    'An edited record reaches all name servers of Route 53 within a minute, as a rule, and resolvers keep the old answer for its TTL; a step that is judged before that is judged without its clients.',
  check: eachService(({ name, traffic }, at) => {
    const { ramp, ttlSeconds } = traffic.dns ?? {};
    if (ramp === undefined || ttlSeconds === undefined) return [];
    const followMs = recordsFollowMs + ttlSeconds * 1_000;
    const [first, second] = ramp.stepsPercent;
    if (second === undefined || ramp.pauseMs >= followMs) return [];
    return [
      {
        path: `${at}.traffic.dns.ramp.pauseMs`,
        what: `the pause is ${durationText(ramp.pauseMs)}, and clients follow an edited record within ${durationText(followMs)}`,
        breaks: `a site of ${name} that cannot bear ${first} % gets ${second} % and more before anybody sees that it cannot`,
        hint: `set pauseMs to ${durationText(followMs)} or more`,
      },
    ];
  }),
};

/** Findings about things that a failover needs and that are missing, or that stand in its way. */
export const failoverLintRules: readonly LintRule[] = [
  workLeftBehind,
  promotionWithoutFence,
  fenceWithoutLease,
  fenceKeepsConnections,
  spareTooSmall,
  oneListener,
  blockOutlastsHealth,
  rampOutrunsDns,
];
