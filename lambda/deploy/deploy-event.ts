import type { DeclaredRecord } from '../../src/adapters/aws/dns/zone-records.ts';

/** Waits until the checks of a service may be followed by its records. */
export interface ChecksReady {
  readonly Kind: 'ChecksReady';
  readonly CheckIds: readonly string[];
  readonly Deployment: string;
  readonly Service: string;
  /** Whose oracles the checks ask. */
  readonly Regions: readonly string[];
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
    Pick<ChecksReady, 'Regions' | 'Alarms'> & Pick<ZoneRecords, 'Account' | 'ZoneId' | 'Records'>
  >;
}

/** What CDK's provider framework hands on to CloudFormation. */
export interface ProviderAnswer {
  readonly PhysicalResourceId: string;
  readonly Data?: Readonly<Record<string, string>>;
}

/**
 * Whose oracles the records do not follow yet; none for an update of properties that named no regions. One that they
 * follow already may be dark: waiting for it would hold a deployment that makes nothing worse.
 */
export function newRegions(
  { Regions }: ChecksReady,
  former: ProviderEvent['OldResourceProperties'],
): readonly string[] {
  return former === undefined ? Regions : Regions.filter((region) => former.Regions?.includes(region) === false);
}

/** Alarms that the records do not follow yet, for the same reason. */
export function newAlarms(
  { Alarms = [] }: ChecksReady,
  former: ProviderEvent['OldResourceProperties'],
): readonly FollowedAlarm[] {
  const known = new Set((former?.Alarms ?? []).map(({ Region, Name }) => `${Region} ${Name}`));
  return Alarms.filter(({ Region, Name }) => !known.has(`${Region} ${Name}`));
}
