import { serviceOf } from '../core/model/deployment.ts';
import { type ServiceStatus, statusOf } from '../core/operator/status.ts';
import type { DeploymentView } from '../core/operator/table-survey.ts';
import type { OpinionItem } from '../core/tables/opinion-item.ts';
import { composeServiceView, type ServiceView } from '../core/tables/service-view.ts';
import { longestOf } from '../core/tables/stopwatch.ts';
import { newestRegisters, tableRegions } from '../core/tables/table-regions.ts';
import type { TableView } from '../core/tables/table-view.ts';
import type { World } from './world/world.ts';

/**
 * What `cdk-failover status` would say at this very instant, to somebody who reaches every table that is up.
 *
 * The command itself needs about a tick to tell the living watchers from the dead; the world knows when each wrote
 * last.
 */
export function statusNow(world: World, service: string): ServiceStatus {
  return statusOf(world.deployment, service, gatheredNow(world));
}

function gatheredNow(world: World): DeploymentView {
  const { deployment, tables, stoppedTables, links } = world;
  const names = Object.keys(deployment.services);
  const isUp = (region: string) => tables.has(region) && !stoppedTables.has(region) && !links.isRegionDead(region);
  const read = (regions: readonly string[]): Readonly<Record<string, TableView>> =>
    Object.fromEntries(regions.filter(isUp).map((region) => [region, tables.read(region, names)]));
  const asked = tableRegions(deployment, newestRegisters(read(deployment.controlRegions), names));
  const views = read(asked);
  const answered = Object.keys(views);
  const items: Record<string, OpinionItem> = {};
  const serviceViews: Record<string, ServiceView> = {};
  for (const name of names) {
    const service = serviceOf(deployment, name);
    for (const region of answered) {
      const item = views[region]?.opinions;
      const ageMs = world.nowMs - (world.opinionsWrittenMs.get(region) ?? Number.NEGATIVE_INFINITY);
      if (item && ageMs <= service.detection.opinionTtlMs) items[region] = item;
    }
    serviceViews[name] = composeServiceView(deployment, service, views, items);
  }
  const all = Object.values(views).flatMap(({ opinions }) => (opinions ? [opinions.stopwatches] : []));
  const stopwatches = longestOf(
    all,
    Object.values(items).map((item) => item.stopwatches),
  );
  const silent = Object.fromEntries(asked.filter((region) => !isUp(region)).map((region) => [region, 'dark']));
  const heardAgoMs = Object.fromEntries(
    Object.keys(items).map((region) => [region, world.nowMs - (world.opinionsWrittenMs.get(region) ?? 0)]),
  );
  return {
    serviceViews,
    answered,
    silent,
    items,
    stopwatches,
    heardAgoMs,
    listenedMs: Number.POSITIVE_INFINITY,
    wallMs: world.nowMs,
  };
}
