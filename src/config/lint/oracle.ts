import { remembers } from '../../core/model/traffic.ts';
import { memoryFollowMs } from '../../core/timing.ts';
import { dnsSizeOf, healthChecksByDefault } from '../plan/dns-size.ts';
import { isEdge, regionOfHost } from './endpoint.ts';
import { eachService, type LintRule, listed, siteRegionsOf } from './finding.ts';

const frontElsewhere: LintRule = {
  name: 'oracle-front-elsewhere',
  about: 'By its name, what stands before the oracle of a control region is in another region, or is an edge network.',
  reason: 'That other region then takes the votes of two with it when it is lost.',
  check: ({ oracle }) =>
    Object.entries(oracle?.url ?? {}).flatMap(([region, url]) => {
      const { hostname } = new URL(url);
      const there = regionOfHost(hostname);
      if (!isEdge(hostname) && (there === null || there === region)) return [];
      const where = isEdge(hostname) ? 'an edge network' : `in ${there}`;
      return [
        {
          path: `oracle.url.${region}`,
          what: `${hostname} is ${where}, and the oracle in ${region}`,
          breaks: `when ${there ?? 'its control plane'} is lost, the vote of ${region} may be missing too`,
          hint: `put a load balancer or an API in ${region} before it`,
        },
      ];
    }),
};

const frontShared: LintRule = {
  name: 'oracle-front-shared',
  about: 'Several oracles are asked at one host.',
  reason: 'What answers at that host is one fault domain: their votes are missing together.',
  check: ({ oracle }) => {
    const hostOf = (region: string) => new URL(oracle?.url[region] ?? '').host;
    const asked = Object.keys(oracle?.url ?? {});
    return [...new Set(asked.map(hostOf))].flatMap((host) => {
      const regions = asked.filter((region) => hostOf(region) === host);
      if (regions.length < 2) return [];
      return [
        {
          path: 'oracle.url',
          what: `${host} stands before the oracles of ${listed(regions)}`,
          breaks: `when ${host} is lost, ${regions.length} votes are missing: after a move, clients may be sent back`,
          hint: 'give each region a host of its own, in that region',
        },
      ];
    });
  },
};

/** Shortest that DNS by memory takes to follow: the minute of a metric that has just begun. In minutes. */
const followMinutesMin = 1;

const memoryAlone: LintRule = {
  name: 'dns-by-memory-alone',
  about: 'A name follows what watchers write, and asks no oracle (`traffic.dns.mode: memory`).',
  reason: 'An alarm looks at whole minutes: a move shows in DNS a minute or two later than with oracles.',
  check: eachService((service, at) =>
    service.traffic.dns?.mode !== 'memory'
      ? []
      : [
          {
            path: `${at}.traffic.dns.mode`,
            what: `${service.traffic.dns.record} follows a metric, minute by minute`,
            breaks: `when ${siteRegionsOf(service).join(' or ') || 'a site'} is lost, clients of ${service.name} are sent there for ${followMinutesMin} to ${memoryFollowMs / 60_000} minutes more`,
            hint: 'where public function URLs are forbidden, take mode: oracle with oracle.url, or accept the finding',
          },
        ],
  ),
};

const forgetful: LintRule = {
  name: 'dns-forgets',
  about:
    'A name keeps nothing in mind (`traffic.dns.memory: false`, or policy `multivalue`): the votes of the oracles alone say which sites were left.',
  reason:
    'Route 53 takes a missing vote for consent. When a majority of oracles is dark, every site may be named again.',
  check: eachService(({ name, traffic: { dns } }, at) =>
    dns?.mode !== 'oracle' || remembers(dns)
      ? []
      : [
          {
            path: dns.policy === 'multivalue' ? `${at}.traffic.dns.policy` : `${at}.traffic.dns.memory`,
            what: `${dns.record} remembers no move`,
            breaks: `when most oracles are lost, throttled or broken by a release after a move, clients of ${name} are sent back to the site that was left`,
            hint: dns.policy === 'multivalue' ? 'take policy weighted, which remembers' : 'leave memory out',
          },
        ],
  ),
};

const manyHealthChecks: LintRule = {
  name: 'health-checks-quota',
  about: `A deployment has more health checks than the ${healthChecksByDefault} that an account may have by default.`,
  reason: 'The quota counts all checks of the account, of other deployments too, and can be raised.',
  check: (deployment) => {
    const size = dnsSizeOf(deployment);
    if (size === null || size.healthChecks <= healthChecksByDefault) return [];
    return [
      {
        path: 'services',
        what: `${size.healthChecks} health checks, and an account may have ${healthChecksByDefault} by default`,
        breaks: 'the deployment of the records is rolled back at the first check over the quota',
        hint: 'have the quota raised to twice as many, for a deployment that replaces them all, and accept the finding; or take fewer sites or control regions',
      },
    ];
  },
};

/** Findings about how Route 53 learns of a move. */
export const oracleLintRules: readonly LintRule[] = [
  frontElsewhere,
  frontShared,
  memoryAlone,
  forgetful,
  manyHealthChecks,
];
