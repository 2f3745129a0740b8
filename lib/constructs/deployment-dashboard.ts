import { Aws, Duration } from 'aws-cdk-lib';
import {
  Alarm,
  AlarmStatusWidget,
  Dashboard,
  type IWidget,
  LogQueryWidget,
  Metric,
  SingleValueWidget,
  TextWidget,
} from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { deploymentAlarms } from '../../src/config/plan/alarms.ts';
import {
  whatHappened,
  whatWasDropped,
  whatWasFound,
  whoIsActive,
  whoIsHealthy,
} from '../../src/config/plan/dashboard.ts';
import { doctorRegionsOf } from '../../src/config/plan/function-set.ts';
import { memoryAlarms } from '../../src/config/plan/memories.ts';
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
    if (memoryAlarms(deployment).length > 0) inEach((from) => leftOf(deployment, from, width));
    inEach((from) => tableOf(name, `Active, seen from ${from}`, whoIsActive, from, width));
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

/** Which sites clients have left, by the metrics that DNS remembers them by: they are there at once, and paid for. */
function leftOf(deployment: Deployment, region: string, width: number): IWidget {
  const metrics = memoryAlarms(deployment).map(
    ({ service, sites, metric: { namespace, name: metricName, dimensions } }) =>
      new Metric({
        namespace,
        metricName,
        dimensionsMap: { ...dimensions },
        region,
        statistic: 'Maximum',
        period: Duration.minutes(1),
        label: `${service}: nobody at ${sites}`,
      }),
  );
  return new SingleValueWidget({ title: `Left (1), seen from ${region}`, metrics, width, height: rows / 2 });
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
