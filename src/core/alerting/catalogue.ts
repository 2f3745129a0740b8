import { watcherLifeMs } from '../timing.ts';
import type { AlertFacts } from './alert-facts.ts';
import type { AlertName } from './alert-name.ts';

/**
 * How long a doubtful state must last before people are notified of it. A watcher process runs for about a minute
 * before the next one takes over, so each process can count half of that.
 */
export const patienceMs = 30_000;

/**
 * How long configurations may differ before people are notified: the longest time that the old watchers go on, and the
 * same again for a deployment that proceeds from region to region.
 */
const deploymentPatienceMs = 2 * watcherLifeMs;

/** Facts of the alarms that last, that every watcher sees, and that the notifier region sends for all. */
const lasting = { source: 'watcher', isLasting: true, notifiedBy: 'notifierRegion' } as const;

/** Facts of the alarms that count once, and that the watcher which sees them sends. */
const passing = { source: 'watcher', isLasting: false, notifiedBy: 'observing-region' } as const;

/** Facts of the alarms that CloudWatch raises by what functions do; its own action notifies people. */
const ofFunctions = {
  scope: 'deployment',
  severity: 'warning',
  isLasting: true,
  notifiedBy: 'nobody',
  patienceMs: 0,
} as const;

/** All alarms. */
export const alertCatalogue: Readonly<Record<AlertName, AlertFacts>> = {
  'site-down': {
    ...lasting,
    scope: 'service',
    severity: 'critical',
    title: 'site down',
    meaning: 'A quorum of watchers finds a site down.',
    patienceMs: 0,
  },
  'site-degraded': {
    ...lasting,
    scope: 'service',
    severity: 'warning',
    title: 'site degraded',
    meaning: 'Watchers disagree about a site, or a corroborating probe still sees life in one that fails.',
    patienceMs,
  },
  'watcher-silent': {
    ...lasting,
    scope: 'service',
    severity: 'warning',
    title: 'watcher silent',
    meaning: "A control region's watcher no longer writes opinions; the other watchers raise this.",
    patienceMs,
  },
  'no-quorum': {
    ...lasting,
    scope: 'service',
    severity: 'critical',
    title: 'no quorum',
    meaning: 'Too few watchers have a fresh opinion of the active site to judge it, so nothing moves by itself.',
    patienceMs,
  },
  'no-majority': {
    ...lasting,
    scope: 'service',
    severity: 'critical',
    title: 'no majority of state tables',
    meaning: 'Too few state tables answer to decide anything; traffic stays where it is.',
    patienceMs: 0,
  },
  'no-eligible-standby': {
    ...lasting,
    scope: 'service',
    severity: 'critical',
    title: 'no eligible standby',
    meaning: 'The active site is down and no other site may take over.',
    patienceMs: 0,
  },
  'replication-lag': {
    ...lasting,
    scope: 'service',
    severity: 'warning',
    title: 'replication lag',
    meaning: 'A standby is further behind than maxReplicationLagMs, or does not say how far; it cannot take over now.',
    patienceMs,
  },
  'run-too-slow': {
    ...lasting,
    scope: 'service',
    severity: 'critical',
    title: 'run too slow',
    meaning: 'A failover or switchover has been under way for longer than its computed bound.',
    patienceMs: 0,
  },
  'step-failed': {
    ...passing,
    scope: 'service',
    severity: 'critical',
    title: 'step failed',
    meaning: 'A step of a run could not be done within its attempts and had no fallback.',
    patienceMs: 0,
  },
  'move-unfinished': {
    ...lasting,
    scope: 'service',
    severity: 'critical',
    title: 'a move is not finished',
    meaning: 'A move has ended, and a step of it is still not done: the service is stuck until it is so.',
    patienceMs,
  },
  'writer-elsewhere': {
    ...lasting,
    scope: 'service',
    severity: 'critical',
    title: 'the data is written elsewhere',
    meaning: 'Another site writes the data than the one that clients are led to: somebody has moved it by hand.',
    patienceMs,
  },
  'failed-over': {
    ...passing,
    scope: 'service',
    severity: 'warning',
    title: 'failed over',
    meaning: 'Another site has become active.',
    patienceMs: 0,
  },
  'blocked-awaiting-ack': {
    ...lasting,
    scope: 'service',
    severity: 'critical',
    title: 'blocked, awaiting ack',
    meaning: 'The active site is down, but the last automatic failover was so recent that another waits for a person.',
    patienceMs: 0,
  },
  'awaiting-approval': {
    ...lasting,
    scope: 'service',
    severity: 'critical',
    title: 'a failover awaits approval',
    meaning: 'The active site is down, and the failover waits for a person, as the configuration wants it.',
    patienceMs: 0,
  },
  'approval-lapsed': {
    ...lasting,
    scope: 'service',
    severity: 'critical',
    title: 'nobody approved a failover in time',
    meaning:
      'The active site is down, and the failover was held or dropped, because nobody had approved it in its time.',
    patienceMs: 0,
  },
  'switchover-dropped': {
    ...passing,
    scope: 'service',
    severity: 'warning',
    title: 'planned switchover dropped',
    meaning: 'A switchover that a person had planned did not happen in its time, and does not happen any more.',
    patienceMs: 0,
  },
  'oracle-errors': {
    ...ofFunctions,
    source: 'lambda-metric',
    title: 'oracle errors',
    meaning: "A region's oracle function fails; its vote is missing and Route 53 counts the others.",
  },
  'endpoints-errors': {
    ...ofFunctions,
    source: 'lambda-metric',
    title: 'clients inside got no answer',
    meaning: "A region's function that tells clients their endpoints fails, or more ask than it may answer.",
  },
  'notify-errors': {
    ...ofFunctions,
    source: 'lambda-metric',
    title: 'somebody was not told',
    meaning: "A region's notify function failed: a topic, the event bus or a webhook did not take a message.",
  },
  'doctor-red': {
    ...ofFunctions,
    source: 'doctor',
    title: 'a failover would not work',
    meaning: 'The hourly check has found twice what keeps a failover from working, or what nobody can see.',
  },
  'actuator-errors': {
    ...passing,
    scope: 'service',
    severity: 'warning',
    title: 'actuator errors',
    meaning: 'An attempt at a step failed: the actuator function or the API behind it refused or did not answer.',
    patienceMs: 0,
  },
  'drift-repaired': {
    ...passing,
    scope: 'service',
    severity: 'info',
    title: 'drift repaired',
    meaning: 'An address, record or isolation was not as the register says, and was put back.',
    patienceMs: 0,
  },
  'drift-stuck': {
    ...lasting,
    scope: 'service',
    severity: 'critical',
    title: 'drift stuck',
    meaning:
      'An address, record or isolation cannot be checked, or is not as the register says and cannot be put back.',
    notifiedBy: 'observing-region',
    patienceMs: 0,
  },
  'self-fenced': {
    ...passing,
    scope: 'service',
    severity: 'critical',
    title: 'self-fenced',
    meaning: 'A region without contact to a majority cut off its own active site, because its lease had run out.',
    patienceMs: 0,
  },
  'fence-owed': {
    ...lasting,
    scope: 'service',
    severity: 'warning',
    title: 'fence still owed',
    meaning:
      'A site that was left is still cut off ten minutes after the move: nothing proves yet that it is a standby.',
    patienceMs,
  },
  'fence-unproven': {
    ...lasting,
    scope: 'service',
    severity: 'critical',
    title: 'fence not proven',
    meaning: 'A site that was left should be cut off, and nobody has proof that it is: it may still take writes.',
    patienceMs,
  },
  'clock-gap': {
    ...passing,
    scope: 'deployment',
    severity: 'info',
    title: 'clock gap',
    meaning: 'A watcher did not tick for more than three intervals, and starts again from unknown.',
    patienceMs: 0,
  },
  'memory-short': {
    scope: 'deployment',
    severity: 'warning',
    title: 'memory short',
    meaning: 'A watcher has used nearly all memory of its function; Lambda ends one that needs more.',
    source: 'watcher',
    isLasting: false,
    notifiedBy: 'nobody',
    patienceMs: 0,
  },
  'self-check-failed': {
    ...lasting,
    scope: 'deployment',
    severity: 'warning',
    title: 'self-check failed',
    meaning: 'Nothing answers a watcher, not even its control targets; what it sees counts as unknown.',
    notifiedBy: 'observing-region',
    patienceMs: 0,
  },
  'invariant-broken': {
    ...passing,
    scope: 'deployment',
    severity: 'critical',
    title: 'invariant broken',
    meaning: 'The product found itself in a state that must be impossible, and stopped acting on it.',
    notifiedBy: 'nobody',
    patienceMs: 0,
  },
  'pool-fail-open': {
    ...lasting,
    scope: 'service',
    severity: 'critical',
    title: 'no serving site is up',
    meaning: 'Every site of the pool is down; all stay in it, because an empty pool serves nobody.',
    patienceMs: 0,
  },
  'over-capacity': {
    ...lasting,
    scope: 'service',
    severity: 'critical',
    title: 'survivors cannot carry the load',
    meaning: 'A site is down and stays in the pool, because the others could not carry what it carried.',
    patienceMs: 0,
  },
  'spare-capacity': {
    ...lasting,
    scope: 'service',
    severity: 'warning',
    title: 'no spare capacity',
    meaning: 'With as many sites lost as capacity.spareSites says, the others could not carry the present load.',
    patienceMs,
  },
  'standby-unready': {
    ...lasting,
    scope: 'service',
    severity: 'warning',
    title: 'standby unready',
    meaning:
      'A standby differs from the site that serves, or reports that it is not ready; it may fail when it is needed.',
    patienceMs,
  },
  'recovery-time-missed': {
    ...lasting,
    scope: 'service',
    severity: 'critical',
    title: 'recovery time missed',
    meaning: 'A group has not arrived at its new site within its recoveryTimeMs.',
    patienceMs: 0,
  },
  'clock-offset': {
    ...lasting,
    scope: 'service',
    severity: 'warning',
    title: 'clock of a site is off',
    meaning: 'The clock of a site differs from that of the watchers by more than detection.grey.clockOffsetMs.',
    patienceMs,
  },
  'certificate-ending': {
    ...lasting,
    scope: 'service',
    severity: 'warning',
    title: 'certificate ends soon',
    meaning: 'The certificate of a site ends within detection.grey.certificateDays.',
    patienceMs,
  },
  'backup-old': {
    ...lasting,
    scope: 'service',
    severity: 'warning',
    title: 'backup too old',
    meaning: 'The newest backup of a site, or the last restore of one, is older than measures.backup allows.',
    patienceMs,
  },
  'probe-failing': {
    ...lasting,
    scope: 'service',
    severity: 'warning',
    title: 'one probe of several fails',
    meaning: 'A site passes, but one of its probes fails: one zone, part or path of the site is not well.',
    patienceMs,
  },
  'last-resort': {
    ...lasting,
    scope: 'service',
    severity: 'critical',
    title: 'last resort serves',
    meaning: 'Every site is down and clients are sent to the static endpoint.',
    patienceMs: 0,
  },
  'shared-dependency': {
    ...lasting,
    scope: 'service',
    severity: 'critical',
    title: 'shared dependency fails',
    meaning: 'Something that several sites depend on fails for all of them; a move would not help, so nothing moves.',
    patienceMs: 0,
  },
  'configurations-differ': {
    ...lasting,
    scope: 'service',
    severity: 'warning',
    title: 'configurations differ',
    meaning:
      'Control regions run different configurations of the service; nothing is done that depends on the difference.',
    patienceMs: deploymentPatienceMs,
  },
  'unknown-site': {
    ...lasting,
    scope: 'service',
    severity: 'critical',
    title: 'a site serves that is not configured',
    meaning: 'The register names a site that the configuration does not have, so nobody watches the site that serves.',
    patienceMs: 0,
  },
};
