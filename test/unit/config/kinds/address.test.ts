import { expect, test } from 'vitest';
import { ConfigError } from '../../../../src/config/config-error.ts';
import { parseDeploymentValue } from '../../../../src/config/loader.ts';
import { statementsFor } from '../../../../src/config/plan/permissions/permissions.ts';
import { applyOverrides, type Overrides } from '../../../../src/scenario/overrides.ts';
import { zones } from '../shop.fixture.ts';

const web = 'services.web';
const at = `${web}.traffic.address`;
const moved = (allocationId: unknown, more: Overrides = {}): Overrides => ({
  [`${at}.allocationId`]: allocationId,
  [`${at}.instances`]: { left: 'eni-left', right: 'eni-right' },
  ...more,
});

/** The two zones with these changes, or what is said of them. */
function read(overrides: Overrides) {
  try {
    return parseDeploymentValue(applyOverrides(zones, overrides), 'c.yaml');
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
}

test('one interface stands for all addresses of a site where none is an Elastic IP', () => {
  expect(read(moved(['10.0.1.100', '2001:db8::100', '10.0.1.112/28', '2001:db8:0:0:1::/80']))).toMatchObject({
    services: { web: { traffic: { address: { instances: { left: [{ networkInterfaceId: 'eni-left' }] } } } } },
  });
});

test('a group is the tag that EC2 Auto Scaling gives its instances', () => {
  const groups = { left: { autoScalingGroup: 'left' }, right: { tag: { key: 'role', value: 'right' } } };

  expect(read({ [`${at}.instances`]: groups })).toMatchObject({
    services: {
      web: {
        traffic: {
          address: {
            instances: {
              left: [{ tag: { key: 'aws:autoscaling:groupName', value: 'left' } }],
              right: [{ tag: { key: 'role', value: 'right' } }],
            },
          },
        },
      },
    },
  });
});

test.each<[string, Overrides, string]>([
  ['one interface for an Elastic IP and another address', moved(['eipalloc-1', '10.0.1.100']), '2 different places'],
  ['IPv6 in long', moved('2001:0db8::0100'), 'found 2001:0db8::0100, allowed 2001:db8::100'],
  ['a prefix with bits beyond it', moved('10.0.1.100/28'), 'found 10.0.1.100/28, allowed 10.0.1.96/28'],
  ['a prefix of another length', moved('10.0.1.0/24'), 'a prefix of /28 or /80'],
  ['no address', moved('10.0.1.300'), 'a secondary private address'],
  [
    'sites of two zones',
    moved('10.0.1.100', { [`${web}.sites.left.zone`]: 'us-east-1a', [`${web}.sites.right.zone`]: 'us-east-1b' }),
    'a subnet is in one zone',
  ],
  [
    'a private address at a place',
    moved('10.0.1.100', {
      [`${at}.instances.left`]: { networkInterfaceId: 'eni-left', privateIpAddress: '10.0.1.9' },
    }),
    'leave privateIpAddress out',
  ],
  ['a name that people write', { [`${at}.privateIpAddresses`]: ['10.0.1.100'] }, 'write allocationId: [10.0.1.100'],
  [
    'one tag for two sites',
    moved('10.0.1.100', {
      [`${at}.instances`]: { left: { tag: { key: 'a', value: 'b' } }, right: { tag: { key: 'a', value: 'b' } } },
    }),
    'another instance than that of left',
  ],
])('addresses of interfaces are refused with %s: %#', (_, overrides, says) => {
  expect(read(overrides)).toContain(says);
});

test.each<[string, unknown, object, readonly string[], readonly string[]]>([
  [
    'at two interfaces',
    ['10.0.1.100', '2001:db8::100'],
    { left: 'eni-left', right: 'eni-right' },
    ['ec2:AssignIpv6Addresses', 'ec2:AssignPrivateIpAddresses', 'ec2:UnassignIpv6Addresses'],
    ['network-interface/eni-left', 'network-interface/eni-right'],
  ],
  [
    'at tagged instances',
    '10.0.1.100',
    { left: { autoScalingGroup: 'left' }, right: 'i-right' },
    ['ec2:AssignPrivateIpAddresses'],
    ['network-interface/*'],
  ],
])('the function may assign them %s, and nothing else', (_, allocationId, instances, actions, ends) => {
  const deployment = read(moved(allocationId, { [`${at}.instances`]: instances }));
  if (typeof deployment === 'string') return expect.fail(deployment);

  const statements = statementsFor(deployment, 'us-east-1', 'address');

  const moving = statements.find((one) => one.actions.includes('ec2:AssignPrivateIpAddresses'));
  expect(moving?.actions).toEqual(actions);
  expect(moving?.resources.map((arn) => arn.slice(arn.indexOf('network-interface/')))).toEqual(ends);
  expect(statements.flatMap((one) => one.actions)).not.toContain('ec2:AssociateAddress');
});
