import type { DataResource } from '../model/data.ts';
import { lastResortName, type NamedService, type Service } from '../model/service.ts';
import { movesActive, type Run } from '../register/run.ts';
import { promotionMsMax } from '../timing.ts';
import type { Kind, Placed } from './kind.ts';
import { isFlag, ownOf } from './parts.ts';

/** A site that shall write the data. */
export interface PromoteDesired {
  readonly kind: 'promote';
  readonly from: string;
  readonly to: string;
  /** The old writer is well: nothing may be lost. */
  readonly isPlanned: boolean;
  readonly isDataLossAllowed: boolean;
}

/** Data and the site that shall write it. */
export interface PromoteThing extends Omit<PromoteDesired, 'kind'> {
  /** That of the site that shall write. */
  readonly region: string;
  readonly service: string;
  readonly data: DataResource;
}

/** Who writes. */
export interface WriterState {
  /** Site whose part takes writes; null when none does, or when it is not one of the sites. */
  readonly writer: string | null;
  /** A promotion is under way. */
  readonly isMoving: boolean;
  /** Site that is being promoted, where that is told. */
  readonly movingTo?: string | undefined;
}

/** Data that can be switched over without a loss while both sites are well. */
const lossless: readonly DataResource['kind'][] = [
  'aurora-global',
  'documentdb-global',
  'neptune-global',
  's3-mrap',
  'custom',
];

/**
 * Makes the new site's data the one that is written. A promotion is never undone by itself: nothing is wanted at rest.
 */
export const promote: Kind<PromoteDesired, PromoteThing, WriterState> = {
  name: 'promote',
  isIn: ({ data, sites }, region) => isPromoted(data) && Object.values(sites).some((site) => site.region === region),
  plan: ({ data, sites }, outline) =>
    movesActive(outline) && isPromoted(data)
      ? { resource: outline.to, region: sites[outline.to]?.region ?? null, after: ['fence'] }
      : null,
  mannerOf: () => ({ kind: 'under-the-fence' }),
  inRun: ({ service, run }) => promotionFor(service, run),
  riskOfSkipping: (_from, to) =>
    `clients reach ${to} though nobody has seen its data take writes; right only if you have promoted it`,
  nothingToDo: 'nothing to promote',
  patienceMs: promotionMsMax,
  fallbackOf: () => null,
  atRest: () => [],
  sitesOf: ({ from, to }) => [from, to],
  nameOf: () => 'writer of the data',
  thingOf: ({ from, to, isPlanned, isDataLossAllowed }, service, region) => {
    const { data, sites } = service;
    const isKnown = from === lastResortName || ownOf(sites, from) !== undefined;
    if (data === undefined || !isPromoted(data) || !isKnown || ownOf(sites, to)?.region !== region) return null;
    if (!isFlag(isPlanned) || !isFlag(isDataLossAllowed)) return null;
    return { region, service: service.name, data, from: String(from), to: String(to), isPlanned, isDataLossAllowed };
  },
  compare: ({ to }, { writer, isMoving, movingTo = to }) => {
    // A promotion of another site that hangs is not waited for: a person has chosen this one, or it would not be asked
    // for.
    if (isMoving && movingTo === to) return 'on-its-way';
    return writer === to ? 'as-ordered' : 'differs';
  },
};

/** Whether data has one writer that a move changes. */
export function isPromoted(data: Service['data']): boolean {
  return data !== undefined && data.kind !== 'dynamodb-global';
}

/** Whether a run promotes its data only once all that the old writer has is there. */
export function isLosslessRun({ data }: NamedService, run: Run): boolean {
  return data !== undefined && isPlannedRun(run) && lossless.includes(data.kind);
}

function isPlannedRun({ kind, reason }: Run): boolean {
  return kind !== 'failover' && reason !== 'group-failover';
}

function promotionFor(service: NamedService, run: Run): readonly Placed<PromoteDesired>[] {
  const { data } = service;
  if (!data || !isPromoted(data)) return [];
  const region = service.sites[run.to]?.region ?? '';
  const isPlanned = isPlannedRun(run);
  // A move was decided on a lag within the declared budget: that is the permission to lose as much, where AWS offers no
  // way that loses nothing. Global clusters have a switchover for planned moves.
  const isBudgeted = service.failover.maxReplicationLagMs !== undefined;
  const isLossless = isLosslessRun(service, run);
  const isDataLossAllowed = run.isDataLossAllowed || (isBudgeted && !isLossless);
  return [{ region, desired: { kind: 'promote', from: run.from, to: run.to, isPlanned, isDataLossAllowed } }];
}
