import { type Deployment, serviceOf } from '../../src/core/model/deployment.ts';
import { preferredSite, sitesByPriority } from '../../src/core/model/service.ts';
import type { ScenarioEvent } from '../../src/scenario/scenario.ts';

/** What happens, without the instant. */
export type Change = ScenarioEvent extends infer Event
  ? Event extends ScenarioEvent
    ? Omit<Event, 'atMs' | 'line'>
    : never
  : never;

/** A fault of the table. */
export interface Fault {
  readonly name: string;
  readonly changesFor: (place: Place) => readonly Change[];
}

/** Where a fault strikes: the preferred site, which serves everywhere, and what is around it. */
export interface Place {
  readonly site: string;
  readonly region: string;
  /** All other sites. */
  readonly others: readonly string[];
  readonly controlRegions: readonly string[];
}

/** Where the faults of a deployment strike. All its services have the same sites. */
export function placeOf(deployment: Deployment): Place {
  const [name = ''] = Object.keys(deployment.services);
  const service = serviceOf(deployment, name);
  const site = preferredSite(service);
  return {
    site,
    region: service.sites[site]?.region ?? '',
    others: sitesByPriority(service).filter((other) => other !== site),
    controlRegions: deployment.controlRegions,
  };
}

const siteNamed = (name: string) => ({ service: null, name });
const stop = (name: string): Change => ({ kind: 'stop', target: { kind: 'site', ...siteNamed(name) } });
const stopWatcher = (name: string): Change => ({ kind: 'stop', target: { kind: 'watcher', name } });
const stopTable = (name: string): Change => ({ kind: 'stop', target: { kind: 'table', name } });
const awayFrom = ({ controlRegions, region }: Place) => controlRegions.filter((other) => other !== region);

/** How long an API is out: longer than anybody looks. */
const foreverMs = 3_600_000;

/** The rows of the table, in its order. */
export const faults: readonly Fault[] = [
  { name: 'the site refuses connections', changesFor: ({ site }) => [stop(site)] },
  {
    name: 'the site accepts and never answers',
    changesFor: ({ site }) => [{ kind: 'hang', target: { kind: 'site', ...siteNamed(site) } }],
  },
  {
    name: 'the site answers 500',
    changesFor: ({ site }) => [{ kind: 'break', site: siteNamed(site), status: 500, body: null, role: null }],
  },
  {
    name: 'every third answer is an error',
    changesFor: ({ site }) => [{ kind: 'grey', site: siteNamed(site), fault: { errorShare: 0.34 } }],
  },
  {
    name: 'its region is lost, with watcher and table',
    changesFor: ({ region }) => [{ kind: 'stop', target: { kind: 'region', name: region } }],
  },
  {
    name: 'its region is cut off from the other regions, not from clients',
    changesFor: (place) =>
      awayFrom(place).map((other) => ({ kind: 'cut', ends: [place.region, other], isOneWay: false })),
  },
  { name: 'every site is down', changesFor: ({ site, others }) => [site, ...others].map(stop) },
  {
    name: 'the site is down, and every other is 10 min behind',
    changesFor: ({ site, others }) => [
      ...others.map((other): Change => ({ kind: 'set', site: siteNamed(other), facts: { replicationLagMs: 600_000 } })),
      stop(site),
    ],
  },
  {
    name: "the site is down, and Route 53's API with it",
    changesFor: ({ site }) => [
      { kind: 'fail', api: 'route53:*', region: null, by: null, fault: 'error', forMs: foreverMs, rate: 1 },
      stop(site),
    ],
  },
  {
    name: 'the site is down, and one watcher elsewhere',
    changesFor: (place) => [...awayFrom(place).slice(-1).map(stopWatcher), stop(place.site)],
  },
  {
    name: 'the site is down, and two of three watchers',
    changesFor: (place) => [...awayFrom(place).slice(-2).map(stopWatcher), stop(place.site)],
  },
  {
    name: 'the site is down, and two of three state tables',
    changesFor: (place) => [...awayFrom(place).slice(-2).map(stopTable), stop(place.site)],
  },
  { name: 'two of three watchers are lost', changesFor: (place) => awayFrom(place).slice(-2).map(stopWatcher) },
  {
    name: 'all control regions lose each other',
    changesFor: ({ controlRegions }) =>
      controlRegions.flatMap((from, index) =>
        controlRegions.slice(index + 1).map((to): Change => ({ kind: 'cut', ends: [from, to], isOneWay: false })),
      ),
  },
  {
    name: "a region's clock is 10 min ahead",
    changesFor: ({ region }) => [{ kind: 'skew', region, byMs: 600_000 }],
  },
];
