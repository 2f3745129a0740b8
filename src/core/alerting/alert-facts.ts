/** How soon somebody should look: `critical` now, at night too; `warning` today; `info` when convenient. */
export type Severity = 'critical' | 'warning' | 'info';

/** The facts of an alarm. Stacks, messages and the runbook are all made from this list. */
export interface AlertFacts {
  /**
   * What the alarm is about. `service`: its metric has the service's name as dimension `service`; `deployment`: the
   * dimension is `-`.
   */
  readonly scope: 'service' | 'deployment';
  readonly severity: Severity;
  /** A few words for a subject or a dashboard; plain ASCII. */
  readonly title: string;
  /** What it means, in one sentence. */
  readonly meaning: string;
  /**
   * The metric behind the alarm. `watcher`: the watchers write a metric that has the alarm's name. `lambda-metric`:
   * Lambda's own count of errors, of the function that the alarm is named after. `doctor`: once an hour the doctor
   * function writes a metric that has the alarm's name, 0 too; where it writes none, nothing is known.
   */
  readonly source: 'watcher' | 'lambda-metric' | 'doctor';
  /**
   * Whether the alarm lasts. Every pulse counts an alarm that lasts again, once a minute in each region that sees it,
   * until its cause is gone. An alarm that does not last counts once, when it happens.
   */
  readonly isLasting: boolean;
  /**
   * Who notifies people. `notifierRegion`: every watcher sees the cause, and the watcher of the notifier region sends
   * one message for all. `observing-region`: only one watcher sees the cause, or it is about that watcher's own region;
   * that watcher sends the message. `nobody`: no watcher; the CloudWatch alarm's own action notifies people.
   */
  readonly notifiedBy: 'notifierRegion' | 'observing-region' | 'nobody';
  /**
   * How long the cause must last before people are notified. A state that comes and goes in every failover wakes
   * nobody.
   */
  readonly patienceMs: number;
}
