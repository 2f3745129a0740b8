import { AlarmStatusWidget, Dashboard, type IWidget, LogQueryWidget, TextWidget } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { whatHappened, whoIsActive, whoIsHealthy } from '../../src/config/plan/dashboard.ts';
import { dashboardName, logGroupName } from '../../src/config/plan/names.ts';
import type { Deployment } from '../../src/core/model/deployment.ts';
import type { RegionAlarms } from './region-alarms.ts';

/** Columns of a dashboard. Source: CloudWatch User Guide, "Dashboard body structure and syntax". */
const columns = 24;

/**
 * A region's page: who is active, who is healthy from where, what happened last, what is wrong.
 *
 * Its tables ask the watchers' logs, those of other regions too; a region that is dark leaves its own table empty.
 */
export class RegionDashboard extends Construct {
  constructor(scope: Construct, id: string, deployment: Deployment, region: string, alarms: RegionAlarms) {
    super(scope, id);
    const table = (title: string, query: readonly string[], width: number, from: string = region): IWidget =>
      new LogQueryWidget({
        title,
        logGroupNames: [logGroupName(deployment.name, 'watcher')],
        queryLines: [...query],
        region: from,
        width,
        height: 6,
      });
    const third = columns / 3;
    const views = deployment.controlRegions.map((from) =>
      table(`Healthy, seen from ${from}`, whoIsHealthy, third, from),
    );
    const board = new Dashboard(this, 'Dashboard', { dashboardName: dashboardName(deployment.name, region) });
    board.addWidgets(
      new TextWidget({
        markdown: `**${deployment.name}** in ${region}. With credentials: \`cdk-failover status\`. What to do: docs/runbook.md.`,
        width: columns,
        height: 1,
      }),
    );
    board.addWidgets(
      table('Active', whoIsActive, 2 * third),
      new AlarmStatusWidget({
        title: 'Alarms',
        alarms: [...Object.values(alarms.services), ...alarms.general],
        width: third,
        height: 6,
      }),
    );
    board.addWidgets(...views);
    board.addWidgets(table('What happened last', whatHappened, columns));
  }
}
