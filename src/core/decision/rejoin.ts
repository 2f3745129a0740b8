import type { SiteReport } from '../detection/observation.ts';
import type { SiteSurvey } from '../detection/site-survey.ts';
import type { Verdict } from '../detection/verdict.ts';
import { hasOneWriter } from '../model/data.ts';
import type { NamedService } from '../model/service.ts';
import { guardsLostData, isFenceClosed, withReleased } from '../register/owed-fence.ts';
import { type Register, withHistory } from '../register/register.ts';

/** What is known of a site that traffic has left, besides what the register says. */
export interface RejoinFacts {
  readonly verdict: Verdict;
  /** Whether some watcher hears the site answer, well or not. */
  readonly isAnswering: boolean;
  /**
   * The survey by the site's own region since its fence was owed. Null when there is none, or when another watcher
   * looks after the site.
   */
  readonly survey: Pick<SiteSurvey, 'dataRole' | 'isWellInside'> | null;
  /** How long the present epoch has lasted, in milliseconds. */
  readonly epochAgeMs: number;
}

/** Whether a site's own copy of such data takes writes, or may take them. An unknown role says nothing. */
export function isWriting(report: Pick<SiteReport, 'dataRole'> | undefined): boolean {
  return report?.dataRole !== undefined && report.dataRole !== 'replica';
}

/**
 * Whether a lost site is an ordinary standby again.
 *
 * The site's probes show it, where its fence lets probes through. A closed fence hides the site from its probes, and
 * even a fence that only stops writes hides it from a probe that writes. A fence must not keep a site away for ever for
 * that reason. So while the fence is closed, the APIs of the site's own region count too: they may say that its data is
 * a replica, or that it runs well behind the fence. A site that answers nobody is not hidden by a fence that lets
 * readers in: something else is wrong there.
 */
export function isBack(service: NamedService, register: Register, site: string, facts: RejoinFacts): boolean {
  const { standby, fence } = service.sites[site] ?? {};
  if (facts.verdict === 'up') return true;
  // A cold site answers no probe while it waits. It counts as back once the old fault is long enough ago.
  if (standby === 'cold' && facts.epochAgeMs >= service.failback.healthyForMs) return true;
  if (fence === undefined || !isFenceClosed(register, site) || facts.survey === null) return false;
  if (hasOneWriter(service)) return facts.survey.dataRole === 'replica';
  const isHidden = fence.kind !== 'read-only' || facts.isAnswering;
  return isHidden && facts.survey.isWellInside === true;
}

/**
 * Whether the fence of a site may be opened. It must be proven closed, the site must be neither lost nor active, and
 * where its data has one writer, the API of the data must say that the site's copy is a replica. Missing knowledge
 * opens no fence: where the data has been taken out of the configuration, a person does.
 *
 * Clients may still be sent to the site, because the move away from it got no further than its data. Then a replica
 * may be opened all the same: it does no harm, and may be the only site left to go to.
 */
export function mayOpen(service: NamedService, register: Register, site: string, facts: RejoinFacts): boolean {
  if (!isFenceClosed(register, site) || register.lost.includes(site)) return false;
  if (register.writer === site || register.active === site || guardsLostData(service, register, site)) return false;
  return hasOneWriter(service) ? facts.survey?.dataRole === 'replica' : !register.serving.includes(site);
}

/**
 * The register once sites have rejoined: they are no longer lost, and their fences are released. Null when nothing
 * changes.
 *
 * The return as a standby is a change of its own, and the history has a line for it.
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
