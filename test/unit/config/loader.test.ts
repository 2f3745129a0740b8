import { readdirSync } from 'node:fs';
import { expect, expectTypeOf, test } from 'vitest';
import { findingsMax } from '../../../src/config/config-error.ts';
import { defineDeployment, parseDeployment, parseDeploymentValue, parseShape } from '../../../src/config/loader.ts';
import type { deploymentSchema } from '../../../src/config/schema/schema.ts';
import type { Deployment } from '../../../src/core/model/deployment.ts';
import { applyOverrides, type Overrides } from '../../../src/scenario/overrides.ts';
import { balanced } from './mode-cases.fixture.ts';
import { complaintsOf, readRepository, shop } from './shop.fixture.ts';

function complaints(overrides: Overrides): readonly string[] {
  return complaintsOf(() => parseShape(applyOverrides(shop, overrides), 'c.yaml'));
}

const twoRegions = readRepository('examples/two-regions/failover.config.yaml');

test('what the schema makes is what the core takes', () => {
  expectTypeOf<(typeof deploymentSchema)['_zod']['output']>().toExtend<Deployment>();
});

test('the deployment of the design reads alike in TypeScript and in YAML', () => {
  const deployment = defineDeployment({
    name: 'shop',
    controlRegions: ['us-east-1', 'us-west-2', 'us-east-2'], // the third is a witness
    services: {
      web: {
        mode: 'active-passive',
        sites: {
          virginia: {
            region: 'us-east-1',
            priority: 100,
            standby: 'hot',
            capacity: 100,
            probes: [
              {
                type: 'https',
                url: 'https://virginia.shop.example/healthz',
                timeoutMs: 1_500,
                expect: { status: 200, body: 'ok' },
              },
            ],
          },
          oregon: {
            region: 'us-west-2',
            priority: 50,
            standby: 'hot',
            capacity: 100,
            probes: [
              {
                type: 'https',
                url: 'https://oregon.shop.example/healthz',
                timeoutMs: 1_500,
                expect: { status: 200, body: 'ok' },
              },
            ],
          },
        },
        detection: { intervalMs: 2_000, fallCount: 3, riseCount: 5, quorum: 2 },
        failover: {
          automatic: true,
          blockMs: 3_600_000,
          maxMovesPerDay: 3,
          leaseMs: 15_000,
        },
        failback: { mode: 'manual' },
        traffic: {
          dns: {
            zone: { id: 'Z0EXAMPLE', name: 'shop.example' },
            record: 'www.shop.example',
            ttlSeconds: 30,
            mode: 'oracle',
            addresses: { virginia: { a: '203.0.113.10' }, oregon: { a: '198.51.100.20' } },
          },
        },
      },
    },
    notify: { emails: ['oncall@shop.example'], topics: [], webhooks: [] },
    watcher: { tracing: false },
    doctor: { hourly: true },
    accept: {},
  });

  expect(parseDeployment(twoRegions, 'two-regions')).toEqual(deployment);
});

test.each(readdirSync(new URL('../../../examples', import.meta.url)))('the example %s is accepted', (name) => {
  const path = `examples/${name}/failover.config.yaml`;

  expect(parseDeployment(readRepository(path), path).name).toBe('shop');
});

test.each([
  [250, 3, 250, 375],
  [1_000, 2, 500, 750],
  [2_000, 1, 500, 0],
  [60_000, 3, 500, 90_000],
])('suspicion follows the tick (intervalMs=%i, fallCount=%i, suspectIntervalMs=%i, minDownMs=%i)', (...figures) => {
  const [intervalMs, fallCount, suspectIntervalMs, minDownMs] = figures;
  const timeoutMs = 100;
  const web = shop.services.web as NonNullable<(typeof shop)['services']['web']>;
  const sites = Object.fromEntries(
    Object.entries(web.sites).map(([name, site]) => {
      return [name, { ...site, probes: site.probes.map((probe) => ({ ...probe, timeoutMs })) }];
    }),
  );
  const failover = { ...web.failover, leaseMs: 600_000 };

  const { services } = defineDeployment({
    ...shop,
    services: { web: { ...web, sites, failover, detection: { intervalMs, fallCount } } },
  });

  expect(services.web?.detection).toMatchObject({ suspectIntervalMs, minDownMs });
});

test.each([
  [3, 2],
  [5, 3],
  [7, 4],
])('a quorum that is left out is a majority of the control regions (regions=%i, quorum=%i)', (count, quorum) => {
  const controlRegions = ['us-east-1', 'us-west-2', 'us-east-2', 'eu-west-1', 'eu-west-2', 'eu-west-3', 'eu-north-1'];

  const { services } = defineDeployment({ ...shop, controlRegions: controlRegions.slice(0, count) });

  expect(services.web?.detection.quorum).toBe(quorum);
});

test('what is left out has the stated defaults', () => {
  const { services, notify } = defineDeployment(shop);

  expect(notify).toEqual({ emails: [], topics: [], webhooks: [] });
  expect(services.web).toMatchObject({
    detection: {
      intervalMs: 2_000,
      fallCount: 3,
      suspectIntervalMs: 500,
      minDownMs: 3_000,
      riseCount: 5,
      quorum: 2,
      opinionTtlMs: 6_000,
    },
    failover: {
      automatic: true,
      blockMs: 3_600_000,
      maxMovesPerDay: 3,
      leaseMs: 15_000,
      reconcileMs: 10_000,
      stepTimeoutMs: 10_000,
      stepAttemptsMax: 3,
    },
    failback: { mode: 'manual', healthyForMs: 600_000 },
    traffic: { dns: { ttlSeconds: 30, mode: 'oracle' } },
    sites: {
      virginia: {
        standby: 'hot',
        capacity: 100,
        require: 'all',
        probes: [{ timeoutMs: 1_500, corroborating: false, expect: { status: [[200, 200]], role: 'active' } }],
      },
    },
  });
  expect(services.web?.failover.maxReplicationLagMs).toBeUndefined();
});

test('opinions count for three ticks of whatever length', () => {
  const deployment = parseShape(applyOverrides(shop, { 'services.web.detection.intervalMs': '500ms' }), 'c.yaml');

  expect(deployment.services.web?.detection.opinionTtlMs).toBe(1_500);
});

test.each([
  ['services.web.detection.quorum', 0, 'found 0, allowed a whole number from 1 to 25'],
  ['services.web.detection.quorum', 'two', 'found "two", allowed a whole number from 1 to 25'],
  ['services.web.detection.fallCount', 2.5, 'found 2.5, allowed a whole number from 1 to 20'],
  [
    'services.web.detection.intervalMs',
    '2 days',
    'found "2 days", allowed 250ms to 1m, as milliseconds or with a unit: 250ms, 30s, 5m, 1h, 2d; write 48h',
  ],
  [
    'services.web.detection.intervalMs',
    100,
    'found 100, allowed 250ms to 1m, as milliseconds or with a unit: 250ms, 30s, 5m, 1h, 2d',
  ],
  [
    'services.web.failover.blockMs',
    true,
    'found true, allowed 0 to 168h, as milliseconds or with a unit: 250ms, 30s, 5m, 1h, 2d',
  ],
  ['services.web.failover.automatic', 'yes', 'found "yes", allowed true or false'],
  ['services.web.mode', 'active', 'found "active", allowed active-passive or active-active'],
  ['services.web.sites.virginia.standby', 'lukewarm', 'found "lukewarm", allowed hot, warm or cold'],
  [
    'services.web.sites.virginia.region',
    'virginia',
    'found "virginia", allowed an AWS region, such as us-east-1; if it is outside AWS, write location: virginia',
  ],
  ['services.web.sites.virginia.probes', [], 'found [], allowed a list of 1 to 10 probes'],
  ['services.web.sites.virginia.require', 'some', 'found "some", allowed all, any or {atLeast: n}'],
  ['services.web.sites.virginia.probes.0.url', 'ftp://x', 'found "ftp://x", allowed a URL that begins with https://'],
  [
    'services.web.sites.virginia.probes.0.url',
    'https://a:b@x/',
    'found "https://***@x/", allowed a URL, such as https://eu.shop.example/healthz; leave the user name and the password out: https://x/, and write auth: { basic: { secret: NAME } }, with both in that secret',
  ],
  [
    'services.web.sites.virginia.probes.0.url',
    'http://x/',
    'found "http://x/", allowed a URL that begins with https://',
  ],
  [
    'services.web.sites.virginia.probes.0.type',
    'carrier-pigeon',
    'found "carrier-pigeon", allowed https, http, tcp, tls, udp, dns, grpc, cloudwatch-alarm, cloudwatch-metric or function',
  ],
  ['services.web.sites.virginia.probes.0.authorityPem', 'x', 'found "x", allowed a PEM certificate'],
  ['services.web.traffic.dns.zone.id', 'shop', 'found "shop", allowed a hosted zone id, such as Z0123456789ABCDEFGHIJ'],
  ['services.web.traffic.dns.addresses.oregon.a', '300.1.1.1', 'found "300.1.1.1", allowed an IPv4 address'],
  [
    'services.web.traffic.dns.addresses.oregon.a',
    '203.0.113.10, 203.0.113.11',
    'found "203.0.113.10, 203.0.113.11", allowed a list: [203.0.113.10, 203.0.113.11]',
  ],
  [
    'services.web.traffic.dns.addresses.oregon.a',
    ['203.0.113.10', '203.0.113.10'],
    'found ["203.0.113.10","203.0.113.10"], allowed a list of different IPv4 addresses',
  ],
  ['services.web.traffic.dns.addresses.oregon.a', [], 'found [], allowed a list of 1 to 8 IPv4 addresses'],
  [
    'services.web.traffic.dns.addresses.oregon.a',
    'ec2-203-0-113-10.compute-1.amazonaws.com',
    'found "ec2-203-0-113-10.compute-1.amazonaws.com", allowed an address; for a name, cname: ec2-203-0-113-10.compute-1.amazonaws.com',
  ],
  ['services.web.traffic.dns.addresses.oregon.aaaa', '1.2.3.4', 'found "1.2.3.4", allowed an IPv6 address'],
  [
    'services.web.traffic.targets',
    'all',
    'found "all", allowed a mapping with listenerArn, region, targetGroups, corroborating, stickinessSeconds, ramp',
  ],
  [
    'services.web.detection',
    'fast',
    'found "fast", allowed a mapping with intervalMs, fallCount, suspectIntervalMs, minDownMs, riseCount, quorum, opinionTtlMs, grey, bootGraceMs',
  ],
  ['services.web.sites', [], 'found [], allowed a mapping of sites by name'],
  ['notify.emails', ['nobody'], null],
])('%s: %j is refused', (path, value, says) => {
  const expected = says === null ? 'notify.emails.0: found "nobody", allowed an e-mail address' : `${path}: ${says}`;

  expect(complaints({ [path]: value })).toEqual([`c.yaml: ${expected}`]);
});

test('what is left out of a pool has the defaults of its mode', () => {
  const { web } = defineDeployment(
    applyOverrides(shop, { 'services.web.mode': 'active-active' }) as typeof shop,
  ).services;

  expect(web).toMatchObject({
    failback: { mode: 'automatic', healthyForMs: 60_000 },
    capacity: { limitPercent: 100, spareSites: 1, shortage: 'shed' },
    traffic: { dns: { policy: 'weighted', mode: 'oracle' } },
  });
});

test('what is left out of sites, probes, detection and load balancers has the stated defaults', () => {
  const scale = [{ kind: 'auto-scaling-group', name: 'web', size: 2 }];
  const overrides = {
    'services.web.sites.oregon.standby': 'cold',
    'services.web.sites.oregon.scale': scale,
    'services.web.sites.oregon.measures': { load: { namespace: 'Shop', name: 'Requests' } },
    'services.web.detection.grey': { latency: { downMs: 900, upMs: 500 } },
  };
  const { services, groups } = parseShape(applyOverrides(shop, overrides), 'c.yaml');

  expect(groups).toEqual({});
  expect(services.web).toMatchObject({
    capacity: { limitPercent: 100, spareSites: 0, shortage: 'shed' },
    failover: { allDown: 'keep' },
    detection: {
      bootGraceMs: 0,
      grey: { windowTicks: 30, clockOffsetMs: 30_000, certificateDays: 14, latency: { quantile: 0.9 } },
    },
    traffic: { dns: { policy: 'failover' } },
    sites: {
      virginia: { scale: [], measures: {}, bootMs: 300_000, probes: [{ canary: 'none' }] },
      oregon: {
        scale: [{ asActive: false, standbySize: 0 }],
        measures: { load: { statistic: 'Maximum', dimensions: {}, maxAgeMs: 300_000 } },
      },
    },
  });
  expect(services.web?.detection.grey.errors).toBeUndefined();
});

test('a load balancer is in the region of its listener, and shifts at once', () => {
  const { web } = defineDeployment(balanced).services;

  expect(web?.traffic.targets).toMatchObject({
    region: 'us-east-1',
    ramp: { stepsPercent: [100], pauseMs: 30_000 },
  });
});

test('a fence without a kind is one by security groups', () => {
  const fence = { instanceIds: ['i-1'], isolationGroupId: 'sg-nobody' };
  const { services } = parseShape(applyOverrides(shop, { 'services.web.sites.oregon.fence': fence }), 'c.yaml');

  expect(services.web?.sites.oregon?.fence).toEqual({ kind: 'groups', ...fence });
});

test.each([
  ['a', '203.0.113.10', ['203.0.113.10']],
  ['a', ['203.0.113.11', '203.0.113.10'], ['203.0.113.10', '203.0.113.11']],
  ['aaaa', ['2001:DB8:0:0::2', '2001:db8::1'], ['2001:db8::1', '2001:db8::2']],
])('the addresses of a site are a sorted list (%s: %j)', (type, written, read) => {
  const addresses = { virginia: { [type]: written }, oregon: { [type]: type === 'a' ? '192.0.2.1' : '2001:db8::9' } };
  const { services } = parseShape(applyOverrides(shop, { 'services.web.traffic.dns.addresses': addresses }), 'c.yaml');

  expect(services.web?.traffic.dns?.addresses.virginia).toEqual({ [type]: read });
});

test('locations are continents, countries and everywhere else', () => {
  const locations = { virginia: ['*', 'NA'], oregon: ['DE'] };
  const { services } = parseShape(
    applyOverrides(shop, {
      'services.web.traffic.dns.policy': 'geolocation',
      'services.web.traffic.dns.locations': locations,
    }),
    'c.yaml',
  );

  expect(services.web?.traffic.dns?.locations).toEqual({
    virginia: [{ kind: 'default' }, { kind: 'continent', code: 'NA' }],
    oregon: [{ kind: 'country', code: 'DE' }],
  });
});

test.each([
  ['services.web.traffic.dns.ramp', { stepsPercent: [50, 10, 100] }, 'stepsPercent: found [50,10,100], allowed rising'],
  ['services.web.traffic.dns.ramp', { stepsPercent: [10, 50] }, 'stepsPercent: found [10,50], allowed rising'],
  ['services.web.traffic.dns.locations', { virginia: ['EUROPE'] }, 'virginia.0: found "EUROPE", allowed a continent'],
  ['services.web.detection.grey', { windowTicks: 65 }, 'windowTicks: found 65, allowed a whole number from 0 to 64'],
  [
    'services.web.detection.grey',
    { latency: { downMs: 500, upMs: 900 } },
    'latency.upMs: found 900, allowed a latency',
  ],
  [
    'services.web.detection.grey',
    { errors: { downPercent: 5, upPercent: 5 } },
    'errors.upPercent: found 5, allowed a share',
  ],
  ['services.web.capacity', { spareSites: 3 }, 'spareSites: found 3, allowed a whole number from 0 to 2'],
  ['services.web.capacity', { shortage: 'pray' }, 'shortage: found "pray", allowed shed or shift'],
  ['services.web.sites.oregon.fence', { kind: 'moat' }, 'kind: found "moat", allowed a mapping with kind: groups'],
  [
    'services.web.data',
    { kind: 'rds-replica', instances: { virginia: 'Shop', oregon: 'shop' } },
    'instances.virginia: found "Shop", allowed an identifier in lower case',
  ],
  ['services.web.data', { kind: 'floppy' }, 'kind: found "floppy", allowed a mapping with kind: aurora-global'],
  ['services.web.sites.oregon.measures', { lag: { kind: 'guess' } }, 'lag.kind: found "guess", allowed a mapping'],
  ['groups', { all: { members: { Web: [] } } }, 'all.members.Web: found "Web", allowed a name'],
])('%s: %j is refused in one line', (path, value, says) => {
  const lines = complaints({ [path]: value });

  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain(`c.yaml: ${path}.${says}`);
});

test('an inner mistake of a choice between shapes is named by its own path', () => {
  expect(complaints({ 'services.web.sites.virginia.require': { atLeast: 0 } })).toEqual([
    'c.yaml: services.web.sites.virginia.require.atLeast: found 0, allowed a whole number from 1 to 10',
  ]);
});

test.each(['Web', 'a b', '1st', 'constructor', 'a'.repeat(32)])('%j is no name of a service', (name) => {
  const { web } = shop.services;

  expect(complaints({ services: { [name]: web } })).toEqual([
    `c.yaml: services.${name}: found "${name}", allowed a name: 1 to 31 lower-case letters, digits and hyphens, a letter first, not "constructor"`,
  ]);
});

test.each([
  ['aws-shop', 1],
  ['ssm', 1],
  ['shop-aws', 0],
])('%j as the name of a deployment has %i findings: SSM keeps names that begin so', (name, count) => {
  expect(complaints({ name })).toHaveLength(count);
});

test('what is missing is named', () => {
  expect(complaints({ name: undefined, 'services.web.sites.oregon.priority': undefined })).toEqual([
    'c.yaml: name: found nothing, allowed a name: 1 to 31 lower-case letters, digits and hyphens, a letter first, not "constructor", and not "aws" or "ssm" first',
    'c.yaml: services.web.sites.oregon.priority: found nothing, allowed a whole number from 0 to 1000',
  ]);
});

test('each unknown key is told what is allowed, and what it may mean', () => {
  const keys =
    'allowed: intervalMs, fallCount, suspectIntervalMs, minDownMs, riseCount, quorum, opinionTtlMs, grey, bootGraceMs';

  expect(complaints({ 'services.web.detection.qorum': 2, 'services.web.detection.zzz': 2 })).toEqual([
    `c.yaml: services.web.detection.qorum: unknown key; did you mean "quorum"? ${keys}`,
    `c.yaml: services.web.detection.zzz: unknown key; ${keys}`,
  ]);
});

test.each([
  ['dsql', 'write kind: aurora-dsql, with clusters'],
  ['memorydb', 'write kind: memorydb-multi-region, with globalId and clusters'],
  ['keyspaces', 'watch the lag by measures.lag with kind: metric'],
  ['kinesis', 'let work turn its consumers'],
  ['dynamodb', 'write kind: dynamodb-global, with tableName'],
])('data of the kind %s is told what to write instead', (kind, says) => {
  const [line, ...more] = complaints({ 'services.web.data': { kind } });

  expect(line).toContain(`services.web.data.kind: found "${kind}", allowed a mapping with kind: aurora-global`);
  expect(line).toContain(says);
  expect(more).toEqual([]);
});

test('a mistyped way of steering is told which there are', () => {
  expect(complaints({ 'services.web.traffic.dsn': {} })).toEqual([
    'c.yaml: services.web.traffic.dsn: unknown key; did you mean "dns"? allowed: dns, address, route, targets, accelerator, controls, edge, zonal',
  ]);
});

test('findings in YAML have the line of the key', () => {
  const text = twoRegions
    .replace('fallCount: 3', 'falCount: 3')
    .replace('region: us-west-2', 'region: mars')
    .replace('failback:', 'fallback:');

  expect(complaintsOf(() => parseDeployment(text, 'shop.yaml'))).toEqual([
    'shop.yaml:20: services.web.sites.oregon.region: found "mars", allowed an AWS region, such as us-east-1; if it is outside AWS, write location: mars',
    'shop.yaml:29: services.web.detection.falCount: unknown key; did you mean "fallCount"? allowed: intervalMs, fallCount, suspectIntervalMs, minDownMs, riseCount, quorum, opinionTtlMs, grey, bootGraceMs',
    'shop.yaml:31: services.web.fallback: unknown key; did you mean "failback"? allowed: mode, sites, detection, failover, failback, traffic, capacity, maintenance, freeze, gameDays, data, clients',
  ]);
});

test('broken rules have lines too', () => {
  const text = twoRegions.replace('quorum: 2', 'quorum: 5').replace('leaseMs: 15s', 'leaseMs: 3s');

  expect(complaintsOf(() => parseDeployment(text, 'shop.yaml')).map((line) => line.split(': found')[0])).toEqual([
    'shop.yaml:29: services.web.detection.quorum',
    'shop.yaml:30: services.web.failover.leaseMs',
  ]);
});

test(`at most ${findingsMax} findings are listed, and the rest counted`, () => {
  const unknown = Object.fromEntries(Array.from({ length: 25 }, (_, index) => [`key-${index}`, 1]));
  const lines = complaintsOf(() => parseDeploymentValue({ ...shop, ...unknown }, 'c.yaml'));

  expect(lines).toHaveLength(findingsMax + 1);
  expect(lines.at(-1)).toBe('c.yaml: and 5 more');
});

test('values of TypeScript that no file could hold are refused like others', () => {
  const circle: unknown[] = [];
  circle.push(circle);

  expect(complaints({ name: () => 'shop', controlRegions: circle })).toEqual([
    expect.stringContaining('name: found function, allowed a name'),
    expect.stringContaining('controlRegions.0: found a value that no file can hold, allowed an AWS region'),
  ]);
});
