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
function policyOf(statements: readonly Statement[]): Readonly<Record<string, unknown>> {
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

/** What is decided of one action on one resource; a boundary or a policy of the organization may forbid it. */
export interface Decided {
  readonly isAllowed: boolean;
  /** Left out: the role has no boundary. */
  readonly isBounded?: boolean;
  readonly isForbidden?: boolean;
}

/**
 * The answer of IAM to `SimulatePrincipalPolicy`: one result an action, with one for each resource inside. moto does
 * not know the operation. Source of the form: IAM API Reference, "SimulatePrincipalPolicy".
 */
export async function simulatedAnswer(
  form: Readonly<Record<string, string>>,
  decide: (action: string, resource: string) => Decided | Promise<Decided>,
): Promise<string> {
  const actions = listIn(form, /^ActionNames\.member\.\d+$/);
  const resources = listIn(form, /^ResourceArns\.member\.\d+$/);
  const members = await Promise.all(
    actions.map(async (action) => {
      const decided = await Promise.all(resources.map((resource) => decide(action, resource)));
      const isForbidden = decided.some((one) => one.isForbidden === true);
      return element('member', [
        element('EvalActionName', [action]),
        element('EvalResourceName', [resources[0] ?? '*']),
        element('EvalDecision', [decisionText(decided.every(({ isAllowed }) => isAllowed))]),
        element('OrganizationsDecisionDetail', [element('AllowedByOrganizations', [String(!isForbidden)])]),
        element(
          'ResourceSpecificResults',
          decided.map((one, index) => specificResult(resources[index] ?? '', one)),
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

function specificResult(resource: string, { isAllowed, isBounded }: Decided): string {
  const bounded = element('AllowedByPermissionsBoundary', [String(isBounded)]);
  return element('member', [
    element('EvalResourceName', [resource]),
    element('EvalResourceDecision', [decisionText(isAllowed)]),
    ...(isBounded === undefined ? [] : [element('PermissionsBoundaryDecisionDetail', [bounded])]),
  ]);
}

function decisionText(isAllowed: boolean): string {
  return isAllowed ? 'allowed' : 'implicitDeny';
}

/** Decides by the policies of a role and those above it. */
export function deciderOf(
  form: Readonly<Record<string, string>>,
  { statements, boundary, organization = [] }: SimulatedRole,
): (action: string, resource: string) => Promise<Decided> {
  return async (action, resource) => {
    const decide = async (policies: readonly Readonly<Record<string, unknown>>[]) => {
      const decisions = await Promise.all(policies.map((policy) => decisionOf(form, policy, action, resource)));
      return decisions.every((allowed) => allowed);
    };
    const [isOwn, isBounded, isFree] = await Promise.all([
      decide([policyOf(statements)]),
      decide(boundary === undefined ? [] : [boundary]),
      decide(organization),
    ]);
    const decided = { isAllowed: isOwn && isBounded && isFree, isForbidden: !isFree };
    return boundary === undefined ? decided : { ...decided, isBounded };
  };
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
