import { type Advice, advice } from './advice.ts';
import type { AlertName } from './catalogue.ts';

/**
 * What a message says beyond what happened. In the lines `{service}`, `{site}` and `{region}` stand for what the alarm
 * is about; a word in capitals is for the reader to fill in.
 */
export interface Guidance {
  /** What the product does, or does not do, by itself. */
  readonly doneByItself: string;
  /** What a person does now, in order; a line that starts with `cdk-failover ` is a command as it is typed. */
  readonly toDo: readonly (Advice | string)[];
}

/** For every alarm; the runbook has the same at length. */
export const guidance: Readonly<Record<AlertName, Guidance>> = {
  'site-down': {
    doneByItself: 'If it is the active site, a failover follows unless something forbids it. A standby is left alone.',
    toDo: ['cdk-failover status {service}', 'Repair {site}. It comes back as a standby by itself.'],
  },
  'site-degraded': {
    doneByItself: 'Nothing: traffic never moves on a doubt.',
    toDo: [
      'cdk-failover status {service}',
      'If users are hurt and another site is well, move by hand:',
      'cdk-failover switchover {service} --to SITE',
    ],
  },
  'watcher-silent': {
    doneByItself: 'The other watchers go on. A majority of them still decides.',
    toDo: [
      'cdk-failover quorum {service}',
      'See whether {region} is dark or only its watcher function fails: its log, its throttles.',
    ],
  },
  'no-quorum': {
    doneByItself: 'Nothing: traffic stays where it is, and no automatic failover can happen.',
    toDo: [advice.askQuorum, 'Restore the watchers that it names.', advice.lowerQuorum],
  },
  'no-majority': {
    doneByItself: 'Nothing: traffic stays where it is, and nobody can move it, operators included.',
    toDo: [advice.askQuorum, 'Restore access to the state tables that it names; they are filled by themselves.'],
  },
  'no-eligible-standby': {
    doneByItself: 'Nothing: the active site is down, and the move is made as soon as a standby becomes eligible.',
    toDo: [
      'cdk-failover status {service}',
      'It says why each site is ineligible.',
      advice.repairStandby,
      advice.endMaintenance,
      advice.acceptLoss,
      advice.takeLostSite,
      advice.releaseFence,
    ],
  },
  'replication-lag': {
    doneByItself:
      'The site is not chosen while it is behind. If the active fails now and no other site is eligible, nothing moves.',
    toDo: ['cdk-failover plan {service}', 'Find out what holds up the replication to {site}.'],
  },
  'run-too-slow': {
    doneByItself:
      'The run goes on: each step is tried within its limit, then takes its fallback or is failed and reported.',
    toDo: [
      'cdk-failover status {service}',
      "The step that is pending names what it waits for; look at that API's health in {region}.",
    ],
  },
  'step-failed': {
    doneByItself: 'The other steps went on. Drift repair goes on trying what this step could not do.',
    toDo: [
      'cdk-failover status {service}',
      'Remove the cause that the API answered with; the repair then succeeds by itself.',
    ],
  },
  'move-unfinished': {
    doneByItself: 'What is missing is tried again at every `reconcileMs`. It ends when all of the move is done.',
    toDo: [
      'cdk-failover status {service}',
      'It says what is not so, where clients are meanwhile, and what can be typed.',
      advice.goOn,
    ],
  },
  'failed-over': {
    doneByItself: 'Traffic was moved. After an automatic failover, no other follows during the block period.',
    toDo: [
      'cdk-failover status {service}',
      advice.endBlock,
      'When the old site has been well for a while:',
      'cdk-failover failback {service}',
    ],
  },
  'blocked-awaiting-ack': {
    doneByItself:
      'Nothing: the last failover was lately, so the next one waits for a person or for the end of the block period.',
    toDo: ['cdk-failover status {service}', 'If another site is really better than this one:', advice.endBlock],
  },
  'oracle-errors': {
    doneByItself: 'Its vote is missing. Route 53 goes by the majority of the other oracles.',
    toDo: ['cdk-failover status', "Read the oracle function's log in the region of the alarm."],
  },
  'actuator-errors': {
    doneByItself: 'The step is tried again within its limit, then takes its fallback or is failed.',
    toDo: [
      'cdk-failover status {service}',
      "If the step does not end, look at the API's health and the actuator function's log in {region}.",
    ],
  },
  'drift-repaired': {
    doneByItself: 'It was put back.',
    toDo: [
      'Find out who changed it: CloudTrail has the call. To move on purpose:',
      'cdk-failover switchover {service} --to SITE',
    ],
  },
  'drift-stuck': {
    doneByItself: 'It is tried again at every `reconcileMs`.',
    toDo: [
      'cdk-failover status {service}',
      'Denied: correct the permissions. Throttled or unavailable: wait for the API.',
    ],
  },
  'self-fenced': {
    doneByItself: 'The site was cut off here, so that it cannot serve beside another. It is let in again by itself.',
    toDo: [
      'cdk-failover status {service}',
      'Run it from outside this region. Restore the connection of {region} to the other state tables.',
    ],
  },
  'fence-owed': {
    doneByItself:
      'The fence stays closed, and opens when the APIs of its own region say that the site is a standby. Until then it takes over from nobody.',
    toDo: [
      'cdk-failover status {service}',
      'It says what would open the fence. Where AWS does not make the old data a replica, do it yourself (docs/data.md).',
      advice.releaseFence,
    ],
  },
  'fence-unproven': {
    doneByItself: 'The fence is closed and read back as soon as its region answers.',
    toDo: [
      'cdk-failover status {service}',
      'Find out whether anything still writes at {site}, and stop it there: instances, functions, the database.',
      'Restore the watcher and the fence function of its region.',
    ],
  },
  'clock-gap': {
    doneByItself: 'The watcher forgot what it knew and started again from unknown.',
    toDo: ['cdk-failover status', 'If it recurs, give the watcher function more memory or concurrency.'],
  },
  'self-check-failed': {
    doneByItself: 'What it sees counts as unknown, so it condemns nobody.',
    toDo: ['cdk-failover quorum', "Restore the watcher's way out in {region}: subnet, NAT, firewall, resolver."],
  },
  'invariant-broken': {
    doneByItself: 'What was under way was stopped.',
    toDo: [
      'cdk-failover pause SERVICE --reason "invariant broken"',
      'cdk-failover status',
      'Report it with the log line.',
    ],
  },
  'pool-fail-open': {
    doneByItself: 'Nothing: all sites stay in the pool, and the first that is up again is there already.',
    toDo: ['cdk-failover status {service}', advice.repairAnySite, 'Look first at what all of them lean on.'],
  },
  'over-capacity': {
    doneByItself:
      'What fits on the other sites is shifted, and more as they grow. The rest of the traffic stays and is lost.',
    toDo: [
      'cdk-failover status {service}',
      advice.addCapacity,
      'To shift all of it in spite of that, deploy `capacity.shortage: shift`, or:',
      'cdk-failover maintenance on {service} {site}',
    ],
  },
  'spare-capacity': {
    doneByItself: 'Nothing: all is served now. If a site is lost, a part of its traffic cannot be carried.',
    toDo: ['cdk-failover status {service}', 'Add capacity before it is needed.'],
  },
  'standby-unready': {
    doneByItself: 'Nothing: the site may still be chosen, and its start shows whether it works.',
    toDo: [
      'cdk-failover status {service}',
      "The survey function's log in the region of {site} lists each difference: size, image, security groups, quotas.",
    ],
  },
  'recovery-time-missed': {
    doneByItself: 'The runs go on; each member follows once those that it needs have arrived.',
    toDo: ['cdk-failover status {service}', 'The member that is still moving names the step that it waits for.'],
  },
  'clock-offset': {
    doneByItself: 'Nothing: no decision compares clocks.',
    toDo: [
      'cdk-failover status {service}',
      'Look at time synchronisation on {site}; tokens and certificates are judged by that clock.',
    ],
  },
  'certificate-ending': {
    doneByItself: 'Nothing. When it has ended, every probe of the site fails and the site counts as down.',
    toDo: ['cdk-failover status {service}', 'Renew the certificate of {site}; see why it was not renewed by itself.'],
  },
  'probe-failing': {
    doneByItself: 'Nothing: enough of its probes pass.',
    toDo: ['cdk-failover status {service}', 'See which part of {site} the failing probe asks; a zone may be dark.'],
  },
  'last-resort': {
    doneByItself: 'Clients are sent to the static endpoint. They return to the first site that is up again.',
    toDo: ['cdk-failover status {service}', advice.repairAnySite],
  },
  'shared-dependency': {
    doneByItself: 'Nothing: a move would lead to a site that fails of the same.',
    toDo: ['cdk-failover status {service}', advice.repairDependency],
  },
  'configurations-differ': {
    doneByItself: 'A move or a step that rests on what differs waits. Everything else goes on.',
    toDo: ['cdk-failover status {service}', advice.agree, 'The command is: cdk deploy --all.'],
  },
  'unknown-site': {
    doneByItself: 'Nothing: traffic stays where it is, and no automatic failover can happen.',
    toDo: [
      'cdk-failover status {service}',
      'Deploy a configuration that has {site}. If it only has another name now, give the new one `renamedFrom: {site}`.',
      'Before you leave it for good, make sure that nothing is written there any more.',
      advice.leaveUnknownSite,
    ],
  },
};
