import { readFileSync } from 'node:fs';
import {
  AutoScalingClient,
  CreateAutoScalingGroupCommand,
  CreateLaunchConfigurationCommand,
} from '@aws-sdk/client-auto-scaling';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EC2Client, RunInstancesCommand, StopInstancesCommand, TerminateInstancesCommand } from '@aws-sdk/client-ec2';
import {
  CreateClusterCommand,
  CreateServiceCommand,
  ECSClient,
  RegisterTaskDefinitionCommand,
} from '@aws-sdk/client-ecs';
import { CreateDBClusterCommand, CreateDBInstanceCommand, RDSClient } from '@aws-sdk/client-rds';
import { describe, expect, it } from 'vitest';
import type { AwsClients } from '../../src/adapters/aws/clients.ts';
import type { ScaleChange } from '../../src/adapters/aws/start/scale-handle.ts';
import { AwsCompute } from '../../src/adapters/aws/start.ts';
import { defineDeployment } from '../../src/config/loader.ts';
import { type ScaleState, start } from '../../src/core/kinds/start.ts';
import type { Scalable } from '../../src/core/model/site.ts';
import { describeOnMoto } from '../support/on-moto.ts';
import { type DbClusterState, dbClusterServer } from '../support/servers/db-cluster-server.ts';
import { dbReaderServer, type ReadClusterState } from '../support/servers/db-reader-server.ts';
import { type KubernetesServer, kubernetesServer } from '../support/servers/kubernetes-server.ts';
import { SimAccount } from '../support/sim-account.ts';
import { type Answering, faultOf, jsonError, standIn, xml, xmlError } from '../support/stand-in.ts';
import { zones } from '../unit/config/shop.fixture.ts';

type Compute = Pick<AwsCompute, 'readScale' | 'setScale'>;

const strangerPem = readFileSync(new URL('../support/tls/stranger.cert.pem', import.meta.url));
const home = 'us-east-1';
const sizes = { size: 3, asActive: false, standbySize: 1 };
const concurrency = { kind: 'provisioned-concurrency', functionName: 'web', alias: 'live', ...sizes } as const;
/** The site of the fixture that runs on it. */
const place = { region: home, service: 'web', site: 'right' };
const to = (size: number): ScaleChange => ({ size, isServing: size > 1, token: { epoch: 4, attempt: 2 } });
const scalables = {
  'auto-scaling-group': { kind: 'auto-scaling-group', name: 'web', ...sizes },
  'ecs-service': { kind: 'ecs-service', cluster: 'shop', name: 'web', ...sizes },
  'eks-nodegroup': { kind: 'eks-nodegroup', cluster: 'shop', name: 'web', ...sizes },
  'eks-deployment': { kind: 'eks-deployment', cluster: 'shop', namespace: 'shop', name: 'web', ...sizes },
  'provisioned-concurrency': concurrency,
  instances: { kind: 'instances', instanceIds: ['i-right'] },
  'aurora-serverless': { kind: 'aurora-serverless', cluster: 'shop', ...sizes },
  'aurora-readers': { kind: 'aurora-readers', cluster: 'shop', ...sizes },
  'dynamodb-capacity': { kind: 'dynamodb-capacity', table: 'shop', units: 'write', ...sizes },
  custom: { kind: 'custom', functionName: 'scale-eks', ...sizes },
} satisfies { readonly [K in Scalable['kind']]: Scalable };

/** What the core makes of what is seen of a thing whose site serves. */
const compared = (scalable: Scalable, size: number, seen: ScaleState) =>
  start.compare({ ...place, scalable, size, isServing: true, token: { epoch: 4, attempt: 2 } }, seen);

/** Something that holds a thing at its standby size. */
type Open = () => Promise<{ readonly compute: Compute; readonly scalable: Scalable }>;

/** @param isReadySoon - false where the stand-in for AWS never starts what it is asked for */
function describeContract(open: Open, isReadySoon = true): void {
  it('wants what was asked for last, and is ready by and by', async () => {
    const { compute, scalable } = await open();
    const full = scalable.kind === 'instances' ? 1 : 3;

    await compute.setScale(place, scalable, to(full));

    // Each look of the simulator's takes virtual time; AWS's stand-ins need one.
    let seen = await compute.readScale(place, scalable);
    for (let looks = 1; isReadySoon && seen.ready < full && looks < 20; looks += 1) {
      seen = await compute.readScale(place, scalable);
    }
    expect(seen.wanted).toBe(full);
    if (isReadySoon) expect(seen.ready).toBe(full);
  });

  it('is as it was when asked twice, and comes down again', async () => {
    const { compute, scalable } = await open();
    const [full, low] = scalable.kind === 'instances' ? [1, 0] : [3, 1];

    for (const size of [full, full, low, low]) {
      await compute.setScale(place, scalable, to(size));
      // What is being changed is asked for nothing.
      for (let looks = 0; looks < 20 && (await compute.readScale(place, scalable)).isChanging; looks += 1);
    }

    expect((await compute.readScale(place, scalable)).wanted).toBe(low);
  });

  it('is invalid to read what is not there', async () => {
    const { compute, scalable } = await open();
    const missing: Scalable =
      scalable.kind === 'instances'
        ? { ...scalable, instanceIds: ['i-0123456789abcdef0'] }
        : scalable.kind === 'provisioned-concurrency'
          ? scalable
          : scalable.kind === 'custom'
            ? { ...scalable, functionName: 'nobody' }
            : scalable.kind === 'aurora-serverless' || scalable.kind === 'aurora-readers'
              ? { ...scalable, cluster: 'nobody' }
              : scalable.kind === 'dynamodb-capacity'
                ? { ...scalable, table: 'nobody' }
                : { ...scalable, name: 'nobody' };
    if (missing === scalable) {
      // An alias without a configuration is no mistake: its size is 0.
      await compute.setScale(place, scalable, to(0));
      expect(await compute.readScale(place, scalable)).toEqual({ wanted: 0, ready: 0 });
      return;
    }
    expect((await faultOf(() => compute.readScale(place, missing))).kind).toBe('invalid');
  });
}

describe.each(Object.values(scalables))('$kind in the simulator', (scalable) => {
  describeContract(async () => {
    const web = zones.services.web;
    if (!web) throw new Error('the fixture has a service');
    const { left, right } = web.sites;
    if (!left || !right) throw new Error('the fixture has two sites');
    const standby = scalable.kind === 'instances' ? ('cold' as const) : ('warm' as const);
    const sites = { left, right: { ...right, standby, scale: [scalable], bootMs: 10_000 } };
    const account = new SimAccount(defineDeployment({ ...zones, services: { web: { ...web, sites } } }));
    const compute: Compute = {
      readScale: (at, given) => account.call(home, 'read:start', { ...at, scalable: given, ...to(0) }),
      setScale: async (at, given, change) => {
        await account.call(home, 'write:start', { ...at, scalable: given, ...change });
      },
    };
    return { compute, scalable };
  });
});

let made = 0;

describeOnMoto('compute in AWS, by moto', [home], (clients) => {
  describe('auto-scaling-group', () => describeContract(() => makeGroup(clients())));
  // moto starts no task of a service: runningCount stays 0 (MOTO_ECS_SERVICE_RUNNING aside, which is for all services).
  describe('ecs-service', () => describeContract(() => makeService(clients()), false));
  describe('instances', () => describeContract(() => makeInstance(clients())));
  describe('aurora-serverless', () => describeContract(() => makeCluster(clients())));
  describe('dynamodb-capacity', () => describeContract(() => makeTable(clients())));

  it('raises MaxSize where it would refuse the size, and leaves MinSize alone', async () => {
    const { compute, scalable } = await makeGroup(clients());

    await compute.setScale(place, scalable, to(5));
    const fault = await faultOf(() => compute.setScale(place, scalable, to(0)));

    expect(await compute.readScale(place, scalable)).toEqual({ wanted: 5, ready: 5 });
    expect(fault).toMatchObject({ kind: 'invalid', detail: expect.stringContaining('MinSize 1') });
  });

  it('starts the others when one instance is gone, and says so', async () => {
    const [gone, left] = [await makeInstance(clients()), await makeInstance(clients())];
    const instanceIds = [gone, left].flatMap(({ scalable }) => ('instanceIds' in scalable ? scalable.instanceIds : []));
    const [goneId = ''] = instanceIds;
    await clients()
      .of(EC2Client, home)
      .send(new TerminateInstancesCommand({ InstanceIds: [goneId] }));

    const fault = await faultOf(() => left.compute.setScale(place, { kind: 'instances', instanceIds }, to(1)));

    expect(fault).toMatchObject({ kind: 'invalid', detail: expect.stringContaining(goneId) });
    expect(await left.compute.readScale(place, left.scalable)).toEqual({ wanted: 1, ready: 1 });
  });
});

describe('provisioned-concurrency in Lambda, by a stand-in', () => {
  describeContract(async () => ({ compute: new AwsCompute((await lambdaStandIn()).clients), scalable: concurrency }));
});

// moto 5.2.1 names an Auto Scaling group for a node group, and has none.
describe('eks-nodegroup in EKS, by a stand-in', () => {
  const nodegroup = scalables['eks-nodegroup'];

  describeContract(async () => {
    const { clients } = await standIn([home], nodegroupServer({ desiredSize: 1, minSize: 0, maxSize: 3 }));
    return { compute: new AwsCompute(clients), scalable: nodegroup };
  });

  it('raises maxSize where it would refuse the size, and leaves minSize alone', async () => {
    const config = { desiredSize: 1, minSize: 1, maxSize: 3 };
    const { clients } = await standIn([home], nodegroupServer(config));
    const compute = new AwsCompute(clients);

    await compute.setScale(place, nodegroup, to(5));
    const fault = await faultOf(() => compute.setScale(place, nodegroup, to(0)));

    expect(config).toEqual({ desiredSize: 5, minSize: 1, maxSize: 5 });
    expect(fault).toMatchObject({ kind: 'invalid', detail: expect.stringContaining('minSize 1') });
  });

  it('says what is wrong with the group when another update is under way', async () => {
    const config = { desiredSize: 1, minSize: 0, maxSize: 3 };
    const { clients } = await standIn([home], nodegroupServer(config, { issue: 'AsgInstanceLaunchFailures' }));

    const fault = await faultOf(() => new AwsCompute(clients).setScale(place, nodegroup, to(3)));

    expect(fault).toMatchObject({ kind: 'unavailable', detail: expect.stringContaining('AsgInstanceLaunchFailures') });
    expect(config.desiredSize).toBe(1);
  });

  it.each(['CREATING', 'UPDATING'])('waits for the end of what makes it %s, and says so', async (status) => {
    const config = { desiredSize: 1, minSize: 0, maxSize: 3 };
    const { clients } = await standIn([home], nodegroupServer(config, { status }));

    const seen = await new AwsCompute(clients).readScale(place, nodegroup);

    expect(seen).toEqual({ wanted: 1, ready: 1, isBusy: true, hindrance: `node group web: it is ${status}` });
    expect(compared(nodegroup, 3, seen)).toBe('on-its-way');
  });
});

// moto 5.2.1 knows clusters of EKS, and has no Kubernetes behind them.
describe('eks-deployment in a cluster of EKS, by a stand-in', () => {
  const deployment = scalables['eks-deployment'];
  const clusterOf = async (kubernetes: KubernetesServer, more: object = {}) => {
    const { endpoint, authority } = kubernetes;
    const cluster = { name: 'shop', status: 'ACTIVE', endpoint, certificateAuthority: { data: authority }, ...more };
    const { clients } = await standIn([home], ({ path }, response) =>
      path === '/clusters/shop'
        ? response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ cluster }))
        : jsonError(response, 'ResourceNotFoundException', 404),
    );
    return new AwsCompute(clients);
  };

  describeContract(async () => ({ compute: await clusterOf(await kubernetesServer()), scalable: deployment }));

  it('writes the replicas and nothing else, as whoever STS says that it is', async () => {
    const kubernetes = await kubernetesServer();

    await (await clusterOf(kubernetes)).setScale(place, deployment, to(5));

    const [patch] = kubernetes.asked;
    const token = String(patch?.headers.authorization).replace('Bearer k8s-aws-v1.', '');
    const asked = new URL(Buffer.from(token, 'base64url').toString());
    expect(kubernetes.replicas()).toBe(5);
    expect([patch?.path, patch?.body]).toEqual([
      '/apis/apps/v1/namespaces/shop/deployments/web/scale',
      '{"spec":{"replicas":5}}',
    ]);
    expect(asked.origin).toBe(`https://sts.${home}.amazonaws.com`);
    expect(Object.fromEntries(asked.searchParams)).toMatchObject({
      Action: 'GetCallerIdentity',
      'X-Amz-Expires': '60',
      'X-Amz-SignedHeaders': 'host;x-k8s-aws-id',
    });
  });

  it.each([
    [401, 'denied'],
    [403, 'denied'],
    [429, 'throttled'],
    [500, 'unavailable'],
  ])('is told by what Kubernetes answers (status=%i)', async (status, kind) => {
    const compute = await clusterOf(await kubernetesServer(status));

    const fault = await faultOf(() => compute.readScale(place, deployment));

    expect(fault).toMatchObject({ kind, detail: expect.stringContaining(`refused with ${status}`) });
  });

  it('is not ready by what was counted before the last change', async () => {
    const compute = await clusterOf(await kubernetesServer(undefined, true));

    expect(await compute.readScale(place, deployment)).toEqual({ wanted: 1, ready: 0 });
  });

  it('trusts nobody whom EKS does not vouch for, and asks no cluster that has no endpoint yet', async () => {
    const stranger = { certificateAuthority: { data: Buffer.from(strangerPem).toString('base64') } };
    const kubernetes = await kubernetesServer();
    const forged = await clusterOf(kubernetes, stranger);
    const unborn = await clusterOf(kubernetes, { endpoint: undefined, status: 'CREATING' });

    expect((await faultOf(() => forged.readScale(place, deployment))).kind).toBe('unavailable');
    expect(await faultOf(() => unborn.readScale(place, deployment))).toMatchObject({
      kind: 'unavailable',
      detail: `cluster shop in ${home} is CREATING`,
    });
    expect(kubernetes.asked).toEqual([]);
  });
});

// moto 5.2.1 takes any range of capacity at any time, and shows it at once.
describe('aurora-serverless in RDS, by a stand-in', () => {
  describeContract(async () => {
    const { clients } = await standIn([home], dbClusterServer(serverless()));
    return { compute: new AwsCompute(clients), scalable: scalables['aurora-serverless'] };
  });

  it('is not ready while Aurora changes the cluster, nor without an instance', async () => {
    const changing = { ...serverless(), describesModifying: 2 };
    const { clients } = await standIn([home], dbClusterServer(changing));
    const empty = await standIn([home], dbClusterServer({ ...serverless(), instances: [] }));
    const compute = new AwsCompute(clients);

    await compute.setScale(place, scalables['aurora-serverless'], to(3));

    const look = () => compute.readScale(place, scalables['aurora-serverless']);
    const seen = [await look(), await look(), await look()];
    expect(seen).toEqual([
      { wanted: 3, ready: 0, isBusy: true, hindrance: 'cluster shop is modifying' },
      { wanted: 3, ready: 0, isBusy: true, hindrance: 'cluster shop is modifying' },
      { wanted: 3, ready: 3 },
    ]);
    expect(await new AwsCompute(empty.clients).readScale(place, scalables['aurora-serverless'])).toMatchObject({
      ready: 0,
    });
  });

  it('raises the maximum where it would refuse the size, and keeps it otherwise', async () => {
    const { clients, seen } = await standIn([home], dbClusterServer(serverless()));
    const compute = new AwsCompute(clients);

    for (const size of [8.5, 64, 1]) await compute.setScale(place, scalables['aurora-serverless'], to(size));

    const asked = seen.flatMap(({ form }) => (form.Action === 'ModifyDBCluster' ? [form] : []));
    expect(asked.map((form) => [minOf(form), maxOf(form), form.ApplyImmediately])).toEqual([
      ['8.5', '16', 'true'],
      ['64', '64', 'true'],
      ['1', '64', 'true'],
    ]);
  });

  it.each([
    ['modifying', 0, 'on-its-way', 'on-its-way'],
    ['upgrading', 0, 'on-its-way', 'on-its-way'],
    ['backing-up', 1, 'on-its-way', 'as-ordered'],
    ['promoting', 1, 'on-its-way', 'as-ordered'],
    ['stopped', 0, 'differs', 'on-its-way'],
    ['inaccessible-encryption-credentials', 0, 'differs', 'on-its-way'],
  ])('waits for the end of what passes by itself (%s)', async (status, ready, grown, same) => {
    const { clients } = await standIn([home], dbClusterServer({ ...serverless(), status }));

    const seen = await new AwsCompute(clients).readScale(place, scalables['aurora-serverless']);

    expect(seen).toMatchObject({ wanted: 1, ready });
    expect(compared(scalables['aurora-serverless'], 3, seen)).toBe(grown);
    expect(compared(scalables['aurora-serverless'], 1, seen)).toBe(same);
  });

  it.each([
    ['is under way', { ...serverless(), status: 'modifying' }, 'unavailable'],
    ['has no instance that could have one', { ...serverless(), max: null }, 'invalid'],
  ])('takes no size while another change %s', async (_, state, kind) => {
    const { clients } = await standIn([home], dbClusterServer(state));

    const fault = await faultOf(() => new AwsCompute(clients).setScale(place, scalables['aurora-serverless'], to(3)));

    expect(fault.kind).toBe(kind);
  });
});

// moto 5.2.1 makes an instance of any cluster at once, and deletes the last one, too.
describe('aurora-readers in RDS, by a stand-in', () => {
  const readers = scalables['aurora-readers'];
  const open = async (state: ReadClusterState) => {
    const { clients, seen } = await standIn([home], dbReaderServer(state));
    const compute = new AwsCompute(clients);
    return { compute, seen, look: () => compute.readScale(place, readers) };
  };
  const idsOf = ({ instances }: ReadClusterState) => instances.map(({ id }) => id);

  describeContract(async () => ({
    compute: (await open(readCluster(['shop-a', 'shop-b']))).compute,
    scalable: readers,
  }));

  it('counts what takes connections besides one, and not what is made or deleted', async () => {
    const state = readCluster(['shop-a', 'shop-b'], { looks: 2 });
    const { compute, look } = await open(state);

    await compute.setScale(place, readers, to(3));
    const grown = [await look(), await look(), await look()];
    await compute.setScale(place, readers, to(1));
    const shrunk = [await look(), await look(), await look()];

    expect(grown).toEqual([
      { wanted: 3, ready: 1 },
      { wanted: 3, ready: 1 },
      { wanted: 3, ready: 3 },
    ]);
    expect(shrunk).toEqual(Array(3).fill({ wanted: 1, ready: 1 }));
    expect(idsOf(state)).toEqual(['shop-a', 'shop-b']);
  });

  it.each([
    ['modifying', 'on-its-way'],
    ['stopped', 'differs'],
  ])('waits for the end of what is done to the cluster (%s)', async (status, grown) => {
    const { look } = await open(readCluster(['shop-a', 'shop-b'], { status }));

    expect(compared(readers, 3, await look())).toBe(grown);
  });

  it('makes them like an instance that is there, as the last to be made the writer', async () => {
    const state = readCluster(['shop-a'], { group: 'shop-tuned' });
    const { compute } = await open(state);

    await compute.setScale(place, readers, to(1));

    expect(state.instances[1]).toMatchObject({
      id: 'shop-failover-1',
      form: {
        DBClusterIdentifier: 'shop',
        DBInstanceClass: 'db.r7g.large',
        Engine: 'aurora-postgresql',
        PubliclyAccessible: 'false',
        PromotionTier: '15',
        DBParameterGroupName: 'shop-tuned',
        'Tags.Tag.1.Value': 'web',
      },
    });
  });

  it('names no parameter group where AWS gives its own, and takes the first names that are free', async () => {
    const state = readCluster(['shop-a', 'shop-failover-2']);
    const { compute } = await open(state);

    await compute.setScale(place, readers, to(3));

    expect(idsOf(state)).toEqual(['shop-a', 'shop-failover-2', 'shop-failover-1', 'shop-failover-3']);
    expect(state.instances.at(-1)?.form).not.toHaveProperty('DBParameterGroupName');
  });

  it('takes one that was made meanwhile for its own', async () => {
    const state = readCluster(['shop-a']);
    const { clients } = await standIn([home], (seen, response, index) => {
      if (seen.form.Action === 'CreateDBInstance') xmlError(response, 'DBInstanceAlreadyExists');
      else dbReaderServer(state)(seen, response, index);
    });

    await expect(new AwsCompute(clients).setScale(place, readers, to(1))).resolves.toBeUndefined();
  });

  it('deletes what it has made, the newest first, and never one that writes', async () => {
    const state = readCluster(['shop-failover-1', 'shop-failover-2', 'shop-failover-3', 'shop-a']);
    Object.assign(state.instances[2] ?? {}, { isWriter: true });
    const { compute, look } = await open(state);

    await compute.setScale(place, readers, to(1));
    await look();

    expect(idsOf(state)).toEqual(['shop-failover-3', 'shop-a']);
  });

  it.each([
    ['the readers that a person has made', ['shop-a', 'shop-b', 'shop-c', 'shop-failover-1'], 'raise standbySize to 2'],
    ['the last instance', ['shop-failover-1'], null],
  ])('leaves %s alone', async (_, ids, says) => {
    const state = readCluster(ids);
    const { compute, seen } = await open(state);
    const shrink = () => compute.setScale(place, readers, to(0));

    if (says === null) await shrink();
    else expect(await faultOf(shrink)).toMatchObject({ kind: 'invalid', detail: expect.stringContaining(says) });

    expect(seen.some(({ form }) => form.Action === 'DeleteDBInstance')).toBe(false);
    expect(idsOf(state)).toEqual(ids);
  });

  it.each([
    ['that has none to make one like', readCluster([]), 'invalid'],
    ['that Aurora changes at the time', readCluster(['shop-a'], { status: 'modifying' }), 'unavailable'],
  ])('makes none in a cluster %s', async (_, state, kind) => {
    const { compute } = await open(state);

    expect((await faultOf(() => compute.setScale(place, readers, to(2)))).kind).toBe(kind);
  });

  it('knows no readers of a cluster without an instance', async () => {
    const { look } = await open(readCluster([]));

    expect(await look()).toEqual({ wanted: 0, ready: 0 });
  });
});

describe('custom in Lambda, by a stand-in', () => {
  describeContract(async () => ({
    compute: new AwsCompute((await hookStandIn()).clients),
    scalable: scalables.custom,
  }));

  it('is told the site, its state, the size and whose order it is', async () => {
    const { clients, seen } = await hookStandIn();
    const compute = new AwsCompute(clients);

    await compute.readScale(place, scalables.custom);
    await compute.setScale(place, scalables.custom, to(3));
    await compute.setScale(place, scalables.custom, to(1));

    const common = { service: 'web', site: 'right', mode: 'scale' };
    expect(seen.map(({ path }) => path)).toEqual(Array(3).fill('/2015-03-31/functions/scale-eks/invocations'));
    expect(seen.map(({ body }) => JSON.parse(body))).toEqual([
      { action: 'read', ...common },
      { action: 'set', ...common, state: 'serving', size: 3, epoch: 4, attempt: 2 },
      { action: 'set', ...common, state: 'standby', size: 1, epoch: 4, attempt: 2 },
    ]);
  });

  it.each([
    ['nothing', null, 'invalid'],
    ['a yes', { wanted: true, ready: true }, 'invalid'],
    ['half of it', { wanted: 3 }, 'invalid'],
    ['less than nothing', { wanted: 3, ready: -1 }, 'invalid'],
    ['a veto', { veto: 'the cluster is being upgraded' }, 'denied'],
  ])('knows no size when it answers %s', async (_, answer, kind) => {
    const { clients } = await standIn([home], (_seen, response) => response.end(JSON.stringify(answer)));

    const fault = await faultOf(() => new AwsCompute(clients).readScale(place, scalables.custom));

    expect(fault.kind).toBe(kind);
  });

  it.each([
    ['that it is not ok', { ok: false }, 'invalid'],
    ['with a size', { wanted: 3, ready: 3 }, 'invalid'],
    ['a veto', { veto: 'the cluster is being upgraded' }, 'denied'],
  ])('has not taken a size when it answers %s', async (_, answer, kind) => {
    const { clients } = await standIn([home], (_seen, response) => response.end(JSON.stringify(answer)));

    const fault = await faultOf(() => new AwsCompute(clients).setScale(place, scalables.custom, to(3)));

    expect(fault.kind).toBe(kind);
  });
});

describe('AwsCompute on the wire', () => {
  const status = (system: string, instance: string) =>
    `<item><instanceId>i-right</instanceId><systemStatus><status>${system}</status></systemStatus>` +
    `<instanceStatus><status>${instance}</status></instanceStatus></item>`;

  it.each([
    ['ok', 'ok', 1],
    ['ok', 'initializing', 0],
    ['impaired', 'ok', 0],
  ])('a running instance with checks %s and %s counts %d', async (system, instance, ready) => {
    const { clients } = await standIn([home], ({ form }, response) => {
      const item = '<item><instanceId>i-right</instanceId><instanceState><name>running</name></instanceState></item>';
      const set = `<reservationSet><item><instancesSet>${item}</instancesSet></item></reservationSet>`;
      const statuses = `<instanceStatusSet>${status(system, instance)}</instanceStatusSet>`;
      xml(response, `<Answer>${form.Action === 'DescribeInstances' ? set : statuses}</Answer>`);
    });

    expect(await new AwsCompute(clients).readScale(place, scalables.instances)).toMatchObject({ wanted: 1, ready });
  });

  it.each([
    ['Client.UserInitiatedShutdown', null],
    ['Client.InternalError', 'unavailable'],
    ['Server.InternalError', 'unavailable'],
  ])('starts an instance that was stopped by %s, and says when it had not come up', async (code, kind) => {
    const { clients, seen } = await standIn([home], ({ form }, response) => {
      const reason = `<stateReason><code>${code}</code><message>Client error on launch</message></stateReason>`;
      const state = '<instanceState><name>stopped</name></instanceState>';
      const item = `<item><instanceId>i-right</instanceId>${state}${reason}</item>`;
      const set = `<reservationSet><item><instancesSet>${item}</instancesSet></item></reservationSet>`;
      xml(response, `<Answer>${form.Action === 'DescribeInstances' ? set : ''}</Answer>`);
    });
    const start = () => new AwsCompute(clients).setScale(place, scalables.instances, to(1));

    const fault = kind === null ? await start().then(() => null) : await faultOf(start);

    expect(seen.map(({ form }) => form.Action)).toEqual(['DescribeInstances', 'StartInstances']);
    expect(fault?.kind ?? null).toBe(kind);
    if (kind !== null)
      expect(fault?.detail).toContain('i-right stopped when it was started last: Client error on launch');
  });

  it('counts instances of a weighted group in its units, those in service and healthy only', async () => {
    const member = (weight: string, state = 'InService', health = 'Healthy') =>
      `<member><InstanceId>i-1</InstanceId><LifecycleState>${state}</LifecycleState><HealthStatus>${health}</HealthStatus>` +
      `${weight}</member>`;
    const weighs = (units: number) => `<WeightedCapacity>${units}</WeightedCapacity>`;
    const { clients } = await standIn([home], (_seen, response) => {
      const instances = [
        member(weighs(4)),
        member(weighs(2)),
        member(weighs(8), 'Pending'),
        member(weighs(8), 'InService', 'Unhealthy'),
        member(''),
      ].join('');
      const group =
        `<AutoScalingGroupName>web</AutoScalingGroupName><DesiredCapacity>7</DesiredCapacity>` +
        `<Instances>${instances}</Instances>`;
      const result = `<AutoScalingGroups><member>${group}</member></AutoScalingGroups>`;
      xml(response, `<Answer><DescribeAutoScalingGroupsResult>${result}</DescribeAutoScalingGroupsResult></Answer>`);
    });

    const sight = await new AwsCompute(clients).readScale(place, scalables['auto-scaling-group']);

    expect(sight).toEqual({ wanted: 7, ready: 7 });
  });

  it('asks again for concurrency that Lambda gave up on', async () => {
    const { clients } = await standIn([home], (_seen, response) => {
      const body = {
        RequestedProvisionedConcurrentExecutions: 3,
        AvailableProvisionedConcurrentExecutions: 1,
        Status: 'FAILED',
        StatusReason: 'FUNCTION_ERROR_INIT_FAILURE',
      };
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });

    expect(await new AwsCompute(clients).readScale(place, concurrency)).toEqual({
      wanted: 1,
      ready: 1,
      hindrance: 'Lambda gave up on web:live: FUNCTION_ERROR_INIT_FAILURE',
    });
  });
});

const minOf = (form: Readonly<Record<string, string>>) => form['ServerlessV2ScalingConfiguration.MinCapacity'];
const maxOf = (form: Readonly<Record<string, string>>) => form['ServerlessV2ScalingConfiguration.MaxCapacity'];

function readCluster(ids: readonly string[], more: Partial<ReadClusterState> = {}): ReadClusterState {
  return {
    id: 'shop',
    status: 'available',
    instances: ids.map((id) => ({ id, status: 'available' })),
    looks: 1,
    ...more,
  };
}

function serverless(): DbClusterState {
  return { id: 'shop', status: 'available', min: 1, max: 16, instances: ['shop-1'], describesModifying: 0 };
}

/**
 * A node group of EKS and the Auto Scaling group behind it, whose instances are there at once. With an issue, or in any
 * status but ACTIVE, an update is under way. Source: Amazon EKS API Reference, UpdateNodegroupConfig.
 */
function nodegroupServer(
  config: { desiredSize: number; minSize: number; maxSize: number },
  {
    issue,
    status = issue === undefined ? 'ACTIVE' : 'DEGRADED',
  }: { readonly issue?: string; readonly status?: string } = {},
): Answering {
  return ({ method, path, body, form }, response) => {
    if (form.Action === 'DescribeAutoScalingGroups') {
      const member =
        '<member><InstanceId>i-1</InstanceId><LifecycleState>InService</LifecycleState><HealthStatus>Healthy</HealthStatus></member>';
      const group = `<AutoScalingGroupName>eks-web-1</AutoScalingGroupName><Instances>${member.repeat(config.desiredSize)}</Instances>`;
      const result = `<AutoScalingGroups><member>${group}</member></AutoScalingGroups>`;
      return xml(
        response,
        `<Answer><DescribeAutoScalingGroupsResult>${result}</DescribeAutoScalingGroupsResult></Answer>`,
      );
    }
    if (!path.startsWith('/clusters/shop/node-groups/web'))
      return jsonError(response, 'ResourceNotFoundException', 404);
    const answer = (value: object) =>
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));
    if (method === 'GET') {
      const health = { issues: issue === undefined ? [] : [{ code: issue, message: 'no' }] };
      const resources = { autoScalingGroups: [{ name: 'eks-web-1' }] };
      return answer({ nodegroup: { nodegroupName: 'web', status, scalingConfig: config, resources, health } });
    }
    const wanted = { ...config, ...JSON.parse(body).scalingConfig };
    if (status !== 'ACTIVE') return jsonError(response, 'ResourceInUseException', 409);
    if (wanted.desiredSize > wanted.maxSize || wanted.desiredSize < wanted.minSize)
      return jsonError(response, 'InvalidParameterException', 400);
    Object.assign(config, wanted);
    return answer({ update: { id: 'u-1', status: 'InProgress' } });
  };
}

/** A function that scales something at once, which moto runs only with docker. */
async function hookStandIn() {
  let held = 1;
  return await standIn([home], ({ path, body }, response) => {
    const { action, size } = JSON.parse(body) as { readonly action: string; readonly size: number };
    if (!path.includes('/scale-eks/')) {
      jsonError(response, 'InvalidParameterValueException', 400);
      return;
    }
    if (action === 'set') held = size;
    response.end(JSON.stringify(action === 'read' ? { wanted: held, ready: held } : { ok: true }));
  });
}

/** Lambda's provisioned concurrency, which moto 5.2.1 does not have. */
async function lambdaStandIn() {
  let size = 1;
  return await standIn([home], ({ method, body }, response) => {
    if (method === 'DELETE') size = 0;
    if (method === 'PUT') size = JSON.parse(body).ProvisionedConcurrentExecutions;
    if (method === 'GET' && size === 0) {
      jsonError(response, 'ProvisionedConcurrencyConfigNotFoundException', 404);
      return;
    }
    const config = {
      RequestedProvisionedConcurrentExecutions: size,
      AvailableProvisionedConcurrentExecutions: size,
      Status: 'READY',
    };
    const code = { DELETE: 204, PUT: 202 }[method] ?? 200;
    response.writeHead(code, { 'content-type': 'application/json' });
    response.end(method === 'DELETE' ? undefined : JSON.stringify(config));
  });
}

async function makeGroup(clients: AwsClients): ReturnType<Open> {
  made += 1;
  const name = `web-${made}`;
  const client = clients.of(AutoScalingClient, home);
  await client.send(
    new CreateLaunchConfigurationCommand({
      LaunchConfigurationName: name,
      ImageId: 'ami-12c6146b',
      InstanceType: 't3.micro',
    }),
  );
  await client.send(
    new CreateAutoScalingGroupCommand({
      AutoScalingGroupName: name,
      LaunchConfigurationName: name,
      MinSize: 1,
      MaxSize: 3,
      DesiredCapacity: 1,
      AvailabilityZones: [`${home}a`],
    }),
  );
  return { compute: new AwsCompute(clients), scalable: { ...scalables['auto-scaling-group'], name } };
}

async function makeService(clients: AwsClients): ReturnType<Open> {
  made += 1;
  const name = `web-${made}`;
  const client = clients.of(ECSClient, home);
  const containerDefinitions = [{ name, image: 'shop:1', memory: 64 }];
  await client.send(new CreateClusterCommand({ clusterName: 'shop' }));
  await client.send(new RegisterTaskDefinitionCommand({ family: name, containerDefinitions }));
  await client.send(
    new CreateServiceCommand({ cluster: 'shop', serviceName: name, taskDefinition: name, desiredCount: 1 }),
  );
  return { compute: new AwsCompute(clients), scalable: { ...scalables['ecs-service'], name } };
}

async function makeCluster(clients: AwsClients): ReturnType<Open> {
  made += 1;
  const cluster = `shop-${made}`;
  const engine = { DBClusterIdentifier: cluster, Engine: 'aurora-postgresql' };
  const client = clients.of(RDSClient, home);
  await client.send(
    new CreateDBClusterCommand({
      ...engine,
      MasterUsername: 'shop',
      MasterUserPassword: 'not-a-secret',
      ServerlessV2ScalingConfiguration: { MinCapacity: 1, MaxCapacity: 2 },
    }),
  );
  await client.send(
    new CreateDBInstanceCommand({ ...engine, DBInstanceIdentifier: `${cluster}-1`, DBInstanceClass: 'db.serverless' }),
  );
  return { compute: new AwsCompute(clients), scalable: { ...scalables['aurora-serverless'], cluster } };
}

async function makeTable(clients: AwsClients): ReturnType<Open> {
  made += 1;
  const table = `shop-${made}`;
  await clients.of(DynamoDBClient, home).send(
    new CreateTableCommand({
      TableName: table,
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      ProvisionedThroughput: { ReadCapacityUnits: 1, WriteCapacityUnits: 1 },
    }),
  );
  return { compute: new AwsCompute(clients), scalable: { ...scalables['dynamodb-capacity'], table } };
}

async function makeInstance(clients: AwsClients): ReturnType<Open> {
  const client = clients.of(EC2Client, home);
  const run = new RunInstancesCommand({ ImageId: 'ami-12c6146b', InstanceType: 't3.micro', MinCount: 1, MaxCount: 1 });
  const id = (await client.send(run)).Instances?.[0]?.InstanceId ?? '';
  await client.send(new StopInstancesCommand({ InstanceIds: [id] }));
  return { compute: new AwsCompute(clients), scalable: { kind: 'instances', instanceIds: [id] } };
}
