import type { FailureReason, Observation } from '../../../core/detection/observation.ts';
import type { AwsProbe, MetricProbe } from '../../../core/model/probe.ts';
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
 * What an alarm, a metric or a function says of a site, and after how long.
 *
 * It knows what clients get there, at once: the periods of an alarm or a metric and the wait until it is read are left
 * out. The site itself writes its metric, and does so no more when it has stopped. What cannot be read is unknown, by
 * the deadline.
 */
export function awsAnswerOf(
  site: SimSite,
  probe: AwsProbe,
  { isReadable, networkMs, isSiteLost, isProbeFailing, brokenLagMs }: Asking,
): { readonly observation: Observation; readonly afterMs: number } {
  if (!isReadable) {
    return { observation: { outcome: 'unknown', detail: 'no answer' }, afterMs: probe.timeoutMs };
  }
  const isSilent = isSiteLost || site.state !== 'running';
  if (probe.type === 'cloudwatch-metric' && isSilent && !isProbeFailing) {
    return { observation: missingOf(probe, networkMs), afterMs: networkMs };
  }
  const isWell =
    !isSiteLost && !isProbeFailing && servesClients({ ...site, isIsolated: site.isHidden }, probe.timeoutMs);
  const report = probe.type === 'function' && !isSiteLost ? { report: reportOf(site, brokenLagMs) } : {};
  const seen = { latencyMs: networkMs, ...report };
  return {
    observation: isWell ? { outcome: 'pass', ...seen } : { outcome: 'fail', reason: reasons[probe.type], ...seen },
    afterMs: networkMs,
  };
}

/** Why a probe of each type fails for a site that serves nobody. */
const reasons: Readonly<Record<AwsProbe['type'], FailureReason>> = {
  'cloudwatch-alarm': 'alarm',
  'cloudwatch-metric': 'out-of-range',
  function: 'not-ok',
};

function missingOf({ missing }: MetricProbe, latencyMs: number): Observation {
  switch (missing) {
    case 'up':
      return { outcome: 'pass', latencyMs };
    case 'down':
      return { outcome: 'fail', reason: 'no-data', latencyMs };
    case 'unknown':
      return { outcome: 'unknown', detail: 'no value' };
  }
}
