import type { Deployment } from '../../../../core/model/deployment.ts';
import type { AlarmProbe, FunctionProbe, MetricProbe } from '../../../../core/model/probe.ts';
import { probeSecretsOf } from '../../secrets.ts';
import { alarmArn, aliasArn, userFunctionArn } from '../arn.ts';
import type { Statement } from '../statement.ts';
import { secretStatements } from './secrets.ts';

/**
 * What a watcher may do for probes that AWS answers, and for those that send a secret. It is the same in every control
 * region, because each probes every site, but for secrets: each reads its own copy.
 */
export function probeStatements({ services }: Pick<Deployment, 'services'>, region: string): readonly Statement[] {
  const probes = Object.values(services).flatMap(({ sites }) => Object.values(sites).flatMap((site) => site.probes));
  return [
    ...alarmStatements(probes.filter((probe) => probe.type === 'cloudwatch-alarm')),
    ...metricStatements(probes.filter((probe) => probe.type === 'cloudwatch-metric')),
    ...functionStatements(probes.filter((probe) => probe.type === 'function')),
    ...secretStatements(region, probeSecretsOf({ services })),
  ];
}

/**
 * The alarms that are named. A composite alarm is shown only to who may read every alarm; then the region is named
 * instead. Source: CloudWatch API Reference, `DescribeAlarms`.
 */
function alarmStatements(alarms: readonly AlarmProbe[]): readonly Statement[] {
  const open = [...new Set(alarms.filter(({ composite }) => composite).map(({ region }) => region))].sort();
  const named = alarms.filter(({ region }) => !open.includes(region));
  const action = 'cloudwatch:DescribeAlarms';
  return [
    ...(named.length === 0
      ? []
      : [
          {
            sid: 'Alarms',
            actions: [action],
            resources: [...new Set(named.map(({ region, name }) => alarmArn(region, name)))],
          },
        ]),
    ...(open.length === 0
      ? []
      : [
          {
            sid: 'CompositeAlarms',
            actions: [action],
            resources: ['*'],
            conditions: { StringEquals: { 'aws:RequestedRegion': open } },
          },
        ]),
  ];
}

/**
 * All metrics of the regions in which one is read: IAM knows no single one. Source: Service Authorization Reference,
 * Amazon CloudWatch, `GetMetricData`.
 */
function metricStatements(metrics: readonly MetricProbe[]): readonly Statement[] {
  if (metrics.length === 0) return [];
  const regions = [...new Set(metrics.map(({ region }) => region))].sort();
  return [
    {
      sid: 'Metrics',
      actions: ['cloudwatch:GetMetricData'],
      resources: ['*'],
      conditions: { StringEquals: { 'aws:RequestedRegion': regions } },
    },
  ];
}

/** One function by name; where an alias is invoked, that alias alone. */
function functionStatements(functions: readonly FunctionProbe[]): readonly Statement[] {
  if (functions.length === 0) return [];
  const arns = functions.map(({ region, functionName, alias }) =>
    alias === undefined ? userFunctionArn(region, functionName) : aliasArn(region, functionName, alias),
  );
  return [
    {
      sid: 'ProbeFunctions',
      actions: ['lambda:InvokeFunction'],
      resources: [...new Set(arns)],
    },
  ];
}
