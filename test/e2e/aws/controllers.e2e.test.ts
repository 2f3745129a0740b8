import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { functionName } from '../../../src/config/plan/names.ts';
import type { Order, StepReport } from '../../../src/core/kinds/order.ts';
import { serviceOf } from '../../../src/core/model/deployment.ts';
import { digestsOf } from '../../../src/core/model/digest.ts';
import { startElasticIpWorld } from './harness/elastic-ip-world.ts';
import { HolderWatch } from './harness/holder-watch.ts';
import { holdFor, waitFor } from './harness/moment.ts';
import { describePermissions } from './harness/permissions/permission-suite.ts';
import { regions, type World } from './harness/world.ts';

const home = 'us-east-1';
const moveMsMax = 15_000;
const takeOverMsMax = 30_000;

/** Twice as long as an actuator trusts its claim (`claimFreshMs`, half a second): a minute, scaled. */
const frozenMs = 1_000;

/** What stands for each site in DNS in this world. */
const addressOf = { left: '203.0.113.11', right: '203.0.113.12' };

describe('an address with DNS as its fallback, as deployed, under faults of what controls it', () => {
  let world: World;
  let watch: HolderWatch | null = null;
  beforeAll(async () => {
    world = await startElasticIpWorld('dns');
  });
  afterEach(async () => {
    await watch?.stop();
    watch = null;
    world.end();
  });
  afterAll(() => world?.stop());

  const associations = (sinceMs: number) =>
    world.callsSince(sinceMs, { service: 'ec2', operation: 'AssociateAddress' });
  const expectHolder = (site: string, limitMs: number) =>
    world.expectSoon(`${site} holds the address`, limitMs, async () => (await world.holder()) === site);
  const expectAnswer = (site: keyof typeof addressOf, limitMs: number) =>
    world.expectSoon(`the name answers ${site}`, limitMs, async () => (await world.answer()) === addressOf[site]);

  it('steers by DNS while EC2 is stuck, and moves the address once it is not', async () => {
    await world.begin();
    const fault = world.proxy.inject({ service: 'ec2', operation: 'AssociateAddress' }, { kind: 'dark' });
    await world.site('left').kill();

    await expectAnswer('right', takeOverMsMax);
    const run = await world.expectRunEnded(home, takeOverMsMax);
    expect(await world.holder()).toBe('left');
    expect(run.steps.map(({ name, state }) => [name, state])).toEqual([
      ['address', 'fallback'],
      ['dns', 'done'],
      ['verify', 'done'],
      ['notify', 'done'],
    ]);
    expect(fault.hits).toBeGreaterThanOrEqual(3);

    fault.heal();
    await expectHolder('right', moveMsMax);
    await expectAnswer('right', moveMsMax);
  });

  it('moves the address with the state table of another region dark', async () => {
    await world.begin();
    world.proxy.inject({ service: 'dynamodb', region: 'us-east-2' }, { kind: 'dark' });
    await world.site('left').kill();

    await expectHolder('right', moveMsMax);
    await expectAnswer('right', takeOverMsMax);
  });

  it("steers by DNS with the state table of the address's own region dark, and moves the address after it", async () => {
    await world.begin();
    const darkAtMs = Date.now();
    const fault = world.proxy.inject({ service: 'dynamodb', region: home }, { kind: 'dark' });
    await world.site('left').kill();

    await expectAnswer('right', takeOverMsMax);
    expect(await world.holder()).toBe('left');
    expect(associations(darkAtMs)).toEqual([]);

    fault.heal();
    await expectHolder('right', takeOverMsMax);
  });

  it('refuses the orders of a watcher that was frozen while others went on', async () => {
    await world.begin();
    watch = new HolderWatch(world);
    const watcher = functionName(world.deployment.name, 'watcher');
    let frozenRegion = '';
    const order = world.proxy.inject(
      { service: 'lambda', caller: watcher, isMeant: (call) => world.isRunOrder(call) },
      { kind: 'hold' },
      1,
      ({ callerRegion }) => {
        frozenRegion = callerRegion;
        world.schedule.stop(callerRegion);
        for (const environment of world.host(callerRegion, 'watcher').busy) environment.freeze();
      },
    );

    // The frozen watcher opened the run; another finishes it, and the next failover goes the other way.
    await world.site('left').kill();
    await expectHolder('right', takeOverMsMax);
    const speaking = regions.filter((region) => region !== frozenRegion);
    await world.site('left').start();
    await world.waitUntilSteady(speaking);
    await world.site('right').kill();
    await expectHolder('left', takeOverMsMax);
    const run = await world.expectRunEnded(speaking[0] ?? home, takeOverMsMax);
    expect(run.epoch).toBe(3);

    const wokenAtMs = Date.now();
    order.heal();
    for (const environment of world.host(frozenRegion, 'watcher').busy) environment.wake();
    await holdFor(6_000, async () => expect(await world.holder()).toBe('left'));

    expect(watch.holders).toEqual(['left', 'right', 'left']);
    expect(associations(wokenAtMs)).toEqual([]);
    // The order did arrive: it was refused, not lost.
    const held = world.proxy.calls.filter(({ fault }) => fault === 'hold');
    expect(held.map(({ hasArrived, status }) => ({ hasArrived, status }))).toEqual([{ hasArrived: true, status: 200 }]);
    expect((await world.registerIn(home))?.epoch).toBe(3);
  });

  it('writes nothing when the actuator itself was frozen between its claim and its write', async () => {
    await world.begin();
    world.schedule.stop();
    for (const region of regions) world.host(region, 'watcher').killAll();
    const actuator = world.host(home, 'address');
    const orderFor = (site: string, epoch: number): Order => ({
      service: 'web',
      token: { epoch, attempt: 1 },
      manner: 'enforce',
      digests: digestsOf(serviceOf(world.deployment, 'web')),
      kind: 'address',
      address: 0,
      site,
    });
    await waitFor('nobody orders any more', moveMsMax, () => [...actuator.busy].length === 0);
    const read = world.proxy.inject({ service: 'ec2', operation: 'DescribeAddresses' }, { kind: 'hold' }, 1, () => {
      for (const environment of actuator.busy) environment.freeze();
    });
    const beganAtMs = Date.now();

    const stale = actuator.invoke(orderFor('right', 2));
    await waitFor('the actuator is frozen', moveMsMax, () => read.hits === 1);
    const newer = await actuator.invoke(orderFor('left', 3));
    await sleep(frozenMs);
    read.heal();
    for (const environment of actuator.busy) environment.wake();
    const end = await stale;

    expect(newer).toEqual({
      kind: 'answer',
      payload: { outcome: 'as-ordered', hasWritten: false } satisfies StepReport,
    });
    expect(end).toEqual({
      kind: 'answer',
      payload: { outcome: 'stale', claimed: { epoch: 3, attempt: 1 } } satisfies StepReport,
    });
    expect(associations(beganAtMs)).toEqual([]);
    expect(await world.holder()).toBe('left');
  });

  it('finishes a run by the third watcher when two were killed in the middle of a step', async () => {
    await world.begin();
    watch = new HolderWatch(world);
    world.schedule.stop();
    const killed: string[] = [];
    world.proxy.inject(
      { service: 'lambda', isMeant: (call) => world.isRunOrder(call) },
      { kind: 'cut' },
      2,
      ({ callerRegion }) => {
        killed.push(callerRegion);
        world.host(callerRegion, 'watcher').killAll();
      },
    );
    await world.site('left').kill();

    await expectHolder('right', takeOverMsMax);
    const run = await world.expectRunEnded(home, takeOverMsMax);

    expect(new Set(killed).size).toBe(2);
    expect(killed).not.toContain(run.holder?.region);
    expect(run).toMatchObject({ epoch: 2, attempt: 3, state: 'done' });
    expect(watch.holders).toEqual(['left', 'right']);
  });

  describePermissions(() => world);
});
