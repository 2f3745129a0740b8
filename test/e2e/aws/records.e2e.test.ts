import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { functionName, oracleHostParameter } from '../../../src/config/plan/names.ts';
import { holdFor } from './harness/moment.ts';
import { describePermissions } from './harness/permissions/permission-suite.ts';
import { exampleDeployment } from './harness/template/example-deployment.ts';
import { World } from './harness/world.ts';

const regions = ['us-east-1', 'us-west-2', 'us-east-2'];
const moveMsMax = 30_000;
/** Source: the example. */
const addressOf = { virginia: '203.0.113.10', oregon: '198.51.100.20' };

/** The deployment of examples/two-regions, with ids of the account. */
function startTwoRegionsWorld(dnsMode: 'oracle' | 'records'): Promise<World> {
  return World.start(['virginia', 'oregon'], async ({ cloud, sites }) =>
    exampleDeployment('two-regions', {
      zoneId: dnsMode === 'records' ? await cloud.createZone('shop.example') : 'Z0EXAMPLE',
      healthUrls: Object.fromEntries(Object.values(sites).map((site) => [site.name, site.healthUrl])),
      dnsAddresses: addressOf,
      dnsMode,
    }),
  );
}

describe('examples/two-regions as deployed, by oracle', () => {
  let world: World;
  beforeAll(async () => {
    world = await startTwoRegionsWorld('oracle');
  });
  afterEach(() => world.end());
  afterAll(() => world?.stop());

  it('answers the other region once the first is dead, without a call to Route 53', async () => {
    await world.begin();
    await world.expectSoon(
      'virginia is answered',
      moveMsMax,
      async () => (await world.answer()) === addressOf.virginia,
    );

    await world.killRegion('us-east-1');
    await world.expectSoon('oregon is answered', moveMsMax, async () => (await world.answer()) === addressOf.oregon);
    await holdFor(2_000, async () => expect(await world.answer()).toBe(addressOf.oregon));

    expect(world.callsSince(0, { service: 'route53' })).toEqual([]);
  });

  it('gives the records the hosts of the oracles while they are deployed', async () => {
    const deploy = world.host('us-east-1', 'deploy');
    const { controlRegions, name } = world.deployment;
    const ResourceProperties = { Kind: 'OracleHosts', Regions: controlRegions, Parameter: oracleHostParameter(name) };
    deploy.isReachable = true;

    const end = await deploy.invoke({ RequestType: 'Create', ResourceProperties });

    expect(end).toEqual({
      kind: 'answer',
      payload: { PhysicalResourceId: expect.any(String), Data: world.oracleHosts },
    });
  });

  it('lets the records follow the oracles once each of them votes', async () => {
    const deploy = world.host('us-east-1', 'deploy');
    const { controlRegions, name } = world.deployment;
    const Services = [{ Service: 'web', CheckIds: [], Regions: controlRegions }];
    const wish = { Kind: 'ChecksReady', Deployment: name, Services };
    deploy.isReachable = true;
    await world.begin();
    await world.expectSoon(
      'virginia is answered',
      moveMsMax,
      async () => (await world.answer()) === addressOf.virginia,
    );

    const end = await deploy.invoke({ RequestType: 'Create', ResourceProperties: wish });

    expect(end).toEqual({ kind: 'answer', payload: { PhysicalResourceId: 'ChecksReady' } });
    expect(world.callsSince(0, { service: 'dynamodb', caller: deploy.spec.name }).length).toBeGreaterThan(0);
  });

  it('looks once an hour whether a failover would work, and changes nothing', async () => {
    const doctor = world.host('us-west-2', 'doctor');
    const since = world.proxy.calls.length;
    doctor.isReachable = true;

    const end = await doctor.invoke({ source: 'aws.events' });

    expect(end).toMatchObject({ kind: 'answer', payload: { bad: expect.any(Number) } });
    const asked = new Set(
      world.callsSince(since, { caller: doctor.spec.name }).map(({ service, operation }) => `${service}:${operation}`),
    );
    expect([...asked]).toEqual(
      expect.arrayContaining(['dynamodb:BatchGetItem', 'ssm:GetParameter', 'monitoring:DescribeAlarms']),
    );
    expect([...asked].filter((call) => !/:(BatchGet|Get|Describe|List)/.test(call))).toEqual([]);
  });

  describePermissions(() => world);
});

describe('examples/two-regions as deployed, by edited records', () => {
  let world: World;
  beforeAll(async () => {
    world = await startTwoRegionsWorld('records');
  });
  afterEach(() => world.end());
  afterAll(() => world?.stop());

  const record = async () => {
    const { dns } = world.service.traffic;
    return dns ? (await world.cloud.recordOf(dns.zone.id, dns.record)).join() : '';
  };
  const expectRecord = (site: keyof typeof addressOf) =>
    world.expectSoon(`the record names ${site}`, moveMsMax, async () => (await record()) === addressOf[site]);

  it('edits the record when the active dies, and only to the new one', async () => {
    await world.begin();
    await expectRecord('virginia');

    await world.site('virginia').kill();
    await expectRecord('oregon');
    await world.expectRunEnded('us-west-2', moveMsMax);

    await world.site('virginia').start();
    await world.waitUntilSteady();
    await holdFor(3_000, async () => expect(await record()).toBe(addressOf.oregon));
  });

  it('edits it when Route 53 is throttled and the answer to the edit is lost', async () => {
    await world.begin();
    await expectRecord('virginia');
    const edit = { service: 'route53', operation: 'ChangeResourceRecordSets' };
    const throttled = world.proxy.inject(edit, { kind: 'throttle' }, 1);
    const lost = world.proxy.inject(edit, { kind: 'drop-response' }, 1);

    await world.site('virginia').kill();
    await expectRecord('oregon');
    const run = await world.expectRunEnded('us-west-2', moveMsMax);

    expect(run.state).toBe('done');
    expect([throttled.hits, lost.hits]).toEqual([1, 1]);
  });

  describePermissions(() => world);
});

describe('examples/two-regions as deployed, in a private zone', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.start(['virginia', 'oregon'], async ({ cloud, sites }) => {
      const known = regions.map(async (region) => [region, await cloud.defaultNetwork(region)] as const);
      const networks = Object.fromEntries(await Promise.all(known));
      const associated = Object.fromEntries(Object.entries(networks).map(([region, { vpcId }]) => [region, vpcId]));
      return exampleDeployment('two-regions', {
        zoneId: await cloud.createZone('shop.example', associated),
        healthUrls: Object.fromEntries(Object.values(sites).map((site) => [site.name, site.healthUrl])),
        dnsAddresses: addressOf,
        dnsMode: 'records',
        networks,
      });
    });
  });
  afterEach(() => world.end());
  afterAll(() => world?.stop());

  it('runs the watchers in their networks, and nothing else', () => {
    const placed = world.stacks.flatMap(({ functions }) => functions).filter(({ subnetIds }) => subnetIds.length > 0);

    expect(placed.map(({ region, name }) => `${region} ${name}`).toSorted()).toEqual(
      regions.map((region) => `${region} ${functionName(world.deployment.name, 'watcher')}`).toSorted(),
    );
  });

  it('edits the private record when the active dies, and sees from inside that it was', async () => {
    const { dns } = world.service.traffic;
    const record = async () => (dns ? (await world.cloud.recordOf(dns.zone.id, dns.record)).join() : '');
    await world.begin();
    await world.expectSoon('the record names virginia', moveMsMax, async () => (await record()) === addressOf.virginia);

    await world.site('virginia').kill();
    await world.expectSoon('the record names oregon', moveMsMax, async () => (await record()) === addressOf.oregon);
    const run = await world.expectRunEnded('us-west-2', moveMsMax);

    expect(run.steps.map(({ name, state }) => `${name} ${state}`)).toEqual(
      expect.arrayContaining(['dns done', 'verify done']),
    );
  });

  describePermissions(() => world);
});
