import { dayMs } from '../../core/decision/limits.ts';
import { majorityOf } from '../../core/model/deployment.ts';
import { groupOf } from '../../core/model/group.ts';
import { lastResortName, type NamedService } from '../../core/model/service.ts';
import { hasOpenRun, type Register } from '../../core/register/register.ts';
import { recoveryBound } from '../../core/timing.ts';
import { type SimSite, servesClients } from '../world/sites.ts';
import type { World } from '../world/world.ts';
import { isAutomatic, type MakeChecker, serviceIn } from './checker.ts';

/** How long it must have been quiet before liveness is owed: every watcher has been replaced once and has warmed up. */
const settledMs = 90_000;
/** Watchers count waiting times themselves and lose a little with each handover; they may wait this much longer. */
const waitShare = 1.1;

/** L2: a dead active with a majority and an eligible standby is replaced within the computed bound. */
export const deadActiveReplaced: MakeChecker = (world) => {
  const owedSinceMs = new Map<string, number>();
  const begunAtMs = new Map<string, number>();
  const healthySinceMs = new Map<string, number>();
  const automaticAtMs = new Map<string, number[]>();
  return {
    property: 'L2',
    hear: (event) => {
      if (event.type === 'decided' && event.register.epoch !== event.previous?.epoch) {
        begunAtMs.set(event.service, event.atMs);
      }
      if (
        event.type === 'decided' &&
        event.register.epoch !== event.previous?.epoch &&
        isAutomatic(world.deployment, event.register)
      ) {
        automaticAtMs.set(event.service, [...(automaticAtMs.get(event.service) ?? []), event.atMs]);
      }
      // Clients ask every second: often enough to notice, seldom enough not to cost.
      if (event.type !== 'client') return null;
      const service = serviceIn(world, event.service);
      const register = world.decisions.newest(service.name);
      noteHealth(world, service, healthySinceMs);
      const sinceEpochMs = event.atMs - (begunAtMs.get(service.name) ?? 0);
      const isOwed =
        register !== null &&
        sinceEpochMs >= service.detection.bootGraceMs &&
        world.disturbances.quietMs() >= settledMs &&
        mayMove(world, service, register, automaticAtMs.get(service.name) ?? [], event.atMs) &&
        (service.mode === 'active-active'
          ? isWithdrawalOwed(world, service, register, healthySinceMs)
          : isReplacementOwed(world, service, register, healthySinceMs));
      const sinceMs = isOwed ? (owedSinceMs.get(service.name) ?? event.atMs) : null;
      if (sinceMs === null) owedSinceMs.delete(service.name);
      else owedSinceMs.set(service.name, sinceMs);
      const bound = recoveryBound(service);
      if (sinceMs === null || event.atMs - sinceMs <= bound.detectMs + bound.decideMs) return null;
      return `${service.name}'s ${register?.active} was dead for ${event.atMs - sinceMs} ms and not replaced, bound ${bound.detectMs + bound.decideMs} ms`;
    },
  };
};

function isReplacementOwed(
  world: World,
  service: NamedService,
  register: Register,
  healthySinceMs: Map<string, number>,
): boolean {
  // A member of a group waits for the first one, and the first one for sites that suit all.
  if (groupOf(world.deployment, service.name) !== null) return false;
  return (
    isDead(world, service, register.active) &&
    !register.serving.includes(lastResortName) &&
    Object.keys(service.sites).some((site) => isWaiting(world, service, register, site, healthySinceMs))
  );
}

/** A dead site gets traffic although another of the pool is well and has nothing to lose by taking it. */
function isWithdrawalOwed(
  world: World,
  service: NamedService,
  register: Register,
  healthySinceMs: Map<string, number>,
): boolean {
  const hasDemand = Object.keys(service.sites).some((site) => siteOf(world, service, site).demand > 0);
  if (hasDemand && service.capacity.shortage === 'shed') return false;
  const isWell = (site: string) =>
    !register.maintenance.includes(site) &&
    world.nowMs - (healthySinceMs.get(`${service.name}/${site}`) ?? world.nowMs) >=
      (service.detection.riseCount + 3) * service.detection.intervalMs + settledMs;
  return (
    register.serving.some((site) => Object.hasOwn(service.sites, site) && isDead(world, service, site)) &&
    register.serving.some((site) => Object.hasOwn(service.sites, site) && isWell(site))
  );
}

function siteOf(world: World, service: NamedService, name: string): SimSite {
  return world.sites.get(service.name, name);
}

function isDead(world: World, service: NamedService, name: string): boolean {
  const site = siteOf(world, service, name);
  return site.state !== 'running' || world.links.isRegionDead(site.region);
}

function noteHealth(world: World, service: NamedService, healthySinceMs: Map<string, number>): void {
  for (const name of Object.keys(service.sites)) {
    const key = `${service.name}/${name}`;
    const isWell = !isDead(world, service, name) && servesClients(siteOf(world, service, name), 1_000);
    if (!isWell) healthySinceMs.delete(key);
    else if (!healthySinceMs.has(key)) healthySinceMs.set(key, world.nowMs);
  }
}

function mayMove(
  { deployment }: World,
  service: NamedService,
  register: Register,
  automaticAtMs: readonly number[],
  nowMs: number,
): boolean {
  const { automatic, blockMs, maxMovesPerDay } = service.failover;
  const lastMs = automaticAtMs.at(-1) ?? Number.NEGATIVE_INFINITY;
  const isBlocked =
    service.mode === 'active-passive' &&
    register.moves.some(({ kind, isAcknowledged }) => kind === 'failover' && !isAcknowledged) &&
    nowMs - lastMs < blockMs * waitShare + settledMs;
  const today = automaticAtMs.filter((atMs) => nowMs - atMs < dayMs * waitShare).length;
  const canBeJudged = service.detection.quorum <= majorityOf(deployment);
  return (
    automatic &&
    register.pause === null &&
    !isBlocked &&
    (service.mode === 'active-active' || today < maxMovesPerDay) &&
    !hasOpenRun(register) &&
    canBeJudged
  );
}

/** A standby that nothing speaks against, and that has been well for so long that every watcher must call it up. */
function isWaiting(
  world: World,
  service: NamedService,
  register: Register,
  name: string,
  healthySinceMs: Map<string, number>,
): boolean {
  const place = service.sites[name];
  const site = siteOf(world, service, name);
  const { detection, failover } = service;
  const wellMs = world.nowMs - (healthySinceMs.get(`${service.name}/${name}`) ?? world.nowMs);
  return (
    name !== register.active &&
    place !== undefined &&
    place.priority > 0 &&
    !register.maintenance.includes(name) &&
    !register.lost.includes(name) &&
    site.ready &&
    site.replicationLagMs <= (failover.maxReplicationLagMs ?? Number.POSITIVE_INFINITY) &&
    (failover.allowedRegions?.includes(place.region) ?? true) &&
    (failover.allowCrossRegion || place.region === service.sites[register.active]?.region) &&
    wellMs >= (detection.riseCount + 3) * detection.intervalMs + settledMs
  );
}
