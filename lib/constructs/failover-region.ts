import { Stack, Token } from 'aws-cdk-lib';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import { Construct, type IConstruct } from 'constructs';
import { ConfigError } from '../../src/config/config-error.ts';
import { accountRolesOf } from '../../src/config/plan/accounts.ts';
import { functionPlansOf } from '../../src/config/plan/functions.ts';
import { type FunctionKind, functionRoleName } from '../../src/config/plan/names.ts';
import { hasFunctionUrls } from '../../src/config/plan/oracle-fronts.ts';
import {
  changingStatements,
  deployingStatements,
  lookingStatements,
  rehearsingStatements,
} from '../../src/config/plan/permissions/operator.ts';
import { statementsFor } from '../../src/config/plan/permissions/permissions.ts';
import type { Statement } from '../../src/config/plan/permissions/statement.ts';
import { type SchedulePlan, schedulesOf } from '../../src/config/plan/schedules.ts';
import { regionOfArn } from '../../src/config/schema/aws-id.ts';
import type { Deployment } from '../../src/core/model/deployment.ts';
import { checkAccount, checkedDeployment, claimNames } from './checked-deployment.ts';
import { DeploymentDashboard } from './deployment-dashboard.ts';
import { EndpointsUrl } from './endpoints-url.ts';
import { FailoverFunction } from './failover-function.ts';
import { defaultBundleFolder } from './function-bundle.ts';
import { FunctionSchedule } from './function-schedule.ts';
import { keepNames } from './kept-names.ts';
import { NotificationTopic } from './notification-topic.ts';
import { OracleEndpoint } from './oracle-endpoint.ts';
import { policyStatements } from './permissions/policy-statement.ts';
import { RegionAlarms } from './region-alarms.ts';
import { checkRegionLimits } from './stack-limits.ts';
import { StateTable } from './state-table.ts';

/** Ids of the schedules below a region. One that changed would be made anew, and its name is taken until then. */
const scheduleIds: Readonly<Record<SchedulePlan['kind'], string>> = { watcher: 'Schedule', doctor: 'DoctorSchedule' };

/** What a control region is made from. */
export interface FailoverRegionProps {
  /** From `defineDeployment`, which has checked it. */
  readonly deployment: Deployment;
  /** The built functions; those of this package when left out. */
  readonly bundleFolder?: string | undefined;
}

/**
 * All that one control region needs: watcher, oracle, state table, the actuators of what is here, alarms, topic; in the
 * first one also the dashboard.
 *
 * It refers to other regions by name alone, so that it can be deployed and deleted while any of them is dark. Use one
 * for each control region, each in a stack of its own.
 */
export class FailoverRegion extends Construct {
  /** The region's state table. It is kept when the stack is deleted. */
  readonly table: StateTable;
  /** Where messages go; subscribe what else shall hear them. */
  readonly topic: NotificationTopic;
  /** Alarms of the region, each a heading of docs/runbook.md. */
  readonly alarms: RegionAlarms;
  /** The functions that the deployment needs here, by what they do. */
  readonly functions: ReadonlyMap<FunctionKind, FailoverFunction>;
  /** Where clients inside the account ask; null where no service has any. `grantAsk` lets them. */
  readonly endpoints: EndpointsUrl | null;
  readonly #deployment: Deployment;

  /**
   * @throws {ConfigError} when the stack is not in a control region, is in another account or there twice, would be too
   *   large, or the bundles are not built
   */
  constructor(scope: Construct, id: string, props: FailoverRegionProps) {
    super(scope, id);
    const deployment = checkedDeployment(props.deployment, this.node.path);
    this.#deployment = deployment;
    const region = controlRegionOf(this, deployment);
    checkAccount(this, deployment);
    claimNames(this, deployment, 'FailoverRegion');
    checkRegionLimits(deployment);
    this.table = new StateTable(this, 'State', deployment);
    this.topic = new NotificationTopic(this, 'Notifications', deployment);
    this.functions = this.#makeFunctions(deployment, region, props.bundleFolder ?? defaultBundleFolder());
    // Once every watcher has a new name of a site, the register says it. By then oracles have to know it.
    resourceOf(this.#functionOf('watcher')).node.addDependency(resourceOf(this.#functionOf('oracle')));
    // A watcher that starts before its table exists could only report that the table is missing.
    for (const plan of schedulesOf(deployment, region)) {
      const schedule = new FunctionSchedule(this, scheduleIds[plan.kind], plan, this.#functionOf(plan.kind));
      schedule.node.addDependency(this.table);
    }
    if (hasFunctionUrls(deployment)) new OracleEndpoint(this, 'Oracle', deployment, this.#functionOf('oracle'));
    const endpoints = this.functions.get('endpoints');
    this.endpoints = endpoints === undefined ? null : new EndpointsUrl(this, 'Endpoints', deployment, endpoints);
    // An alarm tells topics of its own region alone.
    const topicsHere = deployment.notify.topics.filter((arn) => regionOfArn(arn) === region);
    this.alarms = new RegionAlarms(this, 'Alarms', {
      deployment,
      topicArns: [this.topic.topic.topicArn, ...topicsHere],
      notify: this.#functionOf('notify').lambda,
    });
    if (region === deployment.controlRegions[0]) new DeploymentDashboard(this, 'Dashboard', deployment, region);
    keepNames(this);
  }

  /**
   * Lets somebody look at the whole deployment: `status`, `watch`, `history`, `explain`, `quorum`, `plan`, `predict`,
   * `doctor`, `dashboard`, and `gameday` as a dry run. Said of one region it is enough; said of all it is the same.
   */
  grantLook(grantee: IGrantable): void {
    this.#grant(grantee, [...lookingStatements(this.#deployment), ...deployingStatements(this.#deployment)]);
  }

  /**
   * Lets somebody operate the whole deployment: look, and every command that changes who serves, or what may move.
   * Nothing else: no function, record or address can be changed directly.
   */
  grantOperator(grantee: IGrantable): void {
    this.grantLook(grantee);
    this.#grant(grantee, changingStatements(this.#deployment));
  }

  /** Lets somebody `gameday --rehearse`. Whoever may ask the functions may also give them orders that write. */
  grantRehearse(grantee: IGrantable): void {
    this.grantLook(grantee);
    this.#grant(grantee, rehearsingStatements(this.#deployment));
  }

  #grant({ grantPrincipal }: IGrantable, statements: readonly Statement[]): void {
    for (const statement of policyStatements(statements)) grantPrincipal.addToPrincipalPolicy(statement);
  }

  #makeFunctions(
    deployment: Deployment,
    region: string,
    bundleFolder: string,
  ): ReadonlyMap<FunctionKind, FailoverFunction> {
    const network = deployment.watcher.vpc?.[region];
    const known = new Map<FunctionKind, string>(
      accountRolesOf(deployment)
        .filter((role) => role.region === region)
        .map(({ kind }) => [kind, functionRoleName(deployment.name, kind, region)]),
    );
    return new Map(
      functionPlansOf(deployment, region).map((plan) => [
        plan.kind,
        new FailoverFunction(this, plan.kind, {
          deployment,
          plan,
          statements: policyStatements(statementsFor(deployment, region, plan.kind)),
          bundleFolder,
          environment: plan.kind === 'notify' ? { TOPIC_ARN: this.topic.topic.topicArn } : {},
          network: plan.kind === 'watcher' ? network : undefined,
          roleName: known.get(plan.kind),
        }),
      ]),
    );
  }

  #functionOf(kind: FunctionKind): FailoverFunction {
    const found = this.functions.get(kind);
    if (!found) throw new RangeError(`a control region has a function ${kind}`);
    return found;
  }
}

/** The resource alone, without the permissions and the URL that belong to it. */
function resourceOf({ lambda }: FailoverFunction): IConstruct {
  return lambda.node.defaultChild ?? lambda;
}

function controlRegionOf(scope: Construct, { controlRegions }: Deployment): string {
  const { region, stackName } = Stack.of(scope);
  if (controlRegions.includes(region)) return region;
  const found = Token.isUnresolved(region) ? 'no region' : region;
  const hint = "give the stack env: { region: '...' }";
  throw new ConfigError(`stack ${stackName}`, [
    { path: 'env.region', line: null, found, allowed: `a control region: ${controlRegions.join(', ')}`, hint },
  ]);
}
