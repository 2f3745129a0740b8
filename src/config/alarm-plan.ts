import { type AlarmFacts, type AlarmName, alarmCatalog, alarmNames } from '../core/alarm-catalog.ts';
import type { Deployment } from '../core/deployment.ts';
import { alarmResourceName, functionName, metricNamespace, noService } from './names.ts';

/** An alarm of a region's stack. */
export interface AlarmPlan {
  readonly alarm: AlarmName;
  /** Null for the deployment as a whole. */
  readonly service: string | null;
  /** Name of the alarm in CloudWatch. */
  readonly name: string;
  readonly description: string;
  /** Whether the service's composite counts it; people have no use for a second word about what repaired itself. */
  readonly isPartOfComposite: boolean;
  /** The alarm looks at their sum, minute by minute. */
  readonly metrics: readonly MetricPlan[];
  /** `above-zero`: raised by one. `missing`: raised by none, for as long as there is none. */
  readonly raisedBy: 'above-zero' | 'missing';
}

/** A metric in CloudWatch. */
export interface MetricPlan {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

/** Alarms about one service, in a region's stack. */
export function serviceAlarms(deployment: Deployment, service: string): readonly AlarmPlan[] {
  return alarmsOfScope('service').map((alarm) => planOf(deployment, service, alarm));
}

/** Alarms about no service, in a region's stack. */
export function deploymentAlarms(deployment: Deployment): readonly AlarmPlan[] {
  return [...alarmsOfScope('deployment').map((alarm) => planOf(deployment, null, alarm)), ownWatcherSilent(deployment)];
}

function alarmsOfScope(scope: AlarmFacts['scope']): readonly AlarmName[] {
  return alarmNames.filter((alarm) => alarmCatalog[alarm].scope === scope);
}

function planOf(deployment: Deployment, service: string | null, alarm: AlarmName): AlarmPlan {
  const { source, severity, meaning } = alarmCatalog[alarm];
  return {
    alarm,
    service,
    name: alarmResourceName(deployment.name, service, alarm),
    description: descriptionOf(meaning, alarm),
    isPartOfComposite: severity !== 'info',
    metrics:
      source === 'watcher'
        ? [watcherMetric(deployment, service, alarm)]
        : oracleMetrics(deployment, ['Errors', 'Throttles']),
    raisedBy: 'above-zero',
  };
}

/** A region whose watchers do not even start says so itself; a region that is lost is missed by the others. */
function ownWatcherSilent(deployment: Deployment): AlarmPlan {
  const dimensions = { FunctionName: functionName(deployment.name, 'watcher') };
  return {
    alarm: 'watcher-silent',
    service: null,
    name: alarmResourceName(deployment.name, null, 'watcher-silent'),
    description: descriptionOf('No watcher has been started in this region for minutes.', 'watcher-silent'),
    isPartOfComposite: false,
    metrics: [{ namespace: 'AWS/Lambda', name: 'Invocations', dimensions }],
    raisedBy: 'missing',
  };
}

function watcherMetric(deployment: Deployment, service: string | null, alarm: AlarmName): MetricPlan {
  const dimensions = { deployment: deployment.name, service: service ?? noService };
  return { namespace: metricNamespace, name: alarm, dimensions };
}

function oracleMetrics(deployment: Deployment, names: readonly string[]): readonly MetricPlan[] {
  const dimensions = { FunctionName: functionName(deployment.name, 'oracle') };
  return names.map((name) => ({ namespace: 'AWS/Lambda', name, dimensions }));
}

function descriptionOf(meaning: string, alarm: AlarmName): string {
  return `${meaning} What to do: docs/runbook.md, "${alarm}".`;
}
