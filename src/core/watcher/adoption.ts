import { newEvent } from '../alerting/event.ts';
import { returnedSites, withReturned } from '../decision/writer/returned-site.ts';
import { actingRegionOf } from '../model/place.ts';
import { type NamedService, nameNow } from '../model/service.ts';
import { changeRegister } from '../register/proposer.ts';
import { hasOpenRun, type Register, withHistory } from '../register/register.ts';
import { type Renaming, renamingOf, unknownSitesIn, withSitesRenamed } from '../register/renaming.ts';
import { call, type Routine, readTime } from '../routine.ts';
import { disputesAbout } from '../tables/dispute.ts';
import { isKeeper } from '../tables/keeper.ts';
import type { ServiceView } from '../tables/service-view.ts';
import { raise } from './alert-memory.ts';
import { proposerFor, type WatcherState } from './state.ts';

/**
 * The renaming of sites that this watcher carries out now; null when there is none, or when another watcher comes
 * first.
 *
 * It waits until no living watcher knows the site only by its old name, because for that watcher the site would become
 * unknown.
 */
export function dueRenaming(
  state: WatcherState,
  service: NamedService,
  serviceView: ServiceView,
  register: Register,
): Renaming | null {
  const renaming = renamingOf(service, register);
  const names = Object.entries(renaming).flat();
  if (names.length === 0 || serviceView.freshWatchers[0] !== state.setup.region) return null;
  return disputesAbout(serviceView.disputes, names).length === 0 ? renaming : null;
}

/** Has the register call sites by their new names. Who is active does not change, and neither does the epoch. */
export function* adoptNames(state: WatcherState, service: NamedService): Routine<void> {
  const { wallMs } = yield* readTime();
  const outcome = yield* changeRegister(proposerFor(state, service.name), (current) => {
    if (current === null) return null;
    const renaming = renamingOf(service, current);
    if (Object.keys(renaming).length === 0) return null;
    const entry = { epoch: current.epoch, atMs: wallMs, by: state.setup.region, what: describe(renaming) };
    return withHistory(withSitesRenamed(current, renaming), entry);
  });
  if (outcome.outcome !== 'changed') return;
  const detail = outcome.register.history[0]?.what ?? '';
  yield* call('log', { event: newEvent('sites-renamed', service.name, detail) });
}

function describe(renaming: Renaming): string {
  return Object.entries(renaming)
    .map(([before, name]) => `${before} is now called ${name}`)
    .join(', ');
}

/**
 * Whether this watcher has the register owe the fences of sites that were left while no configuration had them, and
 * that this one has again. While a run is open, whoever takes it over does so.
 */
export function isReturnDue(
  state: WatcherState,
  service: NamedService,
  serviceView: ServiceView,
  register: Register,
): boolean {
  return returnedSites(service, register).some((site) => {
    const place = service.sites[nameNow(service, site) ?? site];
    return isKeeper(state.setup.region, serviceView, (place && actingRegionOf(place)) ?? null);
  });
}

/** Has the register owe those fences. */
export function* adoptReturned(state: WatcherState, service: NamedService): Routine<void> {
  const { wallMs } = yield* readTime();
  const outcome = yield* changeRegister(proposerFor(state, service.name), (current) => {
    if (current === null || hasOpenRun(current)) return null;
    const sites = returnedSites(service, current);
    if (sites.length === 0) return null;
    const what = `${sites.join(', ')}: configured again, and may still take writes, so its fence is owed`;
    const entry = { epoch: current.epoch, atMs: wallMs, by: state.setup.region, what };
    return withHistory(withReturned(service, current), entry);
  });
  if (outcome.outcome !== 'changed') return;
  const detail = outcome.register.history[0]?.what ?? '';
  yield* call('log', { event: newEvent('site-returned', service.name, detail) });
}

/** Raises the alarms of a change of the configuration: unknown sites, and watchers with different configurations. */
export function* checkConfiguration(
  state: WatcherState,
  service: NamedService,
  serviceView: ServiceView,
  register: Register,
): Routine<void> {
  const unknown = unknownSitesIn(service, register);
  const names = unknown.join(', ');
  const tellUnknown = () =>
    newEvent('unknown-site', service.name, `${names} serves, but this configuration does not have it`, {
      ...(unknown[0] === undefined ? {} : { site: unknown[0] }),
    });
  yield* raise(state, `unknown-site:${service.name}`, names, tellUnknown, unknown.length > 0);
  const { disputes } = serviceView;
  const regions = [...new Set(disputes.flatMap((dispute) => dispute.regions))].sort().join(', ');
  const tellDispute = () =>
    newEvent(
      'configurations-differ',
      service.name,
      `the watchers in ${regions} run another configuration than this region`,
    );
  yield* raise(state, `configurations-differ:${service.name}`, regions, tellDispute, disputes.length > 0);
}
