/** Every sort of event. The names are stable, because dashboards and alarms use them. */
export type EventKind =
  | 'watcher-started'
  | 'watcher-superseded'
  | 'watcher-silent'
  | 'clock-gap'
  | 'memory-short'
  | 'self-check-failed'
  | 'opinion-changed'
  | 'verdict-changed'
  | 'decision'
  | 'run-started'
  | 'run-taken-over'
  | 'run-ended'
  | 'step-started'
  | 'step-ended'
  | 'attempt-failed'
  | 'no-majority'
  | 'replication-lag'
  | 'run-too-slow'
  | 'register-created'
  | 'table-reseeded'
  | 'voters-changed'
  | 'self-fenced'
  | 'rejoined'
  | 'fence-released'
  | 'fence-owed'
  | 'fence-unproven'
  | 'drift-repaired'
  | 'drift-stuck'
  | 'operator-command'
  | 'pause-ended'
  | 'switchover-planned'
  | 'switchover-cancelled'
  | 'switchover-dropped'
  | 'failover'
  | 'alert-resolved'
  | 'notification-lost'
  | 'telemetry-dropped'
  | 'pulse'
  | 'checkup'
  | 'checkup-missing'
  | 'finding'
  | 'spare-capacity'
  | 'standby-unready'
  | 'recovery-time-missed'
  | 'clock-offset'
  | 'certificate-ending'
  | 'backup-old'
  | 'probe-failing'
  | 'configurations-differ'
  | 'unknown-site'
  | 'sites-renamed'
  | 'site-returned'
  | 'invariant-broken';

/** One thing that happened: a log line, an event, or a message to people, depending on where it is sent. */
export interface FailoverEvent {
  readonly kind: EventKind;
  readonly service: string | null;
  readonly site: string | null;
  /** One sentence for people. */
  readonly detail: string;
  /** The same as fields, for machines. */
  readonly data: Readonly<Record<string, string | number | boolean | null>>;
}

/** Makes an event about a service. */
export function newEvent(
  kind: EventKind,
  service: string | null,
  detail: string,
  more: { readonly site?: string; readonly data?: FailoverEvent['data'] } = {},
): FailoverEvent {
  return { kind, service, site: more.site ?? null, detail, data: more.data ?? {} };
}
