import type { Observation } from '../../../core/detection/observation.ts';
import type { AwsProbe } from '../../../core/model/probe.ts';
import { reportOf, type SimSite, servesClients } from '../sites.ts';

/** What surrounds a probe that an AWS API answers. */
export interface Asking {
  /** Whether the API can be reached, and answers at all. */
  readonly isReadable: boolean;
  readonly networkMs: number;
  /** Whether the region of the site is lost. */
  readonly isSiteLost: boolean;
  readonly isProbeFailing: boolean;
  /** How far the site is behind the writer because nothing gets through to it. */
  readonly brokenLagMs: number;
}

/**
 * What an alarm or a function says of a site, and after how long.
 *
 * It knows what clients get there, at once: the periods of an alarm and the wait until it is read are left out. What
 * cannot be read is unknown, by the deadline.
 */
export function awsAnswerOf(
  site: SimSite,
  probe: AwsProbe,
  { isReadable, networkMs, isSiteLost, isProbeFailing, brokenLagMs }: Asking,
): { readonly observation: Observation; readonly afterMs: number } {
  if (!isReadable) {
    return { observation: { outcome: 'unknown', detail: 'no answer' }, afterMs: probe.timeoutMs };
  }
  const isWell = !isSiteLost && !isProbeFailing && servesClients(site, probe.timeoutMs);
  const report = probe.type === 'function' && !isSiteLost ? { report: reportOf(site, brokenLagMs) } : {};
  const seen = { latencyMs: networkMs, ...report };
  const reason = probe.type === 'function' ? 'not-ok' : 'alarm';
  return {
    observation: isWell ? { outcome: 'pass', ...seen } : { outcome: 'fail', reason, ...seen },
    afterMs: networkMs,
  };
}
