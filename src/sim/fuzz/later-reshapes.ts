import { isPromoted } from '../../core/kinds/promote.ts';
import { type Deployment, serviceOf } from '../../core/model/deployment.ts';
import { sitesByPriority } from '../../core/model/service.ts';
import type { ScenarioEvent } from '../../scenario/scenario.ts';
import type { SeededRandom } from '../random.ts';
import type { TroubleTime } from './rescue-draws.ts';
import type { Edit, Reshape, Reshaping } from './reshape.ts';
import {
  addedSite,
  asBefore,
  backShare,
  beginOf,
  drawServices,
  editing,
  goOnMs,
  goOnMsMin,
  leaseShares,
  ordered,
  renamedName,
  reshapes,
  siteHealed,
} from './reshapes.ts';
import { withoutSite, withSite, withSiteRenamed } from './site-edits.ts';
import { event, pick } from './trouble.ts';
import type { ServiceInput } from './variations.ts';

/** Changes of what a service is made of that seeds draw which draw none of the earlier ones. */

/** What a function of the user's is called that promotes data which is added, and one that fences. */
const addedFunction = 'promote-c';
const fenceFunction = 'fence-c';
/** From a site's failure, or a person's order, until a pool is changed: its traffic is on its way, or has just come. */
const shiftMsMin = 2_000;
const shiftMsMax = 40_000;
/** Share of the changed pools that have just shifted. */
const shiftedShare = 0.7;
/** Share of the changes that are taken back before everything is healed. */
const soonShare = 0.5;
/** From the healing until a person looks whether a move waits for data that is gone, and again. */
const skippedMs = [30_000, 60_000] as const;
/** By then the data of every other site has been made a replica by hand. */
const releasedMs = 90_000;
/** From one stack's failure to the next deployment, at most: a person has looked. */
const rollBackMsMin = 3_000;
const rollBackMsMax = 60_000;

/** When a change is taken back: amid the troubles, or once all is healed. */
function backAtMs(random: SeededRandom, atMs: number, { healedMs }: TroubleTime): number {
  return random() < soonShare ? Math.min(atMs + goOnMs(random), healedMs) : healedMs;
}

const changing = (atMs: number, edit: Edit, backMs: number | null): Reshaping => ({
  steps: [{ atMs, edit }, ...(backMs === null ? [] : [{ atMs: backMs, edit: asBefore }])],
  events: [],
  healing: [],
  isSteady: true,
});

/** Data is taken out of a service. A move that was to promote it goes on once somebody says so, or it is back. */
const removeData: Reshape = (random, { services }, time) => {
  const found = Object.entries(services).filter(
    ([, { data, mode }]) => data !== undefined && mode === 'active-passive',
  );
  if (found.length === 0) return null;
  const [name, { sites }] = pick(random, found);
  const edit = editing([name], ({ data: _data, ...service }) => service);
  const atMs = beginOf(random, time);
  if (random() < backShare) return changing(atMs, edit, backAtMs(random, atMs, time));
  const skipped = skippedPromotions(name, time);
  // Whoever has made sure that one site alone is written opens the others: nothing tells of their data any more.
  const released = Object.keys(sites).map((site) =>
    ordered(time.healedMs + releasedMs, `release ${name} ${site} --allow-two-writers`),
  );
  return { ...changing(atMs, edit, null), healing: [...skipped, ...released] };
};

/** A service gets data, and fences where it has none: a function of the user's promotes it. */
const addData: Reshape = (random, { services }, time) => {
  const found = Object.entries(services).filter(
    ([, { data, mode }]) => data === undefined && mode === 'active-passive',
  );
  if (found.length === 0) return null;
  const [name, { sites }] = pick(random, found);
  const functions = Object.fromEntries(Object.keys(sites).map((site) => [site, addedFunction]));
  const edit = editing([name], (service) => ({ ...fencedBy(service), data: { kind: 'custom', functions } }));
  const atMs = beginOf(random, time);
  const backMs = random() < backShare ? backAtMs(random, atMs, time) : null;
  // A move that was begun without it leaves the data where it was, and the status says so until a person moves it.
  if (backMs === null) return { ...changing(atMs, edit, null), isSteady: false };
  return { ...changing(atMs, edit, backMs), healing: skippedPromotions(name, time) };
};

/** Whoever took data out says that a move which was to promote it shall go on. */
function skippedPromotions(name: string, { healedMs }: TroubleTime): readonly ScenarioEvent[] {
  return skippedMs.map((afterMs) => ordered(healedMs + afterMs, `skip ${name} promote`));
}

/** A service whose sites all have a fence: a function of the user's, where they had none. */
function fencedBy({ sites, ...service }: ServiceInput): ServiceInput {
  const fence = { kind: 'read-only' as const, functionName: fenceFunction };
  const fenced = Object.entries(sites).map(([name, site]) => [name, { ...site, fence: site.fence ?? fence }] as const);
  return { ...service, sites: Object.fromEntries(fenced) };
}

/**
 * Fences are added, or become functions of the user's that cut a site off from its probes, too; or they are taken out,
 * where no data is promoted: without one the old writer's writes are lost (docs/lint.md).
 */
const changeFence: Reshape = (random, { services }, time) => {
  const [name, { sites, data }] = pick(random, Object.entries(services));
  const isFenced = Object.values(sites).some(({ fence }) => fence !== undefined);
  const functionOf = (kind: 'custom' | 'read-only') => ({ kind, functionName: fenceFunction });
  const other = isFenced ? (isPromoted(data) ? [] : [undefined]) : [functionOf('read-only')];
  const to = pick(random, [...other, functionOf('custom')]);
  const edit = editing([name], (service) => {
    const changed = Object.entries(service.sites).map(([site, { fence, ...place }]) => {
      const region = fence !== undefined && 'region' in fence ? { region: fence.region } : {};
      return [site, to === undefined ? place : { ...place, fence: { ...to, ...region } }] as const;
    });
    return { ...service, sites: Object.fromEntries(changed) };
  });
  const atMs = beginOf(random, time);
  return changing(atMs, edit, backAtMs(random, atMs, time));
};

/** Something that makes a pool shift its traffic, and by when the shift is over: nothing where it stays as it is. */
function shifting(
  random: SeededRandom,
  service: string,
  sites: readonly string[],
  atMs: number,
  { healedMs }: TroubleTime,
): readonly ScenarioEvent[] {
  if (random() >= shiftedShare) return [];
  const target = { kind: 'site' as const, service, name: pick(random, sites) };
  const shiftedMs = Math.max(0, Math.round(atMs - shiftMsMin - random() * (shiftMsMax - shiftMsMin)));
  const endMs = Math.min(healedMs, atMs + goOnMs(random));
  return random() < 0.5
    ? [event(shiftedMs, { kind: 'stop', target }), event(endMs, { kind: 'start', target })]
    : [
        ordered(shiftedMs, `maintenance on ${service} ${target.name}`),
        ordered(endMs, `maintenance off ${service} ${target.name}`),
      ];
}

function drawPool(random: SeededRandom, { services }: Deployment): string | null {
  const found = Object.keys(services).filter((name) => services[name]?.mode === 'active-active');
  return found.length === 0 ? null : pick(random, found);
}

/** A site is removed from a pool: one that serves, one that was taken out before, or while traffic shifts. */
const dropFromPool: Reshape = (random, deployment, time) => {
  const name = drawPool(random, deployment);
  const sites = name === null ? [] : sitesByPriority(serviceOf(deployment, name));
  if (name === null || sites.length < 3) return null;
  const dropped = pick(random, sites);
  const isInOrder = random() < 0.5;
  const atMs = beginOf(random, time);
  const left = sites.filter((site) => site !== dropped);
  const isBack = !isInOrder || random() < backShare;
  return {
    steps: [
      { atMs, edit: editing([name], (service) => withoutSite(service, dropped)) },
      ...(isBack ? [{ atMs: backAtMs(random, atMs, time), edit: asBefore }] : []),
    ],
    events: [
      ...(isInOrder ? [ordered(Math.max(0, atMs - goOnMs(random)), `maintenance on ${name} ${dropped}`)] : []),
      ...shifting(random, name, isInOrder ? left : sites, atMs, time),
    ],
    healing: [],
    isSteady: isBack,
  };
};

/** A site is added to a pool whose traffic shifts; another one may be removed later. */
const addToPool: Reshape = (random, deployment, time) => {
  const name = drawPool(random, deployment);
  if (name === null) return null;
  const sites = sitesByPriority(serviceOf(deployment, name));
  const site = addedSite(random, deployment, name);
  const atMs = beginOf(random, time);
  const edit = editing([name], (service) => withSite(service, site));
  const isBack = random() < backShare;
  return {
    steps: [{ atMs, edit }, ...(isBack ? [{ atMs: backAtMs(random, atMs, time), edit: asBefore }] : [])],
    events: shifting(random, name, sites, atMs, time),
    healing: siteHealed([name], time),
    isSteady: !isBack,
  };
};

/** A site is renamed, and gets its old name again. */
const renameBack: Reshape = (random, deployment, time) => {
  const names = drawServices(random, deployment);
  const site = pick(random, Object.keys(serviceOf(deployment, names[0]).sites));
  const renamed = editing(names, (service) => withSiteRenamed(service, site, renamedName));
  const atMs = beginOf(random, time);
  const untilMs = backAtMs(random, atMs, time);
  return {
    steps: [
      { atMs, edit: renamed },
      { atMs: untilMs, edit: renamedAgain(deployment, site) },
    ],
    events: [],
    healing: [],
    renamed: { from: site, to: renamedName, fromMs: atMs, untilMs },
    isSteady: true,
  };
};

/** A site has the name that it had before it got another one. */
function renamedAgain({ services }: Deployment, site: string): Edit {
  const names = Object.keys(services).filter((name) => Object.hasOwn(services[name]?.sites ?? {}, site));
  return editing(names, (service) => withSiteRenamed(withSiteRenamed(service, site, renamedName), renamedName, site));
}

/** The sites in another order: the last one is preferred most. */
const reordered = (names: readonly string[]): Edit =>
  editing(names, ({ sites, ...service }) => {
    const order = Object.entries(sites).toSorted(([, a], [, b]) => (b.priority ?? 0) - (a.priority ?? 0));
    const priorities = order.map(([, { priority }]) => priority).toReversed();
    const places = order.map(([name, site], index) => [name, { ...site, priority: priorities[index] ?? 1 }] as const);
    const inPlace = Object.keys(sites).map((name) => [name, Object.fromEntries(places)[name]] as const);
    return { ...service, sites: Object.fromEntries(inPlace) } as ServiceInput;
  });

/** A site is renamed, and the order of the sites changed: in one deployment, or in the one before or after it. */
const renameAndReorder: Reshape = (random, deployment, time) => {
  const names = drawServices(random, deployment);
  const site = pick(random, Object.keys(serviceOf(deployment, names[0]).sites));
  const rename = editing(names, (service) => withSiteRenamed(service, site, renamedName));
  const reorder = reordered(names);
  const both: Edit = (configuration) => reorder(rename(configuration));
  const before = pick(random, [null, rename, reorder]);
  const atMs = beginOf(random, time);
  const laterMs = Math.min(atMs + goOnMs(random), time.healedMs);
  const fromMs = before === reorder ? laterMs : atMs;
  return {
    steps:
      before === null
        ? [{ atMs, edit: both }]
        : [
            { atMs, edit: before },
            { atMs: laterMs, edit: both },
          ],
    events: [],
    healing: [],
    renamed: { from: site, to: renamedName, fromMs },
    isSteady: true,
  };
};

/** What is deployed once a stack could not be: the same and something more. */
function mended(random: SeededRandom, deployment: Deployment): Edit {
  const names = drawServices(random, deployment);
  const leaseMs = Math.round(serviceOf(deployment, names[0]).failover.leaseMs * pick(random, leaseShares));
  const lease = editing(names, (service) => ({ ...service, failover: { ...service.failover, leaseMs } }));
  return pick(random, [asBefore, lease, reordered(names)]);
}

/** Another mode: no site of it is a reserve. */
const changeMode: Reshape = (random, { services }, time) => {
  const [name, { mode }] = pick(random, Object.entries(services));
  const edit = editing([name], ({ sites, ...service }) => {
    const places = Object.entries(sites).map(([site, { reserve: _reserve, ...place }]) => [site, place] as const);
    return {
      ...service,
      mode: mode === 'active-passive' ? 'active-active' : 'active-passive',
      sites: Object.fromEntries(places),
    } as ServiceInput;
  });
  return changing(beginOf(random, time), edit, null);
};

/**
 * A stack cannot be deployed, so CloudFormation takes it back while others are on the new configuration. Then a person
 * deploys all that was before, or what is mended: a third configuration beside the two.
 */
const rollBack: Reshape = (random, deployment, time, configuration) => {
  const { lease, addSite, dropSite, renameSite, changeGroup, changeData } = reshapes;
  const kinds = [lease, addSite, dropSite, renameSite, renameSite, changeGroup, changeData];
  const kind = pick(random, [...kinds, removeData, addData, changeFence, changeMode, changeMode, renameAndReorder]);
  const drawn = kind(random, deployment, time, configuration);
  const [first] = drawn?.steps ?? [];
  if (drawn === null || first === undefined) return null;
  const order = [...deployment.controlRegions].reverse();
  const reached = order.slice(0, 1 + Math.floor(random() * order.length));
  const failed = reached.slice(random() < soonShare ? -1 : 0);
  const pauseMs = () => Math.round(rollBackMsMin + random() * (rollBackMsMax - rollBackMsMin));
  const backMs = first.atMs + pauseMs();
  const againMs = Math.min(backMs + pauseMs(), time.healedMs + goOnMsMin);
  const begun = [
    { atMs: first.atMs, edit: first.edit, regions: reached },
    { atMs: backMs, edit: asBefore, regions: failed },
  ];
  const { renamed, ...others } = drawn;
  if (random() < backShare) {
    // Whoever had the new name already is told the old one.
    const edit = renamed === undefined ? asBefore : renamedAgain(deployment, renamed.from);
    return { steps: [...begun, { atMs: againMs, edit }], events: [], healing: drawn.healing, isSteady: true };
  }
  const more = mended(random, deployment);
  const later = drawn.steps.slice(1).map((step) => ({ ...step, atMs: Math.max(step.atMs, againMs + goOnMsMin) }));
  return {
    ...others,
    steps: [...begun, { atMs: againMs, edit: (before) => more(first.edit(before)) }, ...later],
    ...(renamed === undefined ? {} : { renamed: { ...renamed, fromMs: againMs } }),
  };
};

/** Every kind of change, by what changes. */
export const laterReshapes = {
  removeData,
  addData,
  changeFence,
  dropFromPool,
  addToPool,
  renameBack,
  renameAndReorder,
  rollBack,
} satisfies Readonly<Record<string, Reshape>>;
