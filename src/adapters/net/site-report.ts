import type { SiteReport } from '../../core/detection/observation.ts';
import { roleLengthMax } from '../../core/detection/reported-facts.ts';
import { systemClock } from '../system/clock.ts';
import type { HttpHead } from './http-response.ts';

/**
 * Step to which the offset of a clock is rounded, in milliseconds. A finer one would change the stored opinions at
 * every tick.
 */
const clockStepMs = 5_000;

/** What the headers of an answer say of the site; a value that cannot be read counts as not said. */
export function reportOf(head: HttpHead): SiteReport {
  const role = head.header('x-failover-role');
  const lag = head.header('x-failover-lag-ms');
  const ready = head.header('x-failover-ready');
  const load = head.header('x-failover-load');
  const date = head.header('date');
  const report: { -readonly [K in keyof SiteReport]: SiteReport[K] } = {};
  if (role) report.role = role.slice(0, roleLengthMax);
  if (lag !== null && /^\d{1,15}(\.\d+)?$/.test(lag)) report.replicationLagMs = Number(lag);
  if (load !== null && /^\d{1,12}(\.\d{1,6})?$/.test(load)) report.load = Number(load);
  const clockMs = date === null ? Number.NaN : Date.parse(date);
  if (!Number.isNaN(clockMs)) report.clockOffsetMs = clockOffset(clockMs);
  if (ready === 'true' || ready === 'false') report.ready = ready === 'true';
  return report;
}

/** Offset of the site's clock in steps of `clockStepMs`. The header has whole seconds only, rounded down. */
function clockOffset(clockMs: number): number {
  const offsetMs = clockMs + 500 - systemClock.wallMs();
  return Math.round(offsetMs / clockStepMs) * clockStepMs;
}
