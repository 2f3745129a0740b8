import { describe, expect, test } from 'vitest';
import { defineDeployment, parseDeployment } from '../../../../src/config/loader.ts';
import { functionsOf, surveyedSites } from '../../../../src/config/plan/function-set.ts';
import { functionPlanOf } from '../../../../src/config/plan/functions.ts';
import { endpointsParameter, functionName } from '../../../../src/config/plan/names.ts';
import { kindOf } from '../../../../src/core/kinds/kinds.ts';
import { applyOverrides, type Overrides } from '../../../../src/scenario/overrides.ts';
import { balanced } from '../mode-cases.fixture.ts';
import { readRepository, shop } from '../shop.fixture.ts';

const always = ['watcher', 'oracle', 'notify'];
/** What the first two control regions have besides, and the others do not. */
const checked = [...always, 'doctor'];
const example = (name: string) => {
  const file = `examples/${name}/failover.config.yaml`;
  return parseDeployment(readRepository(file), file);
};
const shopWith = (overrides: Overrides) => defineDeployment(applyOverrides(shop, overrides) as typeof shop);
const oregon = 'services.web.sites.oregon';

describe('a control region has the functions that something there needs', () => {
  test.each([
    ['two-regions', [[], [], []]],
    ['elastic-ip', [['address'], [], []]],
    ['active-active', [['survey'], ['survey'], ['survey']]],
    ['load-balancer', [['targets', 'survey'], [], []]],
    ['warm-standby', [['start', 'survey'], ['start', 'survey'], []]],
    ['cold-standby', [[], ['start', 'survey'], []]],
    ['database', [['fence', 'promote', 'start', 'survey'], ['fence', 'promote', 'start', 'survey'], []]],
    ['internal-clients', Array(3).fill(['endpoints', 'publish'])],
  ])('examples/%s: besides those of all, %j', (name, expected) => {
    const deployment = example(name);

    expect(deployment.controlRegions.map((region) => functionsOf(deployment, region))).toEqual(
      expected.map((kinds, place) => [...(place < 2 ? checked : always), ...kinds]),
    );
  });

  test('records that are edited have a function everywhere', () => {
    const deployment = shopWith({ 'services.web.traffic.dns.mode': 'records' });

    for (const region of deployment.controlRegions) expect(functionsOf(deployment, region)).toContain('dns');
  });

  test('what doctor checks is checked nowhere once that is switched off', () => {
    const deployment = shopWith({ doctor: { hourly: false } });

    expect(deployment.controlRegions.map((region) => functionsOf(deployment, region))).toEqual([
      always,
      always,
      always,
    ]);
  });

  test('a table that every site writes is surveyed, and promoted by nobody', () => {
    const deployment = shopWith({ 'services.web.data': { kind: 'dynamodb-global', tableName: 'shop' } });

    expect(functionsOf(deployment, 'us-west-2')).toEqual([...checked, 'survey']);
    expect(functionsOf(deployment, 'us-east-2')).toEqual(always);
  });
});

test.each([
  ['measures', { load: { namespace: 'Shop', name: 'Requests' } }],
  ['measures', { lag: { kind: 'heartbeat', tableName: 'beats', key: 'web', attribute: 'at' } }],
])('a site is surveyed for its %s (%j), and its neighbour is not', (key, value) => {
  const { web } = shopWith({ [`${oregon}.${key}`]: value }).services;

  expect(web && surveyedSites(web, 'us-west-2')).toEqual(['oregon']);
  expect(web && surveyedSites(web, 'us-east-1')).toEqual([]);
});

test('an actuator has something to do only where its thing is', () => {
  const { web } = defineDeployment(balanced).services;

  expect(web && kindOf('targets').isIn(web, 'us-east-1')).toBe(true);
  expect(web && kindOf('targets').isIn(web, 'us-west-2')).toBe(false);
  expect(web && kindOf('publish').isIn(web, 'us-east-1')).toBe(false);
});

describe('how functions are deployed', () => {
  test('an actuator may be called by every watcher for each of its services, and waits as long as a step', () => {
    const deployment = example('database');

    expect(functionPlanOf(deployment, 'promote')).toMatchObject({
      name: 'shop-failover-promote',
      memoryMb: 512,
      timeoutSeconds: 10,
      concurrencyMax: 3,
      retriesMax: 0,
    });
  });

  test('a survey ends before its answer would be too old, twice a site at once', () => {
    expect(functionPlanOf(example('database'), 'survey')).toMatchObject({ timeoutSeconds: 30, concurrencyMax: 2 });
    expect(functionPlanOf(example('load-balancer'), 'survey')).toMatchObject({ concurrencyMax: 4 });
  });
});

test('names are known beforehand', () => {
  expect(functionName('shop', 'publish')).toBe('shop-failover-publish');
  expect(endpointsParameter('shop', 'web')).toBe('/shop/failover/endpoints/web');
});
