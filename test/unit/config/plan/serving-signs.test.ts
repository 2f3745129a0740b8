import { describe, expect, test } from 'vitest';
import { parseShape } from '../../../../src/config/loader.ts';
import type { MetricPlan } from '../../../../src/config/plan/alarms.ts';
import { memoryAlarms, servingSigns } from '../../../../src/config/plan/memories.ts';
import { memoryData } from '../../../../src/core/dns/memory.ts';
import { lastResortName } from '../../../../src/core/model/service.ts';
import { registerWith } from '../../core/service.fixture.ts';

const sites = ['virginia', 'oregon', 'ohio'];
const probe = { type: 'https', url: 'https://a.shop.example/healthz' };

function deploymentWith(mode: string, dns: object) {
  const declared = sites.map((site, place) => {
    const region = ['us-east-1', 'us-west-2', 'us-east-2'][place];
    return [site, { region, priority: 100 - place, probes: [probe] }] as const;
  });
  const addresses = Object.fromEntries(sites.map((site, place) => [site, { a: `192.0.2.${place}` }]));
  const name = { zone: { id: 'Z0EXAMPLE', name: 'shop.example' }, record: 'www.shop.example', addresses, ...dns };
  const service = { mode, sites: Object.fromEntries(declared), traffic: { dns: name } };
  const controlRegions = ['us-east-1', 'us-west-2', 'us-east-2'];
  return parseShape({ name: 'shop', controlRegions, services: { web: service } }, 'fixture');
}

const modes: readonly (readonly [string, string, object])[] = [
  ['a chain', 'active-passive', { mode: 'oracle' }],
  ['a chain with a last resort', 'active-passive', { mode: 'oracle', lastResort: { a: '192.0.2.99' } }],
  ['a chain by memory', 'active-passive', { mode: 'memory' }],
  ['a pool', 'active-active', { mode: 'oracle', policy: 'weighted' }],
];

describe.each(modes)('%s', (_, mode, dns) => {
  const deployment = deploymentWith(mode, dns);
  const { web } = deployment.services;
  const signs = servingSigns(deployment);

  /** What a region's watcher writes while these serve, and what the signs make of it, by site. */
  function seen(serving: readonly string[]): Readonly<Record<string, number>> {
    if (web === undefined) throw new TypeError('the deployment has a service web');
    const data = memoryData(web, registerWith({ active: serving[0] ?? '', serving }));
    const numberOf = (metric: MetricPlan) => data[`left.${metric.dimensions.sites}`] ?? Number.NaN;
    return Object.fromEntries(
      signs.map(({ site, isReached, isPassed }) => [
        site,
        (isReached === null ? 1 : numberOf(isReached)) - (isPassed === null ? 0 : numberOf(isPassed)),
      ]),
    );
  }

  test.each(sites)('tell that %s serves, and no other', (active) => {
    expect(seen([active])).toEqual(Object.fromEntries(sites.map((site) => [site, site === active ? 1 : 0])));
  });

  test('read metrics alone that DNS remembers by', () => {
    const written = memoryAlarms(deployment).map(({ metric }) => metric);
    const read = signs.flatMap(({ isReached, isPassed }) => [isReached, isPassed]).filter((metric) => metric !== null);

    expect(read.length).toBeGreaterThan(2);
    for (const metric of read) expect(written).toContainEqual(metric);
  });
});

test('a pool tells of each site that serves', () => {
  const deployment = deploymentWith('active-active', { mode: 'oracle', policy: 'weighted' });

  expect(servingSigns(deployment).map(({ isReached }) => isReached)).toEqual([null, null, null]);
});

test('at the last resort nothing is written, so nobody is said to serve', () => {
  const deployment = deploymentWith('active-passive', { mode: 'oracle', lastResort: { a: '192.0.2.99' } });
  const { web } = deployment.services;

  expect(web && memoryData(web, registerWith({ serving: [lastResortName] }))).toEqual({});
});

test.each([
  ['without memory', { mode: 'oracle', memory: false }],
  ['whose records are edited', { mode: 'records' }],
])('a service %s has no signs', (_, dns) => {
  expect(servingSigns(deploymentWith('active-passive', dns))).toEqual([]);
});
