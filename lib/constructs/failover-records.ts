import { CustomResource } from 'aws-cdk-lib';
import { CfnHealthCheck, CfnRecordSet } from 'aws-cdk-lib/aws-route53';
import { Construct } from 'constructs';
import { ConfigError } from '../../src/config/config-error.ts';
import { oracleHostParameter } from '../../src/config/plan/names.ts';
import { hasFunctionUrls, type OracleFront, oracleFrontOf } from '../../src/config/plan/oracle-fronts.ts';
import { recordsPlan, type ServiceRecords } from '../../src/config/plan/records.ts';
import type { CheckPlan, RecordPlan } from '../../src/core/dns/zone-plan.ts';
import type { Deployment } from '../../src/core/model/deployment.ts';
import { checkAccount, checkedDeployment, claimNames } from './checked-deployment.ts';
import { DeployProvider } from './deploy-provider.ts';
import { defaultBundleFolder } from './function-bundle.ts';
import { checkProperties } from './health-check.ts';
import { declaredRecord, recordProperties } from './record-set.ts';
import { checkRecordsLimits } from './stack-limits.ts';

/** What the checks and records are made from. */
export interface FailoverRecordsProps {
  /** From `defineDeployment`, which has checked it. */
  readonly deployment: Deployment;
  /** The built functions; those of this package when left out. */
  readonly bundleFolder?: string | undefined;
}

/**
 * Health checks and records of all services that are steered by oracles, and the weighted records whose weights the
 * engine edits. Once a deployment, in any region; the control regions have to be there first.
 *
 * The order of creation prevents a first deployment from answering with a standby. The hosts of function URLs are read,
 * the checks are made, a custom resource waits until their checkers have results and until every new oracle votes, or
 * until every alarm that decides alone has seen data, and only then the records are made.
 */
export class FailoverRecords extends Construct {
  /**
   * @throws {ConfigError} when there is nothing to make, when the stack would be too large, or when the bundle is not
   *   built
   */
  constructor(scope: Construct, id: string, props: FailoverRecordsProps) {
    super(scope, id);
    const deployment = checkedDeployment(props.deployment, this.node.path);
    const services = recordsPlan(deployment);
    if (services.length === 0) throw nothingToMake();
    checkAccount(this, deployment);
    claimNames(this, deployment, 'FailoverRecords');
    checkRecordsLimits(deployment);
    const isAnyGuarded = services.some(({ checks }) => checks.length > 0);
    const isAnyElsewhere = services.some(({ account }) => account !== undefined);
    const provider =
      isAnyGuarded || isAnyElsewhere
        ? new DeployProvider(this, 'Deploy', deployment, props.bundleFolder ?? defaultBundleFolder())
        : null;
    const frontOf = isAnyGuarded && provider !== null ? this.#findFronts(deployment, provider) : null;
    const trees = services.map((service) => new ServiceTree(this, service.service, service, frontOf));
    const ready = isAnyGuarded && provider !== null ? this.#awaitChecks(deployment, trees, provider) : null;
    for (const tree of trees) tree.makeRecords(ready, provider);
  }

  /**
   * What waits for the checkers of all services, and for the oracles and alarms that the checks follow. A new service,
   * or a new check of one, has the others asked again, which have their results.
   */
  #awaitChecks(deployment: Deployment, trees: readonly ServiceTree[], provider: DeployProvider): CustomResource {
    const guarded = trees.filter(({ checks }) => checks.size > 0);
    const ready = new CustomResource(this, 'ChecksReady', {
      serviceToken: provider.serviceToken,
      resourceType: 'Custom::ChecksReady',
      properties: {
        Kind: 'ChecksReady',
        Deployment: deployment.name,
        Services: guarded.map((tree) => tree.awaited),
      },
    });
    for (const tree of guarded) tree.precede(ready);
    return ready;
  }

  #findFronts(deployment: Deployment, provider: DeployProvider): FrontOf {
    const isByUrl = hasFunctionUrls(deployment) && recordsPlan(deployment).some((its) => its.oracleRegions.length > 0);
    const hosts = isByUrl ? this.#readHosts(deployment, provider) : null;
    return (region) =>
      oracleFrontOf(deployment, region) ?? { host: hosts?.getAttString(region) ?? '', port: 443, basePath: '' };
  }

  /** The host names of the oracles' function URLs, one attribute for each control region. */
  #readHosts(deployment: Deployment, provider: DeployProvider): CustomResource {
    return new CustomResource(this, 'OracleHosts', {
      serviceToken: provider.serviceToken,
      resourceType: 'Custom::OracleHosts',
      properties: {
        Kind: 'OracleHosts',
        Regions: deployment.controlRegions,
        Parameter: oracleHostParameter(deployment.name),
        Reading: String(this.node.tryGetContext(readingContext) ?? 'first'),
      },
    });
  }
}

/** Where the oracle of a control region is asked. */
type FrontOf = (region: string) => OracleFront;

/**
 * Context key whose change makes the next deployment read the oracles' hosts again: a region's stack that was deleted
 * and made anew has another host, which nothing in this stack can know.
 */
const readingContext = 'cdk-failover:reading';

/** The checks and records of one service, in the order in which they have to be made. */
class ServiceTree extends Construct {
  /** By the plan's ids. */
  readonly checks: ReadonlyMap<string, CfnHealthCheck>;
  readonly #plan: ServiceRecords;

  /** @param frontOf - null when no record of any service is guarded: weights that the engine edits */
  constructor(scope: Construct, id: string, plan: ServiceRecords, frontOf: FrontOf | null) {
    super(scope, id);
    this.#plan = plan;
    const checks = new Map<string, CfnHealthCheck>();
    if (frontOf !== null)
      for (const check of plan.checks) checks.set(check.id, this.#makeCheck(check, checks, frontOf));
    this.checks = checks;
  }

  /** What the deployment waits for before the records: `ServiceChecks` of lambda/deploy/deploy-event.ts. */
  get awaited(): Readonly<Record<string, unknown>> {
    const { service, oracleCheckIds, oracleRegions, decidingAlarms, ledTo, tableRegions } = this.#plan;
    const alarms = decidingAlarms.map(({ region, name }) => ({ Region: region, Name: name }));
    return {
      Service: service,
      CheckIds: oracleCheckIds.map((id) => checkIdIn(this.checks, id)),
      Regions: oracleRegions,
      Sites: ledTo,
      Tables: tableRegions,
      ...(alarms.length === 0 ? {} : { Alarms: alarms }),
    };
  }

  /** Has the checks made before what waits for them. It names the ones that it asks; the others have to be there. */
  precede(ready: CustomResource): void {
    for (const { id, kind } of this.#plan.checks) {
      if (kind !== 'oracle') ready.node.addDependency(checkIn(this.checks, id));
    }
  }

  /**
   * @param ready - what waits for the checks; null when no service has any
   * @param provider - null when it has nothing to do for any service
   */
  makeRecords(ready: CustomResource | null, provider: DeployProvider | null): void {
    const { account } = this.#plan;
    const own = this.checks.size === 0 ? null : ready;
    if (account === undefined) this.#makeRecords(this.#plan, this.checks, own);
    else if (provider !== null) this.#haveRecordsMade(this.#plan, account, this.checks, own, provider);
  }

  #makeRecords(plan: ServiceRecords, checks: ReadonlyMap<string, CfnHealthCheck>, ready: CustomResource | null): void {
    const made = new Map<string, CfnRecordSet[]>();
    for (const record of plan.records) {
      const resource = this.#makeRecord(record, plan.zoneId, checks);
      if (ready !== null) resource.node.addDependency(ready);
      // Route 53 refuses an alias to a name of the zone that has no record.
      if (record.target.kind === 'alias') {
        resource.node.addDependency(...(made.get(`${record.target.name} ${record.type}`) ?? []));
      }
      const key = `${record.name} ${record.type}`;
      made.set(key, [...(made.get(key) ?? []), resource]);
    }
  }

  /**
   * Records in a zone of another account. CloudFormation writes a record with the credentials of its own stack, so a
   * function makes them, by its role there. The checks stay here: a record may name a check of any account. Source: AWS
   * re:Post, "How do I associate a Route 53 health check in another AWS account with the record sets in my account?"
   * (repost.aws/knowledge-center/route-53-cross-account-health-checks).
   */
  #haveRecordsMade(
    { service, zoneId, records }: ServiceRecords,
    account: string,
    checks: ReadonlyMap<string, CfnHealthCheck>,
    ready: CustomResource | null,
    provider: DeployProvider,
  ): void {
    const made = new CustomResource(this, 'Records', {
      serviceToken: provider.serviceToken,
      resourceType: 'Custom::ZoneRecords',
      properties: {
        Kind: 'ZoneRecords',
        Account: account,
        ZoneId: zoneId,
        Service: service,
        Records: records.map((record) => declaredRecord(record, zoneId, (check) => checkIdIn(checks, check))),
      },
    });
    if (ready !== null) made.node.addDependency(ready);
  }

  #makeCheck(plan: CheckPlan, checks: ReadonlyMap<string, CfnHealthCheck>, frontOf: FrontOf): CfnHealthCheck {
    return new CfnHealthCheck(this, plan.id, {
      healthCheckConfig: checkProperties(plan, frontOf, (id) => checkIdIn(checks, id)),
      healthCheckTags: [{ key: 'Name', value: plan.id }],
    });
  }

  #makeRecord(plan: RecordPlan, zoneId: string, checks: ReadonlyMap<string, CfnHealthCheck>): CfnRecordSet {
    const id = [plan.name, plan.type, plan.setIdentifier ?? 'simple'].join(' ');
    return new CfnRecordSet(
      this,
      id,
      recordProperties(plan, zoneId, (check) => checkIdIn(checks, check)),
    );
  }
}

function checkIdIn(checks: ReadonlyMap<string, CfnHealthCheck>, id: string): string {
  return checkIn(checks, id).attrHealthCheckId;
}

function checkIn(checks: ReadonlyMap<string, CfnHealthCheck>, id: string): CfnHealthCheck {
  const check = checks.get(id);
  if (!check) throw new RangeError(`the plan names ${id} before it makes it`);
  return check;
}

function nothingToMake(): ConfigError {
  const allowed = 'one or more with traffic.dns in mode oracle, or with policy weighted';
  const hint = 'leave FailoverRecords out: in mode records with policy failover the watchers write the record';
  return new ConfigError('failover.config', [{ path: 'services', line: null, found: 'none', allowed, hint }]);
}
