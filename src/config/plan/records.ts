import { ledToBy } from '../../core/dns/led-to.ts';
import { dnsTree, treeNamePatterns } from '../../core/dns/record-tree.ts';
import { askedNames } from '../../core/dns/record-values.ts';
import { type DnsTree, oracleCheckIntervalSeconds, oracleFailureThreshold } from '../../core/dns/zone-plan.ts';
import { type Deployment, serviceOf } from '../../core/model/deployment.ts';

/**
 * How Route 53 checks: the interval in seconds, and the number of failed answers in a row that make an oracle check
 * unhealthy.
 */
export const checkTiming = { intervalSeconds: oracleCheckIntervalSeconds, oracleFailureThreshold } as const;

/** The checks and records of one service. */
export interface ServiceRecords extends DnsTree {
  readonly service: string;
  readonly zoneId: string;
  /** Account of the zone; undefined: that of the deployment. The checks are in the deployment's in any case. */
  readonly account: string | undefined;
  /** Names that clients ask for and that have records here. */
  readonly askedNames: readonly string[];
  /** Patterns of the names of this and of any former tree; none where the records themselves are edited. */
  readonly treeNames: readonly string[];
  /** Ids of the checks that read oracles: the ones to wait for. */
  readonly oracleCheckIds: readonly string[];
  /** Regions whose oracles they read. */
  readonly oracleRegions: readonly string[];
  /** What the records lead to: sites, by the names that they have or had, and the last resort. */
  readonly ledTo: readonly string[];
  /** Regions whose tables hold the register. */
  readonly tableRegions: readonly string[];
  /** Alarms that checks follow without any oracle beside them: they must have seen data before. */
  readonly decidingAlarms: readonly { readonly region: string; readonly name: string }[];
}

/**
 * Region of the stack of checks and records. Route 53 is one for all regions, so any one will do; in another one the
 * same records cannot be made while the old stack is there.
 */
export function recordsRegionOf({
  recordsRegion,
  controlRegions,
}: Pick<Deployment, 'recordsRegion' | 'controlRegions'>): string | undefined {
  return recordsRegion ?? controlRegions[0];
}

/**
 * The checks and records of each service. Services without DNS, and services whose single record the engine writes, are
 * left out.
 */
export function recordsPlan(deployment: Deployment): readonly ServiceRecords[] {
  return Object.keys(deployment.services).flatMap((name) => {
    const service = serviceOf(deployment, name);
    const { checks, records } = dnsTree(deployment, service);
    const { dns } = service.traffic;
    if (dns === undefined || records.length === 0) return [];
    const { id: zoneId, account } = dns.zone;
    const treeNames = dns.mode === 'records' ? [] : treeNamePatterns(dns.record);
    const asked = checks.filter((check) => check.kind === 'oracle');
    const oracleRegions = [...new Set(asked.map(({ region }) => region))];
    const remembered = asked.length > 0 ? [] : checks.filter((check) => check.kind === 'memory');
    const decidingAlarms = remembered.map(({ region, alarm }) => ({ region, name: alarm }));
    const oracleCheckIds = asked.map(({ id }) => id);
    const names = { askedNames: askedNames(dns), treeNames };
    const followed = {
      oracleCheckIds,
      oracleRegions,
      decidingAlarms,
      ledTo: ledToBy(service),
      tableRegions: deployment.controlRegions,
    };
    return [{ service: name, zoneId, account, checks, records, ...names, ...followed }];
  });
}
