import type { Happening } from './happening.ts';

/** Every alarm there is; each has a heading of its own in docs/runbook.md. */
export const alarmNames = [
  'site-down',
  'site-degraded',
  'watcher-silent',
  'no-quorum',
  'no-majority',
  'no-eligible-standby',
  'step-failed',
  'failed-over',
  'blocked-awaiting-ack',
  'drift-repaired',
  'drift-stuck',
  'self-fenced',
  'clock-gap',
  'self-check-failed',
  'invariant-broken',
] as const;

/** Every alarm by its name; each is a heading of the runbook. */
export type AlarmName = (typeof alarmNames)[number];

/** The alarm that a happening raises, null when it raises none. */
export function alarmOf(happening: Happening): AlarmName | null {
  const { kind, data } = happening;
  switch (kind) {
    case 'verdict-changed':
      return data.verdict === 'down' ? 'site-down' : data.verdict === 'degraded' ? 'site-degraded' : null;
    case 'decision':
      return decisionAlarms[String(data.reason)] ?? null;
    case 'step-ended':
      return data.state === 'failed' ? 'step-failed' : null;
    case 'failover':
      return 'failed-over';
    case 'watcher-silent':
    case 'no-majority':
    case 'drift-repaired':
    case 'drift-stuck':
    case 'self-fenced':
    case 'clock-gap':
    case 'self-check-failed':
    case 'invariant-broken':
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
};
