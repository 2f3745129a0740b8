/**
 * What moto 5.2.1 does not carry, and what stands for it here:
 *
 * - promotion of an RDS replica: it still names its source afterwards; so the data is of kind `custom`;
 * - global clusters and datastores, routes of access points, provisioned concurrency: their contracts have stand-ins;
 * - tasks of an ECS service never run: the sizes are those of an Auto Scaling group and of instances;
 * - time: groups and instances are there at once, and a target leaves its group without draining;
 * - traffic: nothing goes through the load balancer, and whatever target it has is healthy.
 */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { endpointsParameter } from '../../../src/config/plan/names.ts';
import type { OracleDocument } from '../../../src/core/kinds/publication.ts';
import type { Run } from '../../../src/core/register/run.ts';
import {
  balancerIp,
  type CapabilitiesWorld,
  dataFunction,
  endpointOf,
  fullSize,
  home,
  remoteIp,
  type SiteName,
  standbySize,
  startCapabilitiesWorld,
} from './harness/capabilities-world.ts';
import type { AwsRequest } from './harness/cloud/aws-request.ts';
import { clientKey } from './harness/functions/function-url.ts';
import { type Moment, MoveWatch } from './harness/move-watch.ts';
import { describePermissions } from './harness/permissions/permission-suite.ts';
import { regions, type World } from './harness/world.ts';

const moveMsMax = 20_000;
/** Health before a failback, its two shifts and the wait before a standby is put back, on top of a move. */
const returnMsMax = 30_000;

describe('a balancer, a warm and a cold standby, data and inside clients, as deployed', () => {
  let all: CapabilitiesWorld;
  let watch: MoveWatch;
  beforeAll(async () => {
    all = await startCapabilitiesWorld();
  });
  afterEach(async () => {
    await watch?.stop();
    await all?.end();
  });
  afterAll(() => all?.stop());

  /** Puts everything where it begins, with `left` told, and watches from then on. */
  const begin = async () => {
    await all.begin();
    await expectTold('left', moveMsMax);
    watch = new MoveWatch(all);
  };
  /** Waits until the parameters of some regions and the oracles there name a site, and no other. */
  const expectTold = (site: SiteName, limitMs: number, at: readonly string[] = regions) =>
    all.world.expectSoon(`inside clients are told ${site}`, limitMs, async () => {
      const publications = await Promise.all(
        at.flatMap((region) => [
          all.cloud.published(region, endpointsParameter(all.world.deployment.name, all.world.service.name)),
          askEndpoints(all.world, region),
        ]),
      );
      const wanted = JSON.stringify([{ site, url: endpointOf[site] }]);
      return publications.every((one) => JSON.stringify(one?.endpoints) === wanted && one?.isReadOnly === false);
    });
  /** What has changed the account since, in the order in which it arrived; what only puts `left` back is left out. */
  const effects = (sinceMs: number) =>
    all.world.proxy.calls
      .filter((call) => call.atMs >= sinceMs && call.hasArrived && isEffect(call))
      .map(({ operation }) => (operation === 'Invoke' ? 'promote' : operation));

  it('moves to the warm standby once that is ready, and makes it small again after the way back', async () => {
    await begin();

    const killedAtMs = await all.world.site('left').kill();
    await expectTold('right', moveMsMax);
    const run = await all.world.expectRunEnded(home, moveMsMax);

    expect(statesOf(run)).toEqual({ ...allDone, targets: 'done' });
    const made = effects(killedAtMs);
    const afterFence = made.filter((name) => name !== 'DeregisterTargets');
    // The region's own watcher may close the fence beside the one that carries the run out.
    expect([1, 2]).toContain(made.length - afterFence.length);
    expect(made.indexOf('promote')).toBeGreaterThan(made.indexOf('DeregisterTargets'));
    expect(afterFence.slice(0, 2).sort()).toEqual(['UpdateAutoScalingGroup', 'promote']);
    expect(afterFence.slice(2)).toEqual(['ModifyListener', 'PutParameter', 'PutParameter', 'PutParameter']);

    const returnedAtMs = Date.now();
    await all.world.site('left').start();
    await expectTold('left', returnMsMax);
    await expectSize(standbySize);

    expect(effects(returnedAtMs)).toEqual([
      'promote',
      ...['ModifyListener', 'ModifyListener'],
      ...['PutParameter', 'PutParameter', 'PutParameter'],
      'UpdateAutoScalingGroup',
    ]);
    const moments = await watch.stop();
    expect(faultsIn(moments)).toEqual([]);
    expect(changesOf(moments, ({ left, right }) => `${left}/${right}`)).toEqual(['100/0', '0/100', '50/50', '100/0']);
    expect(changesOf(moments, ({ answer }) => answer)).toEqual([balancerIp]);
    expect(moments.at(-1)).toEqual(moments[0]);
  });

  it('moves once under throttling and lost answers, on to the cold standby, and stops that after the way back', async () => {
    await begin();
    const { proxy } = all.world;
    const faults = [
      proxy.inject({ operation: 'DeregisterTargets' }, { kind: 'drop-response' }, 2),
      proxy.inject({ operation: 'Invoke', isMeant: isEffect }, { kind: 'drop-response' }, 1),
      proxy.inject({ operation: 'UpdateAutoScalingGroup' }, { kind: 'throttle' }, 2),
      proxy.inject({ operation: 'ModifyListener' }, { kind: 'throttle' }, 1),
      proxy.inject({ operation: 'ModifyListener' }, { kind: 'drop-response' }, 2),
      proxy.inject({ operation: 'PutParameter', region: 'us-west-2' }, { kind: 'throttle' }, 2),
      proxy.inject({ operation: 'PutParameter', region: 'us-east-2' }, { kind: 'drop-response' }, 2),
    ];

    const killedAtMs = await all.world.site('left').kill();
    await expectTold('right', moveMsMax);
    const toRight = await all.world.expectRunEnded(home, moveMsMax);

    expect(statesOf(toRight)).toEqual({ ...allDone, targets: 'done' });
    expect(faults.map(({ hits }) => hits)).toEqual([2, 1, 2, 1, 2, 2, 2]);
    // A broken connection is tried once more within the call, but for a function of the user, which may still run. What
    // has taken effect is not ordered again.
    const made = effects(killedAtMs);
    const countOf = (name: string) => made.filter((one) => one === name).length;
    expect(['promote', 'UpdateAutoScalingGroup', 'ModifyListener'].map(countOf)).toEqual([1, 1, 2]);
    // The region's own watcher closes the fence beside the one that carries the run out.
    expect([2, 3, 4]).toContain(countOf('DeregisterTargets'));
    const before = made.slice(0, made.indexOf('ModifyListener'));
    expect(before.filter((name) => name !== 'DeregisterTargets').sort()).toEqual([
      ...['UpdateAutoScalingGroup', 'promote'],
    ]);

    const untold = proxy.inject({ operation: 'PutParameter', region: home }, { kind: 'cut' });
    const secondAtMs = await all.world.site('right').kill();
    await expectTold('remote', moveMsMax, ['us-west-2', 'us-east-2']);
    const toRemote = await all.world.expectRunEnded('us-west-2', moveMsMax);

    // The fence of left is owed still, and so looked at again.
    expect(statesOf(toRemote)).toEqual({ ...allDone, publish: 'fallback' });
    expect(effects(secondAtMs).slice(0, 2).sort()).toEqual(['StartInstances', 'promote']);
    expect(untold.hits).toBeGreaterThan(0);
    untold.heal();
    await expectTold('remote', moveMsMax);

    await all.world.site('left').start();
    await expectTold('left', returnMsMax);
    await all.world.expectSoon('remote is off', returnMsMax, async () => (await all.cloud.runningCount()) === 0);

    const moments = await watch.stop();
    expect(faultsIn(moments)).toEqual([]);
    expect(changesOf(moments, ({ writer }) => writer)).toEqual(['left', 'right', 'remote', 'left']);
    expect(changesOf(moments, ({ answer }) => answer)).toEqual([balancerIp, remoteIp, balancerIp]);
  });

  const expectSize = (size: number) =>
    all.world.expectSoon(`right has ${size}`, returnMsMax, async () => (await all.cloud.groupSize()) === size);

  describePermissions(() => all.world);
});

/** Ends of the steps that every move has here. */
const allDone = {
  fence: 'done',
  promote: 'done',
  start: 'done',
  dns: 'done',
  publish: 'done',
  verify: 'done',
  notify: 'done',
};

function statesOf({ steps }: Run): Readonly<Record<string, string>> {
  return Object.fromEntries(steps.map(({ name, state }) => [name, state]));
}

const effectOperations = [
  'DeregisterTargets',
  'ModifyListener',
  'PutParameter',
  'StartInstances',
  'StopInstances',
  'UpdateAutoScalingGroup',
];

function isEffect({ operation, parameters: { FunctionName, Payload } }: AwsRequest): boolean {
  const isPromotion = FunctionName === dataFunction && (Payload as { readonly action?: string }).action === 'promote';
  return isPromotion || effectOperations.includes(operation);
}

/** Moments at which a site got traffic that was not ready for it, or lost what it needed while it had traffic. */
function faultsIn(moments: readonly Moment[]): readonly Moment[] {
  return moments.filter((moment, index) => {
    const { answer, left, right, writer, isLeftRegistered, size, running } = moment;
    const before = moments[index - 1] ?? moment;
    return (
      (right > 0 && answer === balancerIp && size < fullSize) ||
      (answer === remoteIp && running < 2) ||
      (right > 0 && before.right === 0 && (writer !== 'right' || isLeftRegistered)) ||
      (left > 0 && before.left === 0 && (writer !== 'left' || !isLeftRegistered)) ||
      (answer !== before.answer && writer !== (answer === remoteIp ? 'remote' : 'left'))
    );
  });
}

/** What something was, each time that it changed. */
function changesOf(moments: readonly Moment[], read: (moment: Moment) => string): readonly string[] {
  const values = moments.map(read);
  return values.filter((value, index) => value !== values[index - 1]);
}

async function askEndpoints(world: World, region: string): Promise<OracleDocument | null> {
  const { status, body } = await world.endpointsUrl(region).askEndpoints(world.service.name, clientKey);
  return status === 200 ? (JSON.parse(body) as OracleDocument) : null;
}
