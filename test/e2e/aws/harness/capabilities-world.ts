import { setTimeout as sleep } from 'node:timers/promises';
import { parseDeploymentValue } from '../../../../src/config/loader.ts';
import { endpointsParameter } from '../../../../src/config/plan/names.ts';
import type { Deployment } from '../../../../src/core/model/deployment.ts';
import { StandbyCloud } from './cloud/standby-cloud.ts';
import { account } from './permissions/permission.ts';
import type { WebSite } from './web-site.ts';
import { type Ground, regions, World } from './world.ts';

/** Region of the load balancer, with `left` and `right`, and the one of `remote`. */
export const home = 'us-east-1';
export const away = 'us-west-2';

/** Addresses that the name answers: of the load balancer, and of the remote site. */
export const balancerIp = '203.0.113.10';
export const remoteIp = '198.51.100.20';

/** Size of the group of `right` while it serves, and while it waits. */
export const fullSize = 3;
export const standbySize = 1;

/** What inside clients are told of a site. */
export const endpointOf = {
  left: 'https://left.shop.example',
  right: 'https://right.shop.example',
  remote: 'https://remote.shop.example',
} as const;

/** The name of a site. */
export type SiteName = keyof typeof endpointOf;

/** Function of the user's that promotes the data, in each region. */
export const dataFunction = 'shop-data';

/** The user's data, of which one site is the writer. */
export class Data {
  writer: SiteName = 'left';

  /** What `shop-data` answers. */
  readonly answer = (_region: string, name: string, payload: unknown): unknown => {
    if (name !== dataFunction) return null;
    const { action, site, to } = payload as {
      readonly action: string;
      readonly site: SiteName;
      readonly to?: SiteName;
    };
    if (action === 'read') return { writer: this.writer, isMoving: false, isReplica: this.writer !== site };
    if (action === 'promote' && to !== undefined) this.writer = to;
    return { ok: true };
  };
}

/** How often it is looked whether the instances of `remote` run. */
const bootPollMs = 500;

/** A world in which a move touches all of this, with the account and the data that it touches. */
export interface CapabilitiesWorld {
  readonly world: World;
  readonly cloud: StandbyCloud;
  readonly data: Data;
  /** Puts everything where it begins: `left` serves, `right` is small, `remote` is off. */
  begin(): Promise<void>;
  end(): Promise<void>;
  stop(): Promise<void>;
}

/** `left` (fenced by its targets) and `right` (warm) behind one load balancer, `remote` (cold) in a second region. */
export async function startCapabilitiesWorld(): Promise<CapabilitiesWorld> {
  const data = new Data();
  const made: StandbyCloud[] = [];
  const world = await World.start(
    ['left', 'right', 'remote'],
    async (ground) => {
      const cloud = await StandbyCloud.make(ground.cloud, { home, away, standbySize });
      made.push(cloud);
      return deploymentOf(ground, cloud);
    },
    data.answer,
  );
  const [cloud] = made;
  if (!cloud) throw new Error('the world was started without its account');
  let boots: Boots | null = null;
  const end = async () => {
    world.end();
    await boots?.stop();
    boots = null;
  };
  const begin = async () => {
    await end();
    data.writer = 'left';
    await cloud.reset();
    const { name } = world.deployment;
    await Promise.all(regions.map((region) => cloud.deleteParameter(region, endpointsParameter(name, 'web'))));
    boots = new Boots(world.site('remote'), cloud);
    await world.begin(1, ['remote']);
  };
  return { world, cloud, data, begin, end, stop: () => world.stop() };
}

/** The server of a site runs while the instances of the site do. */
class Boots {
  #isOver = false;
  readonly #ended: Promise<void>;

  constructor(site: WebSite, cloud: StandbyCloud) {
    this.#ended = this.#follow(site, cloud);
  }

  async stop(): Promise<void> {
    this.#isOver = true;
    await this.#ended;
  }

  async #follow(site: WebSite, cloud: StandbyCloud): Promise<void> {
    while (!this.#isOver) {
      const isUp = (await cloud.runningCount()) === cloud.parts.instanceIds.length;
      if (isUp !== site.isRunning) await (isUp ? site.start() : site.kill());
      await sleep(bootPollMs);
    }
  }
}

function deploymentOf({ sites }: Ground, cloud: StandbyCloud): Deployment {
  const probes = (site: SiteName) => [{ type: 'http', url: sites[site]?.healthUrl ?? '', timeoutMs: 800 }];
  const { listenerArn, targetGroups, targetId, groupName, instanceIds } = cloud.parts;
  const web = {
    mode: 'active-passive',
    sites: {
      left: {
        region: home,
        zone: `${home}a`,
        priority: 100,
        probes: probes('left'),
        fence: { kind: 'targets', targetGroupArn: targetGroups.left, targetIds: [targetId] },
      },
      right: {
        region: home,
        zone: `${home}b`,
        priority: 90,
        standby: 'warm',
        scale: [{ kind: 'auto-scaling-group', name: groupName, size: fullSize, standbySize }],
        bootMs: 20_000,
        probes: probes('right'),
      },
      remote: {
        region: away,
        priority: 50,
        standby: 'cold',
        scale: [{ kind: 'instances', instanceIds }],
        bootMs: 20_000,
        probes: probes('remote'),
      },
    },
    detection: { intervalMs: 1_000, fallCount: 3, riseCount: 2, quorum: 2, bootGraceMs: 5_000 },
    failover: {
      blockMs: 0,
      maxMovesPerDay: 24,
      leaseMs: 6_000,
      reconcileMs: 1_000,
      stepTimeoutMs: 3_000,
      stepAttemptsMax: 4,
    },
    failback: { mode: 'automatic', healthyForMs: 1_000 },
    data: { kind: 'custom', functions: { left: dataFunction, right: dataFunction, remote: dataFunction } },
    clients: { endpoints: endpointOf },
    traffic: {
      targets: { listenerArn, targetGroups, ramp: { stepsPercent: [50, 100], pauseMs: 1_000 } },
      dns: {
        zone: { id: 'Z0EXAMPLE', name: 'shop.example' },
        record: 'www.shop.example',
        ttlSeconds: 1,
        addresses: { left: { a: balancerIp }, right: { a: balancerIp }, remote: { a: remoteIp } },
      },
    },
  };
  const value = { name: 'shop', controlRegions: regions, services: { web }, notify: { emails: ['a@shop.example'] } };
  return parseDeploymentValue(value, `capabilities (${account})`);
}
