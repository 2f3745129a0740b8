import type { NamedService, Service } from '../model/service.ts';
import type { Scalable } from '../model/site.ts';
import type { RunOutline } from '../register/run.ts';
import type { Kind, Placed, RestFacts } from './kind.ts';
import { isCount, isFlag, ownOf } from './parts.ts';

/** A size that something a site runs on shall have. */
export interface StartDesired {
  readonly kind: 'start';
  readonly site: string;
  /** What of the site, as `scalableName` has it. */
  readonly part: string;
  /** The site serves: its full size or more. It waits: exactly its standby size. */
  readonly isServing: boolean;
  /** What the site that is left was last seen to have, for a size that follows it; null when that is not known. */
  readonly activeSize: number | null;
}

/** Something with a size, and the size that it shall have. */
export interface StartThing {
  readonly region: string;
  readonly scalable: Scalable;
  /** For instances: 1 runs them all, 0 stops them. */
  readonly size: number;
  /** False: more than `size` is as good, so that what grew by itself under load is not cut down. */
  readonly isExact: boolean;
}

/** What is there of something that can be scaled. */
export interface ScaleState {
  /**
   * What was asked for; for instances 1 when all are meant to run, 0 when all are meant to be stopped, else between.
   */
  readonly wanted: number;
  /** What is up, checked and in service. */
  readonly ready: number;
}

/** Largest size that an order may ask for. Source: the schema's own limit of `size`. */
const sizeMax = 10_000;

/** Brings the sites that gain traffic to their full size, and puts those that wait back to their own. */
export const start: Kind<StartDesired, StartThing, ScaleState> = {
  name: 'start',
  isIn: ({ sites }, region) => Object.values(sites).some((site) => site.region === region && site.scale.length > 0),
  plan: (service, outline) => {
    const started = sitesToStart(service, outline);
    return started.length > 0 ? { resource: started.join('+'), region: null, after: [] } : null;
  },
  mannerOf: () => ({ kind: 'until-ready' }),
  inRun: ({ service, run }) => sitesToStart(service, run).flatMap((site) => sizesFor(service, site, true)),
  riskOfSkipping: (_from, to) => `${to} serves with what there is of it, and may go down under the load`,
  nothingToDo: 'nothing to start',
  patienceMs: 0,
  fallbackOf: () => null,
  atRest: sizesAtRest,
  sitesOf: ({ site }) => [site],
  nameOf: ({ site, part }) => `size of ${site} (${part})`,
  thingOf: ({ site, part, isServing, activeSize }, service, region) => {
    const place = ownOf(service.sites, site);
    const scalable = place?.scale.find((one) => scalableName(one) === part);
    const isSize = activeSize === null || (isCount(activeSize) && activeSize <= sizeMax);
    if (place?.region !== region || scalable === undefined || !isFlag(isServing) || !isSize) return null;
    return { region, scalable, size: sizeOf(scalable, isServing, activeSize), isExact: !isServing };
  },
  /** Down to a size is done once it was asked for: nobody waits for what stops. */
  compare: ({ size, isExact }, { wanted, ready }) => {
    if (isExact ? wanted !== size : wanted < size) return 'differs';
    return isExact || ready >= size ? 'as-ordered' : 'on-its-way';
  },
};

/** Sites that are brought to their full size by a run: those that gain traffic and are not at it while they wait. */
export function sitesToStart(
  service: Service,
  { kind, to, serving }: Omit<RunOutline, 'fences' | 'from'>,
): readonly string[] {
  const gaining = kind === 'withdraw' || kind === 'recover' ? serving : kind === 'last-resort' ? [] : [to];
  return gaining.filter((site) => (service.sites[site]?.scale.length ?? 0) > 0);
}

/**
 * The sizes of what a site runs on, while it serves or while it waits; empty when nothing of it is scaled.
 *
 * @param activeSize - what the site that is left was last seen to have; for a size that follows it, of which a site has
 *   one
 */
export function sizesFor(
  service: NamedService,
  site: string,
  isServing: boolean,
  activeSize: number | null = null,
): readonly Placed<StartDesired>[] {
  const place = service.sites[site];
  return (place?.scale ?? []).map((scalable) => ({
    region: place?.region ?? '',
    desired: { kind: 'start', site, part: scalableName(scalable), isServing, activeSize },
  }));
}

/** Name of something that is scaled, of which a site has one. */
function scalableName(scalable: Scalable): string {
  switch (scalable.kind) {
    case 'auto-scaling-group':
      return `${scalable.kind} ${scalable.name}`;
    case 'ecs-service':
      return `${scalable.kind} ${scalable.cluster}/${scalable.name}`;
    case 'provisioned-concurrency':
      return `${scalable.kind} ${scalable.functionName}:${scalable.alias}`;
    case 'instances':
      return `${scalable.kind} ${scalable.instanceIds.join('+')}`;
  }
}

/**
 * Whoever serves is at its full size or above. Who waits is put back to its own temperature, once the epoch is as old
 * as a site must be well before anybody returns to it: until then a return may need it. In a pool nothing is cut down,
 * since all of it serves; what was raised there is left to the user's own scaling.
 */
function sizesAtRest({ service, register, epochAgeMs }: RestFacts): readonly Placed<StartDesired>[] {
  const isPool = service.mode === 'active-active';
  const isRaised = !isPool || register.serving.length < Object.keys(service.sites).length;
  return Object.keys(service.sites).flatMap((site) => {
    const isServing = register.serving.includes(site);
    if (isServing) return isRaised ? sizesFor(service, site, true) : [];
    const isCooling = !isPool && register.active !== site && epochAgeMs >= service.failback.healthyForMs;
    return isCooling && !register.lost.includes(site) ? sizesFor(service, site, false) : [];
  });
}

function sizeOf(scalable: Scalable, isServing: boolean, activeSize: number | null): number {
  if (scalable.kind === 'instances') return isServing ? 1 : 0;
  if (!isServing) return scalable.standbySize;
  return scalable.asActive ? Math.max(scalable.size, activeSize ?? 0) : scalable.size;
}
