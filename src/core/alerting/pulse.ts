import type { Deployment, NamedService } from '../model/deployment.ts';
import { judgeState } from '../operator/status.ts';
import type { Picture } from '../tables/service-view.ts';
import type { Stopwatches } from '../tables/stopwatch.ts';
import { type AlarmName, alarmNames } from './catalogue.ts';
import { type Happening, happen } from './event.ts';

/** How often an acting watcher says how each service is: the finest period of a CloudWatch alarm. */
export const pulseMs = 60_000;

/** What a pulse is made from. */
export interface PulseView {
  readonly deployment: Deployment;
  /** Control region of the watcher that speaks. */
  readonly region: string;
  /** By service: a member of a group is judged by what is known of the others, too. */
  readonly pictures: Readonly<Record<string, Picture>>;
  readonly stopwatches: Stopwatches;
  /** Alarms that last at this moment. */
  readonly raised: readonly AlarmName[];
}

/** How one service is, seen from one region: a line for people, and flat fields for metrics and dashboards. */
export function pulseOf(service: NamedService, view: PulseView): Happening {
  const { pictures, region, raised } = view;
  const picture = pictures[service.name];
  if (!picture) throw new RangeError(`nothing is known of ${service.name}`);
  const register = 'register' in picture.register ? picture.register.register : null;
  const { state, reason } = judgeState(view.deployment, service, picture, {
    silent: {},
    stopwatches: view.stopwatches,
    pictures,
  });
  const data: Record<string, string | number | boolean | null> = {
    epoch: register?.epoch ?? null,
    active: register?.active ?? null,
    state,
    reason,
  };
  const lines: string[] = [];
  for (const site of Object.keys(service.sites)) {
    const verdict = picture.knowledge.verdicts[site] ?? 'unclear';
    const own = picture.testimonies[site]?.find(({ watcher }) => watcher === region);
    const opinion = own?.opinion ?? 'unknown';
    data[`verdict.${site}`] = verdict;
    data[`opinion.${site}`] = opinion;
    lines.push(`${site} ${verdict} (from here ${opinion})`);
  }
  for (const name of raised) data[name] = true;
  const who = register === null ? 'nobody known to be active' : `${register.active} active, epoch ${register.epoch}`;
  const alarms = raised.length === 0 ? '' : `; raised: ${raised.join(', ')}`;
  return happen('pulse', service.name, `${who}, ${state} (${reason}): ${lines.join(', ')}${alarms}`, { data });
}

/** What lasts and concerns no single service; only made while something does. */
export function deploymentPulse(raised: readonly AlarmName[]): Happening {
  const data = Object.fromEntries(raised.map((name) => [name, true]));
  return happen('pulse', null, `raised: ${raised.join(', ')}`, { data });
}

/** Alarms that a pulse says are raised; none of any other happening. */
export function raisedIn({ kind, data }: Happening): readonly AlarmName[] {
  return kind === 'pulse' ? alarmNames.filter((name) => data[name] === true) : [];
}
