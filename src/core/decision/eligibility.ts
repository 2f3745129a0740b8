import type { SiteReport } from '../detection/observation.ts';
import type { SiteKnowledge } from '../detection/site-knowledge.ts';
import { type NamedService, sitesByPriority } from '../model/service.ts';
import type { Site } from '../model/site.ts';
import { isFenceOwed } from '../register/owed-fence.ts';
import type { Register } from '../register/register.ts';

/** Why a site may not become active; the words appear in status, plans and refusals. */
export type Ineligibility =
  | 'is-active'
  | 'never-eligible'
  | 'in-maintenance'
  | 'not-up'
  | 'region-not-allowed'
  | 'lag-over-limit'
  | 'lag-unknown'
  | 'not-ready'
  | 'lost-in-last-failover'
  /** Its fence must stay closed: it may hold data that nobody else has, or take writes that nobody else gets. */
  | 'fence-owed';

/** Gates that an operator may open; automatic moves never do. */
export interface Overrides {
  /** Accept a site that nobody calls down, though not enough call it up. */
  readonly isVerdictWaived: boolean;
  /** Accept a lag that is over the limit or unknown. */
  readonly isDataLossAllowed: boolean;
  /** Accept that the old site's fence is not proven where the service demands proof; absent: no. */
  readonly isProofWaived?: boolean;
}

/** What an automatic move sets aside: nothing. */
export const noOverrides: Overrides = { isVerdictWaived: false, isDataLossAllowed: false };

/**
 * Everything that keeps a site from becoming active now; empty when it may.
 *
 * Missing knowledge is never in a site's favour: an unknown lag is over the limit, an unclear verdict is not up.
 */
export function ineligibilities(
  service: NamedService,
  register: Register,
  knowledge: SiteKnowledge,
  siteName: string,
  overrides: Overrides = noOverrides,
): readonly Ineligibility[] {
  const site = service.sites[siteName];
  if (!site) throw new RangeError(`service "${service.name}" has no site "${siteName}"`);
  const verdict = knowledge.verdicts[siteName] ?? 'unclear';
  const found: Ineligibility[] = [];

  if (siteName === register.active) found.push('is-active');
  if (site.priority <= 0) found.push('never-eligible');
  if (register.maintenance.includes(siteName)) found.push('in-maintenance');
  // A cold site answers nobody before it is started; whether it can be is what its audit and its start show.
  const isUpExpected = site.standby !== 'cold';
  if (isUpExpected && (overrides.isVerdictWaived ? verdict === 'down' : verdict !== 'up')) found.push('not-up');
  found.push(...regionFaults(service, site));
  if (!overrides.isDataLossAllowed) found.push(...lagFaults(service, knowledge.reports[siteName]));
  if (knowledge.reports[siteName]?.ready === false) found.push('not-ready');
  const isOpening = site.fence !== undefined && register.opening.includes(siteName);
  const isShut = isFenceOwed(register, siteName) || isOpening;
  if (isShut && !overrides.isVerdictWaived) found.push('fence-owed');
  if (register.lost.includes(siteName) && !overrides.isVerdictWaived) found.push('lost-in-last-failover');
  return found;
}

function regionFaults(service: NamedService, site: Site): readonly Ineligibility[] {
  const isAllowed = service.failover.allowedRegions?.includes(site.region) ?? true;
  return isAllowed ? [] : ['region-not-allowed'];
}

/** What a site's replication lag keeps it from; none where the service sets no limit. */
export function lagFaults(
  service: NamedService,
  report: SiteReport | undefined,
): readonly ('lag-over-limit' | 'lag-unknown')[] {
  const limitMs = service.failover.maxReplicationLagMs;
  if (limitMs === undefined) return [];
  const lagMs = report?.replicationLagMs;
  if (lagMs === undefined) return ['lag-unknown'];
  return lagMs > limitMs ? ['lag-over-limit'] : [];
}

/**
 * Sites in the order in which a move would choose them: same region as the active first, then priority, then least lag.
 *
 * Ties end by name, so that every watcher finds the same order.
 */
export function candidateOrder(service: NamedService, register: Register, knowledge: SiteKnowledge): readonly string[] {
  const homeRegion = service.sites[register.active]?.region;
  const key = (name: string): readonly number[] => {
    const site = service.sites[name];
    return [
      site?.region === homeRegion ? 0 : 1,
      -(site?.priority ?? 0),
      knowledge.reports[name]?.replicationLagMs ?? Number.MAX_SAFE_INTEGER,
    ];
  };
  return sitesByPriority(service)
    .filter((name) => name !== register.active)
    .sort((nameA, nameB) => compareKeys(key(nameA), key(nameB)));
}

function compareKeys(a: readonly number[], b: readonly number[]): number {
  for (const [index, value] of a.entries()) {
    const difference = value - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** The first candidate that nothing speaks against, null when there is none. */
export function chooseCandidate(
  service: NamedService,
  register: Register,
  knowledge: SiteKnowledge,
  overrides: Overrides = noOverrides,
): string | null {
  const isEligible = (name: string) => ineligibilities(service, register, knowledge, name, overrides).length === 0;
  return candidateOrder(service, register, knowledge).find(isEligible) ?? null;
}

/** One line a site that says why none can be chosen. */
export function explainCandidates(
  service: NamedService,
  register: Register,
  knowledge: SiteKnowledge,
  overrides: Overrides = noOverrides,
): string {
  const lines = candidateOrder(service, register, knowledge).map(
    (name) => `${name}: ${ineligibilities(service, register, knowledge, name, overrides).join(', ') || 'eligible'}`,
  );
  return lines.join('; ');
}

/**
 * Something behind the active site that fails there and for another site as well; null when the fault is its own.
 *
 * Going by the reasons that the watchers give: a probe that is marked with a dependency names it when it fails.
 */
export function sharedDependency(service: NamedService, register: Register, knowledge: SiteKnowledge): string | null {
  const failing = knowledge.dependencies[register.active] ?? [];
  const elsewhere = Object.keys(service.sites).filter((site) => site !== register.active);
  return failing.find((name) => elsewhere.some((site) => (knowledge.dependencies[site] ?? []).includes(name))) ?? null;
}
