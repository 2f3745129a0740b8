import { expect, it } from 'vitest';
import { defineDeployment } from '../../src/config/loader.ts';
import { addressStatements } from '../../src/config/plan/permissions/address.ts';
import { fenceStatements } from '../../src/config/plan/permissions/fence.ts';
import type { AddressPlace } from '../../src/core/model/traffic.ts';
import { zones } from '../unit/config/shop.fixture.ts';
import { resolved } from './resolved-statements.fixture.ts';

const region = 'us-east-1';
const ec2 = (thing: string) => `arn:aws:ec2:${region}:123456789012:${thing}`;
const ids = ['eipalloc-1', 'eipalloc-2'];
const byInterface = (id: string): AddressPlace => ({ networkInterfaceId: id });

function serviceAt(left: readonly AddressPlace[]) {
  const { web } = defineDeployment(zones).services;
  if (!web?.traffic.address) throw new Error('the fixture has a service with an Elastic IP');
  const instances = { left, right: [byInterface('eni-3'), byInterface('eni-4')] };
  return { ...web, traffic: { address: { ...web.traffic.address, allocationId: ids, instances } } };
}

it.each([
  ['interfaces alone', byInterface('eni-1'), ['eni-1', 'eni-2', 'eni-3', 'eni-4']],
  ['an instance', { instanceId: 'i-1', privateIpAddress: '10.0.1.12' }, ['*']],
] as const)('sites that are named by %s: the function may use %j', (_, place, interfaces) => {
  const services = { web: serviceAt([place, byInterface('eni-2')]) };

  const statements = resolved(addressStatements({ deployment: 'zones', region, services }), region);

  expect(statements[0]).toMatchObject({
    Action: 'ec2:AssociateAddress',
    Resource: [...ids.map((id) => ec2(`elastic-ip/${id}`)), ...interfaces.map((id) => ec2(`network-interface/${id}`))],
  });
});

it.each([
  ['interfaces alone', {}, ['eni-1', 'eni-2']],
  ['an instance', { instanceId: 'i-1' }, ['*']],
] as const)('a fence of addresses at %s: the function may use %j', (_, at, interfaces) => {
  const { sites, ...web } = serviceAt([byInterface('eni-1'), byInterface('eni-2')]);
  const { left } = sites;
  if (!left) throw new Error('the fixture has a site "left"');
  const fence = { kind: 'address', allocationId: ids, networkInterfaceId: ['eni-1', 'eni-2'], ...at } as const;
  const services = { web: { ...web, sites: { left: { ...left, fence } } } };

  const statements = resolved(fenceStatements({ deployment: 'zones', region, services }), region);

  expect(statements[0]).toMatchObject({
    Action: 'ec2:DisassociateAddress',
    Resource: [...ids.map((id) => ec2(`elastic-ip/${id}`)), ...interfaces.map((id) => ec2(`network-interface/${id}`))],
  });
});
