import { sitePlaceText } from '../../core/model/place.ts';
import type { Service } from '../../core/model/service.ts';
import type { Site } from '../../core/model/site.ts';
import type { Path } from '../document.ts';
import { aliasTargetOf } from '../kinds/dns/alias-target.ts';
import { type Breach, breach, type ServiceRule } from './rule.ts';

/** What a key of AWS allows at a site that is outside AWS. */
const noneOutside = 'none outside AWS';

const nothingOfAws: ServiceRule = {
  about:
    'At a site with a `location` nothing of AWS is declared: no `zone`, `scale`, `work` or metric. Probes tell its lag, load and readiness.',
  check: eachOutside((site, at) => [
    ...refused(site.zone, at, 'zone', 'leave zone out; two rooms that fail apart are two sites, each with a location'),
    ...refused(
      site.scale.length > 0 ? `${site.scale.length} to scale` : undefined,
      at,
      'scale',
      'leave scale out and write standby: hot; what shall be ready there, x-failover-ready tells in the answers of its probes',
    ),
    ...refused(
      site.work.length > 0 ? `${site.work.length} to turn on and off` : undefined,
      at,
      'work',
      'leave work out; jobs there can ask cdk-failover/client whether their site is active',
    ),
    ...refused(
      site.measures.lag === undefined || site.measures.lag.kind === 'probe' ? undefined : site.measures.lag.kind,
      [...at, 'measures'],
      'lag',
      'write lag: { kind: probe }; x-failover-lag-ms tells it in the answers of its probes',
    ),
    ...refused(
      site.measures.load === undefined ? undefined : 'a metric',
      [...at, 'measures'],
      'load',
      'leave load out; x-failover-load tells it in the answers of its probes',
    ),
    ...refused(site.measures.backup?.kind, [...at, 'measures'], 'backup', 'leave backup out; only AWS is asked for it'),
  ]),
};

const fencedByFunction: ServiceRule = {
  about:
    'A site with a `location` is fenced by a function of yours or not at all, and its fence names the region in which the function runs. The fence of a site in AWS runs in its own region.',
  check: ({ sites }, path, { controlRegions }) =>
    Object.entries(sites).flatMap(([name, { fence, ...site }]): readonly Breach[] => {
      if (fence === undefined) return [];
      const at = [...path, 'sites', name, 'fence'];
      const region = 'region' in fence ? fence.region : undefined;
      if (site.region !== undefined) {
        return region === undefined || region === site.region
          ? []
          : [breach([...at, 'region'], region, `${site.region}, where ${name} is`, 'leave region out')];
      }
      if (fence.kind !== 'custom' && fence.kind !== 'read-only') {
        const allowed = 'custom or read-only outside AWS';
        return [breach([...at, 'kind'], fence.kind, allowed, `write ${fenceLine(controlRegions)}`)];
      }
      return region === undefined
        ? [
            breach(
              [...at, 'region'],
              'nothing',
              'the region in which the function runs',
              `write region: ${controlRegions[0]}`,
            ),
          ]
        : [];
    }),
};

function fenceLine([region = 'us-east-1']: readonly string[]): string {
  return `fence: { kind: custom, functionName: cut-off, region: ${region} }`;
}

const dataInAws: ServiceRule = {
  about: 'A service with `data` has all its sites in AWS: nothing can be promoted, or seen to be a replica, elsewhere.',
  check: (service, path) =>
    service.data === undefined
      ? []
      : outsideOf(service).map(([name, site]) =>
          breach(
            [...path, 'data', 'kind'],
            `${service.data?.kind} with ${name} at ${sitePlaceText(site)}`,
            'sites in AWS',
            `leave data out, and promote the data of ${name} by hand before "switchover"; or make the data a service of its own, of the sites in AWS`,
          ),
        ),
};

const aliasesInAws: ServiceRule = {
  about: 'A site with a `location` is no alias of a load balancer, API or bucket of a region.',
  check: ({ sites, traffic }, path) =>
    Object.entries(traffic.dns?.addresses ?? {}).flatMap(([name, { alias }]) => {
      const site = sites[name];
      if (alias === undefined || site?.location === undefined) return [];
      const target = aliasTargetOf(alias.dnsName);
      if (target.kind !== 'target' || target.region === null) return [];
      return [
        breach(
          [...path, 'traffic', 'dns', 'addresses', name, 'alias', 'dnsName'],
          alias.dnsName,
          'no name of a region outside AWS',
          `write a: [ADDRESS] or cname: NAME of ${name}; or, if it is behind ${target.what}, region: ${target.region} instead of location`,
        ),
      ];
    }),
};

const latencyInAws: ServiceRule = {
  about: 'By latency, all sites are in AWS: Route 53 measures latency to its regions.',
  check: (service, path) =>
    service.traffic.dns?.policy !== 'latency'
      ? []
      : outsideOf(service).map(([name, site]) =>
          breach(
            [...path, 'traffic', 'dns', 'policy'],
            `latency with ${name} at ${sitePlaceText(site)}`,
            'weighted, geolocation or multivalue',
            'write policy: geolocation, with the locations that are near each site',
          ),
        ),
};

const groupsInAws: ServiceRule = {
  about: 'All sites of an accelerator are in AWS: an endpoint group belongs to a region.',
  check: (service, path) =>
    service.traffic.accelerator === undefined
      ? []
      : outsideOf(service).map(([name, site]) =>
          breach(
            [...path, 'traffic', 'accelerator', 'endpointGroupArns'],
            `${name} at ${sitePlaceText(site)}`,
            'sites in AWS',
            'leave accelerator out, and let traffic.dns choose between the sites',
          ),
        ),
};

function outsideOf({ sites }: Service): readonly (readonly [name: string, site: Site])[] {
  return Object.entries(sites).filter(([, { location }]) => location !== undefined);
}

function eachOutside(check: (site: Site, at: Path) => readonly Breach[]): ServiceRule['check'] {
  return (service, path) => outsideOf(service).flatMap(([name, site]) => check(site, [...path, 'sites', name]));
}

function refused(found: string | undefined, at: Path, key: string, hint: string): readonly Breach[] {
  return found === undefined ? [] : [breach([...at, key], found, noneOutside, hint)];
}

/** Rules about sites outside AWS. */
export const outsideRules: readonly ServiceRule[] = [
  nothingOfAws,
  fencedByFunction,
  dataInAws,
  aliasesInAws,
  latencyInAws,
  groupsInAws,
];
