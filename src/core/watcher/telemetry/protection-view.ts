import type { NamedService } from '../../model/service.ts';
import type { ProtectionLevel } from '../../operator/protection.ts';
import { judgeState, protectionFor } from '../../operator/status.ts';
import type { TimeReading } from '../../routine.ts';
import type { ServiceView } from '../../tables/service-view.ts';
import type { WatcherState } from '../state.ts';

/**
 * How long the level holds while neither the register nor a verdict has changed, in milliseconds. What else changes it,
 * such as a lag or a window of the calendar, is counted by the minute. Source: our own; looking each tick took a tenth
 * of a watcher's processor time.
 */
const protectionHoldsMs = 10_000;

/** The protection of a service as each tick counts it: as `protectionSeen` has it, but not looked for each time. */
export function protectionNow(
  state: WatcherState,
  service: NamedService,
  serviceViews: Readonly<Record<string, ServiceView>>,
  { monotonicMs: atMs, wallMs }: TimeReading,
): ProtectionLevel {
  const view = serviceViews[service.name];
  const register = view !== undefined && 'register' in view.register ? view.register.register : null;
  const verdicts = Object.values(view?.knowledge.verdicts ?? {}).join();
  const seen = state.protections.get(service.name);
  const isSame = seen !== undefined && seen.register === register && seen.verdicts === verdicts;
  if (isSame && atMs - seen.atMs < protectionHoldsMs) return seen.level;
  const level = protectionSeen(state, service, serviceViews, wallMs);
  state.protections.set(service.name, { level, atMs, register, verdicts });
  return level;
}

/**
 * The protection of a service, as this watcher sees it.
 *
 * @param serviceViews - of every service, by name
 */
export function protectionSeen(
  state: WatcherState,
  service: NamedService,
  serviceViews: Readonly<Record<string, ServiceView>>,
  wallMs: number,
): ProtectionLevel {
  const { setup, reads, stopwatches } = state;
  const view = serviceViews[service.name];
  if (view === undefined) throw new RangeError(`nothing is known of ${service.name}`);
  const heard = view.freshWatchers.flatMap((region) => {
    const item = region === setup.region ? state : reads.get(region)?.view.opinions;
    return item ? [[region, item] as const] : [];
  });
  const known = {
    serviceViews,
    stopwatches,
    silent: {},
    wallMs,
    answered: setup.deployment.controlRegions.filter((region) => reads.has(region)),
    items: Object.fromEntries(heard),
  };
  return protectionFor(setup.deployment, service, known, judgeState(setup.deployment, service, view, known)).level;
}
