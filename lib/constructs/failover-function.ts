import { Aws, Duration, RemovalPolicy } from 'aws-cdk-lib';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Architecture,
  CfnFunction,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
  SystemLogLevel,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { endpointsOf, isIpv6 } from '../../src/config/lint/endpoint.ts';
import type { FunctionPlan } from '../../src/config/plan/functions.ts';
import { logGroupName } from '../../src/config/plan/names.ts';
import type { Deployment, WatcherNetwork } from '../../src/core/model/deployment.ts';
import { bundledCode } from './function-bundle.ts';
import { interfaceStatements } from './network-interfaces.ts';
import { acceptWildcards } from './permissions/accepted/accepted-wildcards.ts';
import { checkPolicyLimit } from './stack-limits.ts';

/** What a function is made from. */
export interface FailoverFunctionProps {
  readonly deployment: Deployment;
  readonly plan: FunctionPlan;
  /** What it may do, besides writing its log. */
  readonly statements: readonly PolicyStatement[];
  readonly bundleFolder: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** Name of its role, where roles of other accounts know it by that; left out: one that CloudFormation makes up. */
  readonly roleName?: string | undefined;
  /** The network to run in. It is given by ids, because a look-up would need credentials at synth. */
  readonly network?: WatcherNetwork | undefined;
}

/** A function with a role and a log group of its own. */
export class FailoverFunction extends Construct {
  /** The function itself. */
  readonly lambda: LambdaFunction;
  /** What it may do, and nothing else. */
  readonly role: Role;
  /** Where it logs. */
  readonly logGroup: LogGroup;

  /** @throws {ConfigError} when its bundle is not built, or when what it may do is too long for IAM */
  constructor(scope: Construct, id: string, props: FailoverFunctionProps) {
    super(scope, id);
    const { deployment, plan, statements, bundleFolder, environment, network, roleName } = props;
    const isTraced = deployment.watcher.tracing;
    const allowed = [
      writeLogs(logGroupName(deployment.name, plan.kind)),
      ...statements,
      ...(isTraced ? [sendTraces()] : []),
      ...(network ? interfaceStatements(plan.name) : []),
    ];
    checkPolicyLimit(plan.name, allowed);
    this.logGroup = new LogGroup(this, 'Logs', {
      logGroupName: logGroupName(deployment.name, plan.kind),
      // Long enough to investigate an incident after a holiday.
      retention: RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.role = new Role(this, 'Role', {
      ...(roleName === undefined ? {} : { roleName }),
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      inlinePolicies: { own: new PolicyDocument({ statements: allowed }) },
    });
    acceptWildcards(this.role, allowed);
    this.lambda = new LambdaFunction(this, 'Function', {
      functionName: plan.name,
      architecture: Architecture.ARM_64,
      runtime: Runtime.NODEJS_24_X,
      handler: 'index.handler',
      code: bundledCode(this, deployment, plan.kind, bundleFolder),
      // The CDK must not add permissions: the role may do only what is listed above.
      role: this.role.withoutPolicyUpdates(),
      logGroup: this.logGroup,
      // Lambda sorts its own lines by level only where all lines are JSON, as ours are.
      ...(plan.isPlatformQuiet ? { loggingFormat: LoggingFormat.JSON, systemLogLevelV2: SystemLogLevel.WARN } : {}),
      memorySize: plan.memoryMb,
      timeout: Duration.seconds(plan.timeoutSeconds),
      retryAttempts: plan.retriesMax,
      maxEventAge: Duration.seconds(plan.eventAgeSecondsMax),
      ...(isTraced ? { tracing: Tracing.ACTIVE } : {}),
      environment: { ...plan.environment, ...environment },
      ...(plan.concurrencyMax === null ? {} : { reservedConcurrentExecutions: plan.concurrencyMax }),
    });
    if (network) attach(this.lambda, network, hasIpv6Probe(deployment));
  }
}

/**
 * Set on the CloudFormation resource, because the CDK's own property loads all of its EC2 module, which costs a fifth
 * of a second in every synth.
 */
function attach(lambda: LambdaFunction, { subnetIds, securityGroupIds }: WatcherNetwork, isIpv6Needed: boolean): void {
  const resource = lambda.node.defaultChild;
  if (!(resource instanceof CfnFunction)) throw new TypeError('a function is made of one resource');
  resource.vpcConfig = {
    subnetIds: [...subnetIds],
    securityGroupIds: [...securityGroupIds],
    // Only where it is needed: the subnets must have IPv6 then. Source: Lambda API Reference, "VpcConfig".
    ...(isIpv6Needed ? { ipv6AllowedForDualStack: true } : {}),
  };
}

/** Whether a watcher needs a way out by IPv6. */
function hasIpv6Probe({ services }: Deployment): boolean {
  return Object.entries(services).some(([name, service]) =>
    endpointsOf({ name, ...service }, '').some(({ host }) => isIpv6(host)),
  );
}

/** Permission to write to the streams of one log group. */
export function writeLogs(group: string): PolicyStatement {
  return new PolicyStatement({
    sid: 'Logs',
    actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
    resources: [`arn:${Aws.PARTITION}:logs:${Aws.REGION}:${Aws.ACCOUNT_ID}:log-group:${group}:log-stream:*`],
  });
}

/** X-Ray has no resources to name. */
function sendTraces(): PolicyStatement {
  return new PolicyStatement({
    sid: 'Traces',
    actions: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'],
    resources: ['*'],
  });
}
