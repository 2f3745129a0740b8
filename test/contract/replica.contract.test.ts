import {
  CreateDBClusterCommand,
  CreateDBInstanceCommand,
  CreateDBInstanceReadReplicaCommand,
  CreateGlobalClusterCommand,
  RDSClient,
} from '@aws-sdk/client-rds';
import { describe, expect, it } from 'vitest';
import type { AwsClients } from '../../src/adapters/aws/clients.ts';
import type { Hook } from '../../src/adapters/aws/promote/custom-data.ts';
import { AwsDatabases } from '../../src/adapters/aws/promote.ts';
import { defineDeployment } from '../../src/config/loader.ts';
import type { DataResource, DataRole, GlobalCluster } from '../../src/core/model/data.ts';
import { describeOnMoto } from '../support/on-moto.ts';
import { accessPointServer, ClientsOfAccessPoints } from '../support/servers/access-point-server.ts';
import { type DbInstanceState, dbInstanceServer } from '../support/servers/db-instance-server.ts';
import { type GlobalClusterState, globalClusterServer } from '../support/servers/global-cluster-server.ts';
import { type GlobalDatastoreState, globalDatastoreServer } from '../support/servers/global-datastore-server.ts';
import { SimAccount } from '../support/sim-account.ts';
import { faultOf, standIn, xmlError } from '../support/stand-in.ts';
import { shop } from '../unit/config/shop.fixture.ts';
import { away, home, places } from './promote.fixture.ts';

const account = '123456789012';
const regions = [home, away];
const noHook: Hook = { ask: async () => expect.fail('no function is to be asked') };

/** Data whose writer a test can move by hand, and who says what a site's part of it is. */
interface Roles {
  readonly roleOf: (site: string) => Promise<DataRole | undefined>;
  readonly moveTo: (site: 'virginia' | 'oregon') => void;
}

/** What opens a fence: the facts of any data that one site at a time writes. */
function describeRoles(open: () => Roles | Promise<Roles>, writer: DataRole = 'sole-writer'): void {
  it('says that the writer is no replica, and that the other site is one', async () => {
    const { roleOf } = await open();

    expect(await roleOf('virginia')).toBe(writer);
    expect(await roleOf('oregon')).toBe('replica');
  });

  it('says that the old writer is a replica once it has become one', async () => {
    const { roleOf, moveTo } = await open();

    moveTo('oregon');

    expect(await roleOf('virginia')).toBe('replica');
    expect(await roleOf('oregon')).toBe(writer);
  });
}

describe('roles of data in the simulator', () => {
  describeRoles(() => {
    const { web } = defineDeployment(shop).services;
    if (!web) return expect.fail('the deployment has no service "web"');
    const { world, ...sim } = openSim({ ...web, data: clusters('aurora-global') });
    const token = { epoch: 2, attempt: 1 };
    const data = clusters('aurora-global');
    const order = { region: away, service: 'web', data, isDataLossAllowed: true, token } as const;
    return {
      ...sim,
      moveTo: (to) => {
        world.databases.promote({ ...order, from: 'virginia', to, isPlanned: false });
        world.scheduler.runUntil(world.scheduler.nowMs + world.sites.get('web', to).promotionMs + 1);
      },
    };
  });
});

function openSim(web: NonNullable<ReturnType<typeof defineDeployment>['services'][string]>) {
  const deployment = defineDeployment(shop);
  const sim = new SimAccount({ ...deployment, services: { web } });
  const regionOf = (site: string) => web.sites[site]?.region ?? '';
  return {
    world: sim.world,
    roleOf: async (site: string) => {
      const question = { region: regionOf(site), service: 'web', site, isFenceOwed: true };
      return (await sim.call(regionOf(site), 'survey', question)).dataRole;
    },
  };
}

const clusterArn = (region: string) => `arn:aws:rds:${region}:${account}:cluster:shop-${region}`;
const regionOfSite = { virginia: home, oregon: away };

function clusters(kind: GlobalCluster['kind'], globalId = 'shop'): GlobalCluster {
  return { kind, globalId, clusters: { virginia: clusterArn(home), oregon: clusterArn(away) } };
}

async function openClusters(kind: GlobalCluster['kind']) {
  const state: GlobalClusterState = {
    id: 'shop',
    clusterArns: regions.map(clusterArn),
    writerArn: clusterArn(home),
    hasNoStatus: kind === 'neptune-global',
    move: null,
  };
  const { clients, seen } = await standIn(regions, globalClusterServer(state));
  const databases = new AwsDatabases(clients, places, noHook);
  return {
    state,
    seen,
    roleOf: (site: string) => databases.roleOf('web', site, clusters(kind)),
    moveTo: (site: 'virginia' | 'oregon') => {
      state.writerArn = clusterArn(regionOfSite[site]);
    },
  };
}

describe.each(['aurora-global', 'documentdb-global', 'neptune-global'] as const)('roles of %s', (kind) => {
  describeRoles(() => openClusters(kind));

  it('cannot be told while they change', async () => {
    const { roleOf, state } = await openClusters(kind);
    state.move = { toArn: clusterArn(away), isDataLossAllowed: true, tookDescribes: 9, left: 9 };

    expect([await roleOf('virginia'), await roleOf('oregon')]).toEqual([undefined, undefined]);
  });

  it("are asked of the site's own region, and cannot be told where that does not answer", async () => {
    const { clients, seen } = await standIn(regions, (_seen, response) => xmlError(response, 'Throttling'));
    const databases = new AwsDatabases(clients, places, noHook);

    const fault = await faultOf(() => databases.roleOf('web', 'virginia', clusters(kind)));

    expect(fault.kind).toBe('throttled');
    expect(seen.map(({ headers }) => headers.authorization)).toEqual([expect.stringContaining(`/${home}/rds/`)]);
  });

  it('make no replica of a cluster that was taken out: it writes for itself', async () => {
    const { clients } = await standIn(
      regions,
      globalClusterServer({ id: 'shop', clusterArns: [clusterArn(away)], writerArn: clusterArn(away), move: null }),
    );

    expect(await new AwsDatabases(clients, places, noHook).roleOf('web', 'virginia', clusters(kind))).toBe(
      'takes-writes',
    );
  });
});

it.each(['aurora-global', 'documentdb-global'] as const)(
  'says of an old primary of %s that it is no replica until it is made anew',
  async (kind) => {
    const { roleOf, moveTo, state } = await openClusters(kind);
    moveTo('oregon');
    state.resyncing = [clusterArn(home)];

    expect(await roleOf('virginia')).toBe('takes-writes');
  },
);

async function openDatastore() {
  const members = regions.map((region) => ({ id: 'shop-cache', region }));
  const state: GlobalDatastoreState = { id: 'ldgnf-shop', members, primaryRegion: home, move: null };
  const { clients } = await standIn(regions, globalDatastoreServer(state));
  const data: DataResource = {
    kind: 'elasticache-global',
    globalId: 'ldgnf-shop',
    members: { virginia: 'shop-cache', oregon: 'shop-cache' },
  };
  const databases = new AwsDatabases(clients, places, noHook);
  return {
    state,
    roleOf: (site: string) => databases.roleOf('web', site, data),
    moveTo: (site: 'virginia' | 'oregon') => {
      state.primaryRegion = regionOfSite[site];
    },
  };
}

describe('roles of elasticache-global', () => {
  describeRoles(openDatastore);

  it('cannot be told while they change', async () => {
    const { roleOf, state } = await openDatastore();
    state.move = { region: away, left: 9 };

    expect(await roleOf('oregon')).toBeUndefined();
  });
});

async function openAccessPoint() {
  const state = {
    arn: `arn:aws:s3::${account}:accesspoint/mfzwi23gnjvgw.mrap`,
    routes: [
      { bucket: 'shop-virginia', region: home, dial: 100 },
      { bucket: 'shop-oregon', region: away, dial: 0 },
    ],
  };
  const { url } = await standIn(regions, accessPointServer(state));
  const databases = new AwsDatabases(new ClientsOfAccessPoints(url), places, noHook);
  const buckets = { virginia: 'shop-virginia', oregon: 'shop-oregon' };
  const data: DataResource = { kind: 's3-mrap', accessPointArn: state.arn, buckets };
  return {
    state,
    roleOf: (site: string) => databases.roleOf('web', site, data),
    moveTo: (site: 'virginia' | 'oregon') => {
      for (const route of state.routes) route.dial = route.bucket === buckets[site] ? 100 : 0;
    },
  };
}

describe('roles of s3-mrap', () => {
  describeRoles(openAccessPoint);

  it('cannot be told while several buckets get requests', async () => {
    const { roleOf, state } = await openAccessPoint();
    for (const route of state.routes) route.dial = 100;

    expect(await roleOf('virginia')).toBeUndefined();
  });
});

const dbArn = (region: string) => `arn:aws:rds:${region}:${account}:db:shop`;

/** Two regions with an instance each; the signature says which one is asked. */
async function openInstances() {
  const instance = (region: string, source: string): DbInstanceState => ({
    id: 'shop',
    arn: dbArn(region),
    status: 'available',
    source,
    replicas: [],
    tags: {},
    describesMoving: 0,
  });
  const states: Readonly<Record<string, DbInstanceState>> = {
    [home]: instance(home, ''),
    [away]: instance(away, dbArn(home)),
  };
  const { clients } = await standIn(regions, (one, response, index) => {
    const region = /Credential=[^/]+\/\d+\/([^/]+)\//.exec(one.headers.authorization ?? '')?.[1] ?? '';
    const state = states[region];
    if (state) dbInstanceServer(state)(one, response, index);
  });
  const data: DataResource = { kind: 'rds-replica', instances: { virginia: 'shop', oregon: 'shop' } };
  const databases = new AwsDatabases(clients, places, noHook);
  return {
    states,
    roleOf: (site: string) => databases.roleOf('web', site, data),
    /** A person makes the old instance anew; RDS does not. */
    moveTo: (site: 'virginia' | 'oregon') => {
      for (const region of regions) {
        const state = states[region];
        if (state) state.source = region === regionOfSite[site] ? '' : dbArn(regionOfSite[site]);
      }
    },
  };
}

describe('roles of rds-replica', () => {
  describeRoles(openInstances, 'takes-writes');

  it('make no replica of the old primary by a promotion: nobody has told it', async () => {
    const { roleOf, states } = await openInstances();
    const promoted = states[away];
    if (promoted) promoted.source = '';

    expect(await roleOf('virginia')).toBe('takes-writes');
  });

  it('cannot be told of a replica that is being promoted', async () => {
    const { roleOf, states } = await openInstances();
    const promoted = states[away];
    if (promoted) Object.assign(promoted, { status: 'modifying', describesMoving: 9 });

    expect(await roleOf('oregon')).toBeUndefined();
  });

  it("make no replica of one whose source is no site's", async () => {
    const { roleOf, states } = await openInstances();
    const replica = states[away];
    if (replica) replica.source = `${dbArn(home)}-stranger`;

    expect(await roleOf('oregon')).toBe('takes-writes');
  });
});

describe('roles of custom data', () => {
  const functions: DataResource = { kind: 'custom', functions: { virginia: 'data-east', oregon: 'data-west' } };
  const open = (answer: unknown) => {
    const asked: unknown[] = [];
    const hook: Hook = {
      ask: async (...request) => {
        asked.push(request);
        return answer;
      },
    };
    return { databases: new AwsDatabases({} as AwsClients, places, hook), asked };
  };

  it.each([
    [{ writer: 'oregon', isMoving: false, isReplica: true }, 'replica'],
    [{ writer: 'oregon', isMoving: false, isReplica: false }, 'takes-writes'],
    [{ writer: 'oregon', isMoving: false }, undefined],
    [{ writer: 'oregon', isMoving: false, isReplica: 'yes' }, undefined],
  ])('are what the function of the site says of its own part (%j)', async (answer, expected) => {
    const { databases, asked } = open(answer);

    expect(await databases.roleOf('web', 'virginia', functions)).toBe(expected);
    expect(asked).toEqual([[home, 'data-east', { action: 'read', service: 'web', site: 'virginia' }]]);
  });
});

it('has no roles for a table that every site writes', async () => {
  const databases = new AwsDatabases({} as AwsClients, places, noHook);

  expect(await databases.roleOf('web', 'virginia', { kind: 'dynamodb-global', tableName: 't' })).toBeUndefined();
});

describeOnMoto('roles of data in AWS, by moto', regions, (clients) => {
  it('knows the writer of an Aurora global cluster', async () => {
    const client = clients().of(RDSClient, home);
    const global = { GlobalClusterIdentifier: 'roles', Engine: 'aurora-postgresql' };
    await client.send(new CreateGlobalClusterCommand(global));
    const cluster = { ...global, DBClusterIdentifier: 'roles', MasterUsername: 'shop' };
    const made = await client.send(new CreateDBClusterCommand({ ...cluster, MasterUserPassword: 'not-a-secret' }));
    const arn = made.DBCluster?.DBClusterArn ?? '';
    const data: GlobalCluster = { kind: 'aurora-global', globalId: 'roles', clusters: { virginia: arn } };

    expect(await new AwsDatabases(clients(), places, noHook).roleOf('web', 'virginia', data)).toBe('sole-writer');
  });

  it('knows a read replica from its source', async () => {
    const master = { MasterUsername: 'shop', MasterUserPassword: 'not-a-secret', AllocatedStorage: 10 };
    const instance = { Engine: 'mysql', DBInstanceClass: 'db.t3.micro', DBInstanceIdentifier: 'roles' };
    const made = await clients()
      .of(RDSClient, home)
      .send(new CreateDBInstanceCommand({ ...instance, ...master }));
    await clients()
      .of(RDSClient, away)
      .send(
        new CreateDBInstanceReadReplicaCommand({
          DBInstanceIdentifier: 'roles',
          SourceDBInstanceIdentifier: made.DBInstance?.DBInstanceArn,
        }),
      );
    const databases = new AwsDatabases(clients(), places, noHook);
    const data: DataResource = { kind: 'rds-replica', instances: { virginia: 'roles', oregon: 'roles' } };

    expect(await databases.roleOf('web', 'virginia', data)).toBe('takes-writes');
    expect(await databases.roleOf('web', 'oregon', data)).toBe('replica');
  });
});
