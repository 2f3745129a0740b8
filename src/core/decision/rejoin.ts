import type { SiteSurvey } from '../detection/site-survey.ts';
import type { Verdict } from '../detection/verdict.ts';
import type { NamedService } from '../model/service.ts';
import { withReleased } from '../register/owed-fence.ts';
import { type Register, withHistory } from '../register/register.ts';

/** What is known of a site that was left, besides what the register says. */
export interface RejoinFacts {
  readonly verdict: Verdict;
  /**
   * What its own region's survey told of it since its fence was owed; null when nothing, or to another watcher than the
   * one that looks after the site.
   */
  readonly survey: Pick<SiteSurvey, 'isReplica' | 'isWellInside'> | null;
  /** How long the present epoch has lasted. */
  readonly epochAgeMs: number;
}

/** Whether data has one writer that a move changes, so that an old writer has to become a replica. */
export function hasOneWriter({ data }: NamedService): boolean {
  return data !== undefined && data.kind !== 'dynamodb-global';
}

/**
 * Whether a site that was left when it failed is an ordinary standby again.
 *
 * By its probes, where its fence lets them see it. A fence must not keep a site away for ever that it hides from them,
 * and even one that leaves readers be hides it from a probe that writes. So while it is closed what the APIs of the
 * site's own region say counts as well: that its data is a replica, or that it is well inside.
 */
export function isBack(service: NamedService, register: Register, site: string, facts: RejoinFacts): boolean {
  const { standby, fence } = service.sites[site] ?? {};
  if (facts.verdict === 'up') return true;
  // A cold site answers nobody while it waits: it counts as back when nobody has to fear the old fault any more.
  if (standby === 'cold' && facts.epochAgeMs >= service.failback.healthyForMs) return true;
  if (fence === undefined || !isClosed(register, site) || facts.survey === null) return false;
  return (hasOneWriter(service) ? facts.survey.isReplica : facts.survey.isWellInside) === true;
}

/**
 * Whether the fence of a site may be opened: it was proven closed, the site is not lost, it does not serve, and its
 * data, where one site at a time may write it, is a replica by the word of its own API. What is not known opens
 * nothing.
 */
export function mayOpen(service: NamedService, register: Register, site: string, facts: RejoinFacts): boolean {
  if (!isClosed(register, site) || register.lost.includes(site)) return false;
  if (register.writer === site || register.active === site || register.serving.includes(site)) return false;
  return !hasOneWriter(service) || facts.survey?.isReplica === true;
}

function isClosed({ owed }: Register, site: string): boolean {
  return owed.some((fence) => fence.site === site && fence.proof === 'closed');
}

/**
 * The register once sites have rejoined: not lost any more, and their fences released. Null when nothing changes.
 *
 * Coming back as a standby is a step of its own, and journaled as one.
 */
export function rejoined(
  service: NamedService,
  register: Register,
  factsOf: (site: string) => RejoinFacts,
  by: string,
  atMs: number,
): { readonly register: Register; readonly back: readonly string[]; readonly opened: readonly string[] } | null {
  const back = register.lost.filter((site) => isBack(service, register, site, factsOf(site)));
  const seen = { ...register, lost: register.lost.filter((site) => !back.includes(site)) };
  const opened = seen.owed.map(({ site }) => site).filter((site) => mayOpen(service, seen, site, factsOf(site)));
  if (back.length === 0 && opened.length === 0) return null;
  const what = [
    back.length === 0 ? '' : `rejoin ${back.join(', ')} as standby`,
    opened.length === 0 ? '' : `release the fence of ${opened.join(', ')}`,
  ];
  const entry = { epoch: register.epoch, atMs, by, what: what.filter(Boolean).join(', ') };
  return { register: withHistory(withReleased(seen, opened), entry), back, opened };
}
