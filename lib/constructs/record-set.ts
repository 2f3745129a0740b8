import type { CfnRecordSet, CfnRecordSetProps } from 'aws-cdk-lib/aws-route53';
import type { RecordPlan, Routing } from '../../src/core/dns/zone-plan.ts';
import type { GeoLocation } from '../../src/core/model/traffic.ts';

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
    ...(plan.routing === undefined ? {} : routingProperties(plan.routing)),
    ...(plan.checkId === null ? {} : { healthCheckId: idOf(plan.checkId) }),
    ...targetProperties(plan.target, zoneId),
  };
}

/**
 * A record as a template of CloudFormation spells it, for the custom resource that makes records in another account.
 * The zone is not part of it.
 *
 * @param idOf - as for {@link recordProperties}
 */
export function declaredRecord(plan: RecordPlan, zoneId: string, idOf: (checkId: string) => string): object {
  const { hostedZoneId: _zone, ...declared } = recordProperties(plan, zoneId, idOf);
  return spelled(declared);
}

/** Keys that are more than a capital letter away from what CloudFormation calls them. */
const spellings: Readonly<Record<string, string>> = { ttl: 'TTL', dnsName: 'DNSName' };

function spelled(value: object): object {
  return Object.fromEntries(
    Object.entries(value).map(([key, part]: [string, unknown]) => [
      spellings[key] ?? key.charAt(0).toUpperCase() + key.slice(1),
      typeof part === 'object' && part !== null && !Array.isArray(part) ? spelled(part) : part,
    ]),
  );
}

type RoutingProperties = Pick<CfnRecordSetProps, 'weight' | 'region' | 'geoLocation' | 'multiValueAnswer'>;

function routingProperties(routing: Routing): RoutingProperties {
  switch (routing.kind) {
    case 'weighted':
      return { weight: routing.weight };
    case 'latency':
      return { region: routing.region };
    case 'multivalue':
      return { multiValueAnswer: true };
    case 'geolocation':
      return { geoLocation: locationProperties(routing.location) };
  }
}

/** Source: Route 53 API Reference, "GeoLocation": `*` as country is everywhere that has no record of its own. */
function locationProperties(location: GeoLocation): CfnRecordSet.GeoLocationProperty {
  switch (location.kind) {
    case 'default':
      return { countryCode: '*' };
    case 'continent':
      return { continentCode: location.code };
    case 'country':
      return { countryCode: location.code };
  }
}

type TargetProperties = Pick<CfnRecordSetProps, 'ttl' | 'resourceRecords' | 'aliasTarget'>;

function targetProperties(target: RecordPlan['target'], zoneId: string): TargetProperties {
  switch (target.kind) {
    case 'values':
      return { ttl: String(target.ttlSeconds), resourceRecords: [...target.values] };
    case 'alias':
      return {
        aliasTarget: {
          dnsName: absolute(target.name),
          hostedZoneId: zoneId,
          evaluateTargetHealth: target.isSteadfast !== true,
        },
      };
    case 'external-alias':
      return { aliasTarget: { dnsName: target.name, hostedZoneId: target.zoneId, evaluateTargetHealth: false } };
  }
}

function absolute(name: string): string {
  return `${name}.`;
}
