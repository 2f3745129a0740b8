import {
  AllocateAddressCommand,
  AttachNetworkInterfaceCommand,
  CreateNetworkInterfaceCommand,
  DescribeAddressesCommand,
  DescribeInstancesCommand,
  DisassociateAddressCommand,
  EC2Client,
  RunInstancesCommand,
} from '@aws-sdk/client-ec2';
import { beforeEach, describe, expect, it } from 'vitest';
import { EipAddresses } from '../../src/adapters/aws/address.ts';
import type { AwsClients } from '../../src/adapters/aws/clients.ts';
import { defineDeployment } from '../../src/config/loader.ts';
import type { AddressThing } from '../../src/core/kinds/address.ts';
import type { AddressPlace } from '../../src/core/model/traffic.ts';
import { describeOnMoto } from '../support/on-moto.ts';
import { SimAccount } from '../support/sim-account.ts';
import { ec2Error, faultOf, type Seen, standIn, xml, xmlError } from '../support/stand-in.ts';
import { zones } from '../unit/config/shop.fixture.ts';

type Addresses = Pick<EipAddresses, 'locate' | 'associate'>;

const home = 'us-east-1';
const away = 'us-west-2';

/** Two addresses that are nowhere, and two instances with two interfaces each, in one region. */
interface Ground {
  readonly first: string;
  readonly second: string;
  readonly left: Machine;
  readonly right: Machine;
}

/** An instance by its id, by its interfaces, and by the primary private address of the first one. */
interface Machine {
  readonly instanceId: string;
  readonly primary: string;
  readonly other: string;
  readonly privateIpAddress: string;
}

/** Something that has addresses. */
interface Holder {
  readonly addresses: Addresses;
  /** Makes new ones at each call. */
  ground(region: string): Promise<Ground>;
  /** Somebody else takes the address away. */
  takeAway(region: string, allocationId: string): Promise<void>;
}

describe('addresses in the simulator', () => {
  describeContract(() => {
    const account = new SimAccount(defineDeployment(zones));
    let made = 0;
    return {
      addresses: {
        locate: (thing) => account.call(thing.region, 'read:address', thing),
        associate: async (thing) => {
          await account.call(thing.region, 'write:address', thing);
        },
      },
      ground: async () => {
        made += 1;
        const machine = (name: string): Machine => ({
          instanceId: `i-${name}${made}`,
          primary: `eni-${name}${made}`,
          other: `eni-${name}${made}b`,
          privateIpAddress: '10.0.0.5',
        });
        return {
          first: `eipalloc-${made}0`,
          second: `eipalloc-${made}1`,
          left: machine('left'),
          right: machine('right'),
        };
      },
      takeAway: async (region, allocationId) => void account.world.cloud.associate(region, allocationId, null),
    };
  });
});

describeOnMoto('addresses in EC2, by moto', [home, away], (clients) => {
  describeContract(() => holdInEc2(clients()));

  it.each([
    { what: 'an address that is not there', of: { first: 'eipalloc-0123456789abcdef0' }, place: null },
    { what: 'an instance that is not there', of: {}, place: { instanceId: 'i-0123456789abcdef0' } },
    { what: 'an interface that is not there', of: {}, place: { networkInterfaceId: 'eni-0123456789abcdef0' } },
  ])('is invalid to move $what', async ({ of, place }) => {
    const { addresses, ground } = holdInEc2(clients());
    const { first, left } = { ...(await ground(home)), ...of };

    const thing = thingOf(first, place ?? { instanceId: left.instanceId });

    expect((await faultOf(() => addresses.associate(thing))).kind).toBe('invalid');
  });

  it('is invalid to move an address to a private address that the interface does not have', async () => {
    const { addresses, ground } = holdInEc2(clients());
    const { first, left } = await ground(home);

    const thing = thingOf(first, { networkInterfaceId: left.primary, privateIpAddress: '192.0.2.1' });

    expect(await faultOf(() => addresses.associate(thing))).toEqual({
      kind: 'invalid',
      detail: `${left.primary} in ${home} has no 192.0.2.1`,
    });
  });

  it('is invalid to ask for an address that is in another region', async () => {
    const { addresses, ground } = holdInEc2(clients());
    const { first } = await ground(away);
    const { left } = await ground(home);

    const thing = thingOf(first, { instanceId: left.instanceId });

    expect((await faultOf(() => addresses.locate(thing))).kind).toBe('invalid');
  });

  it('finds the primary interface of an instance, and the one that has the private address', async () => {
    const { addresses, ground } = holdInEc2(clients());
    const { first, left } = await ground(home);
    const { instanceId, primary, privateIpAddress } = left;

    const found = await Promise.all(
      [{ instanceId }, { instanceId, privateIpAddress }].map((place) => addresses.locate(thingOf(first, place))),
    );

    const belongsAt = `${primary}/${privateIpAddress}`;
    expect(found).toEqual([
      { at: null, belongsAt },
      { at: null, belongsAt },
    ]);
  });

  it('refuses an instance and its primary interface as two places', async () => {
    const { addresses, ground } = holdInEc2(clients());
    const { first, second, left } = await ground(home);

    const thing = thingOf(first, { instanceId: left.instanceId }, [second, { networkInterfaceId: left.primary }]);

    expect(await faultOf(() => addresses.associate(thing))).toMatchObject({
      kind: 'invalid',
      detail: expect.stringContaining(`would both be at ${left.primary}/${left.privateIpAddress}`),
    });
  });
});

function describeContract(open: () => Holder): void {
  let holder: Holder;
  let ground: Ground;

  const isThere = async (thing: AddressThing) => {
    const { at, belongsAt } = await holder.addresses.locate(thing);
    return at === belongsAt;
  };

  beforeEach(async () => {
    holder = open();
    ground = await holder.ground(home);
  });

  it.each<[string, (machine: Machine) => AddressPlace]>([
    ['an instance', ({ instanceId }) => ({ instanceId })],
    ['an instance with its private address', ({ instanceId, privateIpAddress }) => ({ instanceId, privateIpAddress })],
    ['an interface', ({ primary }) => ({ networkInterfaceId: primary })],
    ['a second interface', ({ other }) => ({ networkInterfaceId: other })],
    [
      'an interface with its private address',
      ({ primary, privateIpAddress }) => ({ networkInterfaceId: primary, privateIpAddress }),
    ],
  ])('goes from nowhere to %s, to that of the other site, and stays', async (_, placeAt) => {
    const [left, right] = [placeAt(ground.left), placeAt(ground.right)].map((place) => thingOf(ground.first, place));
    if (left === undefined || right === undefined) throw new Error('there are two');
    const { addresses } = holder;

    const before = await addresses.locate(left);
    await addresses.associate(left);
    const put = [await isThere(left), await isThere(right)];
    await addresses.associate(right);
    await addresses.associate(right);

    expect(before.at).toBeNull();
    expect(put).toEqual([true, false]);
    expect([await isThere(left), await isThere(right)]).toEqual([false, true]);
  });

  it('moves alone: the address of another region stays', async () => {
    const there = await holder.ground(away);
    const far = { ...thingOf(there.first, { instanceId: there.left.instanceId }), region: away };
    await holder.addresses.associate(far);

    await holder.addresses.associate(thingOf(ground.first, { instanceId: ground.right.instanceId }));

    expect(await isThere(far)).toBe(true);
  });

  it('shows that somebody else took it away', async () => {
    const thing = thingOf(ground.first, { instanceId: ground.left.instanceId });
    await holder.addresses.associate(thing);

    await holder.takeAway(home, ground.first);

    expect((await holder.addresses.locate(thing)).at).toBeNull();
  });

  it('is beside another one at another interface of the same instance', async () => {
    const [at, beside] = [{ networkInterfaceId: ground.left.primary }, { networkInterfaceId: ground.left.other }];
    const one = thingOf(ground.first, at, [ground.second, beside]);
    const two = thingOf(ground.second, beside, [ground.first, at]);

    await holder.addresses.associate(one);
    await holder.addresses.associate(two);

    expect([await isThere(one), await isThere(two)]).toEqual([true, true]);
  });

  it('refuses to be where another one of the service belongs, and stays where it is', async () => {
    const place = { instanceId: ground.right.instanceId };
    const before = thingOf(ground.first, { instanceId: ground.left.instanceId });
    await holder.addresses.associate(before);

    const fault = await faultOf(() => holder.addresses.associate(thingOf(ground.first, place, [ground.second, place])));

    expect(fault).toMatchObject({ kind: 'invalid', detail: expect.stringContaining('a private address of its own') });
    expect(await isThere(before)).toBe(true);
  });
}

function holdInEc2(clients: AwsClients): Holder {
  return {
    addresses: new EipAddresses(clients),
    ground: async (region) => {
      const ec2 = clients.of(EC2Client, region);
      const allocate = async () => {
        const { AllocationId = '' } = await ec2.send(new AllocateAddressCommand({ Domain: 'vpc' }));
        return AllocationId;
      };
      return {
        first: await allocate(),
        second: await allocate(),
        left: await machineIn(ec2),
        right: await machineIn(ec2),
      };
    },
    takeAway: async (region, allocationId) => {
      const ec2 = clients.of(EC2Client, region);
      const { Addresses: found } = await ec2.send(new DescribeAddressesCommand({ AllocationIds: [allocationId] }));
      await ec2.send(new DisassociateAddressCommand({ AssociationId: found?.[0]?.AssociationId }));
    },
  };
}

async function machineIn(ec2: EC2Client): Promise<Machine> {
  const { Instances = [] } = await ec2.send(
    new RunInstancesCommand({ ImageId: 'ami-12c6146b', InstanceType: 't3.micro', MinCount: 1, MaxCount: 1 }),
  );
  const [{ InstanceId = '', SubnetId } = {}] = Instances;
  const { NetworkInterface } = await ec2.send(new CreateNetworkInterfaceCommand({ SubnetId }));
  const { NetworkInterfaceId: other = '' } = NetworkInterface ?? {};
  const attachment = { NetworkInterfaceId: other, InstanceId, DeviceIndex: 1 };
  await ec2.send(new AttachNetworkInterfaceCommand(attachment));
  const { Reservations } = await ec2.send(new DescribeInstancesCommand({ InstanceIds: [InstanceId] }));
  const interfaces = Reservations?.[0]?.Instances?.[0]?.NetworkInterfaces ?? [];
  const first = interfaces.find(({ NetworkInterfaceId }) => NetworkInterfaceId !== other);
  const { NetworkInterfaceId: primary = '', PrivateIpAddress: privateIpAddress = '' } = first ?? {};
  return { instanceId: InstanceId, primary, other, privateIpAddress };
}

/**
 * What moto 5.2.1 lacks is here: it shows the primary private address whichever the Elastic IP was put at, it names no
 * Elastic IP in `DescribeNetworkInterfaces`, and a second one at a private address does not take the first one off.
 */
describe('EipAddresses on the wire', () => {
  const atSecond: AddressPlace = { networkInterfaceId: 'eni-1', privateIpAddress: '10.0.0.6' };
  const machine: Interface = {
    id: 'eni-1',
    instance: 'i-1',
    index: 0,
    addresses: [
      ['10.0.0.5', 'eipalloc-1'],
      ['10.0.0.6', null],
    ],
  };

  it.each<[string, AddressPlace, string]>([
    ['the primary private address of an instance', { instanceId: 'i-1' }, '10.0.0.5'],
    ['that of an interface', { networkInterfaceId: 'eni-1' }, '10.0.0.5'],
    ['a secondary private address', atSecond, '10.0.0.6'],
    ['that of an instance', { instanceId: 'i-1', privateIpAddress: '10.0.0.6' }, '10.0.0.6'],
  ])('takes one write to move the address to %s, and takes it from whoever has it', async (_, place, expected) => {
    const { clients, seen } = await ec2With([machine]);

    await new EipAddresses(clients).associate(thingOf('eipalloc-1', place));

    expect(writesIn(seen)).toEqual([
      expect.objectContaining({
        Action: 'AssociateAddress',
        AllocationId: 'eipalloc-1',
        NetworkInterfaceId: 'eni-1',
        PrivateIpAddress: expected,
        AllowReassociation: 'true',
      }),
    ]);
    expect(writesIn(seen)[0]).not.toHaveProperty('InstanceId');
  });

  it('asks for the one address and for the places alone', async () => {
    const { clients, seen } = await ec2With([machine], '10.0.0.6');

    const state = await new EipAddresses(clients).locate(thingOf('eipalloc-1', { instanceId: 'i-1' }));

    expect(state).toEqual({ at: 'eni-1/10.0.0.6', belongsAt: 'eni-1/10.0.0.5' });
    expect(seen.map(({ form }) => form)).toEqual([
      expect.objectContaining({ Action: 'DescribeAddresses', 'AllocationId.1': 'eipalloc-1' }),
      expect.objectContaining({
        Action: 'DescribeNetworkInterfaces',
        'Filter.1.Name': 'attachment.instance-id',
        'Filter.1.Value.1': 'i-1',
      }),
    ]);
  });

  it('finds the interface of an instance among many: page by page, as EC2 wants it then', async () => {
    const { clients } = await standIn([home], ({ form }, response) => {
      if (form.Action === 'DescribeAddresses') return xml(response, described('10.0.0.6'));
      if (form.MaxResults === undefined) return xmlError(response, 'OperationNotPermitted');
      const page = interfaces(form.NextToken === undefined ? [] : [machine]);
      const next = form.NextToken === undefined ? '<nextToken>2</nextToken>' : '';
      return xml(response, page.replace('</networkInterfaceSet>', `</networkInterfaceSet>${next}`));
    });

    const state = await new EipAddresses(clients).locate(thingOf('eipalloc-1', { instanceId: 'i-1' }));

    expect(state).toEqual({ at: 'eni-1/10.0.0.6', belongsAt: 'eni-1/10.0.0.5' });
  });

  it('takes the first interface of an instance that has several, in whatever order they come', async () => {
    const second: Interface = { id: 'eni-2', instance: 'i-1', index: 1, addresses: [['10.0.1.5', null]] };
    const { clients } = await ec2With([second, machine]);

    const { belongsAt } = await new EipAddresses(clients).locate(thingOf('eipalloc-1', { instanceId: 'i-1' }));

    expect(belongsAt).toBe('eni-1/10.0.0.5');
  });

  it.each([
    ['an Elastic IP of nobody in the service', 'eipalloc-9', [], 'eipalloc-9, which is not of this service'],
    ['one that is to be elsewhere at this site', 'eipalloc-2', ['eipalloc-2'], null],
  ] as const)('%s at the private address: taken off or refused', async (_, held, own, refusal) => {
    const { clients, seen } = await ec2With([
      {
        ...machine,
        addresses: [
          ['10.0.0.5', held],
          ['10.0.0.6', null],
        ],
      },
    ]);
    const others = own.map((id) => [id, atSecond] as const);
    const move = () => new EipAddresses(clients).associate(thingOf('eipalloc-1', { instanceId: 'i-1' }, ...others));

    if (refusal === null) await move();
    else expect((await faultOf(move)).detail).toContain(refusal);

    expect(writesIn(seen)).toHaveLength(refusal === null ? 1 : 0);
  });

  it.each([
    ['RequestLimitExceeded', 503, 'throttled'],
    ['UnauthorizedOperation', 403, 'denied'],
    ['AuthFailure', 401, 'denied'],
    ['InvalidAllocationID.NotFound', 400, 'invalid'],
    ['InvalidNetworkInterfaceID.NotFound', 400, 'invalid'],
    ['InternalError', 500, 'unavailable'],
    ['Unavailable', 503, 'unavailable'],
  ] as const)('says of %s (status %i) that it is %s, in one request', async (code, status, kind) => {
    const { clients, seen } = await ec2With([machine], null, (response) => ec2Error(response, code, status));

    const fault = await faultOf(() => new EipAddresses(clients).associate(thingOf('eipalloc-1', atSecond)));

    expect(fault).toMatchObject({ kind, detail: expect.stringContaining(code) });
    expect(writesIn(seen)).toHaveLength(1);
  });

  it('times out when no answer comes', async () => {
    const { clients } = await standIn([home], () => {}, { callDeadlineMs: 100 });

    const fault = await faultOf(() => new EipAddresses(clients).locate(thingOf('eipalloc-1', atSecond)));

    expect(fault.kind).toBe('timeout');
  });

  it('asks again, once, when the answer was lost with the connection after the effect', async () => {
    let lost = 0;
    const { clients, seen } = await ec2With([machine], null, (response) => {
      lost += 1;
      if (lost === 1) response.destroy();
      else xml(response, done);
    });

    await new EipAddresses(clients).associate(thingOf('eipalloc-1', atSecond));

    const writes = writesIn(seen);
    expect(writes).toHaveLength(2);
    expect(writes[1]).toMatchObject({ PrivateIpAddress: '10.0.0.6', AllowReassociation: 'true' });
  });

  it.each([
    { what: 'no address', body: '<DescribeAddressesResponse><addressesSet/></DescribeAddressesResponse>' },
    { what: 'another address', body: described('10.0.0.5', 'eipalloc-2') },
  ])('is invalid when EC2 describes $what', async ({ body }) => {
    const { clients } = await standIn([home], ({ form }, response) =>
      xml(response, form.Action === 'DescribeAddresses' ? body : interfaces([machine])),
    );

    const fault = await faultOf(() => new EipAddresses(clients).locate(thingOf('eipalloc-1', atSecond)));

    expect(fault.kind).toBe('invalid');
  });
});

function thingOf(
  allocationId: string,
  place: AddressPlace,
  ...others: readonly (readonly [allocationId: string, place: AddressPlace])[]
): AddressThing {
  return { region: home, allocationId, place, others: others.map(([id, its]) => ({ allocationId: id, place: its })) };
}

/** A network interface in an answer of EC2, with the Elastic IP at each of its private addresses, the first primary. */
interface Interface {
  readonly id: string;
  readonly instance: string;
  readonly index: number;
  readonly addresses: readonly (readonly [privateIpAddress: string, allocationId: string | null])[];
}

const done = '<AssociateAddressResponse><return>true</return></AssociateAddressResponse>';

/** EC2 with some interfaces, and `eipalloc-1` at a private address of `eni-1`, or at none. */
function ec2With(
  all: readonly Interface[],
  at: string | null = null,
  write: (response: Parameters<typeof xml>[0]) => void = (response) => xml(response, done),
) {
  return standIn([home], ({ form }, response) => {
    if (form.Action === 'DescribeAddresses') xml(response, described(at));
    else if (form.Action === 'DescribeNetworkInterfaces') xml(response, interfaces(all));
    else write(response);
  });
}

function writesIn(seen: readonly Seen[]): readonly Seen['form'][] {
  return seen.map(({ form }) => form).filter(({ Action = '' }) => !Action.startsWith('Describe'));
}

function described(privateIpAddress: string | null, allocationId = 'eipalloc-1'): string {
  const at =
    privateIpAddress === null
      ? ''
      : `<networkInterfaceId>eni-1</networkInterfaceId><privateIpAddress>${privateIpAddress}</privateIpAddress>`;
  const item = `<item><allocationId>${allocationId}</allocationId>${at}</item>`;
  return `<DescribeAddressesResponse><addressesSet>${item}</addressesSet></DescribeAddressesResponse>`;
}

function interfaces(all: readonly Interface[]): string {
  const items = all.map(({ id, instance, index, addresses }) => {
    const each = addresses.map(([address, held], place) => {
      const association = held === null ? '' : `<association><allocationId>${held}</allocationId></association>`;
      return `<item><privateIpAddress>${address}</privateIpAddress><primary>${place === 0}</primary>${association}</item>`;
    });
    const attachment = `<attachment><instanceId>${instance}</instanceId><deviceIndex>${index}</deviceIndex></attachment>`;
    return `<item><networkInterfaceId>${id}</networkInterfaceId>${attachment}<privateIpAddressesSet>${each.join('')}</privateIpAddressesSet></item>`;
  });
  return `<DescribeNetworkInterfacesResponse><networkInterfaceSet>${items.join('')}</networkInterfaceSet></DescribeNetworkInterfacesResponse>`;
}
