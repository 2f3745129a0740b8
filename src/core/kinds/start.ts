import { isReserve, type NamedService, regularSites, type Service } from '../model/service.ts';
import { isOfData, type Scalable } from '../model/site.ts';
import type { FencingToken, RunOutline } from '../register/run.ts';
import type { Kind, Placed, RestFacts } from './kind.ts';
import { isCount, isFlag, isHalfCount, isToken, ownOf } from './order/parts.ts';

/** The desired size of one scalable part of a site. */
export interface StartDesired {
  readonly kind: 'start';
  readonly site: string;
  /** Name of the part, from `scalableName`. */
  readonly part: string;
  /** True: the site serves and needs its full size or more. False: it waits at exactly its standby size. */
  readonly isServing: boolean;
  /** Last known size of the site that is left, for a size that follows it (`asActive`); null when it is not known. */
  readonly activeSize: number | null;
}

/** Something with a size, the site that runs on it, and its desired size. */
export interface StartThing {
  readonly region: string;
  /** Account that it is in; absent: that of the deployment. */
  readonly account?: string | undefined;
  readonly service: string;
  readonly site: string;
  readonly scalable: Scalable;
  /** For instances: 1 runs them all, 0 stops them. */
  readonly size: number;
  /** True: a larger size is as good, so that what grew by itself under load is not reduced. */
  readonly isServing: boolean;
  /** Whose order it is, for a function of the user that remembers the newest. */
  readonly token: FencingToken;
}

/** Capacity of a table of DynamoDB. */
export type TableCapacity = Extract<Scalable, { readonly kind: 'dynamodb-capacity' }>;

/** The present state of something that can be scaled. */
export interface ScaleState {
  /**
   * The size that was asked for. For instances: 1 when all must run, 0 when all must be stopped, a value between when
   * only some must run.
   */
  readonly wanted: number;
  /** The size that is up, has passed its checks and is in service. */
  readonly ready: number;
  /** It is being changed, takes no other order until then, and does not say to what: nothing is asked of it. */
  readonly isChanging?: boolean;
  /** Another change of it is under way, and it takes no order until that has ended: a difference waits for it. */
  readonly isBusy?: boolean;
  /** Some of it is being stopped, and until it has cannot be started; nothing else of it is left to start. */
  readonly isStopping?: boolean;
  /** It cannot be made smaller: a larger size than that of a site that waits is no difference. */
  readonly isLasting?: boolean;
  /** What keeps it from being ready, as what has it says; absent where it says nothing. */
  readonly hindrance?: string;
}

/** Largest size of anything but the capacity of a table. */
export const sizeMax = 10_000;

/**
 * Largest capacity of a table, in units. AWS has no limit of its own: the quota of an account is 40,000 and is raised
 * when asked for. Source: Amazon DynamoDB Developer Guide, "Quotas in Amazon DynamoDB".
 */
export const unitsMax = 10_000_000;

/** Brings the sites that gain traffic to their full size, and standbys back to their standby size. */
export const start: Kind<StartDesired, StartThing, ScaleState> = {
  name: 'start',
  isOfSites: true,
  isIn: ({ sites }, region) => Object.values(sites).some((site) => site.region === region && site.scale.length > 0),
  plan: (service, outline) => {
    const started = sitesToStart(service, outline);
    return started.length > 0 ? { resource: started.join('+'), region: null, after: [] } : null;
  },
  mannerOf: () => ({ kind: 'until-ready' }),
  inRun: ({ service, run }) => sitesToStart(service, run).flatMap((site) => sizesFor(service, site, true)),
  riskOfSkipping: (_from, to) => `${to} serves at its present size, and may go down under the load`,
  nothingToDo: 'nothing to start',
  patienceMs: 0,
  fallbackOf: () => null,
  atRest: sizesAtRest,
  sitesOf: ({ site }) => [site],
  nameOf: ({ site, part }) => `size of ${site} (${part})`,
  thingOf: ({ site, part, isServing, activeSize, token }, service, region) => {
    const place = ownOf(service.sites, site);
    const scalable = place?.scale.find((one) => scalableName(one) === part);
    if (
      place?.region !== region ||
      scalable === undefined ||
      !isToken(token) ||
      !isFlag(isServing) ||
      !isSizeOf(scalable, activeSize)
    )
      return null;
    const size = sizeOf(scalable, isServing, activeSize);
    const { account } = place;
    return { region, account, service: service.name, site: String(site), scalable, size, isServing, token };
  },
  asksHook: ({ scalable }) => scalable.kind === 'custom',
  hindranceOf: ({ hindrance }) => hindrance ?? null,
  /** A smaller size counts as reached once it was asked for, because no step waits for things that stop. */
  compare: ({ size, isServing }, seen) => {
    const { wanted, ready, isChanging = false, isBusy = false, isStopping = false, isLasting = false } = seen;
    if (isChanging || (isServing && isStopping && wanted < size)) return 'on-its-way';
    if (isServing || isLasting ? wanted < size : wanted !== size) return isBusy ? 'on-its-way' : 'differs';
    return !isServing || ready >= size ? 'as-ordered' : 'on-its-way';
  },
};

/** Sites that a run brings to their full size: those that gain traffic and have a smaller size while they wait. */
export function sitesToStart(
  service: Service,
  { kind, to, serving }: Omit<RunOutline, 'fences' | 'from'>,
): readonly string[] {
  const gaining = kind === 'withdraw' || kind === 'recover' ? serving : kind === 'last-resort' ? [] : [to];
  return gaining.filter((site) => (service.sites[site]?.scale.length ?? 0) > 0);
}

/**
 * The desired sizes of the scalable parts of a site, while it serves or while it waits; empty when it has no such part.
 *
 * @param activeSize - last known size of the site that is left; for the part whose size follows it, of which a site has
 *   at most one
 */
export function sizesFor(
  service: NamedService,
  site: string,
  isServing: boolean,
  activeSize: number | null = null,
): readonly Placed<StartDesired>[] {
  const { region, scale } = service.sites[site] ?? {};
  if (region === undefined || scale === undefined) return [];
  return scale.map((scalable) => ({
    region,
    desired: { kind: 'start', site, part: scalableName(scalable), isServing, activeSize },
  }));
}

/**
 * The desired sizes of what the data of a site runs on, while the site serves. They are there before the data is
 * promoted: Aurora takes one change of a cluster at a time, and the writer gets its clients' load at once.
 */
export function sizesOfData(
  service: NamedService,
  site: string,
  activeSize: number | null,
): readonly Placed<StartDesired>[] {
  const names = (service.sites[site]?.scale ?? []).filter(isOfData).map(scalableName);
  return sizesFor(service, site, true, activeSize).filter(({ desired }) => names.includes(desired.part));
}

/** Name of a scalable part, unique within its site. */
export function scalableName(scalable: Scalable): string {
  switch (scalable.kind) {
    case 'auto-scaling-group':
      return `${scalable.kind} ${scalable.name}`;
    case 'ecs-service':
    case 'eks-nodegroup':
      return `${scalable.kind} ${scalable.cluster}/${scalable.name}`;
    case 'eks-deployment':
      return `${scalable.kind} ${scalable.cluster}/${scalable.namespace}/${scalable.name}`;
    case 'provisioned-concurrency':
      return `${scalable.kind} ${scalable.functionName}:${scalable.alias}`;
    case 'aurora-serverless':
    case 'aurora-readers':
      return `${scalable.kind} ${scalable.cluster}`;
    case 'dynamodb-capacity':
      return `${scalable.kind} ${tablePartOf(scalable)} ${scalable.units}`;
    case 'custom':
      return `${scalable.kind} ${scalable.functionName}`;
    case 'instances':
      return `${scalable.kind} ${scalable.instanceIds.join('+')}`;
  }
}

/** The name of a table, or of an index after that of its table. */
export function tablePartOf({ table, index }: Pick<TableCapacity, 'table' | 'index'>): string {
  return index === undefined ? table : `${table}/${index}`;
}

/**
 * The desired sizes at rest. A serving site has its full size or more. A standby gets its standby size once the epoch
 * has lasted for `failback.healthyForMs`: until then a return may need its full size. In a pool nothing but a reserve
 * is reduced, because every other site serves; the user's own scaling may reduce what was raised.
 */
function sizesAtRest({ service, register, epochAgeMs }: RestFacts): readonly Placed<StartDesired>[] {
  const isPool = service.mode === 'active-active';
  const isRaised = !isPool || regularSites(service).some((site) => !register.serving.includes(site));
  return Object.keys(service.sites).flatMap((site) => {
    const isServing = register.serving.includes(site);
    if (isServing) return isRaised ? sizesFor(service, site, true) : [];
    const waits = isPool ? isReserve(service, site) : register.active !== site;
    const isCooling = waits && epochAgeMs >= service.failback.healthyForMs;
    return isCooling && !register.lost.includes(site) ? sizesFor(service, site, false) : [];
  });
}

/** Whether a size to follow is one that the part can have, or null. */
function isSizeOf(scalable: Scalable, value: unknown): value is number | null {
  const isSize = scalable.kind === 'aurora-serverless' ? isHalfCount : isCount;
  const max = scalable.kind === 'dynamodb-capacity' ? unitsMax : sizeMax;
  return value === null || (isSize(value) && value <= max);
}

function sizeOf(scalable: Scalable, isServing: boolean, activeSize: number | null): number {
  if (scalable.kind === 'instances') return isServing ? 1 : 0;
  if (!isServing) return scalable.standbySize;
  return scalable.asActive ? Math.max(scalable.size, activeSize ?? 0) : scalable.size;
}
