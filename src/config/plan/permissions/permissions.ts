import type { KindName } from '../../../core/kinds/kind-name.ts';
import type { Deployment } from '../../../core/model/deployment.ts';
import { type AccountRole, accountRolesOf, deploymentIn } from '../accounts.ts';
import { actuatorsOf, functionsOf, usersOf } from '../function-set.ts';
import { accountRoleName, type FunctionKind, opinionsKey, oracleHostParameter, registerKey } from '../names.ts';
import { hasFunctionUrls } from '../oracle-fronts.ts';
import { recordsPlan } from '../records.ts';
import { acceleratorStatements } from './accelerator.ts';
import { addressStatements } from './address.ts';
import { alarmArn, anyRegion, functionArn, parameterArn, partition, roleArn } from './arn.ts';
import { controlsStatements } from './controls.ts';
import { deployedRecords, dnsStatements } from './dns.ts';
import { edgeStatements } from './edge.ts';
import { fenceStatements } from './fence.ts';
import { lookingStatements } from './operator.ts';
import { promoteStatements } from './promote.ts';
import { publishStatements } from './publish.ts';
import { rebuildStatements } from './rebuild.ts';
import { routeStatements } from './route.ts';
import { notifyStatements } from './secrets/notify.ts';
import { probeStatements } from './secrets/probes.ts';
import { startStatements } from './start.ts';
import type { KindStatements, Statement } from './statement.ts';
import { surveyRegister, surveyStatements } from './survey.ts';
import { claim, identifyTables, readItems, readTables, writeItems } from './tables.ts';
import { targetsStatements } from './targets.ts';
import { workStatements } from './work.ts';
import { zonalStatements } from './zonal.ts';

/** By kind, what its function may do. */
const kindStatements: { readonly [K in KindName]: KindStatements } = {
  fence: fenceStatements,
  promote: promoteStatements,
  start: startStatements,
  address: addressStatements,
  route: routeStatements,
  targets: targetsStatements,
  accelerator: acceleratorStatements,
  controls: controlsStatements,
  edge: edgeStatements,
  zonal: zonalStatements,
  dns: dnsStatements,
  work: workStatements,
  rebuild: rebuildStatements,
  publish: publishStatements,
};

/**
 * The permissions of each function: only the actions that it needs, only on resources that the configuration names.
 */
export function statementsFor(deployment: Deployment, region: string, kind: FunctionKind): readonly Statement[] {
  switch (kind) {
    case 'watcher':
      return watcherStatements(deployment, region);
    case 'oracle':
    case 'endpoints':
      return [
        readItems('Registers', deployment, [region], Object.keys(deployment.services).map(registerKey)),
        identifyTables(deployment, [region]),
      ];
    case 'survey':
      return [
        surveyRegister(deployment, region),
        ...statementsIn(deployment, region, kind, undefined),
        ...takeRoles(deployment, region, kind),
      ];
    case 'notify':
      return notifyStatements(deployment, region);
    case 'doctor':
      return lookingStatements(deployment);
    case 'deploy':
      return [...deployStatements(deployment), ...takeRoles(deployment, null, kind)];
    default:
      return [
        ...claim(deployment, region, Object.keys(usersOf(deployment, region, kind))),
        ...statementsIn(deployment, region, kind, undefined),
        ...takeRoles(deployment, region, kind),
      ];
  }
}

/**
 * What a function may do with things of one account: by its own role in the deployment's account, by the role that it
 * takes in any other one.
 *
 * @param account - undefined: that of the deployment
 */
function statementsIn(
  deployment: Deployment,
  region: string,
  kind: KindName | 'survey',
  account: string | undefined,
): readonly Statement[] {
  const there = deploymentIn(deployment, account);
  if (kind === 'survey') return surveyStatements(there, region);
  const users = usersOf(there, region, kind);
  if (Object.keys(users).length === 0) return [];
  return kindStatements[kind]({ deployment: deployment.name, region, services: users });
}

/** What a function may do by the role that it takes in another account. */
export function roleStatements(deployment: Deployment, role: AccountRole): readonly Statement[] {
  return role.kind === 'deploy'
    ? deployedRecords(recordsPlan(deployment).filter(({ account }) => account === role.account))
    : statementsIn(deployment, role.region, role.kind, role.account);
}

/** The roles that a function takes in other accounts: its own one in each, and no other. */
function takeRoles(deployment: Deployment, region: string | null, kind: FunctionKind): readonly Statement[] {
  const roles = accountRolesOf(deployment).filter((role) => role.kind === kind && role.region === region);
  if (roles.length === 0) return [];
  const resources = roles.map((role) =>
    roleArn(role.account, accountRoleName(deployment.name, role.kind, role.region)),
  );
  return [{ sid: 'OtherAccounts', actions: ['sts:AssumeRole'], resources }];
}

/**
 * Watchers invoke the actuators and surveys of all regions, because one watcher may have to act for another region, and
 * the `notify` function of their own region. They read what AWS says of the sites. They use the state table of any
 * region: a register may name a voter that an earlier or a later configuration made one
 * (docs/adr/0011-membership-in-the-value.md).
 */
function watcherStatements(deployment: Deployment, region: string): readonly Statement[] {
  const { controlRegions, services } = deployment;
  const registers = Object.keys(services).map(registerKey);
  const actuators = controlRegions.flatMap((other) =>
    actuatorsOf(deployment, other).map((kind) => functionArn(deployment, other, kind)),
  );
  const own = functionsOf(deployment, region).filter((kind) => kind === 'notify');
  const surveys = controlRegions.filter((other) => functionsOf(deployment, other).includes('survey'));
  return [
    readTables('Tables', deployment, [anyRegion], Object.keys(services)),
    identifyTables(deployment, [anyRegion]),
    writeItems('Registers', deployment, [anyRegion], registers),
    writeItems('OwnOpinions', deployment, [region], [opinionsKey]),
    {
      sid: 'Functions',
      actions: ['lambda:InvokeFunction'],
      resources: [
        ...own.map((kind) => functionArn(deployment, region, kind)),
        ...surveys.map((other) => functionArn(deployment, other, 'survey')),
        ...actuators,
      ],
    },
    ...probeStatements(deployment, region),
  ];
}

/**
 * Route 53 chooses the ids of the checks, so they are not known when the role is made. A role that named them would
 * have to be changed between the creation of the checks and their first use, and IAM changes take time. The role may
 * only read: the hosts of oracles, the status of checks, alarms that decide alone, and registers, for who votes.
 */
function deployStatements(deployment: Deployment): readonly Statement[] {
  const { name, controlRegions, services } = deployment;
  const alarms = recordsPlan(deployment).flatMap(({ decidingAlarms }) => decidingAlarms);
  return [
    readItems('Registers', deployment, controlRegions, Object.keys(services).map(registerKey)),
    identifyTables(deployment, controlRegions),
    ...(hasFunctionUrls(deployment)
      ? [
          {
            sid: 'OracleHosts',
            actions: ['ssm:GetParameter'],
            resources: controlRegions.map((region) => parameterArn(region, oracleHostParameter(name))),
          },
        ]
      : []),
    ...(alarms.length === 0
      ? []
      : [
          {
            sid: 'Alarms',
            actions: ['cloudwatch:DescribeAlarms'],
            resources: alarms.map(({ region, name: alarm }) => alarmArn(region, alarm)),
          },
        ]),
    {
      sid: 'CheckStatus',
      actions: ['route53:GetHealthCheckStatus'],
      resources: [`arn:${partition}:route53:::healthcheck/*`],
    },
  ];
}
