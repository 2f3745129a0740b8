import type { DeclaredRecord } from '../../src/adapters/aws/dns/zone-records.ts';

/**
 * Waits until the checks of all services may be followed by their records. One for the deployment: what asks Route 53
 * is one process, which can keep below the limit of the account.
 */
export interface ChecksReady {
  readonly Kind: 'ChecksReady';
  readonly Deployment: string;
  readonly Services: readonly ServiceChecks[];
}

/** What is waited for of one service. */
export interface ServiceChecks {
  readonly Service: string;
  readonly CheckIds: readonly string[];
  /** Whose oracles the checks ask. */
  readonly Regions: readonly string[];
  /** Sites that the records lead to, by the names that they have or had; and the last resort, where there is one. */
  readonly Sites?: readonly string[];
  /** Regions whose tables hold the register. */
  readonly Tables?: readonly string[];
  /** Alarms that checks follow without any oracle. */
  readonly Alarms?: readonly FollowedAlarm[];
}

/** An alarm that a check follows. */
export interface FollowedAlarm {
  readonly Region: string;
  readonly Name: string;
}

/** Records of a service in a zone of another account, which CloudFormation cannot make itself. */
export interface ZoneRecords {
  readonly Kind: 'ZoneRecords';
  readonly Account: string;
  readonly ZoneId: string;
  readonly Service: string;
  /** Targets before the aliases that lead to them. */
  readonly Records: readonly DeclaredRecord[];
}

/** An event of CDK's provider framework. */
export interface ProviderEvent {
  readonly RequestType: 'Create' | 'Update' | 'Delete';
  readonly PhysicalResourceId?: string;
  readonly ResourceProperties:
    | { readonly Kind: 'OracleHosts'; readonly Regions: readonly string[]; readonly Parameter: string }
    | ChecksReady
    | ZoneRecords;
  /** Of an update: what was deployed before. */
  readonly OldResourceProperties?: Partial<
    Pick<ChecksReady, 'Services'> & Pick<ZoneRecords, 'Account' | 'ZoneId' | 'Records'>
  >;
}

/** What CDK's provider framework hands on to CloudFormation. */
export interface ProviderAnswer {
  readonly PhysicalResourceId: string;
  readonly Data?: Readonly<Record<string, string>>;
}

/** Properties that were deployed before; none when the resource is made. */
type Former = ProviderEvent['OldResourceProperties'];

/**
 * Whose oracles the records of a service do not follow yet; all for a service that is new. One that they follow already
 * may be dark: waiting for it would hold a deployment that makes nothing worse.
 */
export function newRegions({ Service, Regions }: ServiceChecks, former: Former): readonly string[] {
  const known = formerOf(Service, former)?.Regions ?? [];
  return Regions.filter((region) => !known.includes(region));
}

/** Alarms that the records of a service do not follow yet, for the same reason. */
export function newAlarms({ Service, Alarms = [] }: ServiceChecks, former: Former): readonly FollowedAlarm[] {
  const known = new Set((formerOf(Service, former)?.Alarms ?? []).map(({ Region, Name }) => `${Region} ${Name}`));
  return Alarms.filter(({ Region, Name }) => !known.has(`${Region} ${Name}`));
}

/**
 * Sites that the records of a service led to and lead to no more; none for a service that is new. What no records led
 * to before is nobody's loss: so a rollback, which has the former names again, waits for nothing.
 */
export function droppedSites({ Service, Sites = [] }: ServiceChecks, former: Former): readonly string[] {
  return (formerOf(Service, former)?.Sites ?? []).filter((site) => !Sites.includes(site));
}

function formerOf(service: string, former: Former): ServiceChecks | undefined {
  return former?.Services?.find(({ Service }) => Service === service);
}
