import { askedNames, nameBehind } from '../core/dns/record-values.ts';
import type { Deployment } from '../core/model/deployment.ts';
import type { Service } from '../core/model/service.ts';
import type { ScenarioEvent } from './scenario.ts';

/** What a scenario may name that no configuration has: the simulated world and the command line know it. */
export interface Surroundings {
  /** APIs that the world can answer, as `service:Action`. */
  readonly apis: readonly string[];
  /** Services of AWS that can be cut off. */
  readonly awsServices: readonly string[];
  /** Why an operator's line means nothing; null when it means something. */
  readonly refusalOf: (commandLine: string, deployment: Deployment) => string | null;
}

/** The end of cuts that stands for clients. */
export const clientsEnd = 'clients';
/** The place of operators who are in no region and at no location. */
export const outsideEnd = 'outside';

/** The names that the events and expectations of a scenario may use. */
export interface KnownNames {
  readonly services: readonly string[];
  /** By their own names, and with their service. */
  readonly sites: readonly string[];
  readonly controlRegions: readonly string[];
  readonly regions: readonly string[];
  /** Regions, and locations outside AWS. */
  readonly places: readonly string[];
  readonly callers: readonly string[];
  readonly records: readonly string[];
  readonly operators: readonly string[];
  readonly dependencies: readonly string[];
  /** Elastic IPs, by allocation. */
  readonly addresses: readonly string[];
  readonly routeTables: readonly string[];
  readonly topics: readonly string[];
  /** How many probes the site has that has most, by name of a site. */
  readonly probeCounts: ReadonlyMap<string, number>;
  readonly apis: readonly string[];
  readonly awsServices: readonly string[];
}

/**
 * Every name that a scenario may use.
 *
 * @param deployments - the scenario's own, and those that its redeploys lead to
 */
export function knownNames(
  deployments: readonly Deployment[],
  events: readonly ScenarioEvent[],
  { apis, awsServices }: Surroundings,
): KnownNames {
  const services = deployments.flatMap((deployment) => Object.entries(deployment.services));
  const named = services.flatMap(([service, { sites }]) =>
    Object.entries(sites).flatMap(([name, site]) => [
      { name, site },
      { name: `${service}/${name}`, site },
    ]),
  );
  const sites = named.map(({ site }) => site);
  const siteRegions = sites.flatMap(({ region }) => region ?? []);
  const locations = sites.flatMap(({ location }) => location ?? []);
  const controlRegions = deployments.flatMap((deployment) => deployment.controlRegions);
  const operators = events.flatMap((event) =>
    (event.kind === 'operator' || event.kind === 'redeploy') && event.as !== null ? [event.as] : [],
  );
  const probeCounts = new Map<string, number>();
  for (const { name, site } of named) {
    probeCounts.set(name, Math.max(probeCounts.get(name) ?? 0, site.probes.length));
  }
  return {
    services: distinct(services.map(([service]) => service)),
    sites: distinct(named.map(({ name }) => name)),
    controlRegions: distinct(controlRegions),
    regions: distinct([...controlRegions, ...siteRegions]),
    places: distinct([...controlRegions, ...siteRegions, ...locations]),
    callers: distinct([...controlRegions, ...siteRegions, ...operators]),
    records: distinct(services.flatMap(([, service]) => [...publicNames(service), ...outsideNames(service)])),
    operators: distinct(operators),
    dependencies: distinct(sites.flatMap(({ probes }) => probes.flatMap(({ dependency }) => dependency ?? []))),
    addresses: distinct(services.flatMap(([, { traffic }]) => traffic.address?.allocationId ?? [])),
    routeTables: distinct(services.flatMap(([, { traffic }]) => traffic.route?.tables ?? [])),
    topics: distinct(deployments.flatMap(({ notify }) => notify.topics)),
    probeCounts,
    apis,
    awsServices,
  };
}

/** The name that clients of a service ask for. The engine makes the names of a record tree, and nobody writes them. */
function publicNames({ traffic }: Service): readonly string[] {
  return traffic.dns === undefined ? [] : askedNames(traffic.dns);
}

/** Names outside the zone that the sites of a service are known by. */
function outsideNames({ traffic }: Service): readonly string[] {
  return Object.values(traffic.dns?.addresses ?? {}).flatMap((known) => nameBehind(known) ?? []);
}

function distinct(names: readonly string[]): readonly string[] {
  return [...new Set(names)];
}
