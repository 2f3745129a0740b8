import { functionName, opinionsKey, registerKey, stateTableName, topicName } from '../../../src/config/plan/names.ts';
import { listIn, textIn } from '../aws-answers.ts';
import type { Options } from '../options.ts';
import type { Check, Findings, Tools } from '../tools.ts';
import { service } from '../trial.ts';

/** One thing that a function of a region may do, or may not. */
export interface Expectation {
  readonly kind: 'watcher' | 'oracle' | 'notify';
  readonly action: string;
  readonly resource: string;
  /** Keys of the items that a call to DynamoDB is about. */
  readonly keys: readonly string[];
  readonly isAllowed: boolean;
}

/**
 * What IAM must say of the functions of a region. Written down here, and not read from the policies, so that a policy
 * that says too much is found.
 */
export function expectationsFor(options: Options, region: string): readonly Expectation[] {
  const table = (where: string) => `arn:aws:dynamodb:${where}:${options.account}:table/${stateTableName(options.name)}`;
  const topic = `arn:aws:sns:${region}:${options.account}:${topicName(options.name)}`;
  const zone = `arn:aws:route53:::hostedzone/${options.zone.id}`;
  const other = options.regions.find((one) => one !== region) ?? region;
  const may = (kind: Expectation['kind'], action: string, resource: string, ...keys: readonly string[]) =>
    ({ kind, action, resource, keys, isAllowed: true }) as const;
  const mayNot = (kind: Expectation['kind'], action: string, resource: string, ...keys: readonly string[]) =>
    ({ kind, action, resource, keys, isAllowed: false }) as const;
  const nobody = (['watcher', 'oracle', 'notify'] as const).flatMap((kind) => [
    mayNot(kind, 'dynamodb:DeleteTable', table(region)),
    mayNot(kind, 'dynamodb:Scan', table(region)),
    mayNot(kind, 'iam:CreateUser', `arn:aws:iam::${options.account}:user/anybody`),
    mayNot(kind, 'route53:ChangeResourceRecordSets', zone),
    mayNot(kind, 'ec2:AssociateAddress', '*'),
    mayNot(kind, 'lambda:UpdateFunctionCode', `arn:aws:lambda:${region}:${options.account}:function:anything`),
  ]);
  return [
    may('watcher', 'dynamodb:BatchGetItem', table(other), opinionsKey, registerKey(service)),
    may('watcher', 'dynamodb:UpdateItem', table(other), registerKey(service)),
    may('watcher', 'dynamodb:UpdateItem', table(region), opinionsKey),
    mayNot('watcher', 'dynamodb:UpdateItem', table(other), opinionsKey),
    mayNot('watcher', 'dynamodb:UpdateItem', table(region), registerKey('another')),
    may('oracle', 'dynamodb:BatchGetItem', table(region), registerKey(service)),
    mayNot('oracle', 'dynamodb:BatchGetItem', table(other), registerKey(service)),
    mayNot('oracle', 'dynamodb:UpdateItem', table(region), registerKey(service)),
    may('notify', 'sns:Publish', topic),
    mayNot('notify', 'sns:Publish', `${topic}-another`),
    ...nobody,
  ];
}

/** Has IAM itself evaluate each expectation against the role of the deployed function. */
export async function measurePermissions(tools: Tools, options: Options): Promise<Findings> {
  const checks: Check[] = [];
  for (const region of options.regions) {
    const roles = new Map<string, string>();
    for (const expected of expectationsFor(options, region)) {
      const known = roles.get(expected.kind) ?? (await roleOf(tools, options, region, expected.kind));
      roles.set(expected.kind, known);
      checks.push(await simulate(tools, region, known, expected));
    }
  }
  return { series: [], checks };
}

async function roleOf(tools: Tools, options: Options, region: string, kind: Expectation['kind']): Promise<string> {
  const name = functionName(options.name, kind);
  return textIn(
    await tools.aws('lambda', 'get-function-configuration', '--region', region, '--function-name', name),
    'Role',
  );
}

async function simulate(tools: Tools, region: string, role: string, expected: Expectation): Promise<Check> {
  const { kind, action, resource, keys, isAllowed } = expected;
  const context = [`ContextKeyName=dynamodb:LeadingKeys,ContextKeyType=stringList,ContextKeyValues=${keys.join(',')}`];
  const answer = await tools.aws(
    ...['iam', 'simulate-principal-policy', '--policy-source-arn', role],
    ...['--action-names', action, '--resource-arns', resource],
    ...(keys.length > 0 ? ['--context-entries', ...context] : []),
  );
  const decision = String(listIn(answer, 'EvaluationResults')[0]?.EvalDecision ?? 'no answer');
  const items = keys.length > 0 ? ` (${keys.join(', ')})` : '';
  return {
    name: `${kind} in ${region} ${isAllowed ? 'may' : 'may not'} ${action} on ${resource}${items}`,
    isPassed: isAllowed ? decision === 'allowed' : decision === 'implicitDeny' || decision === 'explicitDeny',
    detail: decision,
  };
}
