import { askedNames, nameBehind } from '../core/dns/record-values.ts';
import type { Deployment } from '../core/model/deployment.ts';
import type { Service } from '../core/model/service.ts';
import type { Expectation, ScenarioEvent, SiteName, SitesOrCount, Target } from './scenario.ts';

/** What a name in a scenario may stand for. */
export type NameKind =
  | 'service'
  | 'site'
  | 'control region'
  | 'region'
  | 'region or location'
  | 'caller'
  | 'record'
  | 'operator';

/** A name that is used, and below which key of its event or expectation. */
export interface NameUse {
  readonly key: string;
  readonly kind: NameKind;
  readonly name: string;
  /** Service that a site is looked for in; absent when any will do. An unknown service is a finding of its own. */
  readonly service?: string;
}

/** The names that the events and expectations of a scenario may use. */
export type KnownNames = Readonly<Record<NameKind, readonly string[]>>;

/**
 * Every name that a scenario may use.
 *
 * @param deployments - the scenario's own, and those that its redeploys lead to
 */
export function knownNames(deployments: readonly Deployment[], events: readonly ScenarioEvent[]): KnownNames {
  const services = deployments.flatMap((deployment) => Object.entries(deployment.services));
  const sites = services.flatMap(([service, { sites: all }]) =>
    Object.keys(all).flatMap((site) => [site, `${service}/${site}`]),
  );
  const places = services.flatMap(([, { sites: all }]) => Object.values(all));
  const siteRegions = places.flatMap(({ region }) => region ?? []);
  const locations = places.flatMap(({ location }) => location ?? []);
  const controlRegions = deployments.flatMap((deployment) => deployment.controlRegions);
  const operators = events.flatMap((event) =>
    (event.kind === 'operator' || event.kind === 'redeploy') && event.as !== null ? [event.as] : [],
  );
  return {
    service: distinct(services.map(([service]) => service)),
    site: distinct(sites),
    'control region': distinct(controlRegions),
    region: distinct([...controlRegions, ...siteRegions]),
    'region or location': distinct([...controlRegions, ...siteRegions, ...locations]),
    caller: distinct([...controlRegions, ...siteRegions, ...operators]),
    record: distinct(services.flatMap(([, service]) => [...publicNames(service), ...outsideNames(service)])),
    operator: distinct(operators),
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

/** The names that an event uses. */
export function namesInEvent(event: ScenarioEvent): readonly NameUse[] {
  const use = (kind: NameKind, name: string): NameUse => ({ key: event.kind, kind, name });
  switch (event.kind) {
    case 'stop':
    case 'start':
    case 'hang':
      return [useOfTarget(event.target, event.kind)];
    case 'freeze':
      return [use(event.role === 'watcher' ? 'control region' : 'region', event.region)];
    case 'crash':
      return [use('control region', event.watcher)];
    case 'lose':
    case 'backup':
    case 'restore':
      return [use('control region', event.table)];
    case 'skew':
      return [use('control region', event.region)];
    case 'slow':
    case 'break':
    case 'set':
    case 'resize':
    case 'turn':
      return [use('site', siteText(event.site))];
    case 'cut':
    case 'heal':
      return event.ends.flatMap((end) => usesOfEnd(end, event.kind));
    case 'fail':
      return [
        ...(event.region === null ? [] : [use('region', event.region)]),
        ...(event.by === null ? [] : [use('caller', event.by)]),
      ];
    case 'grey':
      return [use('site', siteText(event.site))];
    case 'misweigh':
      return [use('service', event.service)];
    case 'dependency':
    case 'misplace':
    case 'reroute':
    case 'redeploy':
    case 'operator':
      return [];
  }
}

function siteText({ service, name }: SiteName): string {
  return service === null ? name : `${service}/${name}`;
}

function useOfTarget(target: Target, key: string): NameUse {
  if (target.kind === 'site') return { key, kind: 'site', name: siteText(target) };
  return { key, kind: target.kind === 'region' ? 'region' : 'control region', name: target.name };
}

function usesOfEnd(end: string, key: string): readonly NameUse[] {
  if (end === 'clients') return [];
  const [first, ...rest] = end.split('/');
  if (first === 'site') return [{ key, kind: 'site', name: rest.join('/') }];
  return [{ key, kind: first === 'aws' ? 'region' : 'region or location', name: end.split('/').at(-1) ?? end }];
}

/** The names that an expectation uses. A name that is wrong there could make it hold for the wrong reason. */
export function namesInExpectation(expectation: Expectation): readonly NameUse[] {
  const perService = [
    ...(['active', 'serving', 'moves', 'epochDelta', 'status', 'rto', 'lost'] as const),
    ...([
      'weights',
      'writer',
      'scale',
      'work',
      'published',
      'goodput',
      'writable',
      'open',
      'isolated',
      'voters',
    ] as const),
  ];
  const services = perService.flatMap((key) => usesOfKeys(key, 'service', expectation[key]));
  const { active, serving, opinion, verdict, operator } = expectation;
  return [
    ...services,
    ...Object.entries(active ?? {}).map(([service, site]) => useOfSite('active', service, site)),
    ...Object.entries(serving ?? {}).flatMap(([service, sites]) =>
      sites.map((site) => useOfSite('serving', service, site)),
    ),
    ...(['writable', 'open', 'isolated'] as const).flatMap((key) => usesOfSites(key, expectation[key])),
    ...usesOfKeys('opinion', 'control region', opinion),
    ...Object.values(opinion ?? {}).flatMap((sites) => usesOfKeys('opinion', 'site', sites)),
    ...usesOfKeys('verdict', 'site', verdict),
    ...usesOfKeys('dns', 'record', expectation.dns),
    ...(operator ? [{ key: 'operator', kind: 'operator', name: operator.name } as const] : []),
  ];
}

function useOfSite(key: string, service: string, site: string): NameUse {
  return { key, kind: 'site', name: `${service}/${site}`, service };
}

function usesOfSites(key: string, wanted: Readonly<Record<string, SitesOrCount>> | undefined): readonly NameUse[] {
  return Object.entries(wanted ?? {}).flatMap(([service, sites]) =>
    'operator' in sites ? [] : sites.map((site) => useOfSite(key, service, site)),
  );
}

function usesOfKeys(key: string, kind: NameKind, named: Readonly<Record<string, unknown>> | undefined) {
  return Object.keys(named ?? {}).map((name): NameUse => ({ key, kind, name }));
}
