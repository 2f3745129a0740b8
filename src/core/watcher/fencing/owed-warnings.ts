import { newEvent } from '../../alerting/event.ts';
import { type OwedReport, owedReports } from '../../decision/owed-report.ts';
import type { NamedService } from '../../model/service.ts';
import { hasOpenRun, type Register } from '../../register/register.ts';
import type { Routine } from '../../routine.ts';
import type { ServiceView } from '../../tables/service-view.ts';
import { epochWatch } from '../../tables/stopwatch.ts';
import { raise } from '../alert-memory.ts';
import type { WatcherState } from '../state.ts';

/**
 * How long a closed fence may be owed before people are notified, in milliseconds. Source: our own; AWS rebuilds an old
 * primary within minutes of its region's return, and a fault that passes leaves nothing to do.
 */
const owedMsMax = 600_000;

/**
 * Raises alarms about fences that have been owed for long, and about fences without proof that they are closed. A run
 * reports its own fences while it is open: none is raised then, and what was raised before stands. So does an alarm
 * about a fence that a later move owes anew: the site has been cut off all the time.
 */
export function* noteOwedFences(
  state: WatcherState,
  service: NamedService,
  { knowledge }: ServiceView,
  register: Register,
): Routine<void> {
  const reports = owedReports(service, register, knowledge.reports);
  const epochAgeMs = state.stopwatches[epochWatch(service.name, register.epoch)] ?? 0;
  for (const site of Object.keys(service.sites)) {
    const owed = reports.find((report) => report.site === site);
    if (owed !== undefined && hasOpenRun(register)) continue;
    const isUnproven = owed !== undefined && owed.proof !== 'closed';
    const wasLong = owed !== undefined && state.raisedAlerts.has(`fence-owed:${service.name}/${site}`);
    const isLong = wasLong || (owed?.proof === 'closed' && epochAgeMs >= owedMsMax);
    for (const [kind, isRaised] of [
      ['fence-unproven', isUnproven],
      ['fence-owed', isLong],
    ] as const) {
      const value = isRaised ? `${owed?.proof}:${owed?.sinceEpoch}` : 'well';
      const tell = () =>
        newEvent(kind, service.name, detailOf(site, owed), { site, data: { proof: owed?.proof ?? null } });
      yield* raise(state, `${kind}:${service.name}/${site}`, value, tell, isRaised);
    }
  }
}

function detailOf(site: string, owed: OwedReport | undefined): string {
  return `the fence of ${site} is ${owed?.state}, owed since epoch ${owed?.sinceEpoch}; opens when ${owed?.opensWhen}`;
}
