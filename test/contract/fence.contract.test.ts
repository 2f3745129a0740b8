import {
  AllocateAddressCommand,
  AssociateAddressCommand,
  CreateSecurityGroupCommand,
  DescribeAddressesCommand,
  DescribeVpcsCommand,
  EC2Client,
  RunInstancesCommand,
} from '@aws-sdk/client-ec2';
import {
  CreateTargetGroupCommand,
  ElasticLoadBalancingV2Client,
  RegisterTargetsCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { beforeEach, describe, expect, it } from 'vitest';
import type { AwsClients } from '../../src/adapters/aws/clients.ts';
import { AwsFences } from '../../src/adapters/aws/fence.ts';
import { defineDeployment } from '../../src/config/loader.ts';
import type { FenceThing } from '../../src/core/kinds/fence.ts';
import type { Fence } from '../../src/core/model/site.ts';
import { describeOnMoto } from '../support/on-moto.ts';
import { SimAccount } from '../support/sim-account.ts';
import { faultOf, jsonError, type Seen, standIn, xml, xmlError } from '../support/stand-in.ts';
import { zones } from '../unit/config/shop.fixture.ts';

type Fences = Pick<AwsFences, 'readIsolation' | 'setIsolation'>;

const home = 'us-east-1';
const arn = `arn:aws:elasticloadbalancing:${home}:123456789012:targetgroup/left/0123456789abcdef`;
const kinds = ['groups', 'targets', 'address', 'custom', 'read-only'] as const;
type Kind = (typeof kinds)[number];

/** The fence of each of two sites that have nothing in common. */
interface Place {
  readonly left: Fence;
  readonly right: Fence;
}

/** Something that has fences of one kind. */
interface Holder {
  readonly fences: Fences;
  /** Makes new ones, all of them open, at each call. */
  place(): Promise<Place>;
}

describe.each(kinds)('fences in the simulator (%s)', (kind) => {
  describeContract(kind, async () => {
    const account = new SimAccount(defineDeployment(zones));
    account.world.cloud.associate(home, 'eipalloc-2', 'i-right');
    return {
      fences: {
        readIsolation: (input) =>
          account.call(input.region, 'read:fence', { ...input, isIsolated: true, token: { epoch: 2, attempt: 1 } }),
        setIsolation: async (input) => void (await account.call(input.region, 'write:fence', input)),
      },
      place: async () => ({
        left: fenceOf(kind, { number: 1, instanceId: 'i-left' }),
        right: fenceOf(kind, { number: 2, instanceId: 'i-right' }),
      }),
    };
  });
});

// Faults of moto_server 5.2.1: every registered target is healthy, and one that is deregistered is gone at once, never
// draining; what draining means is held to by the stand-in below.
describeOnMoto('fences in AWS, by moto', [home], (clients) => {
  describe.each(['groups', 'targets', 'address'] as const)('%s', (kind) => {
    describeContract(kind, async () => ({
      fences: new AwsFences(clients()),
      place: async () => ({ left: await makeFence(clients(), kind), right: await makeFence(clients(), kind) }),
    }));
  });

  it.each([
    ['groups', { instanceIds: ['i-0123456789abcdef0'], isolationGroupId: 'sg-0' }],
    ['targets', { targetGroupArn: arn, targetIds: ['i-1'] }],
    ['address', { allocationId: 'eipalloc-0123456789abcdef0', instanceId: 'i-1' }],
  ] as const)('is invalid to ask for, or to close, a fence whose parts are not there (%s)', async (kind, parts) => {
    const input = inputOf('left', { kind, ...parts } as Fence);
    const fences = new AwsFences(clients());

    const faults = [
      await faultOf(() => fences.readIsolation(input)),
      await faultOf(() => fences.setIsolation({ ...input, isIsolated: true })),
    ];

    expect(faults.map((fault) => fault.kind)).toEqual(['invalid', 'invalid']);
  });

  it('leaves an address alone that has moved to another instance', async () => {
    const { fence, takeAlong } = await makeAddress(clients());
    const fences = new AwsFences(clients());
    const stranger = await takeAlong();

    await fences.setIsolation({ ...inputOf('left', fence), isIsolated: true });

    const { Addresses } = await clients()
      .of(EC2Client, home)
      .send(new DescribeAddressesCommand({ AllocationIds: [...fence.allocationId] }));
    expect(Addresses?.[0]?.InstanceId).toBe(stranger);
  });
});

// moto runs no function without docker: a server of this test plays the user's functions.
describe.each(['custom', 'read-only'] as const)('fences of the user, by a stand-in (%s)', (kind) => {
  describeContract(kind, async () => {
    const closed = new Set<string>();
    const { clients } = await standIn([home], ({ path, body }, response) => {
      const name = path.split('/')[3] ?? '';
      const { action } = JSON.parse(body) as { readonly action: string };
      if (action === 'fence') closed.add(name);
      if (action === 'release') closed.delete(name);
      const isClosed = closed.has(name);
      response.end(JSON.stringify(action === 'read' ? { isIsolated: isClosed, isReleased: !isClosed } : { ok: true }));
    });
    return {
      fences: new AwsFences(clients),
      place: async () => ({
        left: { kind, functionName: 'fence-left' },
        right: { kind, functionName: 'fence-right' },
      }),
    };
  });
});

function describeContract(kind: Kind, open: () => Promise<Holder>): void {
  let fences: Fences;
  let place: Place;

  const read = (site: keyof Place) => fences.readIsolation(inputOf(site, place[site]));
  const set = (site: keyof Place, isIsolated: boolean) =>
    fences.setIsolation({ ...inputOf(site, place[site]), isIsolated });
  /** An address that was taken away is given back by the order about the address, and by nothing else. */
  const afterRelease = { isIsolated: kind === 'address', isReleased: true };

  beforeEach(async () => {
    const holder = await open();
    fences = holder.fences;
    place = await holder.place();
  });

  it('is open at first', async () => {
    expect(await read('left')).toEqual({ isIsolated: false, isReleased: true });
  });

  it('is closed once it was closed', async () => {
    await set('left', true);

    expect(await read('left')).toEqual({ isIsolated: true, isReleased: kind === 'address' });
  });

  it('closes no other', async () => {
    await set('left', true);

    expect(await read('right')).toEqual({ isIsolated: false, isReleased: true });
  });

  it('has nothing left to undo once it was opened again', async () => {
    await set('left', true);

    await set('left', false);

    expect(await read('left')).toEqual(afterRelease);
  });

  it('stays open when it is opened while it is open', async () => {
    await set('left', false);

    expect(await read('left')).toEqual({ isIsolated: false, isReleased: true });
  });

  it('is as closed when it is closed twice', async () => {
    await set('left', true);

    await set('left', true);

    expect(await read('left')).toMatchObject({ isIsolated: true });
  });

  it('opens after it was closed twice', async () => {
    await set('left', true);
    await set('left', true);

    await set('left', false);

    expect(await read('left')).toEqual(afterRelease);
  });
}

describe('Elbv2Targets on the wire', () => {
  const targets: Fence = { kind: 'targets', targetGroupArn: arn, targetIds: ['i-1', 'i-2'] };
  const input = inputOf('left', targets);

  /** A target group that holds the targets, each `id:port:state`, and takes every change. */
  const groupOf = (...registered: string[]) =>
    standIn([home], ({ form }, response) => {
      if (form.Action === 'DescribeTargetHealth') xml(response, healthOf(registered));
      else xml(response, `<${form.Action}Response><${form.Action}Result/></${form.Action}Response>`);
    });

  it.each([
    { registered: [], isIsolated: true, isReleased: false },
    { registered: ['i-9:80:healthy'], isIsolated: true, isReleased: false },
    { registered: ['i-1:80:healthy'], isIsolated: false, isReleased: false },
    { registered: ['i-1:80:healthy', 'i-2:80:unhealthy'], isIsolated: false, isReleased: true },
    { registered: ['i-1:80:initial', 'i-2:80:unused'], isIsolated: false, isReleased: true },
    { registered: ['i-1:80:draining', 'i-2:80:draining'], isIsolated: false, isReleased: false, isClosing: true },
    { registered: ['i-1:80:draining', 'i-2:80:healthy'], isIsolated: false, isReleased: false },
    { registered: ['i-1:80:draining', 'i-1:81:healthy', 'i-2:80:healthy'], isIsolated: false, isReleased: true },
    { registered: ['i-1:80:unused:Target.NotRegistered'], isIsolated: true, isReleased: false },
  ])('is isolated=$isIsolated, released=$isReleased with $registered', async ({ registered, ...isolation }) => {
    const { clients } = await groupOf(...registered);

    expect(await new AwsFences(clients).readIsolation(input)).toEqual(isolation);
  });

  it('takes out what is registered on whatever port, once, and nobody else', async () => {
    const { clients, seen } = await groupOf('i-1:80:healthy', 'i-1:8080:initial', 'i-2:80:draining', 'i-9:80:healthy');

    await new AwsFences(clients).setIsolation({ ...input, isIsolated: true });

    expect(actionsOf(seen)).toEqual(['DescribeTargetHealth', 'DeregisterTargets']);
    expect(seen[1]?.form).toMatchObject({
      TargetGroupArn: arn,
      'Targets.member.1.Id': 'i-1',
      'Targets.member.1.Port': '80',
      'Targets.member.2.Id': 'i-1',
      'Targets.member.2.Port': '8080',
    });
    expect(seen[1]?.form).not.toHaveProperty('Targets.member.3.Id');
  });

  it.each([
    { isIsolated: true, registered: ['i-1:80:draining'] },
    { isIsolated: false, registered: ['i-1:80:healthy', 'i-2:80:healthy'] },
  ])('writes nothing when there is nothing to change (isIsolated=$isIsolated)', async ({ isIsolated, registered }) => {
    const { clients, seen } = await groupOf(...registered);

    await new AwsFences(clients).setIsolation({ ...input, isIsolated });

    expect(actionsOf(seen)).toEqual(['DescribeTargetHealth']);
  });

  it('lets each back that is missing or draining by itself, whatever comes of another', async () => {
    const { clients, seen } = await standIn([home], ({ form }, response) => {
      if (form.Action === 'DescribeTargetHealth') xml(response, healthOf(['i-2:80:draining']));
      else if (form['Targets.member.1.Id'] === 'i-1') xmlError(response, 'InvalidTarget');
      else xml(response, '<RegisterTargetsResponse><RegisterTargetsResult/></RegisterTargetsResponse>');
    });

    const fault = await faultOf(() => new AwsFences(clients).setIsolation({ ...input, isIsolated: false }));

    expect(fault.kind).toBe('invalid');
    const registered = seen.slice(1).map(({ form }) => [form.Action, form['Targets.member.1.Id']]);
    expect(registered.sort()).toEqual([
      ['RegisterTargets', 'i-1'],
      ['RegisterTargets', 'i-2'],
    ]);
  });

  it.each([
    ['TargetGroupNotFound', 400, 'invalid'],
    ['Throttling', 400, 'throttled'],
    ['AccessDenied', 403, 'denied'],
    ['InternalFailure', 500, 'unavailable'],
  ] as const)('says of %s (status %i) that it is %s', async (code, status, kind) => {
    const { clients } = await standIn([home], (_seen, response) => xmlError(response, code, status));

    expect((await faultOf(() => new AwsFences(clients).readIsolation(input))).kind).toBe(kind);
  });
});

describe('a fence by address on the wire', () => {
  const input = inputOf('left', { kind: 'address', allocationId: ['eipalloc-1'], instanceId: 'i-1' });

  const addressAt = (instanceId: string) =>
    standIn([home], ({ form }, response) => {
      const item =
        '<allocationId>eipalloc-1</allocationId><associationId>eipassoc-1</associationId>' +
        `<instanceId>${instanceId}</instanceId>`;
      if (form.Action !== 'DescribeAddresses')
        xml(response, `<${form.Action}Response><return>true</return></${form.Action}Response>`);
      else
        xml(
          response,
          `<DescribeAddressesResponse><addressesSet><item>${item}</item></addressesSet></DescribeAddressesResponse>`,
        );
    });

  it('removes the association that it saw, and no other', async () => {
    const { clients, seen } = await addressAt('i-1');

    await new AwsFences(clients).setIsolation({ ...input, isIsolated: true });

    expect(actionsOf(seen)).toEqual(['DescribeAddresses', 'DisassociateAddress']);
    expect(seen[1]?.form).toMatchObject({ AssociationId: 'eipassoc-1' });
  });

  it('writes nothing when the address is elsewhere', async () => {
    const { clients, seen } = await addressAt('i-2');

    await new AwsFences(clients).setIsolation({ ...input, isIsolated: true });

    expect(actionsOf(seen)).toEqual(['DescribeAddresses']);
  });

  it('takes all of several Elastic IPs, from an instance and from interfaces, and leaves what is elsewhere', async () => {
    const held = { 'eipalloc-1': ['i-1', 'eni-9'], 'eipalloc-2': ['', 'eni-2'], 'eipalloc-3': ['', 'eni-3'] };
    const items = Object.entries(held).map(
      ([id, [instance, eni]]) =>
        `<item><allocationId>${id}</allocationId><associationId>of-${id}</associationId><instanceId>${instance}</instanceId><networkInterfaceId>${eni}</networkInterfaceId></item>`,
    );
    const { clients, seen } = await standIn([home], ({ form }, response) => {
      const body = form.Action === 'DescribeAddresses' ? `<addressesSet>${items.join('')}</addressesSet>` : '';
      xml(response, `<${form.Action}Response>${body}</${form.Action}Response>`);
    });
    const several = inputOf('left', {
      kind: 'address',
      allocationId: Object.keys(held),
      instanceId: 'i-1',
      networkInterfaceId: ['eni-1', 'eni-2'],
    });

    const { isIsolated } = await new AwsFences(clients).readIsolation(several);
    await new AwsFences(clients).setIsolation({ ...several, isIsolated: true });

    expect(isIsolated).toBe(false);
    expect(seen.flatMap(({ form }) => form.AssociationId ?? []).sort()).toEqual(['of-eipalloc-1', 'of-eipalloc-2']);
  });

  it('asks and writes nothing to be opened', async () => {
    const { clients, seen } = await addressAt('');

    await new AwsFences(clients).setIsolation({ ...input, isIsolated: false });

    expect(seen).toEqual([]);
  });
});

describe('a fence of the user on the wire', () => {
  const input = inputOf('left', { kind: 'read-only', functionName: 'shop-fence' });

  const answering = (payload: string, headers: Record<string, string> = {}) =>
    standIn([home], (_seen, response) => response.writeHead(200, headers).end(payload));

  it.each([
    { call: 'read', told: {}, answer: { isIsolated: false, isReleased: true } },
    { call: 'fence', told: { epoch: 2, attempt: 1 }, answer: { ok: true } },
    { call: 'release', told: { epoch: 2, attempt: 1 }, answer: { ok: true } },
  ])('asks the function to $call, and waits', async ({ call, told, answer }) => {
    const { clients, seen } = await answering(JSON.stringify(answer));
    const fences = new AwsFences(clients);

    if (call === 'read') await fences.readIsolation(input);
    else await fences.setIsolation({ ...input, isIsolated: call === 'fence' });

    expect(seen.map(({ path, body }) => [path, JSON.parse(body)])).toEqual([
      [
        '/2015-03-31/functions/shop-fence/invocations',
        { action: call, service: 'web', site: 'left', mode: 'read-only', ...told },
      ],
    ]);
    expect(seen[0]?.headers['x-amz-invocation-type'] ?? 'RequestResponse').toBe('RequestResponse');
  });

  it.each(['readIsolation', 'setIsolation'] as const)('is denied with the reason of a veto (%s)', async (method) => {
    const { clients } = await answering('{"veto":"a migration is running"}');

    const fault = await faultOf(() => new AwsFences(clients)[method]({ ...input, isIsolated: true }));

    expect(fault).toEqual({ kind: 'denied', detail: 'a migration is running' });
  });

  it('is unavailable when the function fails', async () => {
    const { clients } = await answering('{"errorMessage":"no"}', { 'x-amz-function-error': 'Unhandled' });

    const fault = await faultOf(() => new AwsFences(clients).readIsolation(input));

    expect(fault).toMatchObject({ kind: 'unavailable', detail: expect.stringContaining('shop-fence failed') });
  });

  it.each([
    '',
    'null',
    '[]',
    '"ok"',
    '{}',
    '{"isIsolated":true}',
    '{"isIsolated":"yes","isReleased":false}',
    '{"isIsolated":true,"isReleased":true}',
    '{"veto":""}',
    '{"veto":true,"isIsolated":true,"isReleased":false}',
  ])('is invalid when the function answers a look by %s', async (payload) => {
    const { clients } = await answering(payload);

    const fault = await faultOf(() => new AwsFences(clients).readIsolation(input));

    expect(fault).toMatchObject({ kind: 'invalid', detail: expect.stringContaining('shop-fence answered') });
  });

  it.each(['{}', '{"ok":"yes"}', '{"ok":false}', '{"isIsolated":true,"isReleased":false}'])(
    'is invalid when the function answers an order by %s',
    async (payload) => {
      const { clients } = await answering(payload);

      const fault = await faultOf(() => new AwsFences(clients).setIsolation({ ...input, isIsolated: true }));

      expect(fault.kind).toBe('invalid');
    },
  );

  it('is throttled when Lambda is', async () => {
    const { clients } = await standIn([home], (_seen, response) =>
      jsonError(response, 'TooManyRequestsException', 429),
    );

    expect((await faultOf(() => new AwsFences(clients).readIsolation(input))).kind).toBe('throttled');
  });
});

function inputOf(site: string, fence: Fence): Omit<FenceThing, 'isIsolated'> {
  return { region: home, service: 'web', site, fence, token: { epoch: 2, attempt: 1 } };
}

function fenceOf(kind: Kind, { number, instanceId }: { readonly number: number; readonly instanceId: string }): Fence {
  switch (kind) {
    case 'groups':
      return { kind, instanceIds: [instanceId], isolationGroupId: 'sg-isolation' };
    case 'targets':
      return { kind, targetGroupArn: arn, targetIds: [instanceId] };
    case 'address':
      return { kind, allocationId: [`eipalloc-${number}`], instanceId };
    case 'custom':
    case 'read-only':
      return { kind, functionName: `fence-${number}` };
  }
}

async function makeFence(clients: AwsClients, kind: 'groups' | 'targets' | 'address'): Promise<Fence> {
  switch (kind) {
    case 'groups':
      return { kind, instanceIds: await runInstances(clients, 2), isolationGroupId: await makeGroup(clients) };
    case 'targets':
      return await makeTargets(clients);
    case 'address':
      return (await makeAddress(clients)).fence;
  }
}

async function runInstances(clients: AwsClients, count: number): Promise<readonly string[]> {
  const command = new RunInstancesCommand({
    ImageId: 'ami-12c6146b',
    InstanceType: 't3.micro',
    MinCount: count,
    MaxCount: count,
    SecurityGroupIds: [await makeGroup(clients)],
  });
  const { Instances = [] } = await clients.of(EC2Client, home).send(command);
  return Instances.map(({ InstanceId = '' }) => InstanceId);
}

/** Names are unique, and all tests share one account. */
let made = 0;

async function makeGroup(clients: AwsClients): Promise<string> {
  made += 1;
  const command = new CreateSecurityGroupCommand({ GroupName: `group-${made}`, Description: 'a test' });
  return (await clients.of(EC2Client, home).send(command)).GroupId ?? '';
}

async function makeTargets(clients: AwsClients): Promise<Fence> {
  made += 1;
  const balancers = clients.of(ElasticLoadBalancingV2Client, home);
  const { Vpcs } = await clients.of(EC2Client, home).send(new DescribeVpcsCommand({}));
  const group = { Name: `targets-${made}`, Protocol: 'HTTP', Port: 80, VpcId: Vpcs?.[0]?.VpcId } as const;
  const { TargetGroups } = await balancers.send(new CreateTargetGroupCommand(group));
  const targetGroupArn = TargetGroups?.[0]?.TargetGroupArn ?? '';
  const targetIds = await runInstances(clients, 2);
  const Targets = targetIds.map((Id) => ({ Id }));
  await balancers.send(new RegisterTargetsCommand({ TargetGroupArn: targetGroupArn, Targets }));
  return { kind: 'targets', targetGroupArn, targetIds };
}

async function makeAddress(clients: AwsClients) {
  const ec2 = clients.of(EC2Client, home);
  const { AllocationId: allocationId = '' } = await ec2.send(new AllocateAddressCommand({ Domain: 'vpc' }));
  const [instanceId = '', stranger = ''] = await runInstances(clients, 2);
  const put = (InstanceId: string) =>
    ec2.send(new AssociateAddressCommand({ AllocationId: allocationId, InstanceId, AllowReassociation: true }));
  await put(instanceId);
  const fence = { kind: 'address', allocationId: [allocationId], instanceId } as const;
  /** Somebody else moves it to an instance, which is returned. */
  const takeAlong = async () => {
    await put(stranger);
    return stranger;
  };
  return { fence, takeAlong };
}

function actionsOf(seen: readonly Seen[]): readonly (string | undefined)[] {
  return seen.map(({ form }) => form.Action);
}

/** The answer to DescribeTargetHealth; each target is `id:port:state`, and a reason where there is one. */
function healthOf(registered: readonly string[]): string {
  const members = registered.map((one) => {
    const [id, port, state, reason] = one.split(':');
    const why = reason === undefined ? '' : `<Reason>${reason}</Reason>`;
    return `<member><Target><Id>${id}</Id><Port>${port}</Port></Target><TargetHealth><State>${state}</State>${why}</TargetHealth></member>`;
  });
  const result = `<TargetHealthDescriptions>${members.join('')}</TargetHealthDescriptions>`;
  return `<DescribeTargetHealthResponse><DescribeTargetHealthResult>${result}</DescribeTargetHealthResult></DescribeTargetHealthResponse>`;
}
