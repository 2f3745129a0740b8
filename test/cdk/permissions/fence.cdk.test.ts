import { describe, expect, it } from 'vitest';
import { defineDeployment } from '../../../src/config/loader.ts';
import { fenceStatements } from '../../../src/config/plan/permissions/fence.ts';
import type { RecordedCall } from '../../e2e/aws/harness/cloud/fault-proxy.ts';
import { account, askPermission, permissionsOf } from '../../e2e/aws/harness/permissions/permission.ts';
import type { PolicyDocument } from '../../e2e/aws/harness/template/template.ts';
import { zones } from '../../unit/config/shop.fixture.ts';
import { resolved } from '../resolved-statements.fixture.ts';

const region = 'us-east-1';

/** What the fence function may do where one instance is cut off by its groups. */
function policyOf(): PolicyDocument {
  const { web } = defineDeployment(zones).services;
  const { left } = web?.sites ?? {};
  if (!web || !left) throw new TypeError('the fixture has a site "left"');
  const fence = { kind: 'groups', instanceIds: ['i-1'], isolationGroupId: 'sg-nobody' } as const;
  const services = { web: { ...web, sites: { left: { ...left, fence } } } };
  const Statement = resolved(fenceStatements({ deployment: 'zones', region, services }), region);
  return { Version: '2012-10-17', Statement } as PolicyDocument;
}

/** IAM's answers about a change of an instance's attribute, as EC2 asks: for the instance and for each group. */
function answersTo(parameters: Readonly<Record<string, string>>) {
  const call = { service: 'ec2', operation: 'ModifyInstanceAttribute', region, parameters } as unknown as RecordedCall;
  return Promise.all(permissionsOf(call).map((permission) => askPermission([policyOf()], permission)));
}

describe('the fence by groups', () => {
  it('may change the groups of its instance, to any groups', async () => {
    expect(await answersTo({ InstanceId: 'i-1', 'GroupId.1': 'sg-nobody', 'GroupId.2': 'sg-7' })).toEqual([
      'Allowed',
      'Allowed',
      'Allowed',
    ]);
  });

  it('may not change those of another instance', async () => {
    expect(await answersTo({ InstanceId: 'i-2', 'GroupId.1': 'sg-nobody' })).toEqual(['ImplicitlyDenied', 'Allowed']);
  });

  it.each([
    ['UserData.Value', 'IyEvYmluL3No'],
    ['InstanceType.Value', 'x1.32xlarge'],
    ['DisableApiTermination.Value', 'false'],
    ['SourceDestCheck.Value', 'false'],
    ['BlockDeviceMapping.1.Ebs.DeleteOnTermination', 'true'],
  ])('may change nothing else of its instance (%s)', async (name, value) => {
    expect(await answersTo({ InstanceId: 'i-1', [name]: value })).toEqual(['ImplicitlyDenied']);
  });

  it('may not where EC2 does not say what is changed', async () => {
    const action = 'ec2:ModifyInstanceAttribute';
    const resource = `arn:aws:ec2:${region}:${account}:instance/i-1`;

    expect(await askPermission([policyOf()], { action, resource, context: {} })).toBe('ImplicitlyDenied');
  });
});
