import { Aws, Duration } from 'aws-cdk-lib';
import {
  Alarm,
  AlarmStatusWidget,
  Dashboard,
  type IWidget,
  LogQueryWidget,
  MathExpression,
  Metric,
  SingleValueWidget,
  TextWidget,
} from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { MetricPlan } from '../../src/config/plan/alarms.ts';
import { deploymentAlarms } from '../../src/config/plan/alarms.ts';
import {
  whatHappened,
  whatWasDropped,
  whatWasFound,
  whoIsActive,
  whoIsHealthy,
} from '../../src/config/plan/dashboard.ts';
import { doctorRegionsOf } from '../../src/config/plan/function-set.ts';
import { type ServingSign, servingSigns } from '../../src/config/plan/memories.ts';
import { alarmResourceName, dashboardName, type FunctionKind, logGroupName } from '../../src/config/plan/names.ts';
import type { Deployment } from '../../src/core/model/deployment.ts';

/** Columns of a dashboard. Source: CloudWatch User Guide, "Dashboard body structure and syntax". */
const columns = 24;
/** Rows of a table or of a grid of alarms. */
const rows = 6;

/**
 * The deployment's page: for each control region who is active, who is healthy, and what is wrong; what happened last.
 *
 * An account's dashboards are global, so one is enough: it is made in the first control region and read in any. A
 * region that is dark leaves its own tables empty. Source: CloudFormation, "AWS::CloudWatch::Dashboard".
 */
export class DeploymentDashboard extends Construct {
  /** @param region - of the stack, for the dashboard's name: when another region comes first, a new page is made */
  constructor(scope: Construct, id: string, deployment: Deployment, region: string) {
    super(scope, id);
    const { name, controlRegions } = deployment;
    const board = new Dashboard(this, 'Dashboard', { dashboardName: dashboardName(name, region) });
    const width = Math.floor(columns / controlRegions.length);
    const inEach = (view: (from: string) => IWidget) => board.addWidgets(...controlRegions.map(view));
    board.addWidgets(
      new TextWidget({
        markdown: `**${name}**. With credentials: \`cdk-failover status\`. What to do: docs/runbook.md.`,
        width: columns,
        height: 1,
      }),
    );
    inEach((from) => this.#alarms(deployment, from, width));
    const signs = servingSigns(deployment);
    const unsigned = Object.keys(deployment.services).filter((each) => signs.every(({ service }) => service !== each));
    if (signs.length > 0) inEach((from) => servingBy(signs, from, width));
    if (unsigned.length > 0)
      inEach((from) => tableOf(name, `Active, seen from ${from}`, whoIsActive(unsigned), from, width));
    inEach((from) => tableOf(name, `Healthy, seen from ${from}`, whoIsHealthy, from, width));
    for (const from of controlRegions)
      board.addWidgets(tableOf(name, `What happened last in ${from}`, whatHappened, from, columns));
    const checking = doctorRegionsOf(deployment);
    const halves = checking.map((from) => {
      const halfWidth = Math.floor(columns / checking.length);
      return tableOf(name, `Found by the hourly check of ${from}`, whatWasFound, from, halfWidth, 'doctor');
    });
    if (halves.length > 0) board.addWidgets(...halves);
    if (deployment.telemetry?.otlp === undefined) return;
    inEach((from) => tableOf(name, `Telemetry dropped in ${from}`, whatWasDropped, from, width, 'notify'));
  }

  #alarms(deployment: Deployment, region: string, width: number): IWidget {
    const names = [
      ...Object.keys(deployment.services).map((service) => alarmResourceName(deployment.name, service, 'service')),
      ...deploymentAlarms(deployment, region).map((plan) => plan.name),
    ];
    const arnOf = (name: string) => `arn:${Aws.PARTITION}:cloudwatch:${region}:${Aws.ACCOUNT_ID}:alarm:${name}`;
    const alarms = names.map((name) => Alarm.fromAlarmArn(this, `${region}.${name}`, arnOf(name)));
    return new AlarmStatusWidget({ title: `Alarms in ${region}`, alarms, width, height: rows });
  }
}

/** What is older is not shown as if it were so now: a region whose watcher is silent shows no value. */
const shownFor = '-PT5M';

/**
 * Who serves, by the metrics that DNS remembers it by: they are there at once, and paid for. A number that a region
 * does not tell is shown as `--`.
 */
function servingBy(signs: readonly ServingSign[], region: string, width: number): IWidget {
  const metrics = signs.map(({ service, site, isReached, isPassed }, index) => {
    const label = `${service}: ${site}`;
    const reached = isReached === null ? null : ([`reached${index}`, metricIn(region, isReached)] as const);
    const passed = isPassed === null ? null : ([`passed${index}`, metricIn(region, isPassed)] as const);
    const usingMetrics = Object.fromEntries([reached, passed].filter((each) => each !== null));
    const expression = [reached?.[0] ?? '1', ...(passed === null ? [] : [passed[0]])].join(' - ');
    return new MathExpression({ expression, usingMetrics, label, period: Duration.minutes(1) });
  });
  const title = `Serves (1), seen from ${region}`;
  const height = Math.min(2 * rows, (rows / 2) * Math.ceil(signs.length / 4));
  return new SingleValueWidget({ title, metrics, start: shownFor, width, height });
}

function metricIn(region: string, { namespace, name: metricName, dimensions }: MetricPlan): Metric {
  const [statistic, period] = ['Maximum', Duration.minutes(1)];
  return new Metric({ namespace, metricName, dimensionsMap: { ...dimensions }, region, statistic, period });
}

/** A table that asks the log of a region's function. */
function tableOf(
  deployment: string,
  title: string,
  query: readonly string[],
  region: string,
  width: number,
  kind: FunctionKind = 'watcher',
): IWidget {
  const logGroupNames = [logGroupName(deployment, kind)];
  return new LogQueryWidget({ title, logGroupNames, queryLines: [...query], region, width, height: rows });
}
