import { majorityTimeMs } from '../calendar/majority-time.ts';
import { type Deployment, serviceOf } from '../model/deployment.ts';
import type { NamedService } from '../model/service.ts';
import { all, call, pause, type Routine, readTime } from '../routine.ts';
import { isFresh, noteSightings, type Sightings, sinceChangeMs } from '../tables/freshness.ts';
import { markOf, type OpinionItem } from '../tables/opinion-item.ts';
import { composeServiceView, type ServiceView } from '../tables/service-view.ts';
import { longestOf, type Stopwatches } from '../tables/stopwatch.ts';
import { newestRegisters, tableRegions } from '../tables/table-regions.ts';
import type { TableView } from '../tables/table-view.ts';

/** Everything that can be known of a deployment by reading its state tables. */
export interface DeploymentView {
  readonly serviceViews: Readonly<Record<string, ServiceView>>;
  /** Control regions whose table answered, and why the others did not. */
  readonly answered: readonly string[];
  readonly silent: Readonly<Record<string, string>>;
  /** Fresh opinion items by control region. */
  readonly items: Readonly<Record<string, OpinionItem>>;
  /**
   * The longest time that any watcher has counted, by name. It decides, because the first watcher that has waited long
   * enough may act.
   */
  readonly stopwatches: Stopwatches;
  /** How long ago each fresh watcher was last seen to write, on the reader's monotonic clock, in milliseconds. */
  readonly heardAgoMs: Readonly<Record<string, number>>;
  /** How long the reader has listened, in milliseconds. A watcher without an item may have been silent for less. */
  readonly listenedMs: number;
  /** The time by the clocks of the fresh watchers, for the calendar; absent where nobody looks at it. */
  readonly wallMs?: number;
}

/** The message for a service when every table answers and none holds its register; `status` knows which it is. */
export const noRegister = 'no register: its watchers have not run yet, or the tables have lost it';

/** Pause between two reads while waiting for the watchers' next opinion items, in milliseconds. */
const readPauseMs = 200;

/** One look at all tables, and what the next look by the same reader builds on. */
export interface Look {
  readonly view: DeploymentView;
  readonly sightings: Sightings;
  /** When the reader's first look had ended, on its monotonic clock, in milliseconds. */
  readonly firstAtMs: number;
  /** The same of this look. */
  readonly atMs: number;
  /** Tables that gave no answer within their deadline and that no later look has asked, and why. */
  readonly dark: Readonly<Record<string, string>>;
  /** Whether every watcher was seen to write, or has been silent for as long as an opinion counts. */
  readonly hasHeardAll: boolean;
}

/**
 * Reads the tables until every watcher has been seen to write, or has been silent for as long as an opinion counts.
 *
 * One read cannot tell a living watcher from the last item of a dead one, so this takes about one tick, and longer only
 * when a watcher is silent. A table that gave no answer within its deadline is not asked again, because the other
 * watchers' opinions would become stale while this waits for it.
 *
 * @param listenMsMax - longest time for all of this, for a reader who has less time than an opinion counts; in
 *   milliseconds, and exceeded by the reads that are then under way
 */
export function* readDeployment(
  deployment: Deployment,
  listenMsMax: number = Number.POSITIVE_INFINITY,
): Routine<DeploymentView> {
  const beganAtMs = (yield* readTime()).monotonicMs;
  let look = yield* lookAgain(deployment, null);
  // Where no table answers, no watcher can be heard, however long one listens.
  while (!look.hasHeardAll && look.view.answered.length > 0 && look.atMs - beganAtMs <= listenMsMax) {
    yield* pause(readPauseMs);
    look = yield* lookAgain(deployment, look, look.dark);
  }
  return look.view;
}

/**
 * Reads the tables once, for a reader who looks again and again: until `hasHeardAll`, a watcher that is not fresh may
 * only not have been heard yet.
 *
 * @param before - the reader's look before this one; a long time ago it counts as none
 * @param passedOver - tables that are not asked, and why
 */
export function* lookAgain(
  deployment: Deployment,
  before: Look | null,
  passedOver: Readonly<Record<string, string>> = {},
): Routine<Look> {
  const services = Object.keys(deployment.services).map((name) => serviceOf(deployment, name));
  const ttlMs = Math.max(...services.map((service) => service.detection.opinionTtlMs));
  const { views, silent, unreachable } = yield* readTables(deployment, services, Object.keys(passedOver));
  const dark = { ...passedOver, ...Object.fromEntries(unreachable.map((region) => [region, silent[region] ?? ''])) };
  const { monotonicMs: nowMs, wallMs } = yield* readTime();
  const firstAtMs = before?.firstAtMs ?? nowMs;
  const sightings = noteSightings(before?.sightings ?? {}, marksOf(views), ttlMs, nowMs);
  const fresh = Object.keys(views).filter((region) => isFresh(sightings, region, ttlMs, nowMs));
  const asked = new Set([...Object.keys(views), ...Object.keys(silent), ...Object.keys(dark)]);
  const listenedMs = nowMs - firstAtMs;
  const heardAgoMs = Object.fromEntries(fresh.map((region) => [region, sinceChangeMs(sightings, region, nowMs)]));
  const clocks = fresh.flatMap((region) => {
    const item = views[region]?.opinions;
    return item ? [item.wallMs + (heardAgoMs[region] ?? 0)] : [];
  });
  const known = compose(deployment, services, views, { ...dark, ...silent }, fresh);
  return {
    view: { ...known, heardAgoMs, listenedMs, wallMs: majorityTimeMs(clocks, wallMs) },
    sightings,
    firstAtMs,
    atMs: nowMs,
    dark,
    hasHeardAll: fresh.length + Object.keys(dark).length === asked.size || listenedMs > ttlMs,
  };
}

/** What is known of a deployment when none of its tables has answered in time: nothing. */
export function unreadDeployment(deployment: Deployment, why: string): DeploymentView {
  const services = Object.keys(deployment.services).map((name) => serviceOf(deployment, name));
  const silent = Object.fromEntries(deployment.controlRegions.map((region) => [region, why]));
  return { ...compose(deployment, services, {}, silent, []), heardAgoMs: {}, listenedMs: 0 };
}

interface Tables {
  readonly views: Readonly<Record<string, TableView>>;
  readonly silent: Readonly<Record<string, string>>;
  /** The silent regions whose table did not answer within the deadline. */
  readonly unreachable: readonly string[];
}

/**
 * One read of the tables that `tableRegions` names.
 *
 * @param passedOver - regions whose tables are not asked
 */
export function* readTables(
  deployment: Pick<Deployment, 'controlRegions'>,
  services: readonly NamedService[],
  passedOver: readonly string[] = [],
): Routine<Tables> {
  const names = services.map((service) => service.name);
  const isDue = (region: string) => !passedOver.includes(region);
  const own = yield* readEach(deployment.controlRegions.filter(isDue), names);
  const voting = tableRegions(deployment, newestRegisters(own.views, names));
  const others = voting.filter((region) => isDue(region) && !deployment.controlRegions.includes(region));
  if (others.length === 0) return own;
  const more = yield* readEach(others, names);
  return {
    views: { ...own.views, ...more.views },
    silent: { ...own.silent, ...more.silent },
    unreachable: [...own.unreachable, ...more.unreachable],
  };
}

function* readEach(regions: readonly string[], names: readonly string[]): Routine<Tables> {
  const answers = yield* all(regions.map((region) => call('readTable', { region, services: names })));
  const views: Record<string, TableView> = {};
  const silent: Record<string, string> = {};
  const unreachable: string[] = [];
  for (const [index, region] of regions.entries()) {
    const answer = answers[index];
    if (answer?.ok) views[region] = answer.value;
    else silent[region] = answer ? `${answer.fault.kind}: ${answer.fault.detail}` : 'not asked';
    if (answer?.ok === false && answer.fault.kind === 'timeout') unreachable.push(region);
  }
  return { views, silent, unreachable };
}

function marksOf(views: Tables['views']): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(views).flatMap(([region, view]) =>
      view.opinions === null ? [] : [[region, markOf(view.opinions)]],
    ),
  );
}

function compose(
  deployment: Deployment,
  services: readonly NamedService[],
  views: Tables['views'],
  silent: Tables['silent'],
  fresh: readonly string[],
): Omit<DeploymentView, 'heardAgoMs' | 'listenedMs'> {
  const items: Record<string, OpinionItem> = {};
  for (const region of fresh) {
    const item = views[region]?.opinions;
    if (item) items[region] = item;
  }
  const all = Object.values(views).flatMap(({ opinions }) => (opinions ? [opinions.stopwatches] : []));
  const stopwatches = longestOf(
    all,
    Object.values(items).map((item) => item.stopwatches),
  );
  return {
    serviceViews: Object.fromEntries(
      services.map((service) => [service.name, composeServiceView(deployment, service, views, items)]),
    ),
    answered: Object.keys(views),
    silent,
    items,
    stopwatches,
  };
}
