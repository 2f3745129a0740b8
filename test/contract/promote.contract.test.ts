import {
  CreateDBClusterCommand,
  CreateDBInstanceCommand,
  CreateDBInstanceReadReplicaCommand,
  CreateGlobalClusterCommand,
  DescribeDBInstancesCommand,
  FailoverGlobalClusterCommand,
  RDSClient,
} from '@aws-sdk/client-rds';
import { describe, expect, it } from 'vitest';
import type { AwsClients } from '../../src/adapters/aws/clients.ts';
import type { Hook } from '../../src/adapters/aws/promote/custom-data.ts';
import { AwsDatabases } from '../../src/adapters/aws/promote.ts';
import { defineDeployment } from '../../src/config/loader.ts';
import { promotedTag } from '../../src/config/plan/promoted-tag.ts';
import type { DataResource, GlobalCluster } from '../../src/core/model/data.ts';
import { PortError } from '../../src/ports/port-error.ts';
import { describeOnMoto } from '../support/on-moto.ts';
import {
  type AccessPointState,
  accessPointServer,
  ClientsOfAccessPoints,
} from '../support/servers/access-point-server.ts';
import { type DbInstanceState, dbInstanceServer } from '../support/servers/db-instance-server.ts';
import { type GlobalClusterState, globalClusterServer } from '../support/servers/global-cluster-server.ts';
import { type GlobalDatastoreState, globalDatastoreServer } from '../support/servers/global-datastore-server.ts';
import { SimAccount } from '../support/sim-account.ts';
import { faultOf, type Seen, standIn, xmlError } from '../support/stand-in.ts';
import { shop } from '../unit/config/shop.fixture.ts';
import { away, describeDatabases, describeStrangers, type Holder, home, places } from './promote.fixture.ts';

type Databases = Pick<AwsDatabases, 'readWriter' | 'promote'>;

/** A deployment whose sites are those of the suite. */
const deployment = defineDeployment(shop);

const account = '123456789012';
const regions = [home, away];
const noHook: Hook = { ask: async () => expect.fail('no function is to be asked') };
const noWait = async () => {};

/** Region that a request was signed for. */
function regionOf({ headers }: Seen): string {
  return /Credential=[^/]+\/\d+\/([^/]+)\//.exec(headers.authorization ?? '')?.[1] ?? '';
}

function order(data: DataResource, isPlanned: boolean, isDataLossAllowed: boolean) {
  const token = { epoch: 2, attempt: 1 };
  return { region: away, service: 'web', data, from: 'virginia', to: 'oregon', isPlanned, isDataLossAllowed, token };
}

const clusterArn = (region: string) => `arn:aws:rds:${region}:${account}:cluster:shop-${region}`;

function clusters(kind: GlobalCluster['kind'], globalId = 'shop'): GlobalCluster {
  return { kind, globalId, clusters: { virginia: clusterArn(home), oregon: clusterArn(away) } };
}

async function openClusters(kind: GlobalCluster['kind'], first?: 'writer' | 'state') {
  const state: GlobalClusterState = {
    id: 'shop',
    clusterArns: regions.map(clusterArn),
    writerArn: clusterArn(home),
    ...(first === undefined ? {} : { first }),
    move: null,
  };
  const { clients, seen } = await standIn(regions, globalClusterServer(state));
  const holder: Holder = {
    databases: new AwsDatabases(clients, places, noHook),
    data: clusters(kind),
    wait: noWait,
    way: 'switchover',
  };
  return { ...holder, state, seen };
}

/** Data in the simulated account, a second behind at the site that is to be promoted. */
function openSimulated() {
  const data = clusters('aurora-global');
  const { web } = deployment.services;
  if (!web) return expect.fail('the deployment has no service "web"');
  const account = new SimAccount({ ...deployment, services: { web: { ...web, data } } });
  const oregon = account.world.sites.get('web', 'oregon');
  oregon.replicationLagMs = 1_000;
  const databases: Databases = {
    readWriter: (region, service, of) =>
      account.call(region, 'read:promote', { ...order(of, true, false), region, service }),
    promote: async (input) => {
      await account.call(input.region, 'write:promote', input);
    },
  };
  // Each call of the account lets time go by.
  const holder: Holder = { databases, data, wait: noWait, way: 'switchover' };
  return { ...holder, oregon };
}

describe('databases in the simulator', () => {
  describeDatabases(openSimulated);

  it('is denied with the reason when the data has a guard that refuses', async () => {
    const { databases, data, oregon } = openSimulated();
    oregon.veto = 'the stream has not been drained';

    const fault = await faultOf(() => databases.promote(order(data, true, false)));

    expect(fault).toMatchObject({ kind: 'denied', detail: expect.stringContaining('the stream has not been drained') });
    // The guard refuses to be read as well: a rehearsal must learn of it before a move begins.
    expect((await faultOf(() => databases.readWriter(away, 'web', data, 'oregon'))).kind).toBe('denied');
    oregon.veto = null;
    expect(await databases.readWriter(away, 'web', data, 'oregon')).toMatchObject({ writer: 'virginia' });
  });
});

describe.each(['aurora-global', 'documentdb-global', 'neptune-global'] as const)('databases of kind %s', (kind) => {
  describeDatabases(() => openClusters(kind));
  describeStrangers(() => openClusters(kind), clusters(kind, 'stranger'));

  it('is done when the site writes and its cluster is available, with FailoverState still there', async () => {
    const { databases, data, state } = await openClusters(kind, 'writer');
    await databases.promote(order(data, false, true));

    const sights: unknown[] = [];
    while (state.move !== null && sights.length < 9) {
      sights.push(await databases.readWriter(away, 'web', data, 'oregon'));
    }

    expect(sights).toMatchObject([
      { writer: 'virginia', isMoving: true, movingTo: 'oregon' },
      { writer: 'virginia', isMoving: true, movingTo: 'oregon' },
      { writer: 'oregon', isMoving: true },
      { writer: 'oregon', isMoving: false },
      { writer: 'oregon', isMoving: false },
    ]);
  });

  it('is on its way while its cluster is promoted, though FailoverState is gone', async () => {
    const { databases, data } = await openClusters(kind, 'state');
    await databases.promote(order(data, false, true));
    const look = () => databases.readWriter(away, 'web', data, 'oregon');

    const sights = [await look(), await look(), await look()];

    expect(sights).toMatchObject([
      { writer: 'virginia', isMoving: true, movingTo: 'oregon' },
      { writer: 'virginia', isMoving: true, movingTo: 'oregon' },
      { writer: 'oregon', isMoving: false },
    ]);
  });

  describe('while something passing is done to the cluster', () => {
    const unplanned = { isPlanned: false, isDataLossAllowed: true };
    const planned = { isPlanned: true, isDataLossAllowed: false };

    it('is asked for at once, and again for as long as it is refused', async () => {
      const { databases, data, state } = await openClusters(kind);
      const look = () => databases.readWriter(away, 'web', data, 'oregon', unplanned);
      const ask = () => databases.promote(order(data, false, true));
      Object.assign(state, { status: 'modifying', isRefused: true });

      const before = await look();
      const fault = await faultOf(ask);
      const [after, next] = [await look(), await look()];
      Object.assign(state, { status: 'available', isRefused: false });
      await ask();

      expect(fault.kind).toBe('unavailable');
      expect([before, after, next].map(({ isMoving }) => isMoving)).toEqual([false, true, false]);
      expect(after).toMatchObject({ writer: 'virginia', movingTo: 'oregon' });
      expect(state.move).not.toBeNull();
    });

    it('is not waited for where a refusal has another reason', async () => {
      const { databases, data, state } = await openClusters(kind);
      state.isRefused = true;

      await faultOf(() => databases.promote(order(data, false, true)));

      expect(await databases.readWriter(away, 'web', data, 'oregon', unplanned)).toMatchObject({ isMoving: false });
    });

    it('is refused before it begins when it is planned, and not once it is done', async () => {
      const { databases, data, state } = await openClusters(kind);
      const look = () => databases.readWriter(away, 'web', data, 'oregon', planned);
      state.status = 'modifying';

      const fault = await faultOf(look);
      state.writerArn = clusterArn(away);

      expect(fault).toMatchObject({ kind: 'unavailable', detail: expect.stringContaining('is modifying') });
      expect(await look()).toMatchObject({ writer: 'oregon', isMoving: true });
    });

    it.each([
      ['backing-up', false],
      ['storage-optimization', false],
      ['modifying', true],
    ])('writes while it is %s, or is on its way: %s', async (status, isMoving) => {
      const { databases, data, state } = await openClusters(kind);
      Object.assign(state, { status, writerArn: clusterArn(away) });

      expect(await databases.readWriter(away, 'web', data, 'oregon', unplanned)).toEqual({
        writer: 'oregon',
        isMoving,
      });
    });
  });

  it('fails over by one call, to the region of the cluster that is promoted, with leave to lose data', async () => {
    const { databases, data, seen } = await openClusters(kind);

    await databases.promote(order(data, false, true));

    expect(seen.map(({ form }) => form)).toEqual([
      {
        Action: 'FailoverGlobalCluster',
        Version: '2014-10-31',
        GlobalClusterIdentifier: 'shop',
        TargetDbClusterIdentifier: clusterArn(away),
        AllowDataLoss: 'true',
      },
    ]);
    expect(seen.map(regionOf)).toEqual([away]);
  });

  it('switches over by a call to the region of the cluster that writes', async () => {
    const { databases, data, seen, state } = await openClusters(kind);

    await databases.promote(order(data, true, false));

    expect(seen.map((one) => [one.form.Action, regionOf(one)])).toEqual([
      ['DescribeGlobalClusters', away],
      ['SwitchoverGlobalCluster', home],
    ]);
    expect(state.move).toMatchObject({ toArn: clusterArn(away), isDataLossAllowed: false });
  });

  it('switches over although it may lose data, when it is planned', async () => {
    const { databases, data, state } = await openClusters(kind);

    await databases.promote(order(data, true, true));

    expect(state.move).toMatchObject({ isDataLossAllowed: false });
  });

  it('says how to permit a failover that may lose data', async () => {
    const { databases, data, state } = await openClusters(kind);

    expect(await faultOf(() => databases.promote(order(data, false, false)))).toEqual({
      kind: 'denied',
      detail:
        'shop: a failover may lose what was not replicated: ' +
        'declare failover.maxReplicationLagMs, or use "cdk-failover failover web --force --allow-data-loss"',
    });
    expect(state.move).toBeNull();
  });

  it('shows no writer when it is a cluster that is no site', async () => {
    const { databases, data, state } = await openClusters(kind);
    state.writerArn = `${clusterArn(home)}-other`;

    expect(await databases.readWriter(away, 'web', data, 'oregon')).toEqual({ writer: null, isMoving: false });
  });

  it.each([
    ['InvalidGlobalClusterStateFault', 400, 'unavailable'],
    ['InvalidDBClusterStateFault', 400, 'unavailable'],
    ['DBClusterNotFoundFault', 404, 'invalid'],
    ['AccessDenied', 403, 'denied'],
    ['Throttling', 400, 'throttled'],
  ] as const)('says of %s (status %i) that it is %s', async (code, status, fault) => {
    const { clients } = await standIn(regions, (_seen, response) => xmlError(response, code, status));
    const databases = new AwsDatabases(clients, places, noHook);

    expect((await faultOf(() => databases.promote(order(clusters(kind), false, true)))).kind).toBe(fault);
  });
});

const datastore = (globalId = 'ldgnf-shop'): DataResource => ({
  kind: 'elasticache-global',
  globalId,
  // One id in both regions: only the region tells them apart.
  members: { virginia: 'shop-cache', oregon: 'shop-cache' },
});

async function openDatastore() {
  const members = regions.map((region) => ({ id: 'shop-cache', region }));
  const state: GlobalDatastoreState = { id: 'ldgnf-shop', members, primaryRegion: home, move: null };
  const { clients, seen } = await standIn(regions, globalDatastoreServer(state));
  const databases = new AwsDatabases(clients, places, noHook);
  const holder: Holder = { databases, data: datastore(), wait: noWait, way: 'replicates' };
  return { ...holder, seen };
}

describe('databases of kind elasticache-global', () => {
  describeDatabases(openDatastore);
  describeStrangers(openDatastore, datastore('stranger'));

  it('calls the region of the site that is promoted, and nothing else', async () => {
    const { databases, data, seen } = await openDatastore();

    await databases.readWriter(away, 'web', data, 'oregon');
    await databases.promote(order(data, false, true));

    expect(seen.map(regionOf)).toEqual([away, away]);
    expect(seen.at(-1)?.form).toMatchObject({ PrimaryRegion: away, PrimaryReplicationGroupId: 'shop-cache' });
  });

  it('is denied without leave even when it is planned: the API does not wait', async () => {
    const { databases, data } = await openDatastore();

    expect((await faultOf(() => databases.promote(order(data, true, false)))).kind).toBe('denied');
  });
});

const accessPointArn = `arn:aws:s3::${account}:accesspoint/mfzwi23gnjvgw.mrap`;
const accessPoint = (arn = accessPointArn): DataResource => ({
  kind: 's3-mrap',
  accessPointArn: arn,
  buckets: { virginia: 'shop-virginia', oregon: 'shop-oregon' },
});

async function openAccessPoint(answerFirst: Parameters<typeof standIn>[1] = () => {}) {
  const state: AccessPointState = {
    arn: accessPointArn,
    routes: [
      { bucket: 'shop-virginia', region: home, dial: 100 },
      { bucket: 'shop-oregon', region: away, dial: 0 },
      { bucket: 'shop-archive', region: 'eu-west-1', dial: 0 },
    ],
  };
  const answer = accessPointServer(state);
  const { url, seen } = await standIn(regions, (one, response, index) => {
    answerFirst(one, response, index);
    if (!response.writableEnded) answer(one, response, index);
  });
  const databases = new AwsDatabases(new ClientsOfAccessPoints(url), places, noHook);
  const holder: Holder = { databases, data: accessPoint(), wait: noWait, way: 'keeps' };
  return { ...holder, state, seen };
}

describe('databases of kind s3-mrap', () => {
  describeDatabases(openAccessPoint);
  describeStrangers(openAccessPoint, accessPoint(`arn:aws:s3::${account}:accesspoint/stranger.mrap`));

  it('sends all requests to one bucket, and none to any other, a bucket of no site included', async () => {
    const { databases, data, state } = await openAccessPoint();
    for (const route of state.routes) route.dial = 100;

    await databases.promote(order(data, false, false));

    expect(state.routes.map(({ bucket, dial }) => [bucket, dial])).toEqual([
      ['shop-virginia', 0],
      ['shop-oregon', 100],
      ['shop-archive', 0],
    ]);
  });

  it('has no writer while several buckets get requests', async () => {
    const { databases, data, state } = await openAccessPoint();
    for (const route of state.routes) route.dial = 100;

    expect(await databases.readWriter(away, 'web', data, 'oregon')).toEqual({ writer: null, isMoving: false });
  });

  it('asks an endpoint in a region without a site when the first does not answer', async () => {
    const { databases, data, seen } = await openAccessPoint((_seen, response, index) => {
      if (index === 0) xmlError(response, 'InternalError', 500);
    });

    expect(await databases.readWriter(away, 'web', data, 'oregon')).toMatchObject({ writer: 'virginia' });
    expect(seen.map(regionOf)).toEqual([away, 'ap-southeast-2']);
  });

  it('is denied at once when S3 refuses: another endpoint would, too', async () => {
    const { databases, data, seen } = await openAccessPoint((_seen, response) =>
      xmlError(response, 'AccessDenied', 403),
    );

    expect((await faultOf(() => databases.readWriter(away, 'web', data, 'oregon'))).kind).toBe('denied');
    expect(seen).toHaveLength(1);
  });

  it('is invalid to promote a bucket that has no route', async () => {
    const { databases } = await openAccessPoint();
    const data: DataResource = {
      kind: 's3-mrap',
      accessPointArn,
      buckets: { virginia: 'shop-virginia', oregon: 'other' },
    };

    expect((await faultOf(() => databases.promote(order(data, false, false)))).kind).toBe('invalid');
  });
});

const instances = (name = 'shop'): DataResource => ({
  kind: 'rds-replica',
  instances: { virginia: name, oregon: name },
});

const dbArn = (region: string, name = 'shop') => `arn:aws:rds:${region}:${account}:db:${name}`;

async function openInstances(backupDays = 0) {
  const state: DbInstanceState = {
    backupDays,
    id: 'shop',
    arn: dbArn(away),
    status: 'available',
    source: dbArn(home),
    replicas: [],
    tags: {},
    describesMoving: 0,
  };
  const { clients, seen } = await standIn(regions, dbInstanceServer(state));
  const databases = new AwsDatabases(clients, places, noHook);
  const holder: Holder = { databases, data: instances(), wait: noWait, way: 'replicates' };
  return { ...holder, state, seen };
}

describe('databases of kind rds-replica', () => {
  describeDatabases(() => openInstances());
  describeStrangers(() => openInstances(), instances('stranger'));

  it.each([
    [7, '7'],
    [0, undefined],
  ])('keeps backups of a replica that had %d days of them', async (days, asked) => {
    const { databases, data, seen } = await openInstances(days);

    await databases.promote(order(data, false, true));

    expect(seen.at(-1)?.form.Action).toBe('PromoteReadReplica');
    expect(seen.at(-1)?.form.BackupRetentionPeriod).toBe(asked);
  });

  it('calls nothing in the region that is left, and marks the instance before it is promoted', async () => {
    const { databases, data, seen } = await openInstances();

    await databases.readWriter(away, 'web', data, 'oregon');
    await databases.promote(order(data, false, true));

    expect(seen.map(({ form }) => form.Action)).toEqual([
      'DescribeDBInstances',
      'DescribeDBInstances',
      'AddTagsToResource',
      'PromoteReadReplica',
    ]);
    expect(new Set(seen.map(regionOf))).toEqual(new Set([away]));
    expect(seen[2]?.form).toMatchObject({ ResourceName: dbArn(away), 'Tags.Tag.1.Value': 'virginia' });
  });

  it('counts the old primary as no writer, and refuses to go back to it', async () => {
    const { databases, data, state, seen } = await openInstances();
    // As the old primary is found after a failover away from it: without a source, without a replica, never promoted.
    state.source = '';

    expect(await databases.readWriter(away, 'web', data, 'oregon')).toEqual({ writer: null, isMoving: false });
    expect(await faultOf(() => databases.promote(order(data, true, true)))).toEqual({
      kind: 'denied',
      detail: 'shop in us-west-2 is no replica: create it anew as a replica',
    });
    expect(seen.map(({ form }) => form.Action)).not.toContain('PromoteReadReplica');
  });

  it.each([
    ['that replicates from none', {}, 'oregon'],
    ['that is set aside', { status: 'renaming' }, null],
    ['that is a replica', { source: dbArn(home) }, 'virginia'],
  ] as const)(
    'an instance %s, and that the register names the writer, leaves the writer %s',
    async (_, found, writer) => {
      const { databases, data, state } = await openInstances();
      Object.assign(state, { source: '', ...found });
      const back = { isPlanned: false, isDataLossAllowed: false, isReturn: true };

      expect(await databases.readWriter(away, 'web', data, 'oregon', back)).toEqual({ writer, isMoving: false });
    },
  );

  it('counts an instance as the writer that a site replicates from', async () => {
    const { databases, data, state } = await openInstances();
    state.source = '';
    state.replicas = [dbArn(home)];

    expect(await databases.readWriter(away, 'web', data, 'oregon')).toEqual({ writer: 'oregon', isMoving: false });
  });

  it.each(['renaming', 'deleting'])('counts one that was promoted, and is %s now, as no writer', async (status) => {
    const { databases, data, state } = await openInstances();
    Object.assign(state, { status, source: '', tags: { [promotedTag]: 'virginia' } });

    expect(await databases.readWriter(away, 'web', data, 'oregon')).toMatchObject({ writer: null });
    expect((await faultOf(() => databases.promote(order(data, false, true)))).kind).toBe('denied');
  });

  it.each(['backing-up', 'upgrading', 'maintenance'])(
    'waits for a replica that is %s in a failover',
    async (status) => {
      const { databases, data, state } = await openInstances();
      const unplanned = { isPlanned: false, isDataLossAllowed: true };
      state.status = status;

      expect(await databases.readWriter(away, 'web', data, 'oregon', unplanned)).toEqual({
        writer: 'virginia',
        isMoving: true,
      });
      expect((await faultOf(() => databases.promote(order(data, false, true)))).kind).toBe('unavailable');
    },
  );

  it('refuses a planned promotion of a replica that is backed up, and waits for one that was ordered', async () => {
    const { databases, data, state } = await openInstances();
    const planned = { isPlanned: true, isDataLossAllowed: true };
    state.status = 'backing-up';

    const fault = await faultOf(() => databases.readWriter(away, 'web', data, 'oregon', planned));
    state.tags[promotedTag] = 'virginia';

    expect(fault).toMatchObject({
      kind: 'unavailable',
      detail: expect.stringContaining('shop in us-west-2 is backing-up'),
    });
    expect(await databases.readWriter(away, 'web', data, 'oregon', planned)).toMatchObject({ isMoving: true });
  });

  it.each<[string, string, string]>([
    ['nothing may be lost', 'backing-up', dbArn(home)],
    ['it writes already', 'backing-up', ''],
    ['a person has to look at it', 'storage-full', dbArn(home)],
  ])('is not waited for where %s', async (why, status, source) => {
    const { databases, data, state } = await openInstances();
    Object.assign(state, { status, source, tags: source === '' ? { [promotedTag]: 'virginia' } : {} });
    const wish = { isPlanned: false, isDataLossAllowed: why !== 'nothing may be lost' };

    expect(await databases.readWriter(away, 'web', data, 'oregon', wish)).toMatchObject({ isMoving: false });
  });

  it('finds the writer of two sites in one region, of which one has lost its instance', async () => {
    const { clients } = await standIn(
      [away],
      dbInstanceServer({
        id: 'shop',
        arn: dbArn(away),
        status: 'available',
        source: '',
        replicas: [],
        tags: { 'cdk-failover:promoted-from': 'virginia' },
        describesMoving: 0,
      }),
    );
    const zones = { web: { sites: { virginia: { region: away }, oregon: { region: away } } } };
    const data: DataResource = { kind: 'rds-replica', instances: { virginia: 'deleted', oregon: 'shop' } };

    const sight = await new AwsDatabases(clients, zones, noHook).readWriter(away, 'web', data, 'oregon');

    expect(sight).toEqual({ writer: 'oregon', isMoving: false });
  });

  it('knows the site that is asked about as a writer, beside the old primary in its region', async () => {
    const kept = { status: 'available', source: '', describesMoving: 0 };
    // A replica elsewhere still follows the old primary.
    const old = dbInstanceServer({ ...kept, id: 'shop-a', arn: dbArn(away), replicas: [dbArn(home)], tags: {} });
    const tags = { 'cdk-failover:promoted-from': 'left' };
    const promoted = dbInstanceServer({ ...kept, id: 'shop-b', arn: dbArn(away), replicas: [], tags });
    const { clients } = await standIn([away], (...call) =>
      (call[0].form.DBInstanceIdentifier === 'shop-a' ? old : promoted)(...call),
    );
    const zones = { web: { sites: { left: { region: away }, right: { region: away }, remote: { region: home } } } };
    const instances = { left: 'shop-a', right: 'shop-b', remote: 'shop' };
    const databases = new AwsDatabases(clients, zones, noHook);
    const writerFor = (site: string) => databases.readWriter(away, 'web', { kind: 'rds-replica', instances }, site);

    expect(await writerFor('right')).toEqual({ writer: 'right', isMoving: false });
    expect(await writerFor('left')).toEqual({ writer: 'left', isMoving: false });
  });

  it('asks for nothing once the site writes', async () => {
    const { databases, data, state, seen } = await openInstances();
    state.source = '';
    state.tags['cdk-failover:promoted-from'] = 'virginia';

    await databases.promote(order(data, false, true));

    expect(seen.map(({ form }) => form.Action)).toEqual(['DescribeDBInstances']);
  });

  it('does not take a throttled look at one of two instances for a lost instance', async () => {
    const answer = dbInstanceServer({
      id: 'shop',
      arn: '',
      status: '',
      source: '',
      replicas: [],
      tags: {},
      describesMoving: 0,
    });
    const { clients } = await standIn([away], (one, response, index) => {
      if (one.form.DBInstanceIdentifier === 'busy') xmlError(response, 'Throttling');
      else answer(one, response, index);
    });
    const zones = { web: { sites: { virginia: { region: away }, oregon: { region: away } } } };
    const data: DataResource = { kind: 'rds-replica', instances: { virginia: 'busy', oregon: 'shop' } };

    const fault = await faultOf(() => new AwsDatabases(clients, zones, noHook).readWriter(away, 'web', data, 'oregon'));

    expect(fault.kind).toBe('throttled');
  });

  it('refuses to promote a replica of something else', async () => {
    const { databases, data, state } = await openInstances();
    state.source = dbArn(home, 'stranger');

    expect(await databases.readWriter(away, 'web', data, 'oregon')).toMatchObject({ writer: null });
    expect((await faultOf(() => databases.promote(order(data, false, true)))).kind).toBe('denied');
  });

  it('is denied without leave even when it is planned: the API does not wait', async () => {
    const { databases, data } = await openInstances();

    expect((await faultOf(() => databases.promote(order(data, true, false)))).kind).toBe('denied');
  });
});

const functions: DataResource = { kind: 'custom', functions: { virginia: 'shop-data', oregon: 'shop-data' } };

/** A function that has data of its own, and may refuse. */
function openCustom({ veto = null, answer }: { veto?: string | null; answer?: unknown } = {}) {
  let writer = 'virginia';
  let looksLeft = 0;
  const asked: { readonly region: string; readonly name: string; readonly request: unknown }[] = [];
  const hook: Hook = {
    ask: async (region, name, request) => {
      asked.push({ region, name, request });
      if (answer !== undefined) return answer;
      const { action, to } = request as { readonly action: string; readonly to: string };
      if (action === 'read') {
        looksLeft = Math.max(0, looksLeft - 1);
        return { writer, isMoving: looksLeft > 0 };
      }
      if (veto !== null) throw new PortError({ kind: 'denied', detail: veto });
      writer = to;
      looksLeft = 3;
      return { ok: true };
    },
  };
  const databases = new AwsDatabases({} as AwsClients, places, hook);
  const holder: Holder = { databases, data: functions, wait: noWait, way: 'keeps' };
  return { ...holder, asked };
}

describe('databases of kind custom', () => {
  describeDatabases(openCustom);

  it('asks the function of the site that is promoted, in its region, with all that it needs to refuse', async () => {
    const { databases, asked } = openCustom();

    await databases.promote(order(functions, true, false));

    expect(asked).toEqual([
      {
        region: away,
        name: 'shop-data',
        request: {
          action: 'promote',
          service: 'web',
          site: 'oregon',
          from: 'virginia',
          to: 'oregon',
          isPlanned: true,
          isDataLossAllowed: false,
          epoch: 2,
          attempt: 1,
        },
      },
    ]);
  });

  it.each(['virginia', 'oregon'])('asks the function of %s, whatever other sites are in its region', async (to) => {
    const asked: unknown[] = [];
    const hook: Hook = {
      ask: async (_, name, request) => {
        asked.push([name, request]);
        return { writer: to, isMoving: false };
      },
    };
    const together = { web: { sites: { virginia: { region: away }, oregon: { region: away } } } };
    const own: DataResource = { kind: 'custom', functions: { virginia: 'of-virginia', oregon: 'of-oregon' } };

    await new AwsDatabases({} as AwsClients, together, hook).readWriter(away, 'web', own, to);

    expect(asked).toEqual([[`of-${to}`, { action: 'read', service: 'web', site: to }]]);
  });

  it('is denied with the reason when the function refuses', async () => {
    const { databases } = openCustom({ veto: 'the stream has not been drained' });

    expect(await faultOf(() => databases.promote(order(functions, true, false)))).toEqual({
      kind: 'denied',
      detail: 'the stream has not been drained',
    });
    expect(await databases.readWriter(away, 'web', functions, 'oregon')).toMatchObject({ writer: 'virginia' });
  });

  it.each([null, 'ok', { writer: 'virginia' }, { writer: 1, isMoving: false }])(
    'is invalid when the function answers %j',
    async (answer) => {
      const { databases } = openCustom({ answer });

      expect((await faultOf(() => databases.readWriter(away, 'web', functions, 'oregon'))).kind).toBe('invalid');
      expect((await faultOf(() => databases.promote(order(functions, true, false)))).kind).toBe('invalid');
    },
  );

  it('has no writer when the function names something that is no site', async () => {
    const { databases } = openCustom({ answer: { writer: 'ohio', isMoving: false } });

    expect(await databases.readWriter(away, 'web', functions, 'oregon')).toEqual({ writer: null, isMoving: false });
  });
});

describe('databases that every site writes', () => {
  it.each([
    { kind: 'dynamodb-global', tableName: 'shop' },
    { kind: 'aurora-dsql', clusters: {} },
    { kind: 'memorydb-multi-region', globalId: 'virxk-shop', clusters: {} },
  ] satisfies DataResource[])('have nothing to promote (%j)', async (data) => {
    const databases = new AwsDatabases({} as AwsClients, places, noHook);
    const fault = {
      kind: 'invalid',
      detail: `every site writes data of kind ${data.kind}: there is nothing to promote`,
    };

    expect(await faultOf(() => databases.readWriter(away, 'web', data, 'oregon'))).toEqual(fault);
    expect(await faultOf(() => databases.promote(order(data, false, true)))).toEqual(fault);
  });
});

/**
 * moto has no DocumentDB, no Neptune, no global datastores and no routes of access points: none of these is asked here.
 */
describeOnMoto('databases in RDS, by moto', regions, (clients) => {
  const rds = (region: string) => clients().of(RDSClient, region);
  const databases = () => new AwsDatabases(clients(), places, noHook);

  const makeCluster = async (globalId: string) => {
    const engine = { Engine: 'aurora-postgresql' };
    await rds(home).send(new CreateGlobalClusterCommand({ GlobalClusterIdentifier: globalId, ...engine }));
    const { DBCluster } = await rds(home).send(
      new CreateDBClusterCommand({
        DBClusterIdentifier: `${globalId}-home`,
        GlobalClusterIdentifier: globalId,
        MasterUsername: 'shop',
        MasterUserPassword: 'not-a-secret',
        ...engine,
      }),
    );
    return DBCluster?.DBClusterArn ?? '';
  };

  it('reads the writer of an Aurora global database', async () => {
    const virginia = await makeCluster('read');
    const data: DataResource = {
      kind: 'aurora-global',
      globalId: 'read',
      clusters: { virginia, oregon: clusterArn(away) },
    };

    expect(await databases().readWriter(home, 'web', data, 'virginia')).toEqual({
      writer: 'virginia',
      isMoving: false,
    });
  });

  it('is invalid to ask for a global database that is not there, which moto answers with an empty list', async () => {
    const fault = await faultOf(() =>
      databases().readWriter(away, 'web', clusters('aurora-global', 'nobody'), 'oregon'),
    );

    expect(fault).toEqual({ kind: 'invalid', detail: 'no global cluster nobody in us-west-2' });
  });

  it('fault of moto: it cannot fail over', async () => {
    await makeCluster('stuck');
    const command = new FailoverGlobalClusterCommand({
      GlobalClusterIdentifier: 'stuck',
      TargetDbClusterIdentifier: clusterArn(away),
      AllowDataLoss: true,
    });

    await expect(rds(home).send(command)).rejects.toThrow();
  });

  const makeReplica = async (name: string) => {
    await rds(home).send(
      new CreateDBInstanceCommand({
        DBInstanceIdentifier: name,
        DBInstanceClass: 'db.t4g.micro',
        Engine: 'postgres',
        AllocatedStorage: 20,
        MasterUsername: 'shop',
        MasterUserPassword: 'not-a-secret',
      }),
    );
    const { DBInstances } = await rds(home).send(new DescribeDBInstancesCommand({ DBInstanceIdentifier: name }));
    await rds(away).send(
      new CreateDBInstanceReadReplicaCommand({
        DBInstanceIdentifier: name,
        SourceDBInstanceIdentifier: DBInstances?.[0]?.DBInstanceArn,
      }),
    );
  };

  it('reads the writer of a replica in another region, from either', async () => {
    await makeReplica('both');

    expect(await databases().readWriter(away, 'web', instances('both'), 'oregon')).toMatchObject({
      writer: 'virginia',
    });
    expect(await databases().readWriter(home, 'web', instances('both'), 'virginia')).toMatchObject({
      writer: 'virginia',
    });
  });

  it('promotes a replica, and marks it', async () => {
    await makeReplica('promoted');

    await databases().promote(order(instances('promoted'), false, true));

    const { DBInstances } = await rds(away).send(new DescribeDBInstancesCommand({ DBInstanceIdentifier: 'promoted' }));
    expect(DBInstances?.[0]?.TagList).toEqual([{ Key: 'cdk-failover:promoted-from', Value: 'virginia' }]);
  });

  it('fault of moto: a promoted replica still names its source', async () => {
    await makeReplica('named');

    await databases().promote(order(instances('named'), false, true));

    const { DBInstances } = await rds(away).send(new DescribeDBInstancesCommand({ DBInstanceIdentifier: 'named' }));
    expect(DBInstances?.[0]?.ReadReplicaSourceDBInstanceIdentifier).toContain('named');
  });

  it('is invalid to ask for an instance that is not there', async () => {
    expect((await faultOf(() => databases().readWriter(away, 'web', instances('nobody'), 'oregon'))).kind).toBe(
      'invalid',
    );
  });
});
