import { beginsEpoch, type MakeChecker, serviceIn } from './checker.ts';

/**
 * S12: no loss beyond the declared data budget without an explicit, audited override.
 *
 * Judged by the true lag of the site that was chosen: over the limit both when the decision fell and for as long before
 * as the watchers' knowledge may be old, it must not have been chosen, unless the run and the history say that it was allowed.
 */
export const dataBudget: MakeChecker = (world) => {
  const overSinceMs = new Map<string, number>();
  return {
    property: 'S12',
    hear: (event) => {
      // Lags change with the scenario's own events only.
      if (event.type === 'scenario' || event.type === 'decided') noteLags(world, overSinceMs, event.atMs);
      if (event.type !== 'decided' || !beginsEpoch(event)) return null;
      const { register, atMs } = event;
      const service = serviceIn(world, event.service);
      const sinceMs = overSinceMs.get(`${service.name}/${register.active}`);
      const knowledgeAgeMs = service.detection.opinionTtlMs + 2 * service.detection.intervalMs;
      if (sinceMs === undefined || atMs - sinceMs < knowledgeAgeMs) return null;
      if (!register.run?.isDataLossAllowed)
        return `${service.name} moved to ${register.active}, whose lag was over the limit`;
      const isAudited = register.history.some(
        (line) => line.epoch === register.epoch && line.what.includes('data loss allowed'),
      );
      return isAudited ? null : `${service.name} lost data by an override that the history does not show`;
    },
  };
};

function noteLags(world: Parameters<MakeChecker>[0], overSinceMs: Map<string, number>, nowMs: number): void {
  for (const site of world.sites.all()) {
    const key = `${site.service}/${site.name}`;
    const limitMs = world.deployment.services[site.service]?.failover.maxReplicationLagMs;
    if (limitMs === undefined || site.replicationLagMs <= limitMs) overSinceMs.delete(key);
    else if (!overSinceMs.has(key)) overSinceMs.set(key, nowMs);
  }
}
