import type { AlertName } from './alert-name.ts';
import type { FailoverEvent } from './event.ts';

/** The alarm that an event raises; null when it raises none. */
export function alertOf(event: FailoverEvent): AlertName | null {
  const { kind, data } = event;
  switch (kind) {
    case 'verdict-changed':
      return data.verdict === 'down' ? 'site-down' : data.verdict === 'degraded' ? 'site-degraded' : null;
    case 'decision':
      // A pool's limit keeps sites that are back outside; here it keeps clients at a dead site.
      if (data.reason === 'daily-limit' && data.mode === 'active-passive') return 'no-eligible-standby';
      return decisionAlerts[String(data.reason)] ?? null;
    case 'step-ended':
      return data.state === 'failed' || data.state === 'turned-back' ? 'step-failed' : null;
    case 'attempt-failed':
      return 'actuator-errors';
    case 'failover':
      return 'failed-over';
    case 'checkup-missing':
      return 'doctor-red';
    case 'switchover-dropped':
    case 'watcher-silent':
    case 'no-majority':
    case 'replication-lag':
    case 'run-too-slow':
    case 'drift-repaired':
    case 'drift-stuck':
    case 'self-fenced':
    case 'fence-owed':
    case 'fence-unproven':
    case 'clock-gap':
    case 'memory-short':
    case 'self-check-failed':
    case 'invariant-broken':
    case 'spare-capacity':
    case 'standby-unready':
    case 'recovery-time-missed':
    case 'clock-offset':
    case 'certificate-ending':
    case 'backup-old':
    case 'probe-failing':
    case 'configurations-differ':
    case 'unknown-site':
      return kind;
    default:
      return null;
  }
}

const decisionAlerts: Readonly<Record<string, AlertName>> = {
  'no-eligible-site': 'no-eligible-standby',
  'run-unfinished': 'move-unfinished',
  'fence-waits': 'move-unfinished',
  'group-apart': 'move-unfinished',
  'writer-elsewhere': 'writer-elsewhere',
  blocked: 'blocked-awaiting-ack',
  'approval-waits': 'awaiting-approval',
  'approval-lapsed': 'approval-lapsed',
  'no-quorum': 'no-quorum',
  'quorum-unreachable': 'no-quorum',
  'fail-open': 'pool-fail-open',
  'over-capacity': 'over-capacity',
  'all-down': 'last-resort',
  'shared-dependency': 'shared-dependency',
};
