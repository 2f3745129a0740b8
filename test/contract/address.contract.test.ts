import {
  AllocateAddressCommand,
  DescribeAddressesCommand,
  DisassociateAddressCommand,
  EC2Client,
  RunInstancesCommand,
} from '@aws-sdk/client-ec2';
import { beforeEach, describe, expect, it } from 'vitest';
import { EipAddresses } from '../../src/adapters/aws/address.ts';
import type { AwsClients } from '../../src/adapters/aws/clients.ts';
import { defineDeployment } from '../../src/config/loader.ts';
import { describeOnMoto } from '../support/on-moto.ts';
import { SimAccount } from '../support/sim-account.ts';
import { ec2Error, faultOf, standIn, xml } from '../support/stand-in.ts';
import { zones } from '../unit/config/shop.fixture.ts';

type Addresses = Pick<EipAddresses, 'locate' | 'associate'>;

const home = 'us-east-1';
const away = 'us-west-2';

/** An address that is at no instance, and two instances, in one region. */
interface Place {
  readonly allocationId: string;
  readonly left: string;
  readonly right: string;
}

/** Something that has addresses. */
interface Holder {
  readonly addresses: Addresses;
  /** Makes new ones at each call. */
  place(region: string): Promise<Place>;
  /** Somebody else takes the address away. */
  takeAway(region: string, allocationId: string): Promise<void>;
}

describe('addresses in the simulator', () => {
  describeContract(() => {
    const account = new SimAccount(defineDeployment(zones));
    let made = 0;
    return {
      addresses: {
        locate: (region, allocationId) =>
          account.call(region, 'read:address', { region, allocationId, instanceId: '' }),
        associate: async (region, allocationId, instanceId) => {
          await account.call(region, 'write:address', { region, allocationId, instanceId });
        },
      },
      place: async () => {
        made += 1;
        return { allocationId: `eipalloc-${made}0`, left: `i-left${made}`, right: `i-right${made}` };
      },
      takeAway: async (region, allocationId) => void account.world.cloud.associate(region, allocationId, null),
    };
  });
});

describeOnMoto('addresses in EC2, by moto', [home, away], (clients) => {
  describeContract(() => holdInEc2(clients()));

  it.each([
    { what: 'an address that is not there', of: { allocationId: 'eipalloc-0123456789abcdef0' } },
    { what: 'an instance that is not there', of: { left: 'i-0123456789abcdef0' } },
  ])('is invalid to move $what', async ({ of }) => {
    const { addresses, place } = holdInEc2(clients());
    const { allocationId, left } = { ...(await place(home)), ...of };

    expect((await faultOf(() => addresses.associate(home, allocationId, left))).kind).toBe('invalid');
  });

  it('is invalid to ask for an address that is in another region', async () => {
    const { addresses, place } = holdInEc2(clients());
    const { allocationId } = await place(away);

    expect((await faultOf(() => addresses.locate(home, allocationId))).kind).toBe('invalid');
  });
});

function describeContract(open: () => Holder): void {
  let holder: Holder;
  let place: Place;

  beforeEach(async () => {
    holder = open();
    place = await holder.place(home);
  });

  it('is at no instance at first', async () => {
    expect(await holder.addresses.locate(home, place.allocationId)).toEqual({ instanceId: null });
  });

  it('is where it was put', async () => {
    await holder.addresses.associate(home, place.allocationId, place.left);

    expect(await holder.addresses.locate(home, place.allocationId)).toEqual({ instanceId: place.left });
  });

  it('is taken from the instance that has it', async () => {
    await holder.addresses.associate(home, place.allocationId, place.left);

    await holder.addresses.associate(home, place.allocationId, place.right);

    expect(await holder.addresses.locate(home, place.allocationId)).toEqual({ instanceId: place.right });
  });

  it('stays where it is when it is put there again', async () => {
    await holder.addresses.associate(home, place.allocationId, place.left);

    await holder.addresses.associate(home, place.allocationId, place.left);

    expect(await holder.addresses.locate(home, place.allocationId)).toEqual({ instanceId: place.left });
  });

  it('moves alone: the address of another region stays', async () => {
    const other = await holder.place(away);
    await holder.addresses.associate(away, other.allocationId, other.left);

    await holder.addresses.associate(home, place.allocationId, place.right);

    expect(await holder.addresses.locate(away, other.allocationId)).toEqual({ instanceId: other.left });
  });

  it('shows that somebody else took it away', async () => {
    await holder.addresses.associate(home, place.allocationId, place.left);

    await holder.takeAway(home, place.allocationId);

    expect(await holder.addresses.locate(home, place.allocationId)).toEqual({ instanceId: null });
  });
}

function holdInEc2(clients: AwsClients): Holder {
  return {
    addresses: new EipAddresses(clients),
    place: async (region) => {
      const ec2 = clients.of(EC2Client, region);
      const { AllocationId = '' } = await ec2.send(new AllocateAddressCommand({ Domain: 'vpc' }));
      const { Instances = [] } = await ec2.send(
        new RunInstancesCommand({ ImageId: 'ami-12c6146b', InstanceType: 't3.micro', MinCount: 2, MaxCount: 2 }),
      );
      const [left = '', right = ''] = Instances.map(({ InstanceId = '' }) => InstanceId);
      return { allocationId: AllocationId, left, right };
    },
    takeAway: async (region, allocationId) => {
      const ec2 = clients.of(EC2Client, region);
      const { Addresses: found } = await ec2.send(new DescribeAddressesCommand({ AllocationIds: [allocationId] }));
      await ec2.send(new DisassociateAddressCommand({ AssociationId: found?.[0]?.AssociationId }));
    },
  };
}

describe('EipAddresses on the wire', () => {
  it('takes one request to move the address, and takes it from whoever has it', async () => {
    const { clients, seen } = await standIn([home], (_seen, response) => {
      xml(response, '<AssociateAddressResponse><return>true</return></AssociateAddressResponse>');
    });

    await new EipAddresses(clients).associate(home, 'eipalloc-1', 'i-1');

    expect(seen.map(({ form }) => form)).toEqual([
      expect.objectContaining({
        Action: 'AssociateAddress',
        AllocationId: 'eipalloc-1',
        InstanceId: 'i-1',
        AllowReassociation: 'true',
      }),
    ]);
  });

  it('asks for the one address, by its id', async () => {
    const { clients, seen } = await standIn([home], (_seen, response) => xml(response, described('i-1')));

    expect(await new EipAddresses(clients).locate(home, 'eipalloc-1')).toEqual({ instanceId: 'i-1' });
    expect(seen.map(({ form }) => form)).toEqual([
      expect.objectContaining({ Action: 'DescribeAddresses', 'AllocationId.1': 'eipalloc-1' }),
    ]);
  });

  it.each([
    ['RequestLimitExceeded', 503, 'throttled'],
    ['UnauthorizedOperation', 403, 'denied'],
    ['AuthFailure', 401, 'denied'],
    ['InvalidAllocationID.NotFound', 400, 'invalid'],
    ['InvalidInstanceID.NotFound', 400, 'invalid'],
    ['InternalError', 500, 'unavailable'],
    ['Unavailable', 503, 'unavailable'],
  ] as const)('says of %s (status %i) that it is %s, in one request', async (code, status, kind) => {
    const { clients, seen } = await standIn([home], (_seen, response) => ec2Error(response, code, status));

    const fault = await faultOf(() => new EipAddresses(clients).associate(home, 'eipalloc-1', 'i-1'));

    expect(fault).toMatchObject({ kind, detail: expect.stringContaining(code) });
    expect(seen).toHaveLength(1);
  });

  it('times out when no answer comes', async () => {
    const { clients } = await standIn([home], () => {}, { callDeadlineMs: 100 });

    expect((await faultOf(() => new EipAddresses(clients).locate(home, 'eipalloc-1'))).kind).toBe('timeout');
  });

  it('asks again, once, when the answer was lost with the connection after the effect', async () => {
    const { clients, seen } = await standIn([home], (_seen, response, index) => {
      if (index === 0) response.destroy();
      else xml(response, '<AssociateAddressResponse><return>true</return></AssociateAddressResponse>');
    });

    await new EipAddresses(clients).associate(home, 'eipalloc-1', 'i-1');

    expect(seen).toHaveLength(2);
    expect(seen[1]?.form).toMatchObject({ InstanceId: 'i-1', AllowReassociation: 'true' });
  });

  it.each([
    { what: 'no address', body: '<DescribeAddressesResponse><addressesSet/></DescribeAddressesResponse>' },
    { what: 'another address', body: described('i-1', 'eipalloc-2') },
  ])('is invalid when EC2 describes $what', async ({ body }) => {
    const { clients } = await standIn([home], (_seen, response) => xml(response, body));

    expect((await faultOf(() => new EipAddresses(clients).locate(home, 'eipalloc-1'))).kind).toBe('invalid');
  });

  it('is at no instance while it is at a network interface only', async () => {
    const { clients } = await standIn([home], (_seen, response) => xml(response, described('')));

    expect(await new EipAddresses(clients).locate(home, 'eipalloc-1')).toEqual({ instanceId: null });
  });
});

function described(instanceId: string, allocationId = 'eipalloc-1'): string {
  const item = `<item><allocationId>${allocationId}</allocationId><instanceId>${instanceId}</instanceId></item>`;
  return `<DescribeAddressesResponse><addressesSet>${item}</addressesSet></DescribeAddressesResponse>`;
}
