import { expect, test } from 'vitest';
import { timeIn } from '../../../../../src/adapters/aws/survey/heartbeat.ts';
import { lagMetricsOf, lagOf } from '../../../../../src/adapters/aws/survey/lag-metric.ts';
import { newestOf } from '../../../../../src/adapters/aws/survey/metric-value.ts';

const where = { site: 'two', region: 'region-2', writerRegion: 'region-1', otherRegions: ['region-1'], cacheNodes: [] };

test.each([
  ['aurora-global', 'AWS/RDS', 'AuroraGlobalDBReplicationLag'],
  ['documentdb-global', 'AWS/DocDB', 'GlobalClusterReplicationLag'],
  ['neptune-global', 'AWS/Neptune', 'GlobalDbProgressLag'],
] as const)('asks for the lag of %s under both sets of dimensions', (kind, namespace, name) => {
  const clusters = { two: 'arn:aws:rds:region-2:1:cluster:shop-two' };

  const metrics = lagMetricsOf({ ...where, data: { kind, globalId: 'g', clusters } });

  expect(metrics.map(({ source }) => source.dimensions)).toEqual([
    { DBClusterIdentifier: 'shop-two' },
    { DBClusterIdentifier: 'shop-two', SourceRegion: 'region-1' },
  ]);
  expect(metrics[0]).toMatchObject({ region: 'region-2', source: { namespace, name, unitMs: 1 } });
});

test('asks for the lag of a global cluster behind every other region, whoever the register calls the writer', () => {
  const clusters = { two: 'arn:aws:rds:region-2:1:cluster:shop-two' };
  const otherRegions = ['region-1', 'region-3'];

  const metrics = lagMetricsOf({
    ...where,
    writerRegion: 'region-2',
    otherRegions,
    data: { kind: 'aurora-global', globalId: 'g', clusters },
  });

  expect(metrics.map(({ source }) => source.dimensions.SourceRegion)).toEqual([undefined, 'region-1', 'region-3']);
});

test('asks for the lag of a DynamoDB table where the writes come from', () => {
  const data = { kind: 'dynamodb-global', tableName: 't' } as const;

  expect(lagMetricsOf({ ...where, data })).toMatchObject([
    { region: 'region-1', source: { dimensions: { TableName: 't', ReceivingRegion: 'region-2' } } },
  ]);
  expect(lagMetricsOf({ ...where, data, writerRegion: null })).toEqual([]);
});

test('asks for the lag of MemoryDB by the name of the cluster, and for none of Aurora DSQL', () => {
  const clusters = { two: 'arn:aws:memorydb:region-2:123456789012:cluster/shop-two' };

  expect(lagMetricsOf({ ...where, data: { kind: 'memorydb-multi-region', globalId: 'g', clusters } })).toMatchObject([
    { region: 'region-2', source: { dimensions: { ClusterName: 'shop-two' }, isSearched: true, unitMs: 1 } },
  ]);
  expect(lagMetricsOf({ ...where, data: { kind: 'aurora-dsql', clusters } })).toEqual([]);
});

test.each([
  ['the worst that is known', [2, null, 3], 3_000],
  ['unknown without a value', [null, null, null], undefined],
  ['unknown while replication is not active', [-1, null, 3], undefined],
] as const)('lag is %s', (_, values, lag) => {
  expect(lagOf([{ unitMs: 1_000 }, { unitMs: 1_000 }, { unitMs: 1_000 }], values)).toBe(lag);
});

test.each([
  [
    'the newest',
    'Maximum',
    120_000,
    [
      { atMs: 0, value: 1 },
      { atMs: 60_000, value: 2 },
    ],
    2,
  ],
  ['none that is too old', 'Maximum', 59_999, [{ atMs: 60_000, value: 2 }], null],
  [
    'no sum of a minute that is not over',
    'Sum',
    120_000,
    [
      { atMs: 0, value: 1 },
      { atMs: 70_000, value: 2 },
    ],
    1,
  ],
] as const)('takes %s', (_, statistic, maxAgeMs, points, value) => {
  expect(newestOf({ statistic, maxAgeMs }, points, 120_000)).toBe(value);
});

test.each([
  [{ N: '1700000000000' }, 1_700_000_000_000],
  [{ S: '1700000000000' }, 1_700_000_000_000],
  [{ S: '2023-11-14T22:13:20Z' }, 1_700_000_000_000],
  [{ N: '1700000000' }, null],
  [{ S: 'soon' }, null],
  [{ S: '' }, null],
  [undefined, null],
])('reads a heartbeat of %j as %s', (value, atMs) => {
  expect(timeIn(value as never)).toBe(atMs);
});
