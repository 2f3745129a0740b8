import {
  CreateSecurityGroupCommand,
  CreateTagsCommand,
  DeleteTagsCommand,
  DescribeInstancesCommand,
  EC2Client,
  ModifyInstanceAttributeCommand,
  RunInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import { beforeEach, describe, expect, it } from 'vitest';
import type { AwsClients } from '../../src/adapters/aws/clients.ts';
import { Ec2Isolation } from '../../src/adapters/aws/fence/ec2-isolation.ts';
import { isolationTag } from '../../src/config/plan/names.ts';
import { describeOnMoto } from '../support/on-moto.ts';
import { ec2Error, faultOf, type Seen, standIn, xml } from '../support/stand-in.ts';

const home = 'us-east-1';

/** Two instances in groups of their own, and a group that lets nobody in. */
interface Place {
  readonly left: string;
  readonly right: string;
  readonly groupId: string;
}

describeOnMoto('isolation of instances in EC2, by moto', [home], (clients) => {
  describe('which instances are cut off', () => describeParts(clients));
  describe('which groups come back', () => describeMemory(clients));
});

function describeParts(clients: () => AwsClients): void {
  let account: Ec2Account;
  let place: Place;

  const read = (...instanceIds: string[]) => account.isolation.readIsolation(home, instanceIds, place.groupId);
  const set = (isIsolated: boolean, ...instanceIds: string[]) =>
    account.isolation.setIsolation(home, instanceIds, place.groupId, isIsolated);

  beforeEach(async () => {
    account = new Ec2Account(clients());
    place = await account.place();
  });

  it('is not isolated at first', async () => {
    expect(await read(place.left, place.right)).toMatchObject({ isIsolated: false });
  });

  it('is isolated once all instances are', async () => {
    await set(true, place.left, place.right);

    expect(await read(place.left, place.right)).toMatchObject({ isIsolated: true });
  });

  it('is not isolated while one instance is not', async () => {
    await set(true, place.left);

    expect(await read(place.left, place.right)).toMatchObject({ isIsolated: false });
  });

  it('isolates no other instance', async () => {
    await set(true, place.left);

    expect(await read(place.right)).toMatchObject({ isIsolated: false });
  });

  it('isolates the rest when some are isolated already', async () => {
    await set(true, place.left);

    await set(true, place.left, place.right);

    expect(await read(place.left, place.right)).toMatchObject({ isIsolated: true });
  });

  it.each([true, false])('is as it was when set twice (isIsolated=%s)', async (isIsolated) => {
    await set(isIsolated, place.left, place.right);

    await set(isIsolated, place.left, place.right);

    expect(await read(place.left, place.right)).toMatchObject({ isIsolated });
  });

  it('tells a part from all and from none', async () => {
    await set(true, place.left);

    expect(await read(place.left, place.right)).toEqual({ isIsolated: false, isReleased: false });
    expect(await read(place.left)).toEqual({ isIsolated: true, isReleased: false });
    expect(await read(place.right)).toEqual({ isIsolated: false, isReleased: true });
  });

  it('is let go', async () => {
    await set(true, place.left, place.right);

    await set(false, place.left, place.right);

    expect(await read(place.left)).toMatchObject({ isIsolated: false });
    expect(await read(place.right)).toMatchObject({ isIsolated: false });
  });
}

function describeMemory(clients: () => AwsClients): void {
  let account: Ec2Account;
  let place: Place;

  const set = (isIsolated: boolean, ...instanceIds: string[]) =>
    account.isolation.setIsolation(home, instanceIds, place.groupId, isIsolated);

  beforeEach(async () => {
    account = new Ec2Account(clients());
    place = await account.place();
  });

  it('gives each instance its own groups back, and leaves no tag', async () => {
    const { left, right, groupId } = place;
    const before = [await account.look(left), await account.look(right)];

    await set(true, left, right);
    const during = [await account.look(left), await account.look(right)];
    await set(false, left, right);

    expect(before.map(({ groups }) => groups.length)).toEqual([2, 1]);
    expect(during).toEqual(before.map(({ groups }) => ({ groups: [groupId], tag: groups.join(' ') })));
    expect([await account.look(left), await account.look(right)]).toEqual(before);
  });

  it('remembers the first groups through a second isolation', async () => {
    const before = await account.look(place.left);

    await set(true, place.left);
    await set(true, place.left);
    await set(false, place.left);

    expect(await account.look(place.left)).toEqual(before);
  });

  it('goes on from a crash between the tag and the swap', async () => {
    const before = await account.look(place.left);
    await account.tag(place.left, before.groups.join(' '));

    await set(true, place.left);
    await set(false, place.left);

    expect(await account.look(place.left)).toEqual(before);
  });

  it('removes the tag after a crash between the swap back and the removal', async () => {
    const { groups } = await account.look(place.left);
    await account.tag(place.left, groups.join(' '));

    await set(false, place.left);

    expect(await account.look(place.left)).toEqual({ groups, tag: undefined });
  });

  it('remembers the groups that it has now, not those of a tag that was left over', async () => {
    const now = await account.look(place.left);
    await account.tag(place.left, 'sg-0123456789abcdef0');

    await set(true, place.left);
    await set(false, place.left);

    expect(await account.look(place.left)).toEqual(now);
  });

  it('keeps what is remembered when somebody added a group to an isolated instance', async () => {
    const before = await account.look(place.left);
    const { groups: strange } = await account.look(place.right);
    await set(true, place.left);
    await account.setGroups(place.left, [place.groupId, ...strange]);

    const isIsolated = await account.isolation.readIsolation(home, [place.left], place.groupId);
    await set(true, place.left);
    const during = await account.look(place.left);
    await set(false, place.left);

    expect(isIsolated).toMatchObject({ isIsolated: false });
    expect(during.groups).toEqual([place.groupId]);
    expect(await account.look(place.left)).toEqual(before);
  });

  it('is invalid to let an instance go whose groups nobody remembers, and lets the others go', async () => {
    const before = await account.look(place.right);
    await set(true, place.left, place.right);
    await account.untag(place.left);

    const fault = await faultOf(() => set(false, place.left, place.right));

    expect(fault).toMatchObject({ kind: 'invalid', detail: expect.stringContaining(place.left) });
    expect((await account.look(place.left)).groups).toEqual([place.groupId]);
    expect(await account.look(place.right)).toEqual(before);
  });

  it('counts a terminated instance as isolated', async () => {
    await account.terminate(place.left);

    expect(await account.isolation.readIsolation(home, [place.left], place.groupId)).toMatchObject({
      isIsolated: true,
    });
  });

  it('fences the rest when EC2 knows nothing of one instance, which counts as cut off', async () => {
    const ids = ['i-0123456789abcdef0', place.left];
    const before = await account.isolation.readIsolation(home, ids, place.groupId);

    await set(true, ...ids);
    const during = await account.isolation.readIsolation(home, ids, place.groupId);
    await set(false, ...ids);

    expect(before).toEqual({ isIsolated: false, isReleased: true });
    expect(during).toEqual({ isIsolated: true, isReleased: false });
    expect(await account.isolation.readIsolation(home, ids, place.groupId)).toEqual(before);
  });

  it('is invalid when EC2 knows nothing of any: that is a wrong id, not a fence', async () => {
    const unknown = 'i-0123456789abcdef0';

    const faults = [
      await faultOf(() => account.isolation.readIsolation(home, [unknown], place.groupId)),
      await faultOf(() => set(true, unknown)),
    ];

    expect(faults).toEqual([
      { kind: 'invalid', detail: expect.stringContaining(unknown) },
      { kind: 'invalid', detail: expect.stringContaining(unknown) },
    ]);
  });
}

/** What EC2 holds, past the adapter. */
class Ec2Account {
  readonly isolation: Ec2Isolation;
  readonly #ec2: EC2Client;

  constructor(clients: AwsClients) {
    this.isolation = new Ec2Isolation(clients);
    this.#ec2 = clients.of(EC2Client, home);
  }

  async place(): Promise<Place> {
    const [front = '', back = '', other = '', groupId = ''] = await this.#makeGroups(4);
    return { left: await this.#run([front, back].sort()), right: await this.#run([other]), groupId };
  }

  async look(instanceId: string): Promise<{ readonly groups: readonly string[]; readonly tag: string | undefined }> {
    const { Reservations } = await this.#ec2.send(new DescribeInstancesCommand({ InstanceIds: [instanceId] }));
    const instance = Reservations?.[0]?.Instances?.[0];
    const groups = (instance?.SecurityGroups ?? []).map(({ GroupId = '' }) => GroupId);
    return { groups, tag: instance?.Tags?.find(({ Key }) => Key === isolationTag)?.Value };
  }

  async tag(instanceId: string, value: string): Promise<void> {
    await this.#ec2.send(
      new CreateTagsCommand({ Resources: [instanceId], Tags: [{ Key: isolationTag, Value: value }] }),
    );
  }

  async untag(instanceId: string): Promise<void> {
    await this.#ec2.send(new DeleteTagsCommand({ Resources: [instanceId], Tags: [{ Key: isolationTag }] }));
  }

  async setGroups(instanceId: string, groups: readonly string[]): Promise<void> {
    await this.#ec2.send(new ModifyInstanceAttributeCommand({ InstanceId: instanceId, Groups: [...groups] }));
  }

  async terminate(instanceId: string): Promise<void> {
    await this.#ec2.send(new TerminateInstancesCommand({ InstanceIds: [instanceId] }));
  }

  async #makeGroups(count: number): Promise<readonly string[]> {
    const groups: string[] = [];
    for (let index = 0; index < count; index += 1) {
      groupsMade += 1;
      const command = new CreateSecurityGroupCommand({ GroupName: `group-${groupsMade}`, Description: 'a test' });
      groups.push((await this.#ec2.send(command)).GroupId ?? '');
    }
    return groups;
  }

  async #run(groups: readonly string[]): Promise<string> {
    const command = new RunInstancesCommand({
      ImageId: 'ami-12c6146b',
      InstanceType: 't3.micro',
      MinCount: 1,
      MaxCount: 1,
      SecurityGroupIds: [...groups],
    });
    return (await this.#ec2.send(command)).Instances?.[0]?.InstanceId ?? '';
  }
}

/** Group names are unique in a VPC, and all tests share one. */
let groupsMade = 0;

describe('Ec2Isolation on the wire', () => {
  const actionsOf = (seen: readonly Seen[]) => seen.map(({ form }) => form.Action);

  it('remembers the groups before it takes them away', async () => {
    const { clients, seen } = await standIn([home], ({ form }, response) => {
      if (form.Action === 'DescribeInstances') xml(response, instances([{ id: 'i-1', groups: ['sg-a', 'sg-b'] }]));
      else xml(response, `<${form.Action}Response><return>true</return></${form.Action}Response>`);
    });

    await new Ec2Isolation(clients).setIsolation(home, ['i-1'], 'sg-0', true);

    expect(actionsOf(seen)).toEqual(['DescribeInstances', 'CreateTags', 'ModifyInstanceAttribute']);
    expect(seen[1]?.form).toMatchObject({
      'ResourceId.1': 'i-1',
      'Tag.1.Key': 'cdk-failover:groups',
      'Tag.1.Value': 'sg-a sg-b',
    });
    expect(seen[2]?.form).toMatchObject({ InstanceId: 'i-1', 'GroupId.1': 'sg-0' });
    expect(seen[2]?.form).not.toHaveProperty('GroupId.2');
  });

  it('takes no group away that it could not remember', async () => {
    const { clients, seen } = await standIn([home], ({ form }, response) => {
      if (form.Action === 'DescribeInstances') xml(response, instances([{ id: 'i-1', groups: ['sg-a'] }]));
      else ec2Error(response, 'RequestLimitExceeded', 503);
    });

    const fault = await faultOf(() => new Ec2Isolation(clients).setIsolation(home, ['i-1'], 'sg-0', true));

    expect(fault.kind).toBe('throttled');
    expect(actionsOf(seen)).toEqual(['DescribeInstances', 'CreateTags']);
  });

  it('writes nothing when all are isolated', async () => {
    const { clients, seen } = await standIn([home], (_seen, response) => {
      xml(response, instances([{ id: 'i-1', groups: ['sg-0'] }]));
    });

    await new Ec2Isolation(clients).setIsolation(home, ['i-1'], 'sg-0', true);

    expect(actionsOf(seen)).toEqual(['DescribeInstances']);
  });

  it('works at all instances at once, and tries each whatever comes of another', async () => {
    const waiting: (() => void)[] = [];
    const done: (string | undefined)[] = [];
    const { clients } = await standIn([home], ({ form }, response) => {
      if (form.Action === 'DescribeInstances') {
        xml(response, instances(['i-1', 'i-2', 'i-3'].map((id) => ({ id, groups: ['sg-a', 'sg-0'], tag: 'sg-a' }))));
        return;
      }
      waiting.push(() => {
        done.push(form.InstanceId);
        if (form.InstanceId === 'i-1') ec2Error(response, 'UnauthorizedOperation', 403);
        else xml(response, '<ModifyInstanceAttributeResponse><return>true</return></ModifyInstanceAttributeResponse>');
      });
      // Answers none before all have come: one after another would never end. The one that fails does so first.
      if (waiting.length < 3) return;
      for (const [index, answer] of waiting.entries()) setTimeout(answer, index === 0 ? 0 : 50);
    });

    const fault = await faultOf(() =>
      new Ec2Isolation(clients).setIsolation(home, ['i-1', 'i-2', 'i-3'], 'sg-0', true),
    );

    expect(fault.kind).toBe('denied');
    expect([...done].sort()).toEqual(['i-1', 'i-2', 'i-3']);
  });

  it.each(['readIsolation', 'setIsolation'] as const)(
    'is invalid, and changes nothing, when an instance has several network interfaces (%s)',
    async (method) => {
      const { clients, seen } = await standIn([home], (_seen, response) => {
        xml(response, instances([{ id: 'i-1', groups: ['sg-0'], interfaces: 2 }]));
      });
      const isolation = new Ec2Isolation(clients);

      const fault = await faultOf(() => isolation[method](home, ['i-1'], 'sg-0', true));

      expect(fault).toMatchObject({ kind: 'invalid', detail: expect.stringContaining('several network interfaces') });
      expect(actionsOf(seen)).toEqual(['DescribeInstances']);
    },
  );

  it('asks by filter, so that an instance that is gone does not fail the answer about the rest', async () => {
    const { clients, seen } = await standIn([home], (_seen, response) => {
      xml(response, instances([{ id: 'i-1', groups: ['sg-0'] }]));
    });

    const isolation = await new Ec2Isolation(clients).readIsolation(home, ['i-1', 'i-2'], 'sg-0');

    expect(isolation).toEqual({ isIsolated: true, isReleased: false });
    expect(seen[0]?.form).toMatchObject({
      'Filter.1.Name': 'instance-id',
      'Filter.1.Value.1': 'i-1',
      'Filter.1.Value.2': 'i-2',
    });
    expect(Object.keys(seen[0]?.form ?? {})).not.toContain('InstanceId.1');
  });

  it('times out when no answer comes', async () => {
    const { clients } = await standIn([home], () => {}, { callDeadlineMs: 100 });

    const fault = await faultOf(() => new Ec2Isolation(clients).readIsolation(home, ['i-1'], 'sg-0'));

    expect(fault.kind).toBe('timeout');
  });
});

interface Described {
  readonly id: string;
  readonly groups: readonly string[];
  readonly tag?: string;
  readonly interfaces?: number;
}

/** The answer to DescribeInstances. */
function instances(all: readonly Described[]): string {
  const items = all.map(({ id, groups, tag, interfaces = 1 }) => {
    const set = groups.map((group) => `<item><groupId>${group}</groupId></item>`).join('');
    const cards = `<item><groupSet>${set}</groupSet></item>`.repeat(interfaces);
    const tags = tag === undefined ? '' : `<item><key>${isolationTag}</key><value>${tag}</value></item>`;
    return (
      `<item><instanceId>${id}</instanceId><instanceState><name>running</name></instanceState>` +
      `<groupSet>${set}</groupSet><networkInterfaceSet>${cards}</networkInterfaceSet><tagSet>${tags}</tagSet></item>`
    );
  });
  const set = `<instancesSet>${items.join('')}</instancesSet>`;
  return `<DescribeInstancesResponse><reservationSet><item>${set}</item></reservationSet></DescribeInstancesResponse>`;
}
