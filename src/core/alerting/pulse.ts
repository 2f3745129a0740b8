import type { Deployment } from '../model/deployment.ts';
import type { NamedService } from '../model/service.ts';
import { judgeState } from '../operator/status.ts';
import type { ServiceView } from '../tables/service-view.ts';
import type { Stopwatches } from '../tables/stopwatch.ts';
import { type AlertName, alertNames } from './alert-name.ts';
import { type FailoverEvent, newEvent } from './event.ts';

/**
 * How often an acting watcher writes the state of each service: the shortest period of a standard CloudWatch alarm.
 */
export const pulseMs = 60_000;

/** What a pulse is made from. */
export interface PulseView {
  readonly deployment: Deployment;
  /** Control region of the watcher that writes the pulse. */
  readonly region: string;
  /** The view of every service by name. All are needed, because a member of a group is judged by the others too. */
  readonly serviceViews: Readonly<Record<string, ServiceView>>;
  readonly stopwatches: Stopwatches;
  /** Lasting alarms that are raised at this moment. */
  readonly raised: readonly AlertName[];
}

/** The state of one service, seen from one region: a line for people, and flat fields for metrics and dashboards. */
export function pulseOf(service: NamedService, view: PulseView): FailoverEvent {
  const { serviceViews, region, raised } = view;
  const serviceView = serviceViews[service.name];
  if (!serviceView) throw new RangeError(`nothing is known of ${service.name}`);
  const register = 'register' in serviceView.register ? serviceView.register.register : null;
  const { state, reason } = judgeState(view.deployment, service, serviceView, {
    silent: {},
    stopwatches: view.stopwatches,
    serviceViews,
  });
  const data: Record<string, string | number | boolean | null> = {
    epoch: register?.epoch ?? null,
    active: register?.active ?? null,
    state,
    reason,
  };
  const lines: string[] = [];
  for (const site of Object.keys(service.sites)) {
    const verdict = serviceView.knowledge.verdicts[site] ?? 'unclear';
    const own = serviceView.testimonies[site]?.find(({ watcher }) => watcher === region);
    const opinion = own?.opinion ?? 'unknown';
    data[`verdict.${site}`] = verdict;
    data[`opinion.${site}`] = opinion;
    lines.push(`${site} ${verdict} (from here ${opinion})`);
  }
  for (const name of raised) data[name] = true;
  const who = register === null ? 'nobody known to be active' : `${register.active} active, epoch ${register.epoch}`;
  const alarms = raised.length === 0 ? '' : `; raised: ${raised.join(', ')}`;
  return newEvent('pulse', service.name, `${who}, ${state} (${reason}): ${lines.join(', ')}${alarms}`, { data });
}

/** The lasting alarms that concern no single service. Only written while at least one is raised. */
export function deploymentPulse(raised: readonly AlertName[]): FailoverEvent {
  const data = Object.fromEntries(raised.map((name) => [name, true]));
  return newEvent('pulse', null, `raised: ${raised.join(', ')}`, { data });
}

/** Alarms that a pulse says are raised; empty for any other event. */
export function raisedIn({ kind, data }: FailoverEvent): readonly AlertName[] {
  return kind === 'pulse' ? alertNames.filter((name) => data[name] === true) : [];
}
