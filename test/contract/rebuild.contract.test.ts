import { describe, expect, it } from 'vitest';
import { rebuildHandlers } from '../../src/adapters/aws/rebuild.ts';
import { defineDeployment } from '../../src/config/loader.ts';
import { kinds } from '../../src/core/kinds/kinds.ts';
import type { RebuildThing } from '../../src/core/kinds/rebuild.ts';
import type { KindHandlers } from '../../src/ports/ports.ts';
import { SimAccount } from '../support/sim-account.ts';
import { type Answering, faultOf, standIn, xml, xmlError } from '../support/stand-in.ts';
import { shop } from '../unit/config/shop.fixture.ts';

const [home, away] = ['us-east-1', 'us-west-2'];
const arnOf = (region: string, id: string) => `arn:aws:rds:${region}:111122223333:db:${id}`;
const thing: RebuildThing = {
  region: home,
  service: 'web',
  site: 'virginia',
  instance: 'shop-east',
  source: { region: away, instance: 'shop-west' },
  aside: 'shop-east-before-2',
};

/** Data that Oregon writes since a promotion, and that Virginia wrote before. */
interface Opened {
  readonly handlers: KindHandlers<'rebuild'>;
  /** Lets what is under way end. */
  readonly settle: () => void | Promise<void>;
}

function describeContract(open: () => Promise<Opened>): void {
  it('renames the old writer, then makes a replica in its place, and then has nothing to do', async () => {
    const { handlers, settle } = await open();
    const look = async () => kinds.rebuild.compare(thing, await handlers['read:rebuild'](thing));
    const seen: string[] = [];

    for (const _step of ['rename', 'create']) {
      seen.push(await look());
      await handlers['write:rebuild'](thing);
      seen.push(await look());
      await settle();
    }
    seen.push(await look());

    expect(seen).toEqual(['differs', 'on-its-way', 'differs', 'on-its-way', 'as-ordered']);
  });

  it('changes nothing while a change is under way, nor once it is done', async () => {
    const { handlers, settle } = await open();
    const write = async () => await handlers['write:rebuild'](thing);

    for (const _step of ['rename', 'create']) {
      await write();
      await write();
      await settle();
    }
    await write();

    expect(await handlers['read:rebuild'](thing)).toEqual({ role: 'replica' });
  });
}

describe('data that is made anew, in the simulator', () => {
  describeContract(async () => {
    const { web } = shop.services;
    if (!web) return expect.fail('the fixture has no service "web"');
    const instances = { virginia: 'shop-east', oregon: 'shop-west' };
    const data = { kind: 'rds-replica' as const, instances };
    const failover = { maxReplicationLagMs: 60_000 };
    const account = new SimAccount(defineDeployment({ ...shop, services: { web: { ...web, data, failover } } }));
    const token = { epoch: 2, attempt: 1 };
    const promotion = {
      token,
      service: 'web',
      from: 'virginia',
      to: 'oregon',
      isPlanned: false,
      isDataLossAllowed: true,
    };
    await account.call(away, 'write:promote', { region: away, data, ...promotion });
    const settle = () => account.world.scheduler.runUntil(account.world.nowMs + 180_000);
    settle();
    return {
      handlers: {
        'read:rebuild': (given) => account.call(home, 'read:rebuild', given),
        'write:rebuild': (given) => account.call(home, 'write:rebuild', given),
      },
      settle,
    };
  });
});

interface Instance {
  id: string;
  readonly region: string;
  status: string;
  source?: string;
  readonly more?: string;
}

/**
 * Answers as the RDS query protocol does: a rename and a creation take some time, and one that is under way refuses any
 * other. Source: Amazon RDS API Reference, "ModifyDBInstance", "CreateDBInstanceReadReplica".
 */
function instancesServer(instances: Instance[], changes: Record<string, string>[]): Answering {
  return ({ form, headers }, response) => {
    const region = /Credential=[^/]+\/\d+\/([a-z0-9-]+)\//.exec(String(headers.authorization))?.[1] ?? '';
    const found = instances.find(({ id, region: at }) => id === form.DBInstanceIdentifier && at === region);
    const answer = (body: string) =>
      xml(
        response,
        `<${form.Action}Response><${form.Action}Result>${body}</${form.Action}Result></${form.Action}Response>`,
      );
    if (form.Action === 'CreateDBInstanceReadReplica') {
      changes.push({ ...form });
      if (found !== undefined) return xmlError(response, 'DBInstanceAlreadyExists');
      const source = form.SourceDBInstanceIdentifier ?? '';
      instances.push({ id: form.DBInstanceIdentifier ?? '', region, status: 'creating', source });
      return answer('<DBInstance/>');
    }
    if (found === undefined) return xmlError(response, 'DBInstanceNotFound', 404);
    if (form.Action === 'ModifyDBInstance') {
      changes.push({ ...form });
      if (found.status !== 'available') return xmlError(response, 'InvalidDBInstanceState');
      found.status = `renaming ${form.NewDBInstanceIdentifier}`;
      return answer('<DBInstance/>');
    }
    return answer(`<DBInstances><DBInstance>${instanceXml(found)}</DBInstance></DBInstances>`);
  };
}

function instanceXml({ id, region, status, source, more = '' }: Instance): string {
  const from =
    source === undefined
      ? ''
      : `<ReadReplicaSourceDBInstanceIdentifier>${source}</ReadReplicaSourceDBInstanceIdentifier>`;
  return `<DBInstanceIdentifier>${id}</DBInstanceIdentifier><DBInstanceArn>${arnOf(region, id)}</DBInstanceArn><DBInstanceStatus>${status.split(' ')[0]}</DBInstanceStatus>${from}${more}`;
}

/** What the old writer was made with. */
const made =
  '<DBInstanceClass>db.r7g.large</DBInstanceClass><StorageEncrypted>true</StorageEncrypted><KmsKeyId>key-east</KmsKeyId>' +
  '<MultiAZ>true</MultiAZ><PubliclyAccessible>false</PubliclyAccessible><DeletionProtection>true</DeletionProtection>' +
  '<DBSubnetGroup><DBSubnetGroupName>private</DBSubnetGroupName></DBSubnetGroup><Endpoint><Port>3307</Port></Endpoint>' +
  '<VpcSecurityGroups><VpcSecurityGroupMembership><VpcSecurityGroupId>sg-db</VpcSecurityGroupId></VpcSecurityGroupMembership></VpcSecurityGroups>' +
  '<DBParameterGroups><DBParameterGroup><DBParameterGroupName>shop-tuned</DBParameterGroupName></DBParameterGroup></DBParameterGroups>';

async function openRds(east: Partial<Instance> | null = {}, west: Partial<Instance> | null = {}) {
  const instances: Instance[] = [];
  if (east) instances.push({ id: 'shop-east', region: home, status: 'available', more: made, ...east });
  if (west) instances.push({ id: 'shop-west', region: away, status: 'available', ...west });
  const changes: Record<string, string>[] = [];
  const { clients } = await standIn([home, away], instancesServer(instances, changes));
  const settle = () => {
    for (const one of instances) {
      const [status, name] = one.status.split(' ');
      if (status === 'renaming' && name !== undefined) one.id = name;
      one.status = 'available';
    }
  };
  return { handlers: rebuildHandlers(clients), settle, instances, changes };
}

// moto 5.2.1 renames and creates at once, and has no statuses in between.
describe('data that is made anew, in RDS by a stand-in', () => {
  describeContract(async () => await openRds());

  it('keeps the old instance under its new name, and makes the replica like it', async () => {
    const { handlers, settle, instances, changes } = await openRds();

    await handlers['write:rebuild'](thing);
    settle();
    await handlers['write:rebuild'](thing);

    expect(changes.map(({ Action }) => Action)).toEqual(['ModifyDBInstance', 'CreateDBInstanceReadReplica']);
    expect(changes[0]).toMatchObject({ NewDBInstanceIdentifier: 'shop-east-before-2', ApplyImmediately: 'true' });
    expect(changes[1]).toMatchObject({
      DBInstanceIdentifier: 'shop-east',
      SourceDBInstanceIdentifier: arnOf(away, 'shop-west'),
      DBInstanceClass: 'db.r7g.large',
      KmsKeyId: 'key-east',
      DBSubnetGroupName: 'private',
      DBParameterGroupName: 'shop-tuned',
      'VpcSecurityGroupIds.VpcSecurityGroupId.1': 'sg-db',
      Port: '3307',
      MultiAZ: 'true',
      DeletionProtection: 'true',
      PreSignedUrl: expect.stringContaining('Action=CreateDBInstanceReadReplica'),
    });
    expect(instances.map(({ id }) => id)).toEqual(['shop-east-before-2', 'shop-west', 'shop-east']);
  });

  it.each<[string, Partial<Instance> | null, Partial<Instance> | null, string]>([
    ['the writer is not there', {}, null, 'is not there: nothing is made a replica of it'],
    ['the writer is a replica itself', {}, { source: 'shop-other' }, 'is a replica itself'],
    [
      'the writer keeps no backups',
      {},
      { more: '<BackupRetentionPeriod>0</BackupRetentionPeriod>' },
      'no automated backups',
    ],
    ['the old one is a replica of something else', { source: arnOf(away, 'other') }, {}, 'a person has to look at it'],
    ['there is neither the old one nor a kept one', null, {}, 'create shop-east by hand'],
  ])('changes nothing where %s, and says so', async (_, east, west, says) => {
    const { handlers, changes } = await openRds(east, west);

    const fault = await faultOf(() => handlers['write:rebuild'](thing));

    expect(fault.detail).toContain(says);
    expect(['invalid', 'denied']).toContain(fault.kind);
    expect(changes).toEqual([]);
  });

  it.each(['modifying', 'backing-up', 'rebooting', 'storage-full'])(
    'waits while the new writer is %s: nothing is renamed before a replica can be made of it',
    async (status) => {
      const { handlers, changes } = await openRds({}, { status });

      await handlers['write:rebuild'](thing);

      expect(await handlers['read:rebuild'](thing)).toEqual({ role: 'making' });
      expect(changes).toEqual([]);
    },
  );
});
