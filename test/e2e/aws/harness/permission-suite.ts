import { expect, it } from 'vitest';
import { type FunctionKind, functionName, stateTableName } from '../../../../src/config/names.ts';
import { account, askPermission, type Permission, permissionsOf, recordChange } from './permission.ts';
import type { FunctionSpec, PolicyDocument } from './template.ts';
import type { World } from './world.ts';

/**
 * Tests that come after a world's scenarios: IAM, asked about every call that was made in them, and about others.
 */
export function describePermissions(worldOf: () => World): void {
  const specs = () => worldOf().stacks.flatMap((stack) => stack.functions);

  it('is allowed every call that it made, by the policies of its template', async () => {
    const calls = recordedPermissions(worldOf());

    const refused: unknown[] = [];
    for (const { spec, permission } of calls) {
      const answer = await askPermission(spec.policies, permission);
      if (answer !== 'Allowed') refused.push({ function: spec.name, region: spec.region, ...permission, answer });
    }

    expect(calls.length).toBeGreaterThan(specs().length);
    expect(refused).toEqual([]);
    const actions = [...new Set(calls.map(({ permission }) => permission.action))].sort();
    console.log(JSON.stringify({ evaluated: calls.length, calls: worldOf().proxy.calls.length, actions }));
  });

  it('is denied what it has no business with', async () => {
    const allowed: unknown[] = [];
    let asked = 0;
    for (const spec of specs()) {
      for (const permission of strangePermissions(worldOf(), spec)) {
        asked += 1;
        const answer = await askPermission(spec.policies, permission);
        if (answer !== 'ImplicitlyDenied' && answer !== 'ExplicitlyDenied') {
          allowed.push({ function: spec.name, region: spec.region, ...permission, answer });
        }
      }
    }

    expect(asked).toBeGreaterThan(20 * specs().length);
    expect(allowed).toEqual([]);
  });

  it('is refused a call that it made once a statement is taken from its policies', async () => {
    const calls = recordedPermissions(worldOf());
    const neverNeeded: string[] = [];
    for (const spec of specs()) {
      const own = calls.filter((call) => call.spec === spec);
      if (own.length === 0) continue;
      const without = policiesWithoutOne(spec.policies);
      const needed: boolean[] = [];
      for (const policies of without) {
        const answers = await Promise.all(own.map(({ permission }) => askPermission(policies, permission)));
        needed.push(answers.some((answer) => answer !== 'Allowed'));
      }
      if (!needed.includes(true)) neverNeeded.push(`${spec.region} ${spec.name}`);
    }

    expect(neverNeeded).toEqual([]);
  });
}

interface RecordedPermission {
  readonly spec: FunctionSpec;
  readonly permission: Permission;
}

/** What was asked of AWS, each once. */
function recordedPermissions(world: World): readonly RecordedPermission[] {
  const specs = world.stacks.flatMap((stack) => stack.functions);
  const known = new Map<string, RecordedPermission>();
  for (const call of world.proxy.calls) {
    const spec = specs.find(({ name, region }) => name === call.caller && region === call.callerRegion);
    if (!spec) throw new Error(`a call by nobody: ${call.accessKeyId} ${call.service}:${call.operation}`);
    for (const permission of permissionsOf(call)) {
      known.set(`${spec.region} ${spec.name} ${JSON.stringify(permission)}`, { spec, permission });
    }
  }
  return [...known.values()];
}

/** The policies with each statement left out in turn. */
function policiesWithoutOne(policies: readonly PolicyDocument[]): readonly (readonly PolicyDocument[])[] {
  return policies.flatMap((policy, place) =>
    policy.Statement.map((_, statement) => {
      const Statement = policy.Statement.filter((_each, index) => index !== statement);
      return policies.map((each, index) => (index === place ? { ...each, Statement } : each)).filter(hasStatements);
    }),
  );
}

function hasStatements(policy: PolicyDocument): boolean {
  return policy.Statement.length > 0;
}

/** What a function of this deployment must not be able to do, in its own region and in others. */
function strangePermissions(world: World, spec: FunctionSpec): readonly Permission[] {
  const { name } = world.deployment;
  const kind = kindOf(name, spec);
  const { dns, address } = world.service.traffic;
  const ask = (action: string, resource: string, context: Permission['context'] = {}) => ({
    action,
    resource,
    context,
  });
  const arn = (service: string, resource: string, region = spec.region) =>
    `arn:aws:${service}:${region}:${account}:${resource}`;
  const table = arn('dynamodb', `table/${stateTableName(name)}`);
  const strangeTable = arn('dynamodb', 'table/customers');
  const key = (...keys: string[]) => ({ 'dynamodb:LeadingKeys': keys });
  const eip = arn('ec2', `elastic-ip/${address?.allocationId ?? 'eipalloc-0123456789abcdef0'}`);
  const zone = `arn:aws:route53:::hostedzone/${dns?.zone.id}`;
  const record = dns?.record ?? '';

  return [
    ...['DeleteTable', 'UpdateTable', 'CreateBackup', 'UpdateTimeToLive'].map((action) =>
      ask(`dynamodb:${action}`, table),
    ),
    ...['Scan', 'Query'].map((action) => ask(`dynamodb:${action}`, table)),
    ...['PutItem', 'DeleteItem', 'BatchWriteItem'].map((action) =>
      ask(`dynamodb:${action}`, table, key('register#web')),
    ),
    ask('dynamodb:UpdateItem', table, key('register#payments')),
    ask('dynamodb:UpdateItem', table, key('claim#payments')),
    ask('dynamodb:UpdateItem', table, key('customers')),
    ask('dynamodb:UpdateItem', strangeTable, key('register#web')),
    ask('dynamodb:GetItem', strangeTable, key('register#web')),
    ask('iam:CreateUser', `arn:aws:iam::${account}:user/intruder`),
    ask('iam:PassRole', `arn:aws:iam::${account}:role/admin`),
    ask('iam:PutRolePolicy', `arn:aws:iam::${account}:role/${spec.name}`),
    ask('sts:AssumeRole', `arn:aws:iam::${account}:role/admin`),
    ask('lambda:InvokeFunction', arn('lambda', 'function:payments')),
    ask('lambda:InvokeFunction', arn('lambda', `function:${functionName(name, 'deploy')}`)),
    ask('lambda:UpdateFunctionCode', spec.arn),
    ask('lambda:UpdateFunctionConfiguration', spec.arn),
    ask('ec2:AssociateAddress', arn('ec2', 'elastic-ip/eipalloc-0ffffffffffffffff')),
    ask('ec2:AssociateAddress', arn('ec2', 'instance/i-0ffffffffffffffff')),
    ask('ec2:ReleaseAddress', eip),
    ask('ec2:DisassociateAddress', eip),
    ask('ec2:TerminateInstances', arn('ec2', 'instance/i-0ffffffffffffffff')),
    ask(
      'route53:ChangeResourceRecordSets',
      'arn:aws:route53:::hostedzone/Z0OTHER',
      recordChange([record], ['A'], ['UPSERT']),
    ),
    ask('route53:ChangeResourceRecordSets', zone, recordChange(['mail.shop.example'], ['A'], ['UPSERT'])),
    ask('route53:ChangeResourceRecordSets', zone, recordChange([record, 'mail.shop.example'], ['A'], ['UPSERT'])),
    ask('route53:ChangeResourceRecordSets', zone, recordChange([record], ['TXT'], ['UPSERT'])),
    ask('route53:DeleteHostedZone', zone),
    ask('route53:UpdateHealthCheck', 'arn:aws:route53:::healthcheck/abcdef11-2222-3333-4444-555555fedcba'),
    ask('sns:Publish', arn('sns', 'payments')),
    ask('sns:DeleteTopic', arn('sns', `${name}-failover`)),
    ask('ssm:PutParameter', arn('ssm', 'parameter/shop/failover/oracle-host')),
    ask('ssm:GetParameter', arn('ssm', 'parameter/payments/password')),
    ask('cloudformation:DeleteStack', arn('cloudformation', `stack/${name}/0`)),
    ...kindPermissions(kind, { ask, arn, table, eip, zone, record, key }),
  ];
}

interface Words {
  readonly ask: (action: string, resource: string, context?: Permission['context']) => Permission;
  readonly arn: (service: string, resource: string, region?: string) => string;
  readonly table: string;
  readonly eip: string;
  readonly zone: string;
  readonly record: string;
  readonly key: (...keys: string[]) => Permission['context'];
}

/** What is another function's business. */
function kindPermissions(kind: FunctionKind, words: Words): readonly Permission[] {
  const { ask, arn, table, eip, zone, record, key } = words;
  const associate = ask('ec2:AssociateAddress', eip);
  const edit = ask('route53:ChangeResourceRecordSets', zone, recordChange([record], ['A'], ['UPSERT']));
  const publish = ask('sns:Publish', arn('sns', 'shop-failover'));
  const writeRegister = ask('dynamodb:UpdateItem', table, key('register#web'));
  const writeOpinions = ask('dynamodb:UpdateItem', table, key('opinions'));
  const claim = ask('dynamodb:UpdateItem', table, key('claim#web'));
  const readOpinions = ask('dynamodb:BatchGetItem', table, key('opinions', 'register#web'));
  const byKind: Readonly<Record<FunctionKind, readonly Permission[]>> = {
    watcher: [associate, edit, publish],
    oracle: [associate, edit, publish, writeRegister, writeOpinions, claim],
    address: [edit, publish, writeRegister, writeOpinions],
    isolation: [associate, edit, publish, writeRegister, writeOpinions],
    records: [associate, publish, writeRegister, writeOpinions],
    notify: [associate, edit, writeRegister, writeOpinions, claim, readOpinions],
    deploy: [associate, edit, publish, writeRegister, writeOpinions, claim, readOpinions],
  };
  return byKind[kind];
}

function kindOf(deployment: string, { name }: FunctionSpec): FunctionKind {
  const prefix = functionName(deployment, 'watcher').slice(0, -'watcher'.length);
  return name.slice(prefix.length) as FunctionKind;
}
