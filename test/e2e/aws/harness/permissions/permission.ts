import { runSimulation } from '@cloud-copilot/iam-simulate';
import { partitionKey } from '../../../../../src/config/plan/names.ts';
import type { RecordedCall } from '../cloud/fault-proxy.ts';
import type { PolicyDocument } from '../template/template.ts';

/** moto's account, and so ours. */
export const account = '123456789012';

/** One question to IAM. */
export interface Permission {
  readonly action: string;
  readonly resource: string;
  readonly context: Readonly<Record<string, string | string[]>>;
}

/** IAM's answer. `error`: the question is malformed, which is no answer at all. */
export type PermissionAnswer = 'Allowed' | 'ExplicitlyDenied' | 'ImplicitlyDenied' | `error: ${string}`;

/** Id of an Auto Scaling group in its ARN; AWS makes one up. */
export const groupId = '11111111-2222-3333-4444-555555555555';

/** Asks IAM's simulator whether a role with these policies may. */
export async function askPermission(
  policies: readonly PolicyDocument[],
  { action, resource, context }: Permission,
): Promise<PermissionAnswer> {
  const region = resource.split(':')[3] || 'us-east-1';
  const answer = await runSimulation(
    {
      request: {
        principal: `arn:aws:sts::${account}:assumed-role/function/session`,
        action,
        resource: { resource, accountId: account },
        contextVariables: { 'aws:SecureTransport': 'true', 'aws:RequestedRegion': region, ...context },
      },
      identityPolicies: policies.map((policy, index) => ({ name: `policy-${index}`, policy })),
      serviceControlPolicies: [],
      resourceControlPolicies: [],
    },
    {},
  );
  return answer.resultType === 'error' ? `error: ${JSON.stringify(answer.errors)}` : answer.overallResult;
}

/**
 * What IAM is asked when the call arrives at AWS: a question for each resource that the call touches.
 *
 * Sources: Service Authorization Reference, the tables of actions and of condition keys of each service.
 */
export function permissionsOf(call: RecordedCall): readonly Permission[] {
  const { service, operation, parameters } = call;
  const owner = call.role?.account ?? account;
  const arn = (resource: string) => `arn:aws:${service}:${call.region}:${owner}:${resource}`;
  const action = `${service}:${service === 'lambda' && operation === 'Invoke' ? 'InvokeFunction' : operation}`;
  const one = (resource: string, context: Permission['context'] = {}) => [{ action, resource, context }];
  switch (service) {
    case 'dynamodb':
      return tablesOf(parameters).map(({ table, keys }) => ({
        action,
        resource: arn(`table/${table}`),
        context: keys.length === 0 ? {} : { 'dynamodb:LeadingKeys': keys },
      }));
    case 'lambda':
      return one(arn(`function:${parameters.FunctionName}`));
    case 'ec2':
      return ec2Permissions(call, action, arn);
    case 'route53': {
      if (operation === 'GetChange') return one(`arn:aws:route53:::change/${parameters.Id}`);
      if (operation === 'GetHealthCheckStatus') return one(`arn:aws:route53:::healthcheck/${parameters.Id}`);
      return one(`arn:aws:route53:::hostedzone/${parameters.Id}`, recordContext(operation, parameters));
    }
    case 'sns':
      return one(String(parameters.TopicArn));
    case 'sts':
      return one(String(parameters.RoleArn));
    case 'events':
      return one(arn('event-bus/default'), eventContext(parameters));
    case 'autoscaling': {
      if (operation.startsWith('Describe')) return one('*');
      return one(arn(`autoScalingGroup:${groupId}:autoScalingGroupName/${parameters.AutoScalingGroupName}`));
    }
    case 'elasticloadbalancing':
      if (operation.startsWith('Describe')) return one('*');
      return one(String(parameters.ListenerArn ?? parameters.TargetGroupArn));
    case 'monitoring':
      return alarmsOf(parameters).map((name) => ({
        action: `cloudwatch:${operation}`,
        resource: `arn:aws:cloudwatch:${call.region}:${owner}:alarm:${name}`,
        context: {},
      }));
    case 'servicequotas':
      return one('*');
    case 'ssm':
      return one(arn(`parameter/${String(parameters.Name).replace(/^\//, '')}`));
    default:
      throw new Error(`no rule for ${service}:${operation}`);
  }
}

function alarmsOf({ AlarmNames }: RecordedCall['parameters']): readonly string[] {
  if (!Array.isArray(AlarmNames)) throw new Error('alarms are asked for by their names');
  return AlarmNames.map(String);
}

function tablesOf(parameters: RecordedCall['parameters']): readonly { table: string; keys: string[] }[] {
  const keyIn = (key: unknown) => (key as Record<string, { S: string }>)[partitionKey]?.S ?? '';
  const { TableName, Key, RequestItems } = parameters as {
    readonly TableName?: string;
    readonly Key?: unknown;
    readonly RequestItems?: Readonly<Record<string, { readonly Keys: readonly unknown[] }>>;
  };
  if (TableName !== undefined) return [{ table: TableName, keys: Key === undefined ? [] : [keyIn(Key)] }];
  return Object.entries(RequestItems ?? {}).map(([table, { Keys }]) => ({ table, keys: Keys.map(keyIn) }));
}

/** Actions of EC2 that read cannot be limited to resources. */
function ec2Permissions(call: RecordedCall, action: string, arn: (resource: string) => string): readonly Permission[] {
  const { operation, parameters } = call;
  if (operation.startsWith('Describe')) return [{ action, resource: '*', context: {} }];
  const touched: readonly (readonly [parameter: string, type: string])[] = [
    ['AllocationId', 'elastic-ip'],
    ...Object.keys(parameters)
      .filter((name) => /^InstanceId(\.\d+)?$/.test(name))
      .map((name) => [name, 'instance'] as const),
    ['NetworkInterfaceId', 'network-interface'],
    ...Object.keys(parameters)
      .filter((name) => /^(SecurityGroupId|GroupId)(\.\d+)?$/.test(name))
      .map((name) => [name, 'security-group'] as const),
  ];
  return touched
    .filter(([parameter]) => parameters[parameter] !== undefined)
    .map(([parameter, type]) => ({
      action,
      resource: arn(`${type}/${parameters[parameter]}`),
      context: operation === 'ModifyInstanceAttribute' && type === 'instance' ? attributeContext(parameters) : {},
    }));
}

/** Which attribute of an instance a call changes, by the name of the parameter: `GroupId.1`, `UserData.Value`. */
function attributeContext(parameters: RecordedCall['parameters']): Permission['context'] {
  const [changed] = Object.keys(parameters).filter((name) => !['Action', 'Version', 'InstanceId'].includes(name));
  return changed === undefined ? {} : { 'ec2:Attribute': changed.split('.')[0] ?? changed };
}

function recordContext(operation: string, parameters: RecordedCall['parameters']): Permission['context'] {
  if (operation !== 'ChangeResourceRecordSets') return {};
  const texts = (value: unknown) => [...new Set(value as readonly string[])];
  return recordChange(
    texts(parameters.Names).map((name) => name.toLowerCase().replace(/\.$/, '')),
    texts(parameters.Types),
    texts(parameters.Actions),
  );
}

/** Condition keys of a change of records. */
export function recordChange(
  names: readonly string[],
  types: readonly string[],
  actions: readonly string[],
): Permission['context'] {
  const prefix = 'route53:ChangeResourceRecordSets';
  return {
    [`${prefix}NormalizedRecordNames`]: [...names],
    [`${prefix}RecordTypes`]: [...types],
    [`${prefix}Actions`]: [...actions],
  };
}

function eventContext(parameters: RecordedCall['parameters']): Permission['context'] {
  const entries = (parameters.Entries ?? []) as readonly { readonly Source?: string; readonly DetailType?: string }[];
  const [first] = entries;
  return {
    ...(first?.Source === undefined ? {} : { 'events:source': first.Source }),
    ...(first?.DetailType === undefined ? {} : { 'events:detail-type': first.DetailType }),
  };
}
