import { Duration, Stack } from 'aws-cdk-lib';
import {
  Alarm,
  AlarmRule,
  ComparisonOperator,
  CompositeAlarm,
  type IMetric,
  MathExpression,
  Metric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { CfnRule } from 'aws-cdk-lib/aws-events';
import { CfnPermission, type IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import {
  type AlarmPlan,
  deploymentAlarms,
  handedOnAlarms,
  type MetricPlan,
  serviceAlarms,
} from '../../src/config/plan/alarms.ts';
import { type MemoryAlarmPlan, memoryAlarms } from '../../src/config/plan/memories.ts';
import { alarmEndsName, alarmResourceName } from '../../src/config/plan/names.ts';
import type { Deployment } from '../../src/core/model/deployment.ts';

/** Periods that an alarm looks at. */
const periodsToJudge = 3;

const missingData: Readonly<Record<AlarmPlan['silence'], TreatMissingData>> = {
  well: TreatMissingData.NOT_BREACHING,
  wrong: TreatMissingData.BREACHING,
  unknown: TreatMissingData.MISSING,
};

/** What a region's alarms tell. */
export interface RegionAlarmsProps {
  readonly deployment: Deployment;
  /** Topics of this region that hear of alarms. */
  readonly topicArns: readonly string[];
  /** The function that tells those topics the end of alarms of which no watcher tells. */
  readonly notify: IFunction;
}

/**
 * The alarms of a region: for each service one that people hear of, made of all that can be wrong with it; the others,
 * about no service, by themselves.
 *
 * None has an action for its end. A new alarm is INSUFFICIENT_DATA, is evaluated at once, and its actions for the state
 * that it then has are carried out, so each would tell everybody "OK" at its birth. Source: CloudWatch API Reference,
 * "PutMetricAlarm" and "PutCompositeAlarm". The watchers tell the end of what they raise; the end of the others is
 * told by a rule that asks for the state before.
 */
export class RegionAlarms extends Construct {
  /** One a service, by its name. */
  readonly services: Readonly<Record<string, CompositeAlarm>>;
  /** Those about no service. */
  readonly general: readonly Alarm[];

  constructor(scope: Construct, id: string, { deployment, topicArns, notify }: RegionAlarmsProps) {
    super(scope, id);
    this.services = Object.fromEntries(
      Object.keys(deployment.services).map((service) => [service, this.#composite(deployment, service)]),
    );
    this.general = deploymentAlarms(deployment, Stack.of(this).region).map((plan) => this.#alarm(plan));
    for (const plan of memoryAlarms(deployment)) this.#memory(plan);
    const tell = topicArns.map((alarmActionArn) => ({ bind: () => ({ alarmActionArn }) }));
    for (const alarm of [...Object.values(this.services), ...this.general]) alarm.addAlarmAction(...tell);
    this.#handOnChanges(deployment, notify);
  }

  /**
   * Only what was in ALARM before can be over, and only of what was known before can nothing be known any more: a new
   * alarm is neither. What a change means, the function says (`alarm-change.ts`). EventBridge is guaranteed to hear of
   * each change. Source: CloudWatch User Guide, "Alarm events and EventBridge".
   */
  #handOnChanges(deployment: Deployment, notify: IFunction): void {
    const rule = new CfnRule(this, 'Ends', {
      name: alarmEndsName(deployment.name),
      description: `Tells when an alarm of ${deployment.name} changes of which no watcher tells`,
      eventPattern: {
        source: ['aws.cloudwatch'],
        'detail-type': ['CloudWatch Alarm State Change'],
        detail: {
          alarmName: handedOnAlarms(deployment, Stack.of(this).region).map(({ name }) => name),
          previousState: { value: ['OK', 'ALARM'] },
          state: { value: ['OK', 'INSUFFICIENT_DATA'] },
        },
      },
      state: 'ENABLED',
      targets: [{ id: 'notify', arn: notify.functionArn }],
    });
    new CfnPermission(this, 'EndsPermission', {
      action: 'lambda:InvokeFunction',
      functionName: notify.functionName,
      principal: 'events.amazonaws.com',
      sourceArn: rule.attrArn,
    });
  }

  #composite(deployment: Deployment, service: string): CompositeAlarm {
    const parts = serviceAlarms(deployment, service).map((plan) => ({ plan, alarm: this.#alarm(plan) }));
    const counted = parts.filter(({ plan }) => plan.isPartOfComposite).map(({ alarm }) => alarm);
    return new CompositeAlarm(this, `${service}.service`, {
      compositeAlarmName: alarmResourceName(deployment.name, service, 'service'),
      alarmDescription: `Something is wrong with ${service}; the alarms that this one is made of say what.`,
      alarmRule: AlarmRule.anyOf(...counted),
    });
  }

  /**
   * What a health check follows: one minute with data decides. Route 53 takes no metric math, no high resolution and no
   * extended statistics. Source: Route 53 API Reference, "AlarmIdentifier", Name.
   */
  #memory({ service, sites, name, metric }: MemoryAlarmPlan): void {
    new Alarm(this, `${service}.left.${sites}`, {
      alarmName: name,
      alarmDescription: `Nobody of ${sites} serves ${service}. A health check follows this; nobody is told of it.`,
      metric: maximumOf(metric),
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      threshold: 0,
      evaluationPeriods: 1,
      treatMissingData: TreatMissingData.MISSING,
    });
  }

  #alarm({ alarm, service, name, description, metrics, periodMinutes, wrongPeriods, silence }: AlarmPlan): Alarm {
    const isAbsence = silence === 'wrong';
    return new Alarm(this, service === null ? alarm : `${service}.${alarm}`, {
      alarmName: name,
      alarmDescription: description,
      metric: sumOf(metrics, Duration.minutes(periodMinutes)),
      comparisonOperator: isAbsence
        ? ComparisonOperator.LESS_THAN_THRESHOLD
        : ComparisonOperator.GREATER_THAN_THRESHOLD,
      threshold: isAbsence ? 1 : 0,
      evaluationPeriods: periodsToJudge,
      datapointsToAlarm: wrongPeriods,
      treatMissingData: missingData[silence],
    });
  }
}

function maximumOf({ namespace, name: metricName, dimensions }: MetricPlan): Metric {
  return new Metric({
    namespace,
    metricName,
    dimensionsMap: { ...dimensions },
    statistic: 'Maximum',
    period: Duration.minutes(1),
  });
}

function sumOf(plans: readonly MetricPlan[], period: Duration): IMetric {
  const metrics = plans.map(
    ({ namespace, name: metricName, dimensions }) =>
      new Metric({
        namespace,
        metricName,
        dimensionsMap: { ...dimensions },
        statistic: 'Sum',
        period,
      }),
  );
  const [first, ...others] = metrics;
  if (first !== undefined && others.length === 0) return first;
  const usingMetrics = Object.fromEntries(metrics.map((metric, index) => [`m${index}`, metric]));
  return new MathExpression({ expression: 'SUM(METRICS())', usingMetrics, period });
}
