import type { Fence } from '../../../core/model/site.ts';
import { fencesIn } from '../function-set.ts';
import { isolationTag } from '../names.ts';
import { ec2Arn, hookArn } from './arn.ts';
import type { Statement } from './statement.ts';
import { type KindStatements, lookStatements } from './statement.ts';

/** What the `fence` function of a region may do: cut off the sites that are there, each in the way it declares. */
export const fenceStatements: KindStatements = ({ region, services }) => {
  const fences = fencesIn(Object.values(services), region);
  return [
    ...groupStatements(
      region,
      fences.flatMap((fence) => (fence.kind === 'groups' ? fence.instanceIds : [])),
    ),
    ...targetStatements(fences),
    ...addressStatements(region, fences),
    ...hookStatements(region, fences),
    ...lookStatements(fences.flatMap(lookOf)),
  ];
};

function lookOf(fence: Fence): readonly string[] {
  switch (fence.kind) {
    case 'groups':
      return ['ec2:DescribeInstances'];
    case 'targets':
      return ['elasticloadbalancing:DescribeTargetHealth'];
    case 'address':
      return ['ec2:DescribeAddresses'];
    case 'custom':
    case 'read-only':
      return [];
  }
}

/**
 * What EC2 calls the attribute when a request changes the groups of an instance: the name of the request's parameter,
 * and the name of the attribute, because no document says which. Neither is the name of another attribute. Source: EC2
 * API Reference, "ModifyInstanceAttribute", `GroupId.N` and `Attribute`.
 */
const groupAttributes = ['GroupId', 'GroupSet'];

/**
 * The groups that an instance gets back are its own from before, which no configuration names.
 *
 * EC2 asks for the instance and for each group. Only of the instance it says which attribute is changed; the same
 * action also changes user data, the type, and what protects from termination. Source: Service Authorization Reference,
 * "Actions, resources, and condition keys for Amazon EC2", `ModifyInstanceAttribute`.
 */
function groupStatements(region: string, ids: readonly string[]): readonly Statement[] {
  if (ids.length === 0) return [];
  const instances = [...new Set(ids)].map((id) => ec2Arn(region, 'instance', id));
  return [
    {
      sid: 'Isolate',
      actions: ['ec2:ModifyInstanceAttribute'],
      resources: instances,
      conditions: { StringEqualsIgnoreCase: { 'ec2:Attribute': groupAttributes } },
    },
    {
      sid: 'Groups',
      actions: ['ec2:ModifyInstanceAttribute'],
      resources: [ec2Arn(region, 'security-group', '*')],
    },
    {
      sid: 'Remember',
      actions: ['ec2:CreateTags', 'ec2:DeleteTags'],
      resources: instances,
      // A request without keys would remove every tag, and for none the set operator alone would be true.
      conditions: {
        'ForAllValues:StringEquals': { 'aws:TagKeys': [isolationTag] },
        Null: { 'aws:TagKeys': 'false' },
      },
    },
  ];
}

function targetStatements(fences: readonly Fence[]): readonly Statement[] {
  const arns = fences.flatMap((fence) => (fence.kind === 'targets' ? fence.targetGroupArn : []));
  if (arns.length === 0) return [];
  return [
    {
      sid: 'Targets',
      actions: ['elasticloadbalancing:DeregisterTargets', 'elasticloadbalancing:RegisterTargets'],
      resources: [...new Set(arns)],
    },
  ];
}

/**
 * Taking an address away needs the interface that holds it too. That of an instance has an id of EC2's own, so all
 * interfaces are named there.
 */
function addressStatements(region: string, fences: readonly Fence[]): readonly Statement[] {
  const own = fences.flatMap((fence) => (fence.kind === 'address' ? fence : []));
  if (own.length === 0) return [];
  const ids = own.flatMap(({ allocationId }) => allocationId);
  const isByInstance = own.some(({ instanceId }) => instanceId !== undefined);
  const interfaces = isByInstance ? ['*'] : own.flatMap(({ networkInterfaceId = [] }) => networkInterfaceId);
  return [
    {
      sid: 'Address',
      actions: ['ec2:DisassociateAddress'],
      resources: [
        ...[...new Set(ids)].map((id) => ec2Arn(region, 'elastic-ip', id)),
        ...[...new Set(interfaces)].map((id) => ec2Arn(region, 'network-interface', id)),
      ],
    },
  ];
}

function hookStatements(region: string, fences: readonly Fence[]): readonly Statement[] {
  const names = fences.flatMap((fence) =>
    fence.kind === 'custom' || fence.kind === 'read-only' ? fence.functionName : [],
  );
  if (names.length === 0) return [];
  return [
    {
      sid: 'Hooks',
      actions: ['lambda:InvokeFunction'],
      resources: [...new Set(names)].map((name) => hookArn(region, name)),
    },
  ];
}
