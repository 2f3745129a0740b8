import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { costOf } from '../../../../src/config/cost/cost.ts';
import { prices } from '../../../../src/config/cost/prices.ts';
import { workloadOf } from '../../../../src/config/cost/workload.ts';
import type { DeploymentInput } from '../../../../src/config/input/deployment.ts';
import { defineDeployment, parseDeployment } from '../../../../src/config/loader.ts';
import { applyOverrides } from '../../../../src/scenario/overrides.ts';
import { readRepository, shop, zones } from '../shop.fixture.ts';

const example = (name: string) => {
  const file = `examples/${name}/failover.config.yaml`;
  return parseDeployment(readRepository(file), file);
};

const partOf = (input: DeploymentInput, part: string) =>
  costOf(defineDeployment(input)).lines.find((line) => line.part === part)?.quantity ?? 0;

function shopWith(detection: { readonly intervalMs: number }): DeploymentInput {
  const { web } = shop.services;
  return { ...shop, services: { web: { ...web, detection } as typeof web } } as DeploymentInput;
}

test('examples/two-regions at 2 s ticks is at most $40 a month after what is always free', () => {
  const { afterFreeUsd, listUsd } = costOf(example('two-regions'));

  expect(afterFreeUsd).toBeLessThanOrEqual(40);
  // A sum that leaves parts out would pass as well. Three functions of 128 MiB that run all month cost this much alone.
  expect(listUsd).toBeGreaterThan(3 * 730 * 3_600 * 0.125 * 0.0000133334);
  expect(listUsd).toBeGreaterThan(afterFreeUsd);
});

test.each(readdirSync('examples'))('the hourly check costs less than a dollar a month: examples/%s', (name) => {
  const on = example(name);
  const off = { ...on, doctor: { hourly: false } };

  const usd = costOf(on).listUsd - costOf(off).listUsd;

  expect(usd).toBeGreaterThan(2 * (0.3 + 0.1));
  expect(usd).toBeLessThan(1);
  expect(costOf(off).lines.filter(({ part }) => part.startsWith('hourly check'))).toEqual([]);
});

test('the hourly check of examples/two-regions costs what ADR 28 says', () => {
  const on = example('two-regions');
  const usd = costOf(on).listUsd - costOf({ ...on, doctor: { hourly: false } }).listUsd;

  expect(readRepository('docs/adr/0028-hourly-doctor.md')).toContain(`$${usd.toFixed(2)} a month`);
});

describe('the parts of the least deployment', () => {
  const { lines, listUsd, afterFreeUsd } = costOf(defineDeployment(shop));
  const quantityOf = (part: string) => lines.find((line) => line.part === part)?.quantity;

  test('are as many as the plans say (regions=3, services=1, guarded sites=1)', () => {
    expect(quantityOf('health checks: oracles')).toBe(3);
    expect(quantityOf('health checks: oracles, HTTPS and 10 s')).toBe(6);
    expect(quantityOf('health checks: calculated')).toBe(2);
    expect(quantityOf('memory of DNS: health checks')).toBe(3);
    expect(quantityOf('alarms: composite')).toBe(3);
    expect(quantityOf('dashboard')).toBe(1);
  });

  test('cost at most $57, and DNS remembers', () => {
    expect(listUsd).toBeLessThanOrEqual(57);
    expect(quantityOf('memory of DNS: metrics')).toBe(3);
  });

  test('16 checkers ask each of 3 oracles every 10 s for 730 hours', () => {
    expect(quantityOf('oracles: requests')).toBeCloseTo((3 * 16 * 730 * 3_600) / 10, 3);
  });

  test('clients are paid for by how many there are and how often they ask, and by nothing where there are none', () => {
    const clientsOf = (clients: object) => {
      const { web } = shop.services;
      const endpoints = { virginia: 'https://virginia.internal', oregon: 'https://oregon.internal' };
      const input = { ...shop, services: { web: { ...web, clients: { endpoints, ...clients } } } } as DeploymentInput;
      return partOf(input, 'clients: requests');
    };

    expect(quantityOf('clients: requests')).toBeUndefined();
    expect(clientsOf({})).toBeCloseTo(3 * 20 * 730 * 3_600, 3);
    expect(clientsOf({ fleet: 1_000, askMs: 10_000 })).toBeCloseTo(3 * 100 * 730 * 3_600, 3);
  });

  test('an opinion of two sites is one write unit, a look at a table two read units', () => {
    const work = workloadOf(defineDeployment(shop));
    const ticks = (3 * 730 * 3_600) / 2;
    const starts = 3 * 730 * 60;

    expect(work.opinionWriteUnits).toBeCloseTo(ticks + starts, 3);
    // Five ticks of warm-up and the one in which the predecessor notices, beside thirty ticks a minute.
    expect(work.watcherReadUnits).toBeCloseTo(ticks * (36 / 30) * 3 * 2, 3);
  });

  test('add up to the sums, and no part is free of a price', () => {
    const sum = (key: 'listUsd' | 'afterFreeUsd') => lines.reduce((total, line) => total + line[key], 0);

    expect(sum('listUsd')).toBeCloseTo(listUsd, 9);
    expect(sum('afterFreeUsd')).toBeCloseTo(afterFreeUsd, 9);
    expect(lines.filter((line) => !(line.listUsd > 0))).toEqual([]);
    expect(lines.filter((line) => line.afterFreeUsd > line.listUsd)).toEqual([]);
  });

  test('share what is free: watchers and oracles have 400,000 GB-seconds together', () => {
    const seconds = lines.filter(({ price }) => price === prices.lambdaGbSecond);
    const paid = seconds.reduce((total, line) => total + line.afterFreeUsd, 0);
    const used = seconds.reduce((total, line) => total + line.quantity, 0);

    expect(seconds.length).toBeGreaterThan(1);
    expect(paid).toBeCloseTo((used - 400_000) * 0.0000133334, 6);
  });
});

test('ticks of 1 s double what is written and probed (from 2 s)', () => {
  const slow = workloadOf(defineDeployment(shopWith({ intervalMs: 2_000 })));
  const start = slow.watcherStarts;
  const fast = workloadOf(
    defineDeployment({
      ...shop,
      services: {
        web: {
          ...shop.services.web,
          detection: { intervalMs: 1_000 },
          sites: Object.fromEntries(
            Object.entries(shop.services.web?.sites ?? {}).map(([name, site]) => [
              name,
              { ...site, probes: site.probes.map((probe) => ({ ...probe, timeoutMs: 500 })) },
            ]),
          ),
        },
      },
    } as DeploymentInput),
  );

  expect(fast.opinionWriteUnits - start).toBeCloseTo(2 * (slow.opinionWriteUnits - start), 3);
});

test('a service behind an Elastic IP alone has no health checks, and pays for looks for drift', () => {
  expect(partOf(zones, 'health checks: oracles')).toBe(0);
  expect(partOf(zones, 'oracles: requests')).toBe(0);
  expect(partOf(zones, 'actuators: looks for drift')).toBeCloseTo((730 * 3_600) / 10, 3);
  expect(partOf(shop, 'actuators: looks for drift')).toBe(0);
});

describe.each(readdirSync(new URL('../../../../examples', import.meta.url)))('examples/%s', (name) => {
  const { lines, listUsd } = costOf(example(name));

  test('has a price, part by part', () => {
    expect(listUsd).toBeGreaterThan(20);
    expect(lines.length).toBeGreaterThan(10);
    expect(lines.reduce((sum, line) => sum + line.listUsd, 0)).toBeCloseTo(listUsd, 9);
  });
});

describe('surveys', () => {
  const quantityIn = (name: string, part: string) =>
    costOf(example(name)).lines.find((line) => line.part === part)?.quantity ?? 0;
  /** Of 2 s ticks, five warm up and one is the predecessor's last: 36 for 30. */
  const looks = ((730 * 3_600) / 10) * (36 / 30);

  test('ask every 10 s for each site with data, and for no other (sites=2, 0)', () => {
    expect(quantityIn('database', 'surveys: requests')).toBeCloseTo(2 * looks, 3);
    expect(quantityIn('two-regions', 'surveys: requests')).toBe(0);
    expect(quantityIn('two-regions', 'surveys: time')).toBe(0);
  });

  test('read two metrics of a waiting cluster, one of a table in each of two waiting regions', () => {
    expect(quantityIn('database', 'surveys: metrics read')).toBeCloseTo(2 * looks, 3);
    expect(quantityIn('active-active', 'surveys: metrics read')).toBeCloseTo(2 * looks, 3);
    expect(quantityIn('load-balancer', 'surveys: metrics read')).toBe(0);
  });

  test('read one metric of MemoryDB for each other site, and none of Aurora DSQL', () => {
    const clusters = (service: string) =>
      Object.fromEntries(
        [['virginia', 'us-east-1'] as const, ['oregon', 'us-west-2'] as const].map(([site, region], index) => [
          site,
          `arn:aws:${service}:${region}:111122223333:cluster/${'ab'[index]?.repeat(26)}`,
        ]),
      );
    const withData = (data: object) => applyOverrides(shop, { 'services.web.data': data }) as DeploymentInput;
    const cached = withData({ kind: 'memorydb-multi-region', globalId: 'g', clusters: clusters('memorydb') });

    expect(partOf(cached, 'surveys: metrics read')).toBeCloseTo(looks, 3);
    expect(partOf(withData({ kind: 'aurora-dsql', clusters: clusters('dsql') }), 'surveys: metrics read')).toBe(0);
  });

  test('ask the function of each site what role its part of the data has', () => {
    const functions = { virginia: 'data-east', oregon: 'data-west' };
    const custom = applyOverrides(shop, { 'services.web.data': { kind: 'custom', functions } }) as DeploymentInput;

    expect(partOf(custom, 'surveys: functions of yours invoked')).toBeCloseTo(2 * looks, 3);
    expect(quantityIn('database', 'surveys: functions of yours invoked')).toBe(0);
  });

  test('read the declared sources instead, a heartbeat with half a read unit', () => {
    const lag = { kind: 'heartbeat' as const, tableName: 'beats', key: 'web', attribute: 'at' };
    const load = { namespace: 'Shop', name: 'Requests' };
    const measured = applyOverrides(shop, { 'services.web.sites.oregon.measures': { lag, load } }) as DeploymentInput;

    expect(partOf(measured, 'surveys: requests')).toBeCloseTo(looks, 3);
    expect(partOf(measured, 'surveys: heartbeats read')).toBeCloseTo(looks / 2, 3);
    expect(partOf(measured, 'surveys: metrics read')).toBeCloseTo(looks, 3);
  });
});

test('alarms are read every 10 s, those of a region in one call of each watcher, and are no traffic (alarms=3, regions=2)', () => {
  const alarm = (name: string, more: object = {}) => ({ type: 'cloudwatch-alarm', name, ...more });
  const read = applyOverrides(shop, {
    'services.web.sites.virginia.probes': [alarm('ill'), alarm('slow')],
    'services.web.sites.oregon.probes': [alarm('ill')],
  }) as DeploymentInput;

  expect(partOf(read, 'probes: alarms read')).toBeCloseTo((2 * 3 * 730 * 3_600 * (36 / 30)) / 10, 3);
  expect(partOf(read, 'transfer to the internet: probes, if the sites are outside AWS')).toBe(0);
  expect(partOf(shop, 'probes: alarms read')).toBe(0);
});

test('a metric is read three times in each of its periods by each watcher, and paid for each time', () => {
  const metric = { type: 'cloudwatch-metric', namespace: 'Shop', name: 'hosts', expect: { atLeast: 1 } };
  const read = applyOverrides(shop, {
    'services.web.sites.virginia.probes': [metric, { ...metric, name: 'errors', periodMs: '5m' }],
  }) as DeploymentInput;

  const watchedSeconds = 3 * 730 * 3_600 * (36 / 30);
  expect(partOf(read, 'probes: metrics read')).toBeCloseTo(watchedSeconds / 20 + watchedSeconds / 100, 3);
  expect(partOf(shop, 'probes: metrics read')).toBe(0);
});

test('a function is invoked by each watcher at each tick', () => {
  const asked = applyOverrides(shop, {
    'services.web.sites.virginia.probes': [{ type: 'function', functionName: 'check' }],
  }) as DeploymentInput;

  expect(partOf(asked, 'probes: functions of yours invoked')).toBeCloseTo((3 * 730 * 3_600 * (36 / 30)) / 2, 3);
  expect(partOf(shop, 'probes: functions of yours invoked')).toBe(0);
});

test('looks for drift: one a listener, a size and a fence, and one a region for parameters', () => {
  const month = (730 * 3_600) / 10;
  const looksIn = (name: string) =>
    costOf(example(name)).lines.find(({ part }) => part === 'actuators: looks for drift')?.quantity ?? 0;

  expect(looksIn('load-balancer')).toBeCloseTo(month, 3);
  expect(looksIn('warm-standby')).toBeCloseTo(2 * month, 3);
  expect(looksIn('database')).toBeCloseTo(4 * month, 3);
  expect(looksIn('internal-clients')).toBeCloseTo(3 * month, 3);
});

test('every price names its unit, an AWS page, a page in which it was found, and a day', () => {
  for (const price of Object.values(prices)) {
    expect(price.source).toMatch(/^https:\/\/aws\.amazon\.com\//);
    expect(price.readIn).toMatch(/^https:\/\//);
    expect(price.readOn).toMatch(/^\d{4}-\d{2}-\d{2}$/);
    expect(price.usd / price.per).toBeGreaterThan(0);
  }
});
