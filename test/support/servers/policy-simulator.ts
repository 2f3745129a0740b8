import { runSimulation } from '@cloud-copilot/iam-simulate';
import type { Statement } from '../../../src/config/plan/permissions/statement.ts';

/** What stands above and beside the policies of a role, in a test. */
export interface SimulatedRole {
  /** With accounts and partitions filled in. */
  readonly statements: readonly Statement[];
  readonly boundary?: Readonly<Record<string, unknown>>;
  /** Policies of the organization, each allowing or denying. */
  readonly organization?: readonly Readonly<Record<string, unknown>>[];
}

/** A policy that allows everything. */
export const everything = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };

/** A policy as IAM has it. */
export function policyOf(statements: readonly Statement[]): Readonly<Record<string, unknown>> {
  return {
    Version: '2012-10-17',
    Statement: statements.map(({ actions, resources, conditions }) => ({
      Effect: 'Allow',
      Action: [...actions],
      Resource: [...resources],
      ...(conditions === undefined ? {} : { Condition: conditions }),
    })),
  };
}

/**
 * The answer of IAM to `SimulatePrincipalPolicy`, decided by policies: one result an action, with one for each resource
 * inside. moto does not know the operation. Source of the form: IAM API Reference, "SimulatePrincipalPolicy".
 */
export async function simulatedAnswer(form: Readonly<Record<string, string>>, role: SimulatedRole): Promise<string> {
  const actions = listIn(form, /^ActionNames\.member\.\d+$/);
  const resources = listIn(form, /^ResourceArns\.member\.\d+$/);
  const members = await Promise.all(
    actions.map(async (action) => {
      const specific = await Promise.all(resources.map((resource) => resultOf(form, role, action, resource)));
      const isAllowed = specific.every(({ decision }) => decision === 'allowed');
      const isForbidden = specific.some((one) => one.isForbidden);
      return element('member', [
        element('EvalActionName', [action]),
        element('EvalResourceName', [resources[0] ?? '*']),
        element('EvalDecision', [isAllowed ? 'allowed' : 'implicitDeny']),
        element('OrganizationsDecisionDetail', [element('AllowedByOrganizations', [String(!isForbidden)])]),
        element(
          'ResourceSpecificResults',
          specific.map(({ xml }) => xml),
        ),
      ]);
    }),
  );
  const result = [element('EvaluationResults', members), element('IsTruncated', ['false'])];
  return element('SimulatePrincipalPolicyResponse', [
    element('SimulatePrincipalPolicyResult', result),
    element('ResponseMetadata', [element('RequestId', ['r'])]),
  ]);
}

async function resultOf(
  form: Readonly<Record<string, string>>,
  { statements, boundary, organization = [] }: SimulatedRole,
  action: string,
  resource: string,
) {
  const own = [policyOf(statements)];
  const decide = async (policies: readonly Readonly<Record<string, unknown>>[]) => {
    const decisions = await Promise.all(policies.map((policy) => decisionOf(form, policy, action, resource)));
    return decisions.every((allowed) => allowed);
  };
  const [isOwn, isBounded, isFree] = await Promise.all([
    decide(own),
    boundary === undefined ? true : decide([boundary]),
    decide(organization),
  ]);
  const decision = isOwn && isBounded && isFree ? 'allowed' : 'implicitDeny';
  const bounded = element('PermissionsBoundaryDecisionDetail', [
    element('AllowedByPermissionsBoundary', [String(isBounded)]),
  ]);
  const xml = element('member', [
    element('EvalResourceName', [resource]),
    element('EvalResourceDecision', [decision]),
    ...(boundary === undefined ? [] : [bounded]),
  ]);
  return { decision, xml, isForbidden: !isFree };
}

async function decisionOf(
  form: Readonly<Record<string, string>>,
  policy: Readonly<Record<string, unknown>>,
  action: string,
  resource: string,
): Promise<boolean> {
  const account = form.PolicySourceArn?.split(':')[4] ?? '';
  const answer = await runSimulation(
    {
      request: {
        principal: `arn:aws:sts::${account}:assumed-role/function/session`,
        action,
        resource: { resource, accountId: account },
        contextVariables: { 'aws:SecureTransport': 'true', ...contextIn(form) },
      },
      identityPolicies: [{ name: 'own', policy }],
      serviceControlPolicies: [],
      resourceControlPolicies: [],
    },
    {},
  );
  if (answer.resultType === 'error') throw new Error(`${action} on ${resource}: ${JSON.stringify(answer.errors)}`);
  return answer.overallResult === 'Allowed';
}

function contextIn(form: Readonly<Record<string, string>>): Readonly<Record<string, string | string[]>> {
  const entries = Object.keys(form).flatMap(
    (key) => /^ContextEntries\.member\.(\d+)\.ContextKeyName$/.exec(key)?.[1] ?? [],
  );
  return Object.fromEntries(
    entries.map((index) => {
      const at = `ContextEntries.member.${index}`;
      const values = listIn(
        form,
        new RegExp(`^ContextEntries\\.member\\.${index}\\.ContextKeyValues\\.member\\.\\d+$`),
      );
      const isList = form[`${at}.ContextKeyType`] === 'stringList';
      return [form[`${at}.ContextKeyName`] ?? '', isList ? values : (values[0] ?? '')];
    }),
  );
}

function listIn(form: Readonly<Record<string, string>>, key: RegExp): string[] {
  return Object.entries(form).flatMap(([name, value]) => (key.test(name) ? [value] : []));
}

function element(name: string, content: readonly string[]): string {
  return `<${name}>${content.join('')}</${name}>`;
}
