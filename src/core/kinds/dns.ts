import { areSameValues, type RecordValues, valuesOf } from '../dns/record-values.ts';
import { lastResortName, type NamedService } from '../model/service.ts';
import { canShiftInParts, recordWeightMax, recordWeightsOf, type Shares } from '../register/share.ts';
import { type Kind, type Placed, readySteps, stillLedTo } from './kind.ts';
import { ownOf, weightsIn } from './order/parts.ts';

/** The desired answer of an edited name: one site, or several sites in proportion to weights of 0 to 255. */
export type DnsDesired =
  | { readonly kind: 'dns'; readonly site: string }
  | { readonly kind: 'dns'; readonly weights: Readonly<Record<string, number>> };

/** What a name holds now: values of a simple record, or weights of weighted records by site. */
export type DnsState =
  | { readonly kind: 'values'; readonly values: RecordValues }
  | { readonly kind: 'weights'; readonly weights: Readonly<Record<string, number>> };

/** An edited name and what it must hold. */
export interface DnsThing {
  /** Account that the zone is in; absent: that of the deployment. */
  readonly account?: string | undefined;
  readonly zoneId: string;
  readonly name: string;
  readonly ttlSeconds: number;
  readonly answer: DnsState;
}

/**
 * Edits the record of a service with `mode: 'records'`. With oracles nothing is edited, because they answer from the
 * accepted register.
 */
export const dns: Kind<DnsDesired, DnsThing, DnsState> = {
  name: 'dns',
  isOfSites: false,
  isOfNoRegion: true,
  /** Route 53 belongs to no region, so every control region has a function for it. */
  isIn: ({ traffic }) => traffic.dns?.mode === 'records',
  plan: (service, { kind, serving }) => {
    const { dns: its, targets } = service.traffic;
    if (!its) return null;
    const before = kind === 'withdraw' && canShiftInParts(service) ? [] : readySteps;
    // When a load balancer shifts traffic in steps, DNS changes after it, because both answers of DNS lead to the load
    // balancer.
    const isBalanced = serving.some((site) => targets?.targetGroups[site] !== undefined);
    return { resource: its.record, region: null, after: isBalanced ? [...before, 'targets'] : before };
  },
  mannerOf: ({ traffic: { dns: its } }) =>
    its?.mode === 'records' && its.policy === 'weighted'
      ? { kind: 'in-shares', ramp: its.ramp ?? { stepsPercent: [100], pauseMs: 0 } }
      : { kind: 'at-once' },
  inRun: ({ service, run, register, ownRegion }) => answerFor(service, run.serving, register, ownRegion),
  riskOfSkipping: stillLedTo,
  nothingToDo: 'oracles steer',
  patienceMs: 0,
  fallbackOf: () => null,
  atRest: ({ service, register, ownRegion }) => answerFor(service, register.serving, register, ownRegion),
  sitesOf: (desired) => ('site' in desired ? [desired.site] : Object.keys(desired.weights)),
  nameOf: () => 'record',
  thingOf: ({ site, weights }, service) => {
    const { dns: its } = service.traffic;
    if (its?.mode !== 'records') return null;
    const { zone, record: name, ttlSeconds } = its;
    const answer = its.policy === 'failover' ? valuesAt(service, site) : knownWeights(service, weights);
    return answer === null ? null : { account: zone.account, zoneId: zone.id, name, ttlSeconds, answer };
  },
  compare: ({ answer }, seen) => (isAnswered(answer, seen) ? 'as-ordered' : 'differs'),
};

/**
 * The desired answer of the name; empty when no record is edited.
 *
 * @param region - any control region that can reach Route 53's API, because the record belongs to no region
 */
function answerFor(
  service: NamedService,
  serving: readonly string[],
  shares: Shares,
  region: string,
): readonly Placed<DnsDesired>[] {
  const { dns: its } = service.traffic;
  if (its?.mode !== 'records') return [];
  if (its.policy === 'weighted')
    return [{ region, desired: { kind: 'dns', weights: recordWeightsOf(service, shares) } }];
  const [site] = serving;
  return its.policy === 'failover' && site !== undefined ? [{ region, desired: { kind: 'dns', site } }] : [];
}

function valuesAt({ traffic }: NamedService, site: unknown): DnsState | null {
  const target = site === lastResortName ? traffic.dns?.lastResort : ownOf(traffic.dns?.addresses, site);
  if (target === undefined) return null;
  return { kind: 'values', values: valuesOf(target) };
}

/** Weights of sites that the service has, and of its static endpoint. */
function knownWeights({ traffic, sites }: NamedService, weights: unknown): DnsState | null {
  const bySite = weightsIn(weights, recordWeightMax);
  if (traffic.dns?.policy !== 'weighted' || bySite === null) return null;
  const isKnown = (site: string) =>
    site === lastResortName ? traffic.dns?.lastResort !== undefined : Object.hasOwn(sites, site);
  return Object.keys(bySite).every(isKnown) ? { kind: 'weights', weights: bySite } : null;
}

/** Whether the name holds what is desired. Records that somebody else added to the name are ignored. */
function isAnswered(wanted: DnsState, seen: DnsState): boolean {
  if (wanted.kind === 'values') {
    return seen.kind === 'values' && areSameValues(seen.values, wanted.values);
  }
  return (
    seen.kind === 'weights' && Object.entries(wanted.weights).every(([name, weight]) => seen.weights[name] === weight)
  );
}
