import type { AlertFacts } from '../../core/alerting/alert-facts.ts';
import { type AlertName, alertNames } from '../../core/alerting/alert-name.ts';
import { alertCatalogue } from '../../core/alerting/catalogue.ts';
import { kindNames } from '../../core/kinds/kind-name.ts';
import { kindOf } from '../../core/kinds/kinds.ts';
import { isPromoted } from '../../core/kinds/promote.ts';
import type { Deployment } from '../../core/model/deployment.ts';
import { groupOf, groupOrder } from '../../core/model/group.ts';
import { goesUnapproved } from '../../core/model/policy.ts';
import type { Probe } from '../../core/model/probe.ts';
import type { NamedService } from '../../core/model/service.ts';
import { hasClients } from './clients-load.ts';
import { doctorRegionsOf } from './function-set.ts';
import { alarmResourceName, functionName, metricNamespace, noService } from './names.ts';

/** An alarm of a region's stack. */
export interface AlarmPlan {
  readonly alarm: AlertName;
  /** Null for the deployment as a whole. */
  readonly service: string | null;
  /** Name of the alarm in CloudWatch. */
  readonly name: string;
  readonly description: string;
  /** Whether the service's composite alarm includes it. An alarm about something that repaired itself is left out. */
  readonly isPartOfComposite: boolean;
  /** The alarm evaluates their sum, period by period. */
  readonly metrics: readonly MetricPlan[];
  /** Length of a period, in minutes: how often a value comes. */
  readonly periodMinutes: number;
  /** Of the last three periods, as many must be wrong. */
  readonly wrongPeriods: 1 | 2 | 3;
  /**
   * What a period without a value is. `well`: right, as a value is written only while something is wrong. `wrong`: the
   * alarm is raised by nothing else. `unknown`: neither; when it lasts, the alarm says so, and people are told.
   */
  readonly silence: 'well' | 'wrong' | 'unknown';
  /** Whether it lasts and no watcher tells of it, so that people hear of its end only by CloudWatch's own word. */
  readonly isEndHandedOn: boolean;
}

/** A metric in CloudWatch. */
export interface MetricPlan {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

/** Alarms about one service, in a region's stack. Alarms that its configuration can never raise are left out. */
export function serviceAlarms(deployment: Deployment, service: string): readonly AlarmPlan[] {
  const { [service]: configured } = deployment.services;
  if (configured === undefined) throw new RangeError(`no service "${service}" in deployment "${deployment.name}"`);
  const isPossible = (alarm: AlertName) => preconditions[alarm]?.({ name: service, ...configured }, deployment) ?? true;
  return alarmsOfScope('service')
    .filter(isPossible)
    .map((alarm) => planOf(deployment, service, alarm));
}

/** What a service must declare so that an alarm can be raised. An alarm that is not listed can always be raised. */
const preconditions: Readonly<Partial<Record<AlertName, (service: NamedService, deployment: Deployment) => boolean>>> =
  {
    'replication-lag': ({ failover }) => failover.maxReplicationLagMs !== undefined,
    'blocked-awaiting-ack': (service) => !isPool(service) && service.failover.automatic && service.failover.blockMs > 0,
    'actuator-errors': hasActuators,
    'drift-repaired': hasActuators,
    'drift-stuck': hasActuators,
    'self-fenced': hasFences,
    'fence-owed': hasFences,
    'fence-unproven': hasFences,
    'pool-fail-open': isPool,
    'over-capacity': isPool,
    'spare-capacity': (service) => isPool(service) && service.capacity.spareSites > 0,
    'recovery-time-missed': ({ name }, deployment) => {
      const group = groupOf(deployment, name);
      return group?.recoveryTimeMs !== undefined && groupOrder(group)[0] === name;
    },
    'writer-elsewhere': (service) => !isPool(service) && isPromoted(service.data),
    'awaiting-approval': ({ failover }) => failover.approval !== undefined,
    'approval-lapsed': ({ failover }) => failover.approval?.waitMs !== undefined && !goesUnapproved(failover.approval),
    'switchover-dropped': (service) => !isPool(service),
    'last-resort': ({ failover }) => failover.allDown === 'last-resort',
    'shared-dependency': (service) => probesOf(service).some(({ dependency }) => dependency !== undefined),
    'clock-offset': (service) => probesOf(service).some(({ type }) => type === 'http' || type === 'https'),
    'certificate-ending': (service) =>
      service.detection.grey.certificateDays > 0 && probesOf(service).some(hasCertificate),
    'backup-old': ({ sites }) => Object.values(sites).some(({ measures }) => measures.backup !== undefined),
    // Only when not all plain probes must pass can a site pass while one of its probes fails.
    'probe-failing': ({ sites }) =>
      Object.values(sites).some(({ probes, require }) => {
        const plain = probes.filter(({ corroborating }) => !corroborating).length;
        return require !== 'all' && (require === 'any' ? 1 : require.atLeast) < plain;
      }),
  };

function hasActuators(service: NamedService, { controlRegions }: Deployment): boolean {
  return kindNames.some((kind) => controlRegions.some((region) => kindOf(kind).isIn(service, region)));
}

function hasFences({ sites }: NamedService): boolean {
  return Object.values(sites).some(({ fence }) => fence !== undefined);
}

function hasCertificate(probe: Probe): boolean {
  return probe.type === 'https' || probe.type === 'tls' || (probe.type === 'grpc' && probe.tls);
}

function isPool({ mode }: NamedService): boolean {
  return mode === 'active-active';
}

function probesOf({ sites }: NamedService): readonly Probe[] {
  return Object.values(sites).flatMap(({ probes }) => probes);
}

/** Alarms about the deployment as a whole, in the stack of a control region. */
export function deploymentAlarms(deployment: Deployment, region: string): readonly AlarmPlan[] {
  const isThere: Partial<Record<AlertName, boolean>> = {
    'endpoints-errors': hasClients(deployment),
    'doctor-red': doctorRegionsOf(deployment).includes(region),
  };
  const possible = alarmsOfScope('deployment').filter((alarm) => isThere[alarm] ?? true);
  return [...possible.map((alarm) => planOf(deployment, null, alarm)), ownWatcherSilent(deployment)];
}

/** The alarms of a control region whose end is handed on. */
export function handedOnAlarms(deployment: Deployment, region: string): readonly AlarmPlan[] {
  return deploymentAlarms(deployment, region).filter(({ isEndHandedOn }) => isEndHandedOn);
}

function alarmsOfScope(scope: AlertFacts['scope']): readonly AlertName[] {
  return alertNames.filter((alarm) => alertCatalogue[alarm].scope === scope);
}

/**
 * What is raised is raised again each minute by a pulse; three minutes without one end it, so that a pulse on the edge
 * of a minute does not.
 */
const raisedEachMinute = { periodMinutes: 1, wrongPeriods: 1, silence: 'well' } as const;
/** As many minutes without a start mean that a region has no watcher: two may be lost in a row. */
const missedEachMinute = { periodMinutes: 1, wrongPeriods: 3, silence: 'wrong' } as const;
/** Two checks of three: one may fall on the edge of an hour, so that an hour has two and the next one none. */
const checkedHourly = { periodMinutes: 60, wrongPeriods: 2, silence: 'unknown' } as const;

function planOf(deployment: Deployment, service: string | null, alarm: AlertName): AlarmPlan {
  const { source, severity, meaning, notifiedBy, isLasting } = alertCatalogue[alarm];
  return {
    alarm,
    service,
    name: alarmResourceName(deployment.name, service, alarm),
    description: descriptionOf(meaning, alarm),
    isPartOfComposite: severity !== 'info',
    metrics: source === 'lambda-metric' ? lambdaMetrics(deployment, alarm) : [ownMetric(deployment, service, alarm)],
    ...(source === 'doctor' ? checkedHourly : raisedEachMinute),
    isEndHandedOn: isLasting && notifiedBy === 'nobody',
  };
}

/** The alarm of a region whose own watchers do not start. A lost region is reported by the watchers of the others. */
function ownWatcherSilent(deployment: Deployment): AlarmPlan {
  const dimensions = { FunctionName: functionName(deployment.name, 'watcher') };
  return {
    alarm: 'watcher-silent',
    service: null,
    name: alarmResourceName(deployment.name, null, 'watcher-silent'),
    description: descriptionOf('No watcher has been started in this region for minutes.', 'watcher-silent'),
    isPartOfComposite: false,
    metrics: [{ namespace: 'AWS/Lambda', name: 'Invocations', dimensions }],
    ...missedEachMinute,
    isEndHandedOn: true,
  };
}

/** The metric of the alarm's name, which watcher or doctor write. */
function ownMetric(deployment: Deployment, service: string | null, alarm: AlertName): MetricPlan {
  const dimensions = { deployment: deployment.name, service: service ?? noService };
  return { namespace: metricNamespace, name: alarm, dimensions };
}

/**
 * Lambda's own metrics behind an alarm. What is throttled of the public functions is lost; the notify function's
 * messages wait.
 */
function lambdaMetrics(deployment: Deployment, alarm: AlertName): readonly MetricPlan[] {
  const kind = alarm === 'notify-errors' ? 'notify' : alarm === 'endpoints-errors' ? 'endpoints' : 'oracle';
  const dimensions = { FunctionName: functionName(deployment.name, kind) };
  const names = kind === 'notify' ? ['Errors'] : ['Errors', 'Throttles'];
  return names.map((name) => ({ namespace: 'AWS/Lambda', name, dimensions }));
}

function descriptionOf(meaning: string, alarm: AlertName): string {
  return `${meaning} What to do: docs/runbook.md, "${alarm}".`;
}
