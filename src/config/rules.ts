import type { Deployment, Probe, Service } from '../core/deployment.ts';
import { tableCallMs } from '../core/timing.ts';
import type { Path } from './document.ts';
import { trafficRules } from './rules-traffic.ts';

/** A rule that a configuration breaks. */
export interface Breach {
  readonly path: Path;
  readonly found: string | null;
  readonly allowed: string;
  readonly wayOut: string | null;
}

export type ServiceRule = (service: Service, path: Path, deployment: Deployment) => readonly Breach[];

/** Fewest control regions of which one can be lost. */
const controlRegionsMin = 3;
/** Part of a tick that is left for everything but the probes. */
const tickMarginMs = 100;

/** Everything that a well-formed configuration may still have wrong; empty when it can be used. */
export function findBreaches(deployment: Deployment): readonly Breach[] {
  const services = Object.entries(deployment.services);
  return [
    ...controlRegionRules(deployment),
    ...(services.length === 0 ? [breach(['services'], 'none', 'one to fifty services', null)] : []),
    ...services.flatMap(([name, service]) =>
      serviceRules.flatMap((rule) => rule(service, ['services', name], deployment)),
    ),
    ...sharedSteering(deployment),
  ];
}

export function breach(path: Path, found: string | null, allowed: string, wayOut: string | null): Breach {
  return { path, found, allowed, wayOut };
}

function controlRegionRules({ controlRegions }: Deployment): readonly Breach[] {
  const found: Breach[] = [];
  const count = controlRegions.length;
  if (count < controlRegionsMin) {
    found.push(
      breach(['controlRegions'], String(count), 'three or more regions', 'add a witness: a region without a site'),
    );
  } else if (count % 2 === 0) {
    found.push(
      breach(
        ['controlRegions'],
        String(count),
        'an odd number of regions',
        'add a witness or leave one out; an even number survives no more',
      ),
    );
  }
  const twice = controlRegions.find((region, index) => controlRegions.indexOf(region) !== index);
  if (twice !== undefined)
    found.push(breach(['controlRegions'], twice, 'each region once', 'a majority counts distinct regions'));
  return found;
}

const quorumWithinWatchers: ServiceRule = ({ detection }, path, { controlRegions }) =>
  detection.quorum <= controlRegions.length
    ? []
    : [
        breach(
          [...path, 'detection', 'quorum'],
          String(detection.quorum),
          `1 to ${controlRegions.length}, the number of control regions`,
          'lower it or add control regions',
        ),
      ];

const probesWithinTick: ServiceRule = ({ sites, detection }, path) => {
  const limitMs = detection.intervalMs - tickMarginMs;
  return Object.entries(sites).flatMap(([site, { probes }]) =>
    probes.flatMap((probe, index) =>
      probe.timeoutMs <= limitMs
        ? []
        : [
            breach(
              [...path, 'sites', site, 'probes', index, 'timeoutMs'],
              `${probe.timeoutMs} ms`,
              `at most ${limitMs} ms, so that a probe ends inside its tick of ${detection.intervalMs} ms`,
              'shorten it or lengthen detection.intervalMs',
            ),
          ],
    ),
  );
};

/**
 * A lease must outlast what an ordinary tick with a slow table takes, or a passing slowness fences a healthy site: the
 * time for which opinions count, the longest probe, and one table call with its retry.
 */
const leaseOutlastsTicks: ServiceRule = ({ sites, detection, failover }, path) => {
  const probeMs = Math.max(0, ...Object.values(sites).flatMap(({ probes }) => probes.map((probe) => probe.timeoutMs)));
  const leastMs = detection.opinionTtlMs + probeMs + 2 * tableCallMs;
  if (failover.leaseMs >= leastMs) return [];
  const allowed = `at least ${leastMs} ms: opinion time ${detection.opinionTtlMs} + probe ${probeMs} + two table calls ${2 * tableCallMs}`;
  return [
    breach(
      [...path, 'failover', 'leaseMs'],
      `${failover.leaseMs} ms`,
      allowed,
      'lengthen the lease or shorten the tick',
    ),
  ];
};

const enoughSites: ServiceRule = ({ sites }, path) => {
  const names = Object.keys(sites);
  if (names.length < 2)
    return [
      breach([...path, 'sites'], String(names.length), 'two to ten sites', 'a service with one site cannot fail over'),
    ];
  if (names.length > 10) return [breach([...path, 'sites'], String(names.length), 'two to ten sites', null)];
  const eligible = names.filter((name) => (sites[name]?.priority ?? 0) > 0);
  if (eligible.length >= 2) return [];
  return [
    breach(
      [...path, 'sites'],
      `${eligible.length} with a priority above 0`,
      'two or more',
      'a site of priority 0 is never chosen',
    ),
  ];
};

const sitesInOrder: ServiceRule = ({ sites }, path) => {
  const seen = new Map<string, string>();
  return Object.entries(sites).flatMap(([name, { region, priority }]) => {
    const key = `${region} ${priority}`;
    const other = seen.get(key);
    seen.set(key, name);
    if (other === undefined || priority === 0) return [];
    const allowed = `another priority than ${other}'s, which is in the same region`;
    return [
      breach([...path, 'sites', name, 'priority'], String(priority), allowed, 'say which of the two is preferred'),
    ];
  });
};

const failbackTarget: ServiceRule = ({ sites, failback }, path) => {
  if (failback.to === undefined) return [];
  const site = sites[failback.to];
  if (!site)
    return [breach([...path, 'failback', 'to'], failback.to, `a site: ${Object.keys(sites).join(', ')}`, null)];
  if (site.priority > 0) return [];
  return [
    breach(
      [...path, 'failback', 'to'],
      failback.to,
      'a site that may be chosen',
      `${failback.to} has priority 0, so it is never eligible and yet preferred`,
    ),
  ];
};

const requirementMet: ServiceRule = ({ sites }, path) =>
  Object.entries(sites).flatMap(([name, { probes, require }]) => {
    const plain = probes.filter((probe) => !probe.corroborating).length;
    const at = [...path, 'sites', name];
    if (plain === 0)
      return [
        breach(
          [...at, 'probes'],
          'only corroborating probes',
          'at least one plain probe',
          'a corroborating probe never finds a site down',
        ),
      ];
    if (typeof require !== 'object' || require.atLeast <= plain) return [];
    return [
      breach(
        [...at, 'require', 'atLeast'],
        String(require.atLeast),
        `at most ${plain}, the number of plain probes`,
        null,
      ),
    ];
  });

const regionsAllowed: ServiceRule = ({ sites, failover }, path) => {
  const regions = Object.values(sites).map((site) => site.region);
  const strangers = failover.allowedRegions?.filter((region) => !regions.includes(region)) ?? [];
  return strangers.map((region) =>
    breach(
      [...path, 'failover', 'allowedRegions'],
      region,
      `regions of the service's sites: ${[...new Set(regions)].join(', ')}`,
      null,
    ),
  );
};

const targetsDistinct: ServiceRule = ({ sites }, path) => {
  const seen = new Map<string, string>();
  return Object.entries(sites).flatMap(([name, { probes }]) =>
    probes.flatMap((probe, index) => {
      const target = targetOf(probe);
      const other = seen.get(target) ?? name;
      seen.set(target, other);
      if (other === name) return [];
      const allowed = `another target than ${other}'s`;
      return [
        breach(
          [...path, 'sites', name, 'probes', index],
          target,
          allowed,
          'two sites behind one endpoint fail together',
        ),
      ];
    }),
  );
};

function targetOf(probe: Probe): string {
  return probe.type === 'tcp' ? `${probe.host}:${probe.port}` : probe.url;
}

const fencesReachable: ServiceRule = ({ sites }, path, { controlRegions }) =>
  Object.entries(sites).flatMap(([name, { fence, region }]) =>
    fence === undefined || controlRegions.includes(region)
      ? []
      : [
          breach(
            [...path, 'sites', name, 'fence'],
            region,
            `a site in a control region: ${controlRegions.join(', ')}`,
            `make ${region} a control region: only an actuator there can fence`,
          ),
        ],
  );

const serviceRules: readonly ServiceRule[] = [
  quorumWithinWatchers,
  probesWithinTick,
  leaseOutlastsTicks,
  enoughSites,
  sitesInOrder,
  failbackTarget,
  requirementMet,
  regionsAllowed,
  targetsDistinct,
  fencesReachable,
  ...trafficRules,
];

/** Two services that steer the same thing would undo each other's moves. */
function sharedSteering(deployment: Deployment): readonly Breach[] {
  const owners = new Map<string, string>();
  return Object.entries(deployment.services).flatMap(([name, { traffic }]) => {
    const claims: (readonly [Path, string])[] = [];
    if (traffic.dns) claims.push([['services', name, 'traffic', 'dns', 'record'], traffic.dns.record]);
    if (traffic.address)
      claims.push([['services', name, 'traffic', 'address', 'allocationId'], traffic.address.allocationId]);
    return claims.flatMap(([path, thing]) => {
      const owner = owners.get(thing);
      owners.set(thing, owner ?? name);
      return owner === undefined
        ? []
        : [breach(path, thing, `something that no other service steers; ${owner} does`, null)];
    });
  });
}
