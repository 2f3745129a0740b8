import { clientsEnd, type KnownNames, outsideEnd } from './names.ts';
import type { Expectation, ScenarioEvent, SiteName, SitesOrCount, Target } from './scenario.ts';

/** A name that an event or an expectation uses, and below which of its keys. */
export interface NameUse {
  readonly key: string;
  /** What it should be, in words. */
  readonly what: string;
  readonly name: string;
  /** What it may be. */
  readonly known: readonly string[];
}

/** Makes the uses of names of one event or expectation. */
class Uses {
  readonly #known: KnownNames;
  readonly #key: string;

  constructor(known: KnownNames, key: string) {
    this.#known = known;
    this.#key = key;
  }

  service(name: string): NameUse {
    return this.#use('service', name, this.#known.services);
  }

  site(name: string): NameUse {
    return this.#use('site', name, this.#known.sites);
  }

  /** A site of a service; nothing where the service is unknown, which is a finding of its own. */
  siteOf(service: string, site: string): readonly NameUse[] {
    return this.#known.services.includes(service) ? [this.site(`${service}/${site}`)] : [];
  }

  controlRegion(name: string): NameUse {
    return this.#use('control region', name, this.#known.controlRegions);
  }

  region(name: string): NameUse {
    return this.#use('region', name, this.#known.regions);
  }

  /** Where an operator is. */
  place(name: string): NameUse {
    return this.#use('region or location', name, [...this.#known.places, outsideEnd]);
  }

  caller(name: string): NameUse {
    return this.#use('caller', name, this.#known.callers);
  }

  record(name: string): NameUse {
    return this.#use('record', name, this.#known.records);
  }

  operator(name: string): NameUse {
    return this.#use('operator', name, this.#known.operators);
  }

  dependency(name: string): NameUse {
    return this.#use('dependency', name, this.#known.dependencies);
  }

  address(name: string): NameUse {
    return this.#use('address', name, this.#known.addresses);
  }

  routeTable(name: string): NameUse {
    return this.#use('route table', name, this.#known.routeTables);
  }

  topic(name: string): NameUse {
    return this.#use('topic', name, this.#known.topics);
  }

  /** A probe of a site, by its place in the list; nothing where the site is unknown. */
  probe(site: string, place: number): readonly NameUse[] {
    const count = this.#known.probeCounts.get(site) ?? 0;
    const places = Array.from({ length: count }, (_, index) => String(index));
    return count === 0 ? [] : [this.#use(`probe of ${site}`, String(place), places)];
  }

  /** An API, or all of a service: first the service must be there, then the API among its own. */
  api(name: string): NameUse {
    const [service = '', action] = name.split(':');
    const { apis } = this.#known;
    const services = [...new Set(apis.map((api) => api.split(':')[0] ?? api))];
    if (action === '*' || !services.includes(service)) return this.#use('service of APIs', service, services);
    const own = apis.filter((api) => api.startsWith(`${service}:`));
    return this.#use(`API of ${service}`, name, own);
  }

  /** Where a cut ends. */
  end(name: string): readonly NameUse[] {
    const [first = '', ...rest] = name.split('/');
    if (first === 'site') return [this.site(rest.join('/'))];
    if (first === 'aws' && rest.length > 0) {
      const [service = '', region = ''] = rest;
      return [this.#use('service of AWS', service, this.#known.awsServices), this.region(region)];
    }
    return [this.#use('region or location', name, [...this.#known.places, clientsEnd, outsideEnd])];
  }

  #use(what: string, name: string, known: readonly string[]): NameUse {
    return { key: this.#key, what, name, known };
  }
}

/** The names that an event uses. */
export function namesInEvent(event: ScenarioEvent, known: KnownNames): readonly NameUse[] {
  const uses = new Uses(known, keyOf(event));
  switch (event.kind) {
    case 'stop':
    case 'start':
    case 'hang':
      return [useOfTarget(event.target, uses)];
    case 'freeze':
      return [event.role === 'watcher' ? uses.controlRegion(event.region) : uses.region(event.region)];
    case 'crash':
      return [uses.controlRegion(event.watcher)];
    case 'lose':
    case 'backup':
    case 'restore':
      return [uses.controlRegion(event.table)];
    case 'skew':
      return [uses.controlRegion(event.region)];
    case 'slow':
    case 'break':
    case 'set':
    case 'resize':
    case 'turn':
      return [uses.site(siteText(event.site))];
    case 'cut':
    case 'heal':
      return event.ends.flatMap((end) => uses.end(end));
    case 'fail':
      return [
        uses.api(event.api),
        ...(event.region === null ? [] : [uses.region(event.region)]),
        ...(event.by === null ? [] : [uses.caller(event.by)]),
      ];
    case 'grey':
      return usesOfGrey(event, uses);
    case 'misweigh':
      return [
        uses.service(event.service),
        ...Object.keys(event.weights).flatMap((site) => uses.siteOf(event.service, site)),
      ];
    case 'dependency':
      return [uses.dependency(event.name)];
    case 'misplace':
      return [
        ...(event.address === null ? [] : [uses.address(event.address)]),
        ...(event.record === null ? [] : [uses.record(event.record)]),
      ];
    case 'reroute':
      return [uses.routeTable(event.table)];
    case 'redeploy':
      return (event.regions ?? []).map((region) => uses.controlRegion(region));
    case 'operator':
      return event.from === undefined ? [] : [uses.place(event.from)];
  }
}

/** The key under which an event is written. */
function keyOf({ kind }: ScenarioEvent): string {
  if (kind === 'reroute' || kind === 'misweigh') return 'misplace';
  return kind === 'operator' ? 'from' : kind;
}

function usesOfGrey({ site, fault }: Extract<ScenarioEvent, { kind: 'grey' }>, uses: Uses): readonly NameUse[] {
  const { failingProbe } = fault;
  const name = siteText(site);
  return [uses.site(name), ...(typeof failingProbe === 'number' ? uses.probe(name, failingProbe) : [])];
}

function siteText({ service, name }: SiteName): string {
  return service === null ? name : `${service}/${name}`;
}

function useOfTarget(target: Target, uses: Uses): NameUse {
  if (target.kind === 'site') return uses.site(siteText(target));
  return target.kind === 'region' ? uses.region(target.name) : uses.controlRegion(target.name);
}

/** Expectations by service. */
const perService = [
  ...(['active', 'serving', 'moves', 'epochDelta', 'voters', 'weights', 'writer', 'writable', 'open'] as const),
  ...(['isolated', 'work', 'scale', 'published', 'goodput', 'status', 'rto', 'lost'] as const),
];

/** The names that an expectation uses. A name that is wrong there could make it hold for the wrong reason. */
export function namesInExpectation(expectation: Expectation, known: KnownNames): readonly NameUse[] {
  const usesBelow = (key: keyof Expectation) => new Uses(known, key);
  const { opinion, verdict, dns, eip, route, heard, calls, voters, operator } = expectation;
  return [
    ...perService.flatMap((key) => keysOf(expectation[key]).map((service) => usesBelow(key).service(service))),
    ...sitesIn(expectation).flatMap(([key, service, site]) => usesBelow(key).siteOf(service, site)),
    ...Object.values(voters ?? {}).flatMap((regions) => regions.map((one) => usesBelow('voters').controlRegion(one))),
    ...keysOf(opinion).map((region) => usesBelow('opinion').controlRegion(region)),
    ...Object.values(opinion ?? {}).flatMap((sites) => keysOf(sites).map((site) => usesBelow('opinion').site(site))),
    ...keysOf(verdict).map((site) => usesBelow('verdict').site(site)),
    ...keysOf(dns).map((name) => usesBelow('dns').record(name)),
    ...keysOf(eip).map((allocation) => usesBelow('eip').address(allocation)),
    ...keysOf(route).map((table) => usesBelow('route').routeTable(table)),
    ...keysOf(heard).map((topic) => usesBelow('heard').topic(topic)),
    ...keysOf(calls).map((api) => usesBelow('calls').api(api)),
    ...(operator ? [usesBelow('operator').operator(operator.name)] : []),
  ];
}

type SiteUse = readonly [key: keyof Expectation, service: string, site: string];

/** Every site that an expectation names below a service. */
function sitesIn(expectation: Expectation): readonly SiteUse[] {
  const ones = (['active', 'writer'] as const).flatMap((key) =>
    Object.entries(expectation[key] ?? {}).map(([service, site]): SiteUse => [key, service, site]),
  );
  const lists = (['serving', 'work', 'published', 'writable', 'open', 'isolated'] as const).flatMap((key) =>
    Object.entries<SitesOrCount>(expectation[key] ?? {}).flatMap(([service, sites]) =>
      'operator' in sites ? [] : sites.map((site): SiteUse => [key, service, site]),
    ),
  );
  const numbers = (['weights', 'scale'] as const).flatMap((key) =>
    Object.entries(expectation[key] ?? {}).flatMap(([service, bySite]) =>
      Object.keys(bySite).map((site): SiteUse => [key, service, site]),
    ),
  );
  return [...ones, ...lists, ...numbers];
}

function keysOf(named: unknown): readonly string[] {
  return named !== null && typeof named === 'object' ? Object.keys(named) : [];
}
