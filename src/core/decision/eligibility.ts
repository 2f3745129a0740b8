import type { SiteReport } from '../detection/observation.ts';
import type { SiteKnowledge } from '../detection/site-knowledge.ts';
import { hasOneWriter } from '../model/data.ts';
import { placeOf } from '../model/place.ts';
import { type NamedService, sitesByPriority } from '../model/service.ts';
import type { Site } from '../model/site.ts';
import { areRecordsSeen } from '../model/traffic.ts';
import { guardsLostData, isFenceOwed, possibleWriters } from '../register/owed-fence.ts';
import type { Register } from '../register/register.ts';
import { writerElsewhere } from './writer/outside-writer.ts';

/** Why a site may not become active; the words appear in status, plans and refusals. */
export type Ineligibility =
  | 'is-active'
  | 'never-eligible'
  | 'in-maintenance'
  | 'not-up'
  | 'region-not-allowed'
  | 'lag-over-limit'
  | 'lag-unknown'
  /** Its copy of the data takes writes of its own, and no move made it: it is no copy of what the writer has. */
  | 'takes-writes'
  | 'not-ready'
  /** The records in place do not lead to it, whoever serves: those of this configuration have not been seen yet. */
  | 'not-in-dns'
  | 'lost-in-last-failover'
  /** Its own region cut it off while it was out of contact, and has not opened its fence yet. */
  | 'self-fenced'
  /**
   * Its fence must stay closed: it may hold data that no other site has, or take writes that no other site receives.
   */
  | 'fence-owed';

/** Checks that an operator may override. Automatic moves never override them. */
export interface Overrides {
  /** Accept a site that no quorum calls up, as long as none calls it down. */
  readonly isVerdictWaived: boolean;
  /** Accept a lag that is over the limit or unknown, and data that is no copy of the writer's. */
  readonly isDataLossAllowed: boolean;
  /** Accept a move without proof of the old site's fence where the service demands proof; absent: no. */
  readonly isProofWaived?: boolean;
}

/** The overrides of an automatic move: none. */
export const noOverrides: Overrides = { isVerdictWaived: false, isDataLossAllowed: false };

/**
 * Every reason why a site may not become active now; empty when it may.
 *
 * Missing knowledge counts against a site: an unknown lag is over the limit, and an unclear verdict is not `up`.
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
  const isOpening = site.fence !== undefined && register.opening.includes(siteName);
  const isShut = isFenceOwed(register, siteName) || isOpening;
  // A cold site answers no probe before it is started. Its audit and its start show whether it can serve. A site behind
  // its own fence is down for every probe, whether it is well or not: that stops nobody who knows better.
  const isUpExpected = site.standby !== 'cold';
  const isRefused = overrides.isVerdictWaived ? verdict === 'down' && !isShut : verdict !== 'up';
  if (isUpExpected && isRefused) found.push('not-up');
  found.push(...regionFaults(service, site));
  if (!overrides.isDataLossAllowed) {
    const faults = lagFaults(service, knowledge.reports[siteName]);
    // What writes, or may, has no lag to read. A move there promotes nothing at a loss (`promote-step.ts`).
    const isSole = hasOneWriter(service) && knowledge.reports[siteName]?.dataRole === 'sole-writer';
    const mayWrite = isSole || possibleWriters(register).includes(siteName);
    found.push(...faults.filter((fault) => fault !== 'lag-unknown' || !mayWrite));
    // An old writer may be written on as soon as its fence is open, and nobody can promote or rebuild it here.
    const isOldWriter = guardsLostData(service, register, siteName);
    if (isOldWriter || isApart(service, register, siteName, knowledge.reports[siteName])) found.push('takes-writes');
  }
  if (knowledge.reports[siteName]?.ready === false) found.push('not-ready');
  if (isOutOfDns(service, register, siteName) && !overrides.isVerdictWaived) found.push('not-in-dns');
  if (isShut && !overrides.isVerdictWaived) found.push('fence-owed');
  // A fence that lets readers in hides this from probes.
  if (knowledge.reports[siteName]?.isSelfFenced && !overrides.isVerdictWaived) found.push('self-fenced');
  if (register.lost.includes(siteName) && !overrides.isVerdictWaived) found.push('lost-in-last-failover');
  return found;
}

function regionFaults(service: NamedService, site: Site): readonly Ineligibility[] {
  const isAllowed = service.failover.allowedRegions?.includes(placeOf(site)) ?? true;
  return isAllowed ? [] : ['region-not-allowed'];
}

/** Whether DNS would lead clients elsewhere although the site serves. */
function isOutOfDns({ traffic, sites }: NamedService, { ledTo }: Register, site: string): boolean {
  if (ledTo === undefined || traffic.dns === undefined || !areRecordsSeen(traffic.dns)) return false;
  const names = [site, sites[site]?.renamedFrom];
  return !ledTo.some((name) => names.includes(name));
}

/**
 * Whether the site's copy of the data takes writes beside the writer's, and no move can have made it do so. Whoever
 * goes there goes on without what the writer has. A person may have opened its fence with two writers, or have made its
 * database a primary. A copy that is the only writer of all is another matter: there the data has moved already.
 */
function isApart(service: NamedService, register: Register, site: string, report: SiteReport | undefined): boolean {
  return hasOneWriter(service) && report?.dataRole === 'takes-writes' && !possibleWriters(register).includes(site);
}

/** The reasons that a site's replication lag gives against it; none where the service sets no limit. */
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
 * Sites in the order in which a move would choose them: the writer first where it is not the active site, as nothing is
 * promoted there, then the same place as the active, then priority, then least lag.
 *
 * Ties are broken by name, so that every watcher finds the same order.
 */
export function candidateOrder(service: NamedService, register: Register, knowledge: SiteKnowledge): readonly string[] {
  const home = service.sites[register.active];
  const writer = writerElsewhere(service, register);
  const key = (name: string): readonly number[] => {
    const site = service.sites[name];
    return [
      name === writer ? 0 : 1,
      site !== undefined && home !== undefined && placeOf(site) === placeOf(home) ? 0 : 1,
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

/** The first candidate that is eligible; null when there is none. */
export function chooseCandidate(
  service: NamedService,
  register: Register,
  knowledge: SiteKnowledge,
  overrides: Overrides = noOverrides,
): string | null {
  const isEligible = (name: string) => ineligibilities(service, register, knowledge, name, overrides).length === 0;
  return candidateOrder(service, register, knowledge).find(isEligible) ?? null;
}

/**
 * One line a site that says why none can be chosen.
 *
 * @param elseWhy - what stands against a site that is eligible by itself; null for nothing
 */
export function explainCandidates(
  service: NamedService,
  register: Register,
  knowledge: SiteKnowledge,
  overrides: Overrides = noOverrides,
  elseWhy: (site: string) => string | null = () => null,
): string {
  const lines = candidateOrder(service, register, knowledge).map((name) => {
    const reasons = ineligibilities(service, register, knowledge, name, overrides).join(', ');
    return `${name}: ${reasons || (elseWhy(name) ?? 'eligible')}`;
  });
  return lines.join('; ');
}

/**
 * A dependency that fails for the active site and for another site as well; null when there is none.
 *
 * The watchers report it: a probe that is marked with a dependency names it when the probe fails.
 */
export function sharedDependency(service: NamedService, register: Register, knowledge: SiteKnowledge): string | null {
  const failing = knowledge.dependencies[register.active] ?? [];
  const elsewhere = Object.keys(service.sites).filter((site) => site !== register.active);
  return failing.find((name) => elsewhere.some((site) => (knowledge.dependencies[site] ?? []).includes(name))) ?? null;
}
