import type { AlarmName } from './catalogue.ts';
import type { Happening } from './event.ts';

/** The alarm that a happening raises, null when it raises none. */
export function alarmOf(happening: Happening): AlarmName | null {
  const { kind, data } = happening;
  switch (kind) {
    case 'verdict-changed':
      return data.verdict === 'down' ? 'site-down' : data.verdict === 'degraded' ? 'site-degraded' : null;
    case 'decision':
      return decisionAlarms[String(data.reason)] ?? null;
    case 'step-ended':
      return data.state === 'failed' || data.state === 'turned-back' ? 'step-failed' : null;
    case 'attempt-failed':
      return 'actuator-errors';
    case 'failover':
      return 'failed-over';
    case 'watcher-silent':
    case 'no-majority':
    case 'replication-lag':
    case 'run-too-slow':
    case 'drift-repaired':
    case 'drift-stuck':
    case 'self-fenced':
    case 'clock-gap':
    case 'self-check-failed':
    case 'invariant-broken':
    case 'spare-capacity':
    case 'standby-unready':
    case 'recovery-time-missed':
    case 'clock-offset':
    case 'certificate-ending':
    case 'probe-failing':
      return kind;
    default:
      return null;
  }
}

const decisionAlarms: Readonly<Record<string, AlarmName>> = {
  'no-eligible-site': 'no-eligible-standby',
  blocked: 'blocked-awaiting-ack',
  'no-quorum': 'no-quorum',
  'quorum-unreachable': 'no-quorum',
  'fail-open': 'pool-fail-open',
  'over-capacity': 'over-capacity',
  'all-down': 'last-resort',
  'shared-dependency': 'shared-dependency',
};
