import type { Calls } from '../../../core/calls.ts';
import type { BackupFacts } from '../../../core/detection/backup.ts';
import { surveyedLagOf } from '../../../core/detection/lag-source.ts';
import type { SiteSurvey } from '../../../core/detection/site-survey.ts';
import { isShared, type SharedData } from '../../../core/model/data.ts';
import { actingRegionOf } from '../../../core/model/place.ts';
import type { Service } from '../../../core/model/service.ts';
import type { BackupSource, Site } from '../../../core/model/site.ts';
import type { Register } from '../../../core/register/register.ts';
import { SimFault, takeRoleApi } from '../api-call.ts';
import type { SimWrites } from '../clients/writes.ts';
import type { SimControl } from '../control.ts';
import type { SimDatabases } from '../databases.ts';
import type { Ground } from '../ground.ts';
import { dataApis } from '../kinds/promote.ts';
import { scaleApis } from '../kinds/start.ts';
import type { SimScales } from '../resources/scales.ts';
import { type SimSite, servesClients } from '../sites.ts';
import type { SimStateTables } from '../state-tables.ts';

/** What a survey looks at. */
export interface SurveyGround extends Ground {
  readonly control: SimControl;
  readonly databases: SimDatabases;
  readonly scales: SimScales;
  readonly tables: SimStateTables;
  readonly writes: SimWrites;
  isTableStopped(call: { readonly api: string; readonly region: string }): boolean;
}

/** What tells the values of a metric. */
const metricReadApi = 'cloudwatch:GetMetricData';
/** What a survey reads the register by. */
const registerApi = 'dynamodb:BatchGetItem';
/** What reads a heartbeat. */
const heartbeatApi = 'dynamodb:GetItem';
/** What tells how the targets of a group are. */
const targetHealthApi = 'elasticloadbalancing:DescribeTargetHealth';
/** What tells the state of a site's part of data that every site writes. */
const sharedDataApis: Readonly<Record<SharedData['kind'], string>> = {
  'dynamodb-global': 'dynamodb:DescribeTable',
  'aurora-dsql': 'dsql:GetCluster',
  'memorydb-multi-region': 'memorydb:DescribeClusters',
};

/** Every API that a survey asks besides those that carry steps out. */
export const surveyApis: readonly string[] = [
  metricReadApi,
  heartbeatApi,
  targetHealthApi,
  ...Object.values(sharedDataApis),
];

/** Longest wait of a load balancer for the answer of a target. Source: Elastic Load Balancing, "Health checks". */
const targetPatienceMs = 5_000;

/** A site as the function knows it that surveys it. */
interface Surveyed {
  readonly region: string;
  readonly name: string;
  readonly site: string;
  readonly service: Service;
  readonly place: Site;
  readonly truth: SimSite;
}

/**
 * What the survey function of a region says of a site, by the rules of `AwsSurveyor`: each fact is read by an API of
 * its own, and is left out where nothing is named to read it from, or the API does not answer.
 *
 * @throws {SimFault} when the function knows no such site that its region acts for
 */
export function surveyIn(world: SurveyGround, asked: Calls['survey']['input']): SiteSurvey {
  const { region, service: name, site } = asked;
  const service = world.control.functionsOf(region, world.deployment).services[name];
  const place = service?.sites[site];
  if (service === undefined || place === undefined || actingRegionOf(place) !== region)
    throw new SimFault({ kind: 'unavailable', detail: `the survey failed: no site ${site} of ${name} in ${region}` });
  const surveyed: Surveyed = { region, name, site, service, place, truth: world.sites.get(name, site) };
  const canTakeRole = place.account === undefined ? undefined : roleIn(world, region);
  const role = canTakeRole === undefined ? {} : { canTakeRole };
  if (place.account !== undefined && canTakeRole !== true) return { ...role, findings: [] };
  return {
    ...role,
    ...lagFact(world, surveyed),
    ...loadFact(world, surveyed),
    ...targetsFact(world, surveyed),
    ...sizeFact(world, surveyed),
    ...roleFact(world, surveyed),
    ...(asked.isFenceOwed ? insideFact(surveyed) : {}),
    ...sharedDataFact(world, surveyed),
    ...backupsOf(world, surveyed.truth, place.measures.backup),
    findings: auditOf(world, surveyed),
  };
}

/** Whether an API in a region answers the functions of another one, or of its own, now. */
function isReadable({ links, faults, nowMs, random }: Ground, api: string, region: string, from: string): boolean {
  const there = [region, `aws/${api.split(':')[0]}/${region}`];
  if (!links.passes([from], there) || !links.passes(there, [from])) return false;
  const fault = faults.strike({ api, region, by: from }, nowMs, random);
  return fault === null || fault === 'twice' || fault === 'stale';
}

/** Whether the function can take its role in another account; undefined while STS does not say. */
function roleIn({ faults, nowMs, random }: Ground, region: string): boolean | undefined {
  const fault = faults.strike({ api: takeRoleApi, region, by: region }, nowMs, random);
  return fault === null ? true : fault === 'denied' ? false : undefined;
}

/** What the table beside the function says who writes, and who is active; null where it says nothing. */
function registerIn(world: SurveyGround, { region, name }: Surveyed): Pick<Register, 'active' | 'writer'> | null {
  const isDark = !world.tables.has(region) || world.isTableStopped({ api: registerApi, region });
  if (isDark || !isReadable(world, registerApi, region, region)) return null;
  return world.tables.read(region, [name]).acceptors[name]?.accepted ?? null;
}

/** What the audit of a site that waits, and is not hot, says that it lacks beside the serving one. */
function auditOf(world: SurveyGround, surveyed: Surveyed): readonly string[] {
  const { place, site, truth } = surveyed;
  const serving = place.standby === 'hot' ? null : (registerIn(world, surveyed)?.active ?? null);
  if (serving === null || serving === site) return [];
  return Array.from({ length: truth.findings }, (_, index) => `${site} differs from ${serving}: ${index + 1}`);
}

function lagFact(world: SurveyGround, surveyed: Surveyed): Pick<SiteSurvey, 'replicationLagMs'> {
  const { region, site, service, place, truth } = surveyed;
  const source = surveyedLagOf(service, site);
  if (source === null) return {};
  if (source === 'declared' && place.measures.lag?.kind === 'heartbeat') {
    const beatMs = world.writes.beatAgeMs(truth);
    if (beatMs === null || !isReadable(world, heartbeatApi, region, region)) return {};
    return { replicationLagMs: truth.replicationLagMs + beatMs };
  }
  const at = source === 'published' ? publishedIn(world, surveyed) : region;
  if (at === null || !isReadable(world, metricReadApi, at, region)) return {};
  return { replicationLagMs: Math.max(truth.replicationLagMs, world.writes.brokenLagMs(truth)) };
}

/**
 * The region whose metrics tell the lag of a site; null when there is none: what takes writes itself has none, and of
 * what follows another one than the writer nothing is told.
 */
function publishedIn(world: SurveyGround, surveyed: Surveyed): string | null {
  const { region, name, site, service } = surveyed;
  const { databases } = world;
  if (service.data?.kind === 'dynamodb-global') {
    const writer = registerIn(world, surveyed)?.writer ?? null;
    const source = writer === null ? undefined : service.sites[writer]?.region;
    return source === undefined || source === region ? null : source;
  }
  if (databases.writerOf(name) !== null && databases.takesWrites(name, site)) return null;
  const source = databases.sourceOf(name, site);
  const idOf = (one: string) => world.sites.idOf(name, one);
  const writer = registerIn(world, surveyed)?.writer;
  return source === undefined || (source !== null && writer !== undefined && idOf(source) === idOf(writer))
    ? region
    : null;
}

function loadFact(world: SurveyGround, { region, place, truth: { load } }: Surveyed): Pick<SiteSurvey, 'load'> {
  if (place.measures.load === undefined || load === null) return {};
  return isReadable(world, metricReadApi, region, region) ? { load } : {};
}

function targetsFact(world: SurveyGround, surveyed: Surveyed): Pick<SiteSurvey, 'healthyTargets'> {
  const { region, site, service, truth } = surveyed;
  const { targets } = service.traffic;
  if (targets?.targetGroups[site] === undefined) return {};
  if (!isReadable(world, targetHealthApi, targets.region, region)) return {};
  return { healthyTargets: servesClients({ ...truth, isIsolated: truth.isHidden }, targetPatienceMs) ? 1 : 0 };
}

/** The sizes that were asked for, of all but instances, and what has booted. */
function sizeFact(
  world: SurveyGround,
  { region, name, site, place: { scale, region: home } }: Surveyed,
): Pick<SiteSurvey, 'size' | 'inService'> {
  if (home === undefined || scale.length === 0) return {};
  const sizes = scale.map((scalable) =>
    isReadable(world, scaleApis[scalable.kind].read, region, region)
      ? world.scales.look({ region, service: name, site }, scalable)
      : null,
  );
  if (sizes.some((size) => size === null)) return {};
  const sized = sizes.filter((_, index) => scale[index]?.kind !== 'instances');
  return {
    ...(sized.length === 0 ? {} : { size: sized.reduce((sum, size) => sum + (size?.wanted ?? 0), 0) }),
    inService: sizes.reduce((sum, size) => sum + (size?.ready ?? 0), 0),
  };
}

/** While roles change, or are asked of an API that does not answer, nobody says who is a replica. */
function roleFact(world: SurveyGround, { region, name, site, service }: Surveyed): Pick<SiteSurvey, 'dataRole'> {
  const dataRole = world.databases.roleByApi(name, site);
  const isTold = service.data !== undefined && isReadable(world, dataApis[service.data.kind].read, region, region);
  return dataRole === null || !isTold ? {} : { dataRole };
}

function insideFact({ place, truth: { state, isCollapsed, power } }: Surveyed): Pick<SiteSurvey, 'isWellInside'> {
  return place.fence === undefined ? {} : { isWellInside: state === 'running' && !isCollapsed && power > 0 };
}

function sharedDataFact(
  world: SurveyGround,
  { region, service: { data }, truth }: Surveyed,
): Pick<SiteSurvey, 'isDataUsable'> {
  if (data === undefined || !isShared(data)) return {};
  return isReadable(world, sharedDataApis[data.kind], region, region) ? { isDataUsable: truth.isDataUsable } : {};
}

/** What the survey of a site says of its backups, where it declares any. */
function backupsOf(
  { nowMs }: Ground,
  { backupAtMs, restoreAtMs }: SimSite,
  source: BackupSource | undefined,
): BackupFacts {
  if (source === undefined) return {};
  const ageMs = (atMs: number | null) => (atMs === null ? null : nowMs - atMs);
  return {
    backupAgeMs: ageMs(backupAtMs),
    ...(source.kind === 'aws-backup' && source.maxRestoreAgeMs !== undefined
      ? { restoreAgeMs: ageMs(restoreAtMs) }
      : {}),
  };
}
