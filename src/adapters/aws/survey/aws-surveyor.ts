import type { SiteSurvey } from '../../../core/detection/site-survey.ts';
import type { DataRole } from '../../../core/model/data.ts';
import type { Deployment } from '../../../core/model/deployment.ts';
import { actingRegionOf } from '../../../core/model/place.ts';
import type { NamedService } from '../../../core/model/service.ts';
import type { Register } from '../../../core/register/register.ts';
import type { Clock } from '../../../ports/clock.ts';
import { PortError } from '../../../ports/port-error.ts';
import type { AwsClients } from '../clients.ts';
import type { SurveyQuestion } from '../lambda/lambda-surveyor.ts';
import type { Hook } from '../promote/custom-data.ts';
import type { AwsDatabases } from '../promote.ts';
import type { AwsCompute } from '../start.ts';
import { StandbyAuditor } from './auditor.ts';
import { BackupReader } from './backup.ts';
import { BalancerAuditor } from './balancer-facts.ts';
import { countTargets, type TargetCounts } from './healthy-targets.ts';
import { readLagMs } from './lag.ts';
import { metricValues } from './metric-value.ts';
import { hookMsOfSurvey, within } from './patience.ts';
import { sharedDataFlaws } from './shared-data.ts';
import { isWellInside } from './well-inside.ts';

/** The parts that a surveyor uses. */
export interface SurveyorParts {
  readonly services: Deployment['services'];
  /** How sizes are read. */
  readonly compute: Pick<AwsCompute, 'readScale'>;
  /** How the roles of data are read. */
  readonly databases: Pick<AwsDatabases, 'roleOf'>;
  /** Invokes the functions of fences of the kind `custom`. */
  readonly hook: Hook;
  readonly clock: Clock;
  /** The register in this region's state table; null when the table has none. May reject. */
  readonly registerOf: (service: string) => Promise<Pick<Register, 'active' | 'writer'> | null>;
}

/**
 * Reads the facts of a site in its own region.
 *
 * Each fact is read separately. A fact that cannot be read is absent, which means unknown. Only three facts need
 * another region: the audit; the lag of a DynamoDB global table, which is published in the writer's region; and the
 * routes of an S3 access point, which five regions keep.
 */
export class AwsSurveyor {
  readonly #clients: AwsClients;
  readonly #parts: SurveyorParts;
  readonly #auditor: StandbyAuditor;
  readonly #balancers: BalancerAuditor;
  readonly #backups: BackupReader;

  constructor(clients: AwsClients, parts: SurveyorParts) {
    this.#clients = clients;
    this.#parts = parts;
    this.#auditor = new StandbyAuditor(clients, parts.compute, parts.clock);
    this.#balancers = new BalancerAuditor(clients, parts.clock);
    this.#backups = new BackupReader(clients, parts.clock);
  }

  /** @throws {PortError} `invalid` when the deployment has no such site in the region, or for which the region acts */
  async survey(region: string, { service, site, isFenceOwed }: SurveyQuestion): Promise<SiteSurvey> {
    const named = this.#namedService(service);
    const place = named?.sites[site];
    if (named === undefined || place === undefined || actingRegionOf(place) !== region) {
      throw new PortError({ kind: 'invalid', detail: `no site ${site} of ${service} in ${region}` });
    }
    const register = await this.#parts.registerOf(service).catch(() => null);
    const servingSite = register?.active ?? null;
    const nowMs = this.#parts.clock.wallMs();
    const counted = known(this.#countTargets(named, site));
    const [
      canTakeRole,
      replicationLagMs,
      load,
      targets,
      sizes,
      dataRole,
      isWell,
      backups,
      flaws,
      findings,
      hindrances,
    ] = await Promise.all([
      place.account === undefined ? undefined : canTake(this.#clients),
      known(readLagMs(this.#clients, named, site, register?.writer ?? null, nowMs)),
      known(this.#readLoad(named, site, nowMs)),
      counted,
      known(this.#readSizes(named, site)),
      known(this.#readRole(named, site)),
      isFenceOwed ? known(this.#readWellInside(named, site)) : undefined,
      place.measures.backup === undefined ? {} : this.#backups.factsOf(region, place.measures.backup, nowMs),
      known(sharedDataFlaws(this.#clients, named, site)),
      this.#auditor.findingsOf(named, site, servingSite),
      counted.then((counts) => this.#balancers.findingsOf(named, site, servingSite, counts)),
    ]);
    return {
      ...(canTakeRole === undefined ? {} : { canTakeRole }),
      ...(replicationLagMs === undefined ? {} : { replicationLagMs }),
      ...(load === undefined ? {} : { load }),
      ...(targets === undefined ? {} : { healthyTargets: targets.healthy }),
      ...sizes,
      ...(dataRole === undefined ? {} : { dataRole }),
      ...(isWell === undefined ? {} : { isWellInside: isWell }),
      ...backups,
      ...(flaws === undefined ? {} : { isDataUsable: flaws.length === 0 }),
      findings: [...(flaws ?? []), ...findings, ...hindrances],
    };
  }

  /** Read at rest, too: a failback and a failover may go only to a copy of what the writer has. */
  async #readRole({ name, data }: NamedService, site: string): Promise<DataRole | undefined> {
    const { databases, clock } = this.#parts;
    if (data === undefined) return undefined;
    return (await within(clock, hookMsOfSurvey, databases.roleOf(name, site, data))) ?? undefined;
  }

  /** Read only while the fence is owed: probes show how any other site is, and each read costs money. */
  async #readWellInside(service: NamedService, site: string): Promise<boolean | undefined> {
    const { clock } = this.#parts;
    return (await within(clock, hookMsOfSurvey, isWellInside(this.#clients, this.#parts, service, site))) ?? undefined;
  }

  #namedService(name: string): NamedService | undefined {
    const service = Object.hasOwn(this.#parts.services, name) ? this.#parts.services[name] : undefined;
    return service && { name, ...service };
  }

  async #readLoad(service: NamedService, site: string, nowMs: number): Promise<number | undefined> {
    const place = service.sites[site];
    if (place?.region === undefined || place.measures.load === undefined) return undefined;
    const [value = null] = await metricValues(this.#clients, place.region, [place.measures.load], nowMs);
    return value === null || value < 0 ? undefined : value;
  }

  async #countTargets(service: NamedService, site: string): Promise<TargetCounts | undefined> {
    const { targets } = service.traffic;
    const arn = targets?.targetGroups[site];
    return targets === undefined || arn === undefined
      ? undefined
      : await countTargets(this.#clients, targets.region, arn);
  }

  /**
   * What was asked for, of all but instances: a failing site must not make the next site small. And what is in service:
   * a site carries no more than that.
   */
  async #readSizes(service: NamedService, site: string): Promise<Pick<SiteSurvey, 'size' | 'inService'>> {
    const place = service.sites[site];
    const scale = place?.scale ?? [];
    if (place?.region === undefined || scale.length === 0) return {};
    const where = { region: place.region, service: service.name, site };
    const reads = Promise.all(scale.map((scalable) => this.#parts.compute.readScale(where, scalable)));
    const sizes = await within(this.#parts.clock, hookMsOfSurvey, reads);
    if (sizes === null || sizes === undefined) return {};
    const sized = sizes.filter((_, index) => scale[index]?.kind !== 'instances');
    const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
    return {
      ...(sized.length === 0 ? {} : { size: sum(sized.map(({ wanted }) => wanted)) }),
      inService: sum(sizes.map(({ ready }) => ready)),
    };
  }
}

/** The value of a fact; undefined when it could not be read. */
async function known<T>(fact: Promise<T | undefined>): Promise<T | undefined> {
  return await fact.catch(() => undefined);
}

/** Whether the role in another account can be taken; undefined while STS does not say. */
async function canTake(clients: AwsClients): Promise<boolean | undefined> {
  try {
    await clients.authorize();
    return true;
  } catch (error) {
    return error instanceof PortError && error.fault.kind === 'denied' ? false : undefined;
  }
}
