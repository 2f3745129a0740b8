import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { describe, expect, it, test } from 'vitest';
import type { AwsClients } from '../../../src/adapters/aws/clients.ts';
import { readLagMs } from '../../../src/adapters/aws/survey/lag.ts';
import { sharedDataFlaws } from '../../../src/adapters/aws/survey/shared-data.ts';
import { requestJson } from '../../../src/adapters/aws/wire/signed-request.ts';
import { defineDeployment } from '../../../src/config/loader.ts';
import type { SharedData } from '../../../src/core/model/data.ts';
import type { NamedService } from '../../../src/core/model/service.ts';
import { describeOnMoto } from '../../support/on-moto.ts';
import { type Answering, faultOf, jsonError, standIn } from '../../support/stand-in.ts';
import { shop } from '../../unit/config/shop.fixture.ts';

const [east, west] = ['us-east-1', 'us-west-2'];
const ids = { virginia: 'a'.repeat(26), oregon: 'b'.repeat(26) };
const dsqlArn = (region: string, id: string) => `arn:aws:dsql:${region}:123456789012:cluster/${id}`;
const memoryArn = (region: string, name: string) => `arn:aws:memorydb:${region}:123456789012:cluster/${name}`;
const dsql = {
  kind: 'aurora-dsql',
  clusters: { virginia: dsqlArn(east, ids.virginia), oregon: dsqlArn(west, ids.oregon) },
} as const;
const memoryDb = {
  kind: 'memorydb-multi-region',
  globalId: 'virxk-shop',
  clusters: { virginia: memoryArn(east, 'shop-east'), oregon: memoryArn(west, 'shop-west') },
} as const;

const table = { kind: 'dynamodb-global', tableName: 'shop' } as const;

function withData(data: SharedData): NamedService {
  const { web } = defineDeployment(shop).services;
  if (web === undefined) throw new Error('the fixture has no service "web"');
  return { name: 'web', ...web, data };
}

async function flawsBy(data: SharedData, answer: Answering) {
  const { clients, seen } = await standIn([west], answer);
  return { flaws: sharedDataFlaws(clients, withData(data), 'oregon'), seen };
}

const json =
  (body: object): Answering =>
  (_seen, response) =>
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));

/** What `GetCluster` answers, by the shape of the API's model. */
function dsqlAnswer(status: string, peers: readonly string[] = Object.values(dsql.clusters)): object {
  const multiRegionProperties = { witnessRegion: 'us-east-2', clusters: peers };
  return {
    identifier: ids.oregon,
    arn: dsql.clusters.oregon,
    status,
    deletionProtectionEnabled: true,
    multiRegionProperties,
  };
}

/** What `DescribeClusters` answers of the cluster that is asked for. */
function memoryDbAnswer(Status: string, MultiRegionClusterName: string | undefined = memoryDb.globalId): object {
  return { Clusters: [{ Name: 'shop-west', ARN: memoryDb.clusters.oregon, Status, MultiRegionClusterName }] };
}

/** What `DescribeTable` answers: replicas in other regions, never the one that is asked. */
function tableAnswer(TableStatus: string, regions: readonly string[] = [east]): object {
  const Replicas = regions.map((RegionName) => ({ RegionName, ReplicaStatus: 'ACTIVE' }));
  const global = regions.length === 0 ? {} : { GlobalTableVersion: '2019.11.21', Replicas };
  return { Table: { TableName: 'shop', TableStatus, ...global } };
}

/** A table that names no replicas, and whose global table of the old version has some, or is not there. */
function oldTable(regions: readonly string[] | null): Answering {
  return (seen, response, index) => {
    if (!String(seen.headers['x-amz-target']).endsWith('.DescribeGlobalTable'))
      return json(tableAnswer('ACTIVE', []))(seen, response, index);
    if (regions === null) return jsonError(response, 'GlobalTableNotFoundException', 400);
    const ReplicationGroup = regions.map((RegionName) => ({ RegionName }));
    return json({ GlobalTableDescription: { GlobalTableName: 'shop', ReplicationGroup } })(seen, response, index);
  };
}

// moto has no replicas of a table of DynamoDB.
describe('a replica of a table of DynamoDB, by a stand-in', () => {
  it('is asked for by its name, in the region of its site', async () => {
    const { flaws, seen } = await flawsBy(table, json(tableAnswer('ACTIVE')));

    expect(await flaws).toEqual([]);
    expect(seen.map(({ headers, body }) => [headers['x-amz-target'], body])).toEqual([
      ['DynamoDB_20120810.DescribeTable', '{"TableName":"shop"}'],
    ]);
    expect(seen[0]?.headers.authorization).toContain('/us-west-2/dynamodb/aws4_request');
  });

  it.each(['ACTIVE', 'UPDATING'])('takes writes while it is %s', async (status) => {
    expect(await (await flawsBy(table, json(tableAnswer(status)))).flaws).toEqual([]);
  });

  it.each(['CREATING', 'DELETING', 'INACCESSIBLE_ENCRYPTION_CREDENTIALS', 'ARCHIVING', 'ARCHIVED'])(
    'takes none while it is %s',
    async (status) => {
      const { flaws } = await flawsBy(table, json(tableAnswer(status)));

      expect(await flaws).toEqual([`the table shop in us-west-2 is ${status}: it takes no writes`]);
    },
  );

  it('shares none while it may not replicate', async () => {
    const { flaws } = await flawsBy(table, json(tableAnswer('REPLICATION_NOT_AUTHORIZED')));

    expect(await flaws).toEqual(['the table shop in us-west-2 is REPLICATION_NOT_AUTHORIZED: it shares no writes']);
  });

  it.each([
    ['replicas elsewhere', json(tableAnswer('ACTIVE', ['us-east-2', west])), true],
    ['no replica', oldTable(null), true],
    ['an old global table elsewhere', oldTable([west, 'us-east-2']), true],
    ['an old global table', oldTable([west, east]), false],
  ] as const)('shares nothing with a region that has no replica (%s)', async (_, answer, isApart) => {
    expect(await (await flawsBy(table, answer)).flaws).toEqual(
      isApart ? ['the table shop in us-west-2 has no replica in us-east-1: they share no data'] : [],
    );
  });

  it('needs no replica where all sites are in its region', async () => {
    const { clients } = await standIn([west], json(tableAnswer('ACTIVE', [])));
    const { sites, ...service } = withData(table);
    const near = Object.fromEntries(
      Object.entries(sites).map(([site, its]) => [site, { ...its, location: undefined, region: west }]),
    );

    expect(await sharedDataFlaws(clients, { ...service, sites: near }, 'oregon')).toEqual([]);
  });
});

// moto has no peers of a cluster of Aurora DSQL: it answers without them.
describe('a cluster of Aurora DSQL, by a stand-in', () => {
  it('is asked for by its id, in the region of its site', async () => {
    const { flaws, seen } = await flawsBy(dsql, json(dsqlAnswer('ACTIVE')));

    expect(await flaws).toEqual([]);
    expect(seen.map(({ method, path }) => `${method} ${path}`)).toEqual([`GET /cluster/${ids.oregon}`]);
    expect(seen[0]?.headers.authorization).toContain('/us-west-2/dsql/aws4_request');
  });

  it.each(['ACTIVE', 'IDLE', 'INACTIVE', 'UPDATING'])('takes writes while it is %s', async (status) => {
    expect(await (await flawsBy(dsql, json(dsqlAnswer(status)))).flaws).toEqual([]);
  });

  it.each(['CREATING', 'PENDING_SETUP', 'FAILED', 'PENDING_DELETE', 'DELETING', 'DELETED'])(
    'takes none while it is %s',
    async (status) => {
      const { flaws } = await flawsBy(dsql, json(dsqlAnswer(status)));

      expect(await flaws).toEqual([`the cluster ${ids.oregon} of Aurora DSQL is ${status}: it takes no writes`]);
    },
  );

  it.each([
    ['an empty list', dsqlAnswer('ACTIVE', [])],
    ['its own ARN alone', dsqlAnswer('ACTIVE', [dsql.clusters.oregon])],
    ['no properties', { status: 'ACTIVE' }],
  ])('shares nothing with a site that is no peer of it (%s)', async (_, body) => {
    expect(await (await flawsBy(dsql, json(body))).flaws).toEqual([
      `the cluster ${ids.oregon} of Aurora DSQL is no peer of that of virginia: they share no data`,
    ]);
  });
});

describe('a cluster of MemoryDB, by a stand-in', () => {
  it('is asked for by its name, in the region of its site', async () => {
    const { flaws, seen } = await flawsBy(memoryDb, json(memoryDbAnswer('available')));

    expect(await flaws).toEqual([]);
    expect(seen.map(({ headers, body }) => [headers['x-amz-target'], body])).toEqual([
      ['AmazonMemoryDB.DescribeClusters', '{"ClusterName":"shop-west"}'],
    ]);
    expect(seen[0]?.headers.authorization).toContain('/us-west-2/memorydb/aws4_request');
  });

  it.each([
    ['available', []],
    ['Updating', []],
    ['snapshotting', []],
    ['creating', ['the cluster shop-west of MemoryDB is creating: it takes no writes']],
    ['create-failed', ['the cluster shop-west of MemoryDB is create-failed: it takes no writes']],
    ['Deleting', ['the cluster shop-west of MemoryDB is deleting: it takes no writes']],
  ])('%s: %j', async (status, expected) => {
    expect(await (await flawsBy(memoryDb, json(memoryDbAnswer(status)))).flaws).toEqual(expected);
  });

  it('shares nothing where it is in another multi-Region cluster, or in none', async () => {
    const other = await flawsBy(memoryDb, json(memoryDbAnswer('available', 'virxk-other')));
    const none = await flawsBy(memoryDb, json({ Clusters: [{ Status: 'available' }] }));

    expect([await other.flaws, await none.flaws]).toEqual([
      ['the cluster shop-west of MemoryDB is in virxk-other, not in virxk-shop'],
      ['the cluster shop-west of MemoryDB is in no multi-Region cluster, not in virxk-shop'],
    ]);
  });
});

describe.each([
  ['dynamodb-global', table, 'ResourceNotFoundException', tableAnswer],
  ['aurora-dsql', dsql, 'ResourceNotFoundException', dsqlAnswer],
  ['memorydb-multi-region', memoryDb, 'ClusterNotFoundFault', memoryDbAnswer],
] as const)('the state of %s', (_, data, missing, answerOf) => {
  it('says so where there is no such cluster', async () => {
    const { flaws } = await flawsBy(data, (_seen, response) => jsonError(response, missing, 404));

    expect(await flaws).toEqual([expect.stringContaining('no')]);
  });

  it.each([
    ['a refusal', (_seen, response) => jsonError(response, 'AccessDeniedException', 403), 'denied'],
    ['a throttle', (_seen, response) => jsonError(response, 'ThrottlingException', 400), 'throttled'],
    ['an empty answer', json({}), 'unavailable'],
    ['a word that nobody knows', json(answerOf('resting')), 'unavailable'],
  ] as const satisfies readonly (readonly [string, Answering, string])[])(
    'is unknown after %s',
    async (_what, answer, kind) => {
      const { flaws } = await flawsBy(data, answer);

      expect((await faultOf(() => flaws)).kind).toBe(kind);
    },
  );
});

test('the lag of a cluster of MemoryDB is the worst of all that CloudWatch has under its name', async () => {
  const nowMs = Date.UTC(2026, 0, 1);
  const result = { Id: 'm0', StatusCode: 'Complete', Timestamps: [nowMs / 1_000 - 60], Values: [850.4] };
  const { clients, seen } = await standIn([west], json({ MetricDataResults: [result] }));

  const lagMs = await readLagMs(clients, withData(memoryDb), 'oregon', 'virginia', nowMs);

  const { MetricDataQueries } = JSON.parse(seen[0]?.body ?? '{}');
  expect(lagMs).toBe(850);
  expect(MetricDataQueries).toEqual([
    {
      Id: 'm0',
      Expression: `MAX(SEARCH('Namespace="AWS/MemoryDB" MetricName="MultiRegionClusterReplicationLag" ClusterName="shop-west"', 'Maximum', 60))`,
    },
  ]);
});

test.each([
  [{ service: 'memorydb', host: 'memory-db' }, 'memory-db.us-west-2.amazonaws.com'],
  [{ service: 'dsql', isDualStack: true }, 'dsql.us-west-2.api.aws'],
  [{ service: 'arc-zonal-shift' }, 'arc-zonal-shift.us-west-2.amazonaws.com'],
] as const)('a request of %j goes to %s', async (named, hostname) => {
  const asked: string[] = [];
  const requestHandler = {
    handle: async (request: { readonly hostname: string }) => {
      asked.push(request.hostname);
      return { response: { statusCode: 200, headers: {} } };
    },
  };
  const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
  const client = new DynamoDBClient({ region: west, credentials, requestHandler: requestHandler as never });
  const clients = {
    of: () => client,
    standInOf: () => null,
    call: (send: (options: object) => Promise<unknown>) => send({ abortSignal: new AbortController().signal }),
  } as unknown as AwsClients;

  await requestJson(clients, { region: west, method: 'GET', path: '/', ...named });

  expect(asked).toEqual([hostname]);
});

test('a request for another service leaves what the client itself asks for signed for its own', async () => {
  const { clients, seen } = await standIn([west], json(tableAnswer('ACTIVE')));
  const dsqlCall = { region: west, service: 'dsql', method: 'GET', path: '/cluster/a' } as const;

  await requestJson(clients, dsqlCall);
  await sharedDataFlaws(clients, withData(table), 'oregon');
  await requestJson(clients, dsqlCall);

  const signedFor = seen.map(({ headers }) => /us-west-2\/([a-z0-9-]+)\/aws4/.exec(String(headers.authorization))?.[1]);
  expect(signedFor).toEqual(['dsql', 'dynamodb', 'dsql']);
});

// moto has Aurora DSQL in us-east-1 alone.
describeOnMoto('the state of shared data, by moto', [east, west], (clients) => {
  it('is read of a cluster of Aurora DSQL that has no peer', async () => {
    const call = { region: east, service: 'dsql', method: 'POST', path: '/cluster', body: {} } as const;
    const { identifier } = (await requestJson(clients(), call)) as { readonly identifier: string };
    const data = { ...dsql, clusters: { ...dsql.clusters, virginia: dsqlArn(east, identifier) } };

    expect(await sharedDataFlaws(clients(), withData(data), 'virginia')).toEqual([
      expect.stringContaining('is no peer of that of oregon'),
    ]);
  });

  it('is that nothing is there, where nothing is', async () => {
    expect(await sharedDataFlaws(clients(), withData(table), 'oregon')).toEqual(['no table shop in us-west-2']);
    expect(await sharedDataFlaws(clients(), withData(dsql), 'virginia')).toHaveLength(1);
    expect(await sharedDataFlaws(clients(), withData(memoryDb), 'oregon')).toHaveLength(1);
  });

  it('is read of a cluster of MemoryDB that is in no multi-Region cluster', async () => {
    await requestJson(clients(), {
      region: west,
      service: 'memorydb',
      method: 'POST',
      path: '/',
      target: 'AmazonMemoryDB.CreateCluster',
      body: { ClusterName: 'shop-west', NodeType: 'db.t4g.small', ACLName: 'open-access' },
    });

    expect(await sharedDataFlaws(clients(), withData(memoryDb), 'oregon')).toEqual(
      expect.arrayContaining([expect.stringContaining('is in no multi-Region cluster, not in virxk-shop')]),
    );
  });
});
