import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { elasticIp, otherAccount, remoteIp, startAccountsWorld } from './harness/accounts-world.ts';
import type { RecordedCall } from './harness/cloud/fault-proxy.ts';
import { holdFor } from './harness/moment.ts';
import { describePermissions } from './harness/permissions/permission-suite.ts';
import type { World } from './harness/world.ts';

const home = 'us-east-1';
const moveMsMax = 40_000;

interface ZoneRecords {
  readonly ServiceToken: string;
  readonly Records: readonly { readonly Name: string }[];
}

const isThere = ({ role }: RecordedCall) => role?.account === otherAccount;

/** The record, as the other account holds it. */
async function recordOf(world: World): Promise<string> {
  const { dns } = world.service.traffic;
  if (dns === undefined) return '';
  return (await (await world.zoneCloud()).recordOf(dns.zone.id, dns.record)).join();
}

describe('examples/accounts as deployed, with a record that is edited', () => {
  let world: World;
  beforeAll(async () => {
    world = await startAccountsWorld('records');
  });
  afterEach(() => {
    world.roles.externalIds.clear();
    world.end();
  });
  afterAll(() => world?.stop());

  /** Ends the processes that edit the record: the next ones hold no role yet. */
  const forgetRoles = () => {
    for (const region of world.deployment.controlRegions) world.host(region, 'dns').killAll();
  };
  const expectRecord = (value: string) =>
    world.expectSoon(`the record names ${value}`, moveMsMax, async () => (await recordOf(world)) === value);

  it('moves the address and edits the record in the other account, and touches neither in its own', async () => {
    await world.begin();
    await expectRecord(elasticIp);

    await world.site('left').kill();
    await world.expectSoon('right holds the address', moveMsMax, async () => (await world.holder()) === 'right');
    await world.expectRunEnded(home, moveMsMax);
    await world.site('right').kill();
    await expectRecord(remoteIp);

    const touching = world.proxy.calls.filter(({ service }) => service === 'ec2' || service === 'route53');
    expect(touching.length).toBeGreaterThan(0);
    expect(touching.filter((call) => !isThere(call))).toEqual([]);
    expect(new Set(touching.map(({ role }) => role?.name.replace(/-us-.*$/, '')))).toEqual(
      new Set(['shop-site-address', 'shop-zone-dns']),
    );
  });

  it('edits the record when the region of the other sites is dead, by a role of another region', async () => {
    await world.begin();
    await expectRecord(elasticIp);
    const killedAtMs = Date.now();

    await world.killRegion(home);
    // Route 53 has its control plane in that region: the record cannot be edited before it is back. Source: AWS Fault
    // Isolation Boundaries, "Global services".
    await holdFor(5_000, async () => expect(await recordOf(world)).toBe(elasticIp));
    world.proxy.healAll();

    await expectRecord(remoteIp);
    const edits = world.callsSince(killedAtMs, { service: 'route53', operation: 'ChangeResourceRecordSets' });
    const by = edits.filter(({ status }) => status === 200).map(({ role }) => role?.name);
    expect(by.length).toBeGreaterThan(0);
    expect(by.filter((name) => name === `shop-zone-dns-${home}`)).toEqual([]);
  });

  it('leaves the record as it is while the external id is another one, and edits it once it is right', async () => {
    const zoneRoles = world.deployment.controlRegions.map((region) => `shop-zone-dns-${region}`);
    await world.begin();
    await expectRecord(elasticIp);
    for (const name of zoneRoles) world.roles.externalIds.set(name, 'somebody-else');
    forgetRoles();
    const refusedBefore = world.roles.refused.length;

    await world.site('left').kill();
    await world.site('right').kill();
    await world.expectSoon('the role is refused', moveMsMax, async () => world.roles.refused.length > refusedBefore);
    await holdFor(5_000, async () => expect(await recordOf(world)).toBe(elasticIp));

    world.roles.externalIds.clear();
    await expectRecord(remoteIp);
    expect([...new Set(world.roles.refused)].filter((name) => !zoneRoles.includes(name))).toEqual([]);
  });

  it('edits the record when STS is throttled for a while', async () => {
    await world.begin();
    await expectRecord(elasticIp);
    const throttled = world.proxy.inject({ service: 'sts' }, { kind: 'throttle' }, 4);
    forgetRoles();

    await world.site('left').kill();
    await world.site('right').kill();

    await expectRecord(remoteIp);
    expect(throttled.hits).toBeGreaterThan(0);
  });

  describePermissions(() => world);
});

describe('examples/accounts as deployed, by oracle', () => {
  let world: World;
  beforeAll(async () => {
    world = await startAccountsWorld('oracle');
  });
  afterEach(() => world.end());
  afterAll(() => world?.stop());

  const declared = () => {
    const stack = world.stacks.find(({ name }) => name === 'shop-failover-records');
    const found = Object.values(stack?.template.Resources ?? {}).find(({ Type }) => Type === 'Custom::ZoneRecords');
    if (stack === undefined) throw new Error('there is no stack of the records');
    const { ServiceToken: _token, ...properties } = stack.intrinsics.resolve(found?.Properties) as ZoneRecords;
    return properties;
  };
  const namesHeld = async () => {
    const { dns } = world.service.traffic;
    return dns === undefined ? [] : await (await world.zoneCloud()).namesOf(dns.zone.id);
  };

  it('makes the records in the zone of the other account, once, and removes them again', async () => {
    const deploy = world.host(home, 'deploy');
    deploy.isReachable = true;
    const ResourceProperties = declared();
    const names = [...new Set(ResourceProperties.Records.map(({ Name }) => Name))].sort();
    const lost = world.proxy.inject(
      { service: 'route53', operation: 'ChangeResourceRecordSets' },
      { kind: 'drop-response' },
      1,
    );

    const made = await deploy.invoke({ RequestType: 'Create', ResourceProperties });
    const held = await namesHeld();
    const again = await deploy.invoke({ RequestType: 'Create', ResourceProperties });
    const removed = await deploy.invoke({
      RequestType: 'Delete',
      PhysicalResourceId: 'made-before',
      ResourceProperties,
    });

    const { id } = world.service.traffic.dns?.zone ?? {};
    expect(lost.hits).toBe(1);
    expect(made).toEqual({ kind: 'answer', payload: { PhysicalResourceId: `${otherAccount}/${id}/web` } });
    expect(held).toEqual(names);
    expect(again).toMatchObject({
      kind: 'error',
      payload: { errorMessage: expect.stringContaining('has this record') },
    });
    expect(removed).toEqual({ kind: 'answer', payload: { PhysicalResourceId: 'made-before' } });
    expect(await namesHeld()).toEqual([]);
  }, 180_000);

  it('answers the remote site once the sites of the other account are dead, without a call to Route 53 or to STS for it', async () => {
    await world.begin();
    await world.expectSoon('the address is answered', moveMsMax, async () => (await world.answer()) === elasticIp);
    const sinceMs = Date.now();

    await world.site('left').kill();
    await world.site('right').kill();
    await world.expectSoon('the remote site is answered', moveMsMax, async () => (await world.answer()) === remoteIp);

    expect(world.callsSince(sinceMs, { service: 'route53' })).toEqual([]);
  });

  describePermissions(() => world);
});
