import { describe, expect, it } from 'vitest';
import type { ScaleChange } from '../../../src/adapters/aws/start/scale-handle.ts';
import { AwsCompute } from '../../../src/adapters/aws/start.ts';
import { changesIn, dynamodbTableServer, type TableState } from '../../support/servers/dynamodb-table-server.ts';
import { faultOf, jsonError, standIn } from '../../support/stand-in.ts';

const home = 'us-east-1';
const place = { region: home, service: 'web', site: 'right' };
const sizes = { size: 400, asActive: false, standbySize: 10 };
const write = { kind: 'dynamodb-capacity', table: 'shop', units: 'write', ...sizes } as const;
const to = (size: number): ScaleChange => ({ size, isServing: size > 10, token: { epoch: 4, attempt: 2 } });

const provisioned = (more: Partial<TableState> = {}): TableState => ({
  table: { read: 20, write: 10, warm: 4_000 },
  index: { read: 20, write: 10, warm: 4_000 },
  describesUpdating: 3,
  ...more,
});
const scaled = (dimension: string, max = 1_000) =>
  provisioned({ targets: { [`${dimension}`]: { MinCapacity: 10, MaxCapacity: max } } });

async function open(state: TableState) {
  const { clients, seen } = await standIn([home], dynamodbTableServer(state));
  const compute = new AwsCompute(clients);
  return { compute, seen, changes: () => changesIn(seen), look: () => compute.readScale(place, write) };
}

// moto 5.2.1 changes a table at once, takes a change that changes nothing, and does not act on a range.
describe('dynamodb-capacity in DynamoDB, by a stand-in', () => {
  it('is on its way while the table shows its old capacity, and there after that', async () => {
    const { compute, look } = await open(provisioned());

    await compute.setScale(place, write, to(400));

    const [first, , , last] = [await look(), await look(), await look(), await look()];
    expect(first).toMatchObject({ wanted: 10, ready: 10, isChanging: true });
    expect(last).toMatchObject({ wanted: 400, ready: 400, isChanging: false });
  });

  it('leaves the other capacity as it is, and asks for nothing that is there', async () => {
    const { compute, changes } = await open(provisioned({ describesUpdating: 0 }));

    for (const size of [10, 400, 400]) await compute.setScale(place, write, to(size));

    const ProvisionedThroughput = { ReadCapacityUnits: 20, WriteCapacityUnits: 400 };
    expect(changes()).toEqual([['UpdateTable', { TableName: 'shop', ProvisionedThroughput }]]);
  });

  it('changes an index by its own capacity', async () => {
    const state = provisioned({ describesUpdating: 0, index: { read: 7, write: 5, warm: 4_000 } });
    const { compute, changes } = await open(state);

    await compute.setScale(place, { ...write, index: 'by-day', units: 'read' }, to(400));

    const Update = { IndexName: 'by-day', ProvisionedThroughput: { ReadCapacityUnits: 400, WriteCapacityUnits: 5 } };
    expect(changes()).toEqual([['UpdateTable', { TableName: 'shop', GlobalSecondaryIndexUpdates: [{ Update }] }]]);
    expect([state.table.read, state.index.read]).toEqual([20, 400]);
  });

  it.each([
    ['whose capacity is read', { ...write, units: 'read' } as const, 'table/shop', 'dynamodb:table:ReadCapacityUnits'],
    ['whose capacity is written', write, 'table/shop', 'dynamodb:table:WriteCapacityUnits'],
    [
      'of an index',
      { ...write, index: 'by-day' } as const,
      'table/shop/index/by-day',
      'dynamodb:index:WriteCapacityUnits',
    ],
  ])('raises the least that Application Auto Scaling keeps, of one %s', async (_, scalable, id, dimension) => {
    const { compute, changes } = await open(scaled(`${id} ${dimension}`, 100));

    await compute.setScale(place, scalable, to(400));

    const key = { ServiceNamespace: 'dynamodb', ResourceId: id, ScalableDimension: dimension };
    expect(changes()).toEqual([['RegisterScalableTarget', { ...key, MinCapacity: 400, MaxCapacity: 400 }]]);
    for (let looks = 0; looks < 3; looks += 1) await compute.readScale(place, scalable);
    expect(await compute.readScale(place, scalable)).toMatchObject({ wanted: 400, ready: 400 });
  });

  it('signs for the service that it asks, whichever it has asked before', async () => {
    const { compute, seen } = await open(scaled('table/shop dynamodb:table:WriteCapacityUnits'));

    for (const size of [400, 10]) await compute.setScale(place, write, to(size));

    const services = seen.map(({ headers }) => [
      String(headers['x-amz-target']).split(/[._]/)[0],
      /Credential=[^/]+\/\d+\/us-east-1\/([^/]+)\//.exec(String(headers.authorization))?.[1],
    ]);
    const [tables, scaling] = [
      ['DynamoDB', 'dynamodb'],
      ['AnyScaleFrontendService', 'application-autoscaling'],
    ];
    expect(services).toEqual([tables, scaling, scaling, tables, scaling, scaling]);
  });

  it('gives the least back, leaves the most alone, and lets Application Auto Scaling lower the table', async () => {
    const state = scaled('table/shop dynamodb:table:WriteCapacityUnits');
    const { compute, look } = await open(state);

    await compute.setScale(place, write, to(400));
    for (let looks = 0; looks < 3; looks += 1) await look();
    await compute.setScale(place, write, to(10));

    expect(Object.values(state.targets ?? {})).toEqual([{ MinCapacity: 10, MaxCapacity: 1_000 }]);
    expect(await look()).toMatchObject({ wanted: 10, ready: 400 });
  });

  it('raises the warm throughput of a table that is paid by request, and never lowers it', async () => {
    const { compute, changes, look } = await open(provisioned({ isOnDemand: true }));

    await compute.setScale(place, write, to(9_000));
    expect(await look()).toMatchObject({ wanted: 4_000, isChanging: true, isLasting: true });
    for (let looks = 0; looks < 3; looks += 1) await look();
    await compute.setScale(place, write, to(10));

    expect(await look()).toEqual({ wanted: 9_000, ready: 9_000, isChanging: false, isLasting: true });
    expect(changes()).toEqual([['UpdateTable', { TableName: 'shop', WarmThroughput: { WriteUnitsPerSecond: 9_000 } }]]);
  });

  it.each([
    ['a global table that is paid by request', { isOnDemand: true, replicas: ['us-west-2'] }, 'by hand, once'],
    ['the write capacity of a global table', { replicas: ['us-west-2'] }, 'share one write capacity: keep it at 9000'],
    ['more than a table that is paid by request may have', { isOnDemand: true, most: 500 }, 'raise that to 9000'],
  ])('says what to do instead, and asks nothing, of %s', async (_, more, says) => {
    const { compute, changes, look } = await open(provisioned(more));

    const fault = await faultOf(() => compute.setScale(place, write, to(9_000)));

    expect(fault).toMatchObject({ kind: 'invalid', detail: expect.stringContaining(says) });
    expect(changes()).toEqual([]);
    expect((await look()).wanted).toBeGreaterThan(0);
  });

  it('raises what a replica reads, because each region has its own', async () => {
    const dimension = 'table/shop dynamodb:table:ReadCapacityUnits';
    const state = { ...scaled(dimension), replicas: ['us-west-2'] };
    const { compute } = await open(state);

    await compute.setScale(place, { ...write, units: 'read' }, to(400));

    expect(state.targets?.[dimension]?.MinCapacity).toBe(400);
  });

  it.each([
    ['a table that is not there', { ...write, table: 'nobody' }, 'invalid', `no table nobody in ${home}`],
    ['an index that is not there', { ...write, index: 'by-week' }, 'invalid', 'has no index by-week'],
  ])('knows no size of %s', async (_, scalable, kind, says) => {
    const { compute } = await open(provisioned());

    const fault = await faultOf(() => compute.readScale(place, scalable));

    expect(fault).toMatchObject({ kind, detail: expect.stringContaining(says) });
  });

  it.each(['INACCESSIBLE_ENCRYPTION_CREDENTIALS', 'ARCHIVED'])(
    'knows no size of a table that is %s',
    async (status) => {
      const { look } = await open(provisioned({ status }));

      expect(await faultOf(look)).toEqual({ kind: 'unavailable', detail: `table shop in ${home} is ${status}` });
    },
  );

  it('does not take a table for one that nothing scales when it may not ask', async () => {
    const server = dynamodbTableServer(provisioned());
    const { clients } = await standIn([home], (seen, response, index) =>
      String(seen.headers['x-amz-target']).startsWith('AnyScale')
        ? jsonError(response, 'AccessDeniedException')
        : server(seen, response, index),
    );

    expect((await faultOf(() => new AwsCompute(clients).setScale(place, write, to(400)))).kind).toBe('denied');
  });
});
