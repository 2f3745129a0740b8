import { type DataResource, isShared } from '../model/data.ts';
import { nameForm } from '../model/name-form.ts';
import { lastResortName, type NamedService, type Service } from '../model/service.ts';
import { type FencingToken, movesActive, type Run } from '../register/run.ts';
import { promotionMsMax } from '../timing.ts';
import type { Kind, Placed } from './kind.ts';
import { isFlag, isToken, ownOf } from './order/parts.ts';

/** A site that must become the writer of the data. */
export interface PromoteDesired {
  readonly kind: 'promote';
  readonly from: string;
  readonly to: string;
  /** Whether the move is planned: the old writer is well, so nothing may be lost. */
  readonly isPlanned: boolean;
  readonly isDataLossAllowed: boolean;
  /**
   * The register names the site the writer already, and nobody can ask the one whose promotion was ordered. Data that
   * takes writes there is the writer then, though other copies may have been told otherwise.
   */
  readonly isReturn?: boolean;
}

/** Data and the site that must become its writer. */
export interface PromoteThing extends Omit<PromoteDesired, 'kind'> {
  /** Region of the site that must become the writer. */
  readonly region: string;
  /** Account of that site; absent: that of the deployment. */
  readonly account?: string | undefined;
  readonly service: string;
  readonly data: DataResource;
  /** Whose order it is, for a function of the user that remembers the newest. */
  readonly token: FencingToken;
}

/** Which site writes the data now. */
export interface WriterState {
  /** Site whose copy takes writes; null when none does, or when the writer is not one of the sites. */
  readonly writer: string | null;
  /** A promotion is under way. */
  readonly isMoving: boolean;
  /** Site that is being promoted; absent when the API does not say. */
  readonly movingTo?: string | undefined;
}

/** Kinds of data that can be switched over without loss while both sites are well. */
const lossless: readonly DataResource['kind'][] = [
  'aurora-global',
  'documentdb-global',
  'neptune-global',
  's3-mrap',
  'custom',
];

/**
 * Makes the new site the writer of the data. Nothing is desired at rest, because a promotion is never changed outside a
 * run.
 */
export const promote: Kind<PromoteDesired, PromoteThing, WriterState> = {
  name: 'promote',
  isOfSites: true,
  isIn: ({ data, sites }, region) => isPromoted(data) && Object.values(sites).some((site) => site.region === region),
  plan: ({ data, sites }, outline) =>
    movesActive(outline) && isPromoted(data)
      ? { resource: outline.to, region: sites[outline.to]?.region ?? null, after: ['fence'] }
      : null,
  mannerOf: () => ({ kind: 'under-the-fence' }),
  inRun: ({ service, run, register }) => promotionFor(service, run, register.writer),
  riskOfSkipping: (_from, to) =>
    `clients reach ${to} although its data was not seen to take writes; do this only if you have promoted it`,
  nothingToDo: 'nothing to promote',
  patienceMs: promotionMsMax,
  fallbackOf: () => null,
  atRest: () => [],
  sitesOf: ({ from, to }) => [from, to],
  nameOf: () => 'writer of the data',
  thingOf: ({ from, to, isPlanned, isDataLossAllowed, isReturn, token }, service, region) => {
    const { data, sites } = service;
    // A person may force a move away from a site that is no longer configured. Only a planned one needs the old writer.
    const isLeftUnknown = isPlanned === false && typeof from === 'string' && nameForm.test(from);
    const isKnown = from === lastResortName || ownOf(sites, from) !== undefined || isLeftUnknown;
    if (data === undefined || !isPromoted(data) || !isKnown || ownOf(sites, to)?.region !== region) return null;
    if (!isFlag(isPlanned) || !isFlag(isDataLossAllowed) || !isToken(token)) return null;
    if (isReturn !== undefined && !isFlag(isReturn)) return null;
    const { account } = ownOf(sites, to) ?? {};
    const named = { service: service.name, from: String(from), to: String(to) };
    const wish = { isPlanned, isDataLossAllowed, ...(isReturn === undefined ? {} : { isReturn }) };
    return { region, account, data, ...named, ...wish, token };
  },
  asksHook: ({ data }) => data.kind === 'custom',
  compare: ({ to }, { writer, isMoving, movingTo = to }) => {
    // A promotion of another site that hangs is not waited for: a person has chosen this site, otherwise there would be
    // no such order.
    if (isMoving && movingTo === to) return 'on-its-way';
    return writer === to ? 'as-ordered' : 'differs';
  },
};

/** Whether the data has one writer that a move changes. */
export function isPromoted(data: Service['data']): boolean {
  return data !== undefined && !isShared(data);
}

/** Whether a run promotes the data only once the new site has everything that the old writer has. */
export function isLosslessRun({ data }: NamedService, run: Run): boolean {
  return data !== undefined && isPlannedRun(run) && lossless.includes(data.kind);
}

function isPlannedRun({ kind, reason }: Run): boolean {
  return kind !== 'failover' && reason !== 'group-failover';
}

/** Whether a site is the writer, as an order that is only rehearsed; empty where the data has not one writer. */
export function writerQuestion(service: NamedService, site: string): readonly Placed<PromoteDesired>[] {
  const from = Object.keys(service.sites).find((other) => other !== site);
  const region = service.sites[site]?.region;
  if (!isPromoted(service.data) || from === undefined || region === undefined) return [];
  return [{ region, desired: { kind: 'promote', from, to: site, isPlanned: true, isDataLossAllowed: false } }];
}

function promotionFor(service: NamedService, run: Run, writer: string): readonly Placed<PromoteDesired>[] {
  const { data } = service;
  if (!data || !isPromoted(data)) return [];
  const region = service.sites[run.to]?.region ?? '';
  const isPlanned = isPlannedRun(run);
  // The move was decided with a lag within `maxReplicationLagMs`. That limit permits a loss of that size where AWS
  // offers no way without loss. Global clusters have a switchover for planned moves.
  const isBudgeted = service.failover.maxReplicationLagMs !== undefined;
  const isLossless = isLosslessRun(service, run);
  const isDataLossAllowed = run.isDataLossAllowed || (isBudgeted && !isLossless);
  // The data may be written elsewhere than at the site that clients leave: whoever writes is asked to switch.
  const from = writer === run.to || service.sites[writer] === undefined ? run.from : writer;
  return [{ region, desired: { kind: 'promote', from, to: run.to, isPlanned, isDataLossAllowed } }];
}
