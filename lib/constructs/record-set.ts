import type { CfnRecordSetProps } from 'aws-cdk-lib/aws-route53';
import type { RecordPlan } from '../../src/core/dns-tree.ts';

/**
 * A record as CloudFormation wants it.
 *
 * @param idOf - Route 53's id of a check of the plan
 */
export function recordProperties(
  plan: RecordPlan,
  zoneId: string,
  idOf: (checkId: string) => string,
): CfnRecordSetProps {
  return {
    hostedZoneId: zoneId,
    name: absolute(plan.name),
    type: plan.type,
    ...(plan.setIdentifier === null ? {} : { setIdentifier: plan.setIdentifier }),
    ...(plan.failover === null ? {} : { failover: plan.failover }),
    ...(plan.checkId === null ? {} : { healthCheckId: idOf(plan.checkId) }),
    ...targetProperties(plan.target, zoneId),
  };
}

type TargetProperties = Pick<CfnRecordSetProps, 'ttl' | 'resourceRecords' | 'aliasTarget'>;

function targetProperties(target: RecordPlan['target'], zoneId: string): TargetProperties {
  switch (target.kind) {
    case 'values':
      return { ttl: String(target.ttlSeconds), resourceRecords: [...target.values] };
    case 'alias':
      return { aliasTarget: { dnsName: absolute(target.name), hostedZoneId: zoneId, evaluateTargetHealth: true } };
    case 'external-alias':
      return { aliasTarget: { dnsName: target.name, hostedZoneId: target.zoneId, evaluateTargetHealth: false } };
  }
}

function absolute(name: string): string {
  return `${name}.`;
}
