import type { CfnHealthCheck } from 'aws-cdk-lib/aws-route53';
import type { OracleFront } from '../../src/config/plan/oracle-fronts.ts';
import { checkTiming } from '../../src/config/plan/records.ts';
import type { CheckPlan } from '../../src/core/dns/zone-plan.ts';

type HealthCheckConfig = CfnHealthCheck.HealthCheckConfigProperty;

/**
 * A check as CloudFormation wants it.
 *
 * @param frontOf - where a region's oracle is asked
 * @param idOf - Route 53's id of another check of the plan
 */
export function checkProperties(
  plan: CheckPlan,
  frontOf: (region: string) => OracleFront,
  idOf: (checkId: string) => string,
): HealthCheckConfig {
  switch (plan.kind) {
    case 'oracle': {
      const { host, port, basePath } = frontOf(plan.region);
      return {
        type: 'HTTPS',
        fullyQualifiedDomainName: host,
        port,
        resourcePath: `${basePath}${plan.path}`,
        requestInterval: checkTiming.intervalSeconds,
        failureThreshold: checkTiming.oracleFailureThreshold,
        enableSni: true,
      };
    }
    case 'endpoint':
      return {
        type: plan.type === 'https' ? 'HTTPS' : plan.type === 'http' ? 'HTTP' : 'TCP',
        ...(plan.ipAddress === null ? {} : { ipAddress: plan.ipAddress }),
        ...(plan.host === null ? {} : { fullyQualifiedDomainName: plan.host }),
        port: plan.port,
        ...(plan.path === null ? {} : { resourcePath: plan.path }),
        requestInterval: checkTiming.intervalSeconds,
        failureThreshold: plan.failureThreshold,
        ...(plan.type === 'https' ? { enableSni: true } : {}),
      };
    case 'memory':
      return {
        type: 'CLOUDWATCH_METRIC',
        alarmIdentifier: { name: plan.alarm, region: plan.region },
        insufficientDataHealthStatus: 'LastKnownStatus',
      };
    case 'calculated':
      return {
        type: 'CALCULATED',
        childHealthChecks: plan.children.map(idOf),
        healthThreshold: plan.threshold,
        inverted: plan.isInverted,
      };
  }
}
