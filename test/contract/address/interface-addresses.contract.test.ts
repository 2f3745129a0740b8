import { describe, expect, it } from 'vitest';
import { addressHandlers } from '../../../src/adapters/aws/address.ts';
import { parseDeploymentValue } from '../../../src/config/loader.ts';
import type { AddressThing } from '../../../src/core/kinds/address.ts';
import type { AddressPlace } from '../../../src/core/model/traffic.ts';
import type { KindHandlers } from '../../../src/ports/ports.ts';
import { SimAccount } from '../../support/sim-account.ts';
import { type Answering, ec2Error, faultOf, standIn, xml } from '../../support/stand-in.ts';
import { zones } from '../../unit/config/shop.fixture.ts';

const region = 'us-east-1';
const [left, right] = [{ networkInterfaceId: 'eni-left' }, { networkInterfaceId: 'eni-right' }];
const addresses = ['10.0.1.100', '2001:db8::100', '10.0.1.112/28', '2001:db8:0:0:1::/80'];
const thingOf = (allocationId: string, place: AddressPlace): AddressThing => ({
  region,
  allocationId,
  place,
  others: [],
});

type Handlers = KindHandlers<'address'>;

describe('addresses of interfaces in the simulator', () => {
  describeContract(async () => {
    const account = new SimAccount(parseDeploymentValue(zones, 'c.yaml'));
    for (const address of addresses) account.world.cloud.associate(region, address, 'eni-left');
    return {
      'read:address': (thing) => account.call(region, 'read:address', thing),
      'write:address': (thing) => account.call(region, 'write:address', thing),
    };
  });
});

// moto moves no address from one interface to another: a server of this test takes its place.
describe('addresses of interfaces in EC2, by a stand-in', () => {
  describeContract(async () => (await open()).handlers);
});

function describeContract(make: () => Promise<Handlers>): void {
  it.each(addresses)('%s goes from one interface to the other, however often it is written', async (address) => {
    const handlers = await make();

    const before = await handlers['read:address'](thingOf(address, right));
    await handlers['write:address'](thingOf(address, right));
    await handlers['write:address'](thingOf(address, right));

    expect(before).toEqual({ at: 'eni-left', belongsAt: 'eni-right' });
    expect(await handlers['read:address'](thingOf(address, right))).toEqual({
      at: 'eni-right',
      belongsAt: 'eni-right',
    });
  });

  it.each(addresses)('%s stays where it belongs', async (address) => {
    const handlers = await make();

    await handlers['write:address'](thingOf(address, left));

    expect(await handlers['read:address'](thingOf(address, left))).toEqual({ at: 'eni-left', belongsAt: 'eni-left' });
  });
}

interface Interface {
  readonly id: string;
  readonly subnet: string;
  readonly instanceId: string;
  readonly primary: string;
  readonly held: Set<string>;
}

interface Account {
  readonly interfaces: readonly Interface[];
  /** Instances that run, and their tags as `key=value`. */
  readonly tags: Record<string, string>;
  /** Calls that change something, in the order in which they came. */
  readonly changes: string[];
}

function newAccount(): Account {
  const make = (name: string, subnet: string, primary: string, held: readonly string[]): Interface => ({
    id: `eni-${name}`,
    subnet,
    instanceId: `i-${name}`,
    primary,
    held: new Set(held),
  });
  return {
    interfaces: [
      make('left', 'subnet-1', '10.0.1.4', addresses),
      make('right', 'subnet-1', '10.0.1.5', []),
      make('other', 'subnet-2', '10.0.2.4', ['10.0.1.100']), // another VPC with the same addresses
    ],
    tags: { 'i-left': 'role=left', 'i-right': 'role=right' },
    changes: [],
  };
}

/**
 * Answers as EC2 does, by its API reference: a secondary private address may be reassigned, and nothing else is given
 * to an interface while another one of the subnet has it.
 */
function ec2Server({ interfaces, tags, changes }: Account): Answering {
  return ({ form }, response) => {
    const action = form.Action ?? '';
    const valuesOf = (name: string) =>
      Object.entries(form).flatMap(([key, value]) => (new RegExp(`^${name}\\.\\d+$`).test(key) ? [value] : []));
    if (action === 'DescribeInstances') {
      const [, key] = /^tag:(.+)$/.exec(form['Filter.1.Name'] ?? '') ?? [];
      const found = Object.keys(tags).filter((id) => tags[id] === `${key}=${form['Filter.1.Value.1']}`);
      const items = found.map((id) => `<item><instanceId>${id}</instanceId></item>`).join('');
      const set = `<reservationSet><item><instancesSet>${items}</instancesSet></item></reservationSet>`;
      return xml(response, `<DescribeInstancesResponse>${set}</DescribeInstancesResponse>`);
    }
    if (action === 'DescribeNetworkInterfaces') {
      const ids = valuesOf('NetworkInterfaceId');
      const isFound = (one: Interface) =>
        (ids.length === 0 || ids.includes(one.id)) &&
        [1, 2].every((index) => isMatch(one, form[`Filter.${index}.Name`], form[`Filter.${index}.Value.1`]));
      const found = interfaces.filter(isFound);
      if (ids.length > 0 && found.length === 0) return ec2Error(response, 'InvalidNetworkInterfaceID.NotFound');
      const set = `<networkInterfaceSet>${found.map(xmlOf).join('')}</networkInterfaceSet>`;
      return xml(response, `<DescribeNetworkInterfacesResponse>${set}</DescribeNetworkInterfacesResponse>`);
    }
    const asked = ['PrivateIpAddress', 'Ipv6Addresses', 'Ipv4Prefix', 'Ipv6Prefix'].flatMap(valuesOf);
    const own = interfaces.find(({ id }) => id === form.NetworkInterfaceId);
    changes.push([action, own?.id, ...asked].join(' '));
    if (own === undefined) return ec2Error(response, 'InvalidNetworkInterfaceID.NotFound');
    for (const address of asked) {
      if (action.startsWith('Unassign') && !own.held.delete(address))
        return ec2Error(response, 'InvalidParameterValue');
      if (action.startsWith('Assign')) {
        const rival = interfaces.find((one) => one.subnet === own.subnet && one.held.has(address));
        if (rival !== undefined && form.AllowReassignment !== 'true')
          return ec2Error(response, 'InvalidParameterValue');
        rival?.held.delete(address);
        own.held.add(address);
      }
    }
    return xml(response, `<${action}Response><return>true</return></${action}Response>`);
  };
}

function isMatch(one: Interface, name: string | undefined, value: string | undefined): boolean {
  if (name === 'subnet-id') return one.subnet === value;
  if (name === 'attachment.instance-id') return one.instanceId === value;
  if (name === 'addresses.private-ip-address') return one.primary === value || one.held.has(value ?? '');
  return name === undefined || one.held.has(value ?? '');
}

function xmlOf({ id, subnet, instanceId, primary, held }: Interface): string {
  const all = [...held];
  const listOf = (name: string, item: string, isIt: (address: string) => boolean) =>
    `<${name}>${all
      .filter(isIt)
      .map((address) => `<item><${item}>${address}</${item}></item>`)
      .join('')}</${name}>`;
  const isPrefix = (address: string) => address.includes('/');
  const isSix = (address: string) => address.includes(':');
  const secondary = all.filter((address) => !isSix(address) && !isPrefix(address));
  const privates = [primary, ...secondary].map(
    (address) =>
      `<item><privateIpAddress>${address}</privateIpAddress><primary>${address === primary}</primary></item>`,
  );
  return `<item><networkInterfaceId>${id}</networkInterfaceId><subnetId>${subnet}</subnetId>
    <attachment><instanceId>${instanceId}</instanceId><deviceIndex>0</deviceIndex></attachment>
    <privateIpAddress>${primary}</privateIpAddress>
    <privateIpAddressesSet>${privates.join('')}</privateIpAddressesSet>
    ${listOf('ipv6AddressesSet', 'ipv6Address', (address) => isSix(address) && !isPrefix(address))}
    ${listOf('ipv4PrefixSet', 'ipv4Prefix', (address) => !isSix(address) && isPrefix(address))}
    ${listOf('ipv6PrefixSet', 'ipv6Prefix', (address) => isSix(address) && isPrefix(address))}</item>`;
}

async function open(change: (account: Account) => void = () => {}, answer?: Answering) {
  const account = newAccount();
  change(account);
  const { clients } = await standIn([region], answer ?? ec2Server(account));
  return { handlers: addressHandlers(clients), ...account };
}

describe('an address of an interface on the wire', () => {
  it('is reassigned in one call where EC2 has one, and else taken before it is given', async () => {
    const { handlers, changes } = await open();

    for (const address of addresses) await handlers['write:address'](thingOf(address, right));

    expect(changes).toEqual([
      'AssignPrivateIpAddresses eni-right 10.0.1.100',
      'UnassignIpv6Addresses eni-left 2001:db8::100',
      'AssignIpv6Addresses eni-right 2001:db8::100',
      'UnassignPrivateIpAddresses eni-left 10.0.1.112/28',
      'AssignPrivateIpAddresses eni-right 10.0.1.112/28',
      'UnassignIpv6Addresses eni-left 2001:db8:0:0:1::/80',
      'AssignIpv6Addresses eni-right 2001:db8:0:0:1::/80',
    ]);
  });

  it('goes on where it was taken and not given', async () => {
    const { handlers, changes } = await open(({ interfaces }) => interfaces[0]?.held.delete('2001:db8::100'));

    expect(await handlers['read:address'](thingOf('2001:db8::100', right))).toMatchObject({ at: null });
    await handlers['write:address'](thingOf('2001:db8::100', right));

    expect(changes).toEqual(['AssignIpv6Addresses eni-right 2001:db8::100']);
  });

  it('is given where EC2 still shows it at the interface from which it was taken', async () => {
    const account = newAccount();
    const stale = ec2Server(newAccount());
    const server = ec2Server(account);
    account.interfaces[0]?.held.delete('2001:db8::100');
    const { handlers } = await open(undefined, (one, response, index) =>
      (one.form.Action === 'DescribeNetworkInterfaces' ? stale : server)(one, response, index),
    );

    await handlers['write:address'](thingOf('2001:db8::100', right));

    expect(account.changes).toEqual([
      'UnassignIpv6Addresses eni-left 2001:db8::100',
      'AssignIpv6Addresses eni-right 2001:db8::100',
    ]);
  });

  it('stays where it is when EC2 refuses to take it', async () => {
    const account = newAccount();
    const server = ec2Server(account);
    const { handlers } = await open(undefined, (one, response, index) =>
      one.form.Action === 'UnassignIpv6Addresses'
        ? ec2Error(response, 'UnauthorizedOperation', 403)
        : server(one, response, index),
    );

    const fault = await faultOf(() => handlers['write:address'](thingOf('2001:db8::100', right)));

    expect(fault.kind).toBe('denied');
    expect(account.changes).toEqual([]);
  });

  it('is found on a later page, and in whatever spelling', async () => {
    const account = newAccount();
    const server = ec2Server(account);
    const prefix = '2001:db8:0:0:1::/80';
    const { handlers } = await open(undefined, (one, response, index) => {
      const isOfSubnet = one.form['Filter.1.Name'] === 'subnet-id';
      if (!isOfSubnet) return server(one, response, index);
      const [left1] = account.interfaces;
      if (left1 === undefined) return expect.fail('there is an interface');
      const body = xmlOf(left1).replace(prefix, '2001:db8:0:0:1:0:0:0/80');
      const page =
        one.form.NextToken === 'next'
          ? `<networkInterfaceSet>${body}</networkInterfaceSet>`
          : '<networkInterfaceSet/><nextToken>next</nextToken>';
      xml(response, `<DescribeNetworkInterfacesResponse>${page}</DescribeNetworkInterfacesResponse>`);
    });

    expect(await handlers['read:address'](thingOf(prefix, right))).toEqual({ at: 'eni-left', belongsAt: 'eni-right' });
  });

  it('is not known where the pages do not end', async () => {
    const server = ec2Server(newAccount());
    const { handlers } = await open(undefined, (one, response, index) =>
      one.form['Filter.1.Name'] === 'subnet-id'
        ? xml(response, '<Answer><networkInterfaceSet/><nextToken>next</nextToken></Answer>')
        : server(one, response, index),
    );

    const fault = await faultOf(() => handlers['read:address'](thingOf('10.0.1.112/28', right)));

    expect(fault).toEqual({ kind: 'unavailable', detail: 'subnet-1 has more than 5 pages of 1000 interfaces' });
  });

  it('is not looked for in another subnet, which may have the same private address', async () => {
    const { handlers, interfaces } = await open();

    await handlers['write:address'](thingOf('10.0.1.100', right));

    expect(interfaces.map(({ id, held }) => [id, held.has('10.0.1.100')])).toEqual([
      ['eni-left', false],
      ['eni-right', true],
      ['eni-other', true],
    ]);
  });

  it('is refused when it is the primary address of an interface, which stays there', async () => {
    const { handlers, changes } = await open();

    expect(await faultOf(() => handlers['write:address'](thingOf('10.0.1.4', right)))).toEqual({
      kind: 'invalid',
      detail: '10.0.1.4 is the primary private address of eni-left, which cannot be moved',
    });
    expect(changes).toEqual([]);
  });
});

describe('an instance by its tag', () => {
  const tagged = { tag: { key: 'role', value: 'right' } };

  it('is the one that runs and has it', async () => {
    const { handlers, interfaces } = await open();

    await handlers['write:address'](thingOf('10.0.1.100', tagged));

    expect(interfaces[1]?.held).toContain('10.0.1.100');
  });

  it.each([
    [
      'none',
      { 'i-left': 'role=left' },
      'no instance that runs in us-east-1 with role=right, and exactly one is needed',
    ],
    [
      'two',
      { 'i-left': 'role=right', 'i-right': 'role=right' },
      '2 instances that run (i-left, i-right) in us-east-1 with role=right, and exactly one is needed',
    ],
  ])('is not known when %s has it: nothing is moved, and that is said', async (_, tags, detail) => {
    const { handlers, changes } = await open((account) => {
      for (const id of Object.keys(account.tags)) delete account.tags[id];
      Object.assign(account.tags, tags);
    });

    for (const call of ['read:address', 'write:address'] as const)
      expect(await faultOf(() => handlers[call](thingOf('10.0.1.100', tagged)))).toEqual({
        kind: 'unavailable',
        detail,
      });
    expect(changes).toEqual([]);
  });
});
