import { expect, test } from 'vitest';
import type { DeploymentStatus } from '../../../../src/core/operator/answers.ts';
import { metricsText } from '../../../../src/dashboard/live/metrics-text.ts';

const site = { verdict: 'up', replicationLagMs: null };
const web = {
  protection: { level: 'protected', why: '', isWell: true },
  epoch: 4,
  serving: ['oregon'],
  watchers: { 'us-east-1': 'fresh', 'us-west-2': 'silent' },
  sites: { virginia: { ...site, verdict: 'down', replicationLagMs: 2_500 }, oregon: site },
};

function statusWith(services: object, silent = {}): DeploymentStatus {
  return { version: 1, deployment: 'shop', services, silent } as unknown as DeploymentStatus;
}

function linesOf(status: DeploymentStatus | null, readAtMs: number | null = null): readonly string[] {
  return metricsText(status, readAtMs)
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
}

test('a status has a line for each value, with what it is of', () => {
  expect(linesOf(statusWith({ web }, { 'us-east-2': 'timeout' }), 1_700_000_000_500)).toEqual([
    'failover_read_timestamp_seconds 1700000000.5',
    'failover_table_silent{deployment="shop",region="us-east-2"} 1',
    'failover_protection{deployment="shop",service="web",level="protected"} 1',
    'failover_protection{deployment="shop",service="web",level="unprotected"} 0',
    'failover_protection{deployment="shop",service="web",level="moving"} 0',
    'failover_protection{deployment="shop",service="web",level="stuck"} 0',
    'failover_protection{deployment="shop",service="web",level="cannot-see"} 0',
    'failover_epoch{deployment="shop",service="web"} 4',
    'failover_watcher_fresh{deployment="shop",service="web",region="us-east-1"} 1',
    'failover_watcher_fresh{deployment="shop",service="web",region="us-west-2"} 0',
    'failover_site_serving{deployment="shop",service="web",site="virginia"} 0',
    'failover_site_serving{deployment="shop",service="web",site="oregon"} 1',
    ...['up', 'degraded', 'down', 'unclear'].map(
      (verdict) =>
        `failover_site_verdict{deployment="shop",service="web",site="virginia",verdict="${verdict}"} ${Number(verdict === 'down')}`,
    ),
    ...['up', 'degraded', 'down', 'unclear'].map(
      (verdict) =>
        `failover_site_verdict{deployment="shop",service="web",site="oregon",verdict="${verdict}"} ${Number(verdict === 'up')}`,
    ),
    'failover_site_replication_lag_seconds{deployment="shop",service="web",site="virginia"} 2.5',
  ]);
});

test('what is not known has no value, and before the first look there is none at all', () => {
  const blind = { ...web, epoch: null, serving: [] };

  expect(linesOf(null)).toEqual([]);
  expect(linesOf(statusWith({ web: blind })).filter((line) => /epoch|serving/.test(line))).toEqual([]);
});

test('every metric says what it is, in the form that Prometheus reads', () => {
  for (const block of metricsText(null, null).trim().split('# HELP ').slice(1))
    expect(block).toMatch(/^(failover_\w+) .+\.\n# TYPE \1 gauge\n?$/);
});
