import { readdirSync } from 'node:fs';
import { expect, test, vi } from 'vitest';
import { examineAccount } from '../../../../../src/adapters/aws/checkup/account-inquiry.ts';
import { functionsOf } from '../../../../../src/config/plan/function-set.ts';
import { ownAccount, partition } from '../../../../../src/config/plan/permissions/arn.ts';
import { statementsFor } from '../../../../../src/config/plan/permissions/permissions.ts';
import { filledStatements } from '../../../../../src/config/plan/permissions/statement.ts';
import type { Check } from '../../../../../src/core/checkup/check.ts';
import { permissionChecks } from '../../../../../src/core/checkup/permission-checks.ts';
import type { Deployment } from '../../../../../src/core/model/deployment.ts';
import { exampleDeployment } from '../../../../cdk/synthesized.ts';
import {
  deciderOf,
  everything,
  type SimulatedRole,
  simulatedAnswer,
} from '../../../../support/servers/policy-simulator.ts';
import { type Answering, jsonError, standIn, xml, xmlError } from '../../../../support/stand-in.ts';
import { deployedFunction, examined, impatient } from './account.fixture.ts';

vi.setConfig({ testTimeout: 60_000 });

const account = '123456789012';
const deployment = exampleDeployment('elastic-ip');
const [region = ''] = deployment.controlRegions;

/** Roles as the CDK deploys them, by the region and the kind in their names. */
function deployedRole(arn: string, of: Deployment = deployment): SimulatedRole {
  const [, at = '', kind = ''] = /role\/([a-z0-9-]+)\.([a-z-]+)$/.exec(arn) ?? [];
  const fill = (text: string) => text.replaceAll(partition, 'aws').replaceAll(ownAccount, account);
  const found = functionsOf(of, at).find((one) => one === kind);
  if (found === undefined) throw new Error(`no role ${arn}`);
  return { statements: filledStatements(statementsFor(of, at, found), fill) };
}

/** Lambda and IAM of a deployment; every other service refuses. */
function accountWith(
  roleOf: (arn: string) => SimulatedRole | 'denied' | 'throttled',
  missing: readonly string[] = [],
): Answering {
  const throttled = new Set<string>();
  return ({ path, headers, form, body }, response) => {
    if (form.Action === 'SimulatePrincipalPolicy') {
      const role = roleOf(form.PolicySourceArn ?? '');
      if (role === 'denied') return xmlError(response, 'AccessDenied', 403);
      if (role === 'throttled' && !throttled.has(body)) {
        throttled.add(body);
        return xmlError(response, 'Throttling');
      }
      simulatedAnswer(form, deciderOf(form, role === 'throttled' ? deployedRole(form.PolicySourceArn ?? '') : role))
        .then((answer) => xml(response, answer))
        .catch((error) => xmlError(response, String(error), 500));
      return;
    }
    const named = deployedFunction(path, headers);
    if (named === null) return jsonError(response, 'AccessDeniedException', 403);
    if (missing.includes(named.kind)) return jsonError(response, 'ResourceNotFoundException', 404);
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(named.answer));
  };
}

async function permissionsBy(
  answer: Answering,
  of: Deployment = deployment,
  times = examined.times,
): Promise<readonly Check[]> {
  const { clients } = await standIn(of.controlRegions, answer);
  const { roles } = await examineAccount({ deployment: of, clients, ...examined, times });
  return permissionChecks(roles);
}

const own = (arn: string) => deployedRole(arn);

test.each(readdirSync('examples'))('in examples/%s every role may do what its configuration needs', async (name) => {
  const of = exampleDeployment(name);

  const checks = await permissionsBy(
    accountWith((arn) => deployedRole(arn, of)),
    of,
  );

  expect(checks.map(({ state, subject, found }) => [state, subject, found.split(':')[0]])).toEqual(
    of.controlRegions.map((at) => ['ok', at, `${functionsOf(of, at).join(', ')} may do what they need`]),
  );
});

test('an action that a role has lost is named, with what it would be refused on', async () => {
  const lost = (arn: string): SimulatedRole => {
    const { statements } = deployedRole(arn);
    return { statements: statements.filter(({ actions }) => !actions.includes('ec2:AssociateAddress')) };
  };

  const checks = await permissionsBy(accountWith(lost));

  const red = checks.filter(({ state }) => state === 'bad');
  expect(red).toHaveLength(1);
  expect(red[0]).toMatchObject({
    subject: expect.stringMatching(/\/address$/),
    found: expect.stringMatching(
      /^would be refused ec2:AssociateAddress on arn:aws:ec2:[a-z0-9-]+:123456789012:elastic-ip\//,
    ),
    todo: expect.stringContaining('deploy the stack again'),
  });
});

test.each([
  ['its permissions boundary', { boundary: { ...everything, Statement: [] } }, /permissions boundary of arn:aws:iam/],
  ['the organization', { organization: [{ ...everything, Statement: [] }] }, /service control policy/],
])('who forbids is said: %s', async (_who, above, todo) => {
  const checks = await permissionsBy(
    accountWith((arn) => ({ ...deployedRole(arn), ...(arn.endsWith(`${region}.watcher`) ? above : {}) })),
  );

  expect(checks.filter(({ state }) => state === 'bad')).toEqual([
    expect.objectContaining({ subject: `${region}/watcher`, todo: expect.stringMatching(todo) }),
  ]);
});

test('where nobody may ask IAM, nothing is known, and nothing is said to be well', async () => {
  const checks = await permissionsBy(accountWith(() => 'denied'));

  expect(checks).toHaveLength(deployment.controlRegions.length);
  for (const check of checks) {
    expect(check).toMatchObject({ state: 'unknown', found: expect.stringMatching(/: access denied: /) });
  }
});

test('a throttled question is asked again', async () => {
  const checks = await permissionsBy(accountWith((arn) => (arn.endsWith('.watcher') ? 'throttled' : own(arn))));

  expect(checks.map(({ state }) => state)).toEqual(deployment.controlRegions.map(() => 'ok'));
});

test('functions that are not there are one finding a region', async () => {
  const checks = await permissionsBy(accountWith(own, ['notify', 'oracle']));

  expect(checks.filter(({ state }) => state === 'bad').map(({ subject, found }) => [subject, found])).toEqual(
    deployment.controlRegions.map((at) => [at, 'there is no function for oracle, notify']),
  );
});

test('a region that gives no answer is unknown, and the others are not', async () => {
  const dark = deployment.controlRegions[1] ?? '';
  const answer = accountWith(own);

  const answering: Answering = (seen, response, index) => {
    if (String(seen.headers.authorization).includes(`/${dark}/lambda/`)) return;
    answer(seen, response, index);
  };
  const checks = await permissionsBy(answering, deployment, impatient);

  expect(checks.find(({ subject }) => subject === dark)).toMatchObject({
    state: 'unknown',
    found: expect.stringMatching(/no answer within/),
  });
  expect(checks.filter(({ state }) => state === 'ok')).toHaveLength(deployment.controlRegions.length - 1);
});
