import { type EventKind, newEvent } from '../alerting/event.ts';
import { passedTime } from '../checkup/passed-time.ts';
import { hasSpare } from '../decision/capacity.ts';
import { backupAnswers, backupText } from '../detection/backup.ts';
import type { SiteReport } from '../detection/observation.ts';
import { groupOf, groupOrder } from '../model/group.ts';
import type { NamedService } from '../model/service.ts';
import type { Site } from '../model/site.ts';
import { hasOpenRun, type Register } from '../register/register.ts';
import type { Routine } from '../routine.ts';
import type { ServiceView } from '../tables/service-view.ts';
import { epochWatch } from '../tables/stopwatch.ts';
import { raise } from './alert-memory.ts';
import type { WatcherState } from './state.ts';
import { serviceViewOf } from './table-reading.ts';

/** One warning about a site: its kind, and its detail while it is raised. */
interface Warning {
  readonly kind: EventKind;
  /** Null: nobody can tell, and what was said last stands. */
  readonly isRaised: boolean | null;
  readonly detail: () => string;
}

/** Raises warnings about faults of sites that move no traffic now, but may do harm in a failover. */
export function* noteSites(
  state: WatcherState,
  service: NamedService,
  serviceView: ServiceView,
  register: Register,
): Routine<void> {
  for (const [name, site] of Object.entries(service.sites)) {
    const report = serviceView.knowledge.reports[name] ?? {};
    const isWaiting = !register.serving.includes(name) && !register.maintenance.includes(name) && site.priority > 0;
    const isPartial = state.tracks[service.name]?.[name]?.isPartial ?? false;
    for (const { kind, isRaised, detail } of warningsOf(service, name, site, report, isWaiting, isPartial)) {
      if (isRaised === null) continue;
      const tell = () => newEvent(kind, service.name, detail(), { site: name });
      yield* raise(state, `${kind}:${service.name}/${name}`, isRaised ? 'raised' : 'well', tell, isRaised);
    }
  }
  yield* noteSpare(state, service, serviceView, register);
}

function warningsOf(
  { detection: { grey } }: NamedService,
  name: string,
  site: Site,
  { clockOffsetMs = 0, certificateDaysLeft, findings = 0, ready, ...report }: SiteReport,
  isWaiting: boolean,
  isPartial: boolean,
): readonly Warning[] {
  return [
    {
      kind: 'probe-failing',
      isRaised: isPartial,
      detail: () => `${name} passes, but not all of its probes do`,
    },
    {
      kind: 'clock-offset',
      isRaised: Math.abs(clockOffsetMs) > grey.clockOffsetMs,
      detail: () => `the clock of ${name} is ${Math.round(clockOffsetMs / 1_000)} s off`,
    },
    {
      kind: 'certificate-ending',
      isRaised: certificateDaysLeft !== undefined && certificateDaysLeft < grey.certificateDays,
      detail: () => `the certificate of ${name} ends in ${certificateDaysLeft} days`,
    },
    {
      kind: 'standby-unready',
      isRaised: isWaiting && (findings > 0 || (ready === false && site.standby !== 'cold')),
      detail: () => (findings > 0 ? `${findings} findings about ${name}` : `${name} reports that it is not ready`),
    },
    ...backupWarnings(name, site, report),
  ];
}

function backupWarnings(name: string, { measures }: Site, report: SiteReport): readonly Warning[] {
  const answers = backupAnswers(measures.backup, report);
  if (answers.length === 0) return [];
  const wrong = answers.filter(({ isGood }) => isGood === false);
  const isRaised = wrong.length > 0 ? true : answers.some(({ isGood }) => isGood === null) ? null : false;
  const detail = () => `backups of ${name}: ${wrong.map((answer) => backupText(answer, passedTime)).join('; ')}`;
  return [{ kind: 'backup-old', isRaised, detail }];
}

/** Raises an alarm when a pool could not carry its load after the loss of `spareSites` sites. */
function* noteSpare(
  state: WatcherState,
  service: NamedService,
  serviceView: ServiceView,
  register: Register,
): Routine<void> {
  if (service.mode !== 'active-active' || service.capacity.spareSites === 0) return;
  const isThin = hasSpare(service, register, serviceView.knowledge) === false;
  const tell = () => {
    const detail = `with ${service.capacity.spareSites} of ${register.serving.join(', ')} lost, the rest could not carry the load`;
    return newEvent('spare-capacity', service.name, detail);
  };
  yield* raise(state, `spare:${service.name}`, isThin ? 'thin' : 'enough', tell, isThin);
}

/**
 * Raises an alarm when the members of a group have not all arrived within its recovery time. The first member's watcher
 * does so for all.
 */
export function* noteGroup(
  state: WatcherState,
  service: NamedService,
  register: Register,
  nowMs: number,
): Routine<void> {
  const group = groupOf(state.setup.deployment, service.name);
  if (group?.recoveryTimeMs === undefined || groupOrder(group)[0] !== service.name) return;
  const ageMs = state.stopwatches[epochWatch(service.name, register.epoch)] ?? 0;
  const missing = state.services
    .filter(({ name }) => Object.hasOwn(group.members, name))
    .filter((member) => {
      const { register: view } = serviceViewOf(state, member, nowMs);
      return view.kind !== 'decided' || view.register.active !== register.active || hasOpenRun(view.register);
    });
  const isLate = missing.length > 0 && ageMs > group.recoveryTimeMs;
  const tell = () => {
    const names = missing.map(({ name }) => name).join(', ');
    const detail = `${names} not at ${register.active} after ${(group.recoveryTimeMs ?? 0) / 1_000} s`;
    return newEvent('recovery-time-missed', service.name, detail, { data: { group: group.name } });
  };
  yield* raise(state, `group:${group.name}`, isLate ? `late:${register.epoch}` : 'in time', tell, isLate);
}
