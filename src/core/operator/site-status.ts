import { type Ineligibility, ineligibilities } from '../decision/eligibility.ts';
import { type BackupAnswer, type BackupQuestion, backupAnswers } from '../detection/backup.ts';
import type { FailureReason } from '../detection/observation.ts';
import type { Opinion } from '../detection/opinion.ts';
import type { Verdict } from '../detection/verdict.ts';
import { isReserve, type NamedService } from '../model/service.ts';
import type { Register } from '../register/register.ts';
import { rampPercent } from '../register/share.ts';
import type { ServiceView } from '../tables/service-view.ts';
import type { DeploymentView } from './table-survey.ts';

/** What is known of one site of a service. */
export interface SiteStatus {
  /** `unknown` while the register cannot be read. */
  readonly role: 'active' | 'standby' | 'maintenance' | 'lost' | 'withdrawn' | 'unknown';
  readonly verdict: Verdict;
  /** By watcher; silent ones are absent. */
  readonly opinions: Readonly<Record<string, Opinion>>;
  /** Why the newest probes failed, by watcher; a watcher whose probes passed is absent. */
  readonly failures: Readonly<Record<string, FailureReason>>;
  readonly replicationLagMs: number | null;
  /** Present load, in the unit of its capacity. */
  readonly load: number | null;
  /** Percent of its own share of the traffic that it is given. */
  readonly sharePercent: number;
  /** What is known of its backups, by what is asked of them; empty for a site that declares none. */
  readonly backups: Readonly<Partial<Record<BackupQuestion, BackupStatus>>>;
  /** Why it may not become active; empty when it may. */
  readonly ineligible: readonly Ineligibility[];
}

/** One thing that is asked of a site's backups. */
export interface BackupStatus {
  /** Age of the newest backup, or time since the last restore; null where there is none, or nobody can tell. */
  readonly ageMs: number | null;
  readonly limitMs: number;
  readonly state: 'good' | 'old' | 'none' | 'unknown';
}

function backupStatus({ question, ageMs, limitMs, isGood }: BackupAnswer): readonly [BackupQuestion, BackupStatus] {
  const state = isGood === null ? 'unknown' : isGood ? 'good' : ageMs === null ? 'none' : 'old';
  return [question, { ageMs: ageMs ?? null, limitMs, state }];
}

/** The status of one site, for display. */
export function siteStatus(
  service: NamedService,
  register: Register | null,
  serviceView: ServiceView,
  { items }: Pick<DeploymentView, 'items'>,
  site: string,
): SiteStatus {
  const failures = Object.entries(items).flatMap(([watcher, { tracks }]) => {
    const reason = tracks[service.name]?.[site]?.reason ?? null;
    return reason === null ? [] : [[watcher, reason] as const];
  });
  const testimonies = serviceView.testimonies[site] ?? [];
  return {
    role: roleOf(service, register, site),
    verdict: serviceView.knowledge.verdicts[site] ?? 'unclear',
    opinions: Object.fromEntries(testimonies.map(({ watcher, opinion }) => [watcher, opinion])),
    failures: Object.fromEntries(failures),
    replicationLagMs: serviceView.knowledge.reports[site]?.replicationLagMs ?? null,
    load: serviceView.knowledge.reports[site]?.load ?? null,
    backups: Object.fromEntries(
      backupAnswers(service.sites[site]?.measures.backup, serviceView.knowledge.reports[site] ?? {}).map(backupStatus),
    ),
    sharePercent: register === null ? 0 : rampPercent(register, site),
    ineligible:
      register === null || service.mode === 'active-active'
        ? []
        : ineligibilities(service, register, serviceView.knowledge, site),
  };
}

function roleOf(service: NamedService, register: Register | null, site: string): SiteStatus['role'] {
  if (register === null) return 'unknown';
  if (register.maintenance.includes(site)) return 'maintenance';
  if (service.mode === 'active-active') {
    if (register.serving.includes(site)) return 'active';
    return isReserve(service, site) ? 'standby' : 'withdrawn';
  }
  if (register.active === site) return 'active';
  return register.lost.includes(site) ? 'lost' : 'standby';
}
