import { type Advice, advice } from './advice.ts';
import type { AlertName } from './alert-name.ts';

/**
 * What a message says after it has said what happened. In the lines `{service}`, `{site}` and `{region}` are replaced
 * by the names that the alarm is about. The reader replaces a word in capitals.
 */
export interface Guidance {
  /** What the product does by itself, and what it leaves to people. */
  readonly doneByItself: string;
  /** What a person does now, in order; a line that starts with `cdk-failover ` is a command as it is typed. */
  readonly toDo: readonly (Advice | string)[];
}

/** The guidance for every alarm. The runbook explains the same in full. */
export const guidance: Readonly<Record<AlertName, Guidance>> = {
  'site-down': {
    doneByItself: 'If it is the active site, a failover follows unless something forbids it. A standby is left alone.',
    toDo: ['cdk-failover status {service}', 'Repair {site}. It comes back as a standby by itself.'],
  },
  'site-degraded': {
    doneByItself: 'Nothing: traffic never moves while the verdict is unclear.',
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
      advice.deployRecords,
      advice.endMaintenance,
      advice.acceptLoss,
      advice.makeCopy,
      advice.takeLostSite,
      advice.waitForFence,
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
    doneByItself: 'The other steps continue. Drift repair keeps trying what this step could not do.',
    toDo: ['cdk-failover status {service}', 'Remove the cause that the API named; the repair then succeeds by itself.'],
  },
  'move-unfinished': {
    doneByItself:
      'What is missing is tried again at every `reconcileMs`. The alarm ends when every step of the move is done. A group that is apart comes together where all of it can be.',
    toDo: [
      'cdk-failover status {service}',
      'It says what is not done, where clients are now, and which commands can help.',
      advice.goOn,
    ],
  },
  'writer-elsewhere': {
    doneByItself:
      'Nothing moves: whoever moved the data may mean it. If the site of the clients fails now, they go to where the data is.',
    toDo: [
      'cdk-failover status {service}',
      'To bring clients to where the data is written:',
      'cdk-failover switchover {service} --to {site}',
      'If nobody meant it, move the data back by the same console or command of AWS; the register follows by itself.',
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
      'Nothing: the last failover was recent, so the next one waits for a person or for the end of the block period.',
    toDo: ['cdk-failover status {service}', 'If another site is really better than this one:', advice.endBlock],
  },
  'awaiting-approval': {
    doneByItself:
      'Nothing yet: clients stay at the dead site. What comes when `waitMs` is over, `atEnd` says: it goes, is held or is dropped.',
    toDo: ['cdk-failover status {service}', advice.approve, 'To say no, pause it:', 'cdk-failover pause {service}'],
  },
  'approval-lapsed': {
    doneByItself:
      'Nothing: clients stay at the dead site. The failover is held or was dropped; the history says which.',
    toDo: [
      'cdk-failover status {service}',
      'If it is held, approve it; in both cases you can move by hand:',
      advice.moveByHand,
    ],
  },
  'switchover-dropped': {
    doneByItself: 'Nothing moved. The plan was taken out of the register, so it does not happen later either.',
    toDo: ['cdk-failover status {service}', advice.planAgain],
  },
  'oracle-errors': {
    doneByItself: 'Its vote is missing. Route 53 goes by the majority of the other oracles.',
    toDo: ['cdk-failover status', "Read the oracle function's log in the region of the alarm."],
  },
  'endpoints-errors': {
    doneByItself: 'Clients go on with the endpoints that they know, and ask the other control regions.',
    toDo: [
      'cdk-failover status',
      "Compare the function's throttles with what validate says that it serves; raise clients.fleet if there are more.",
    ],
  },
  'notify-errors': {
    doneByItself:
      'The message is sent again to whoever did not take it, twice within some minutes. No move waits for it.',
    toDo: [
      'cdk-failover status',
      "Read the notify function's log in the region of the alarm: it names who did not answer.",
    ],
  },
  'doctor-red': {
    doneByItself: 'Nothing: it looks once an hour, and changes nothing.',
    toDo: ['cdk-failover doctor', 'Do what each line marked BAD says.'],
  },
  'actuator-errors': {
    doneByItself: 'The step is tried again within its limit, then takes its fallback or is failed.',
    toDo: [
      'cdk-failover status {service}',
      "If the step does not end, look at the API's health and the actuator function's log in {region}.",
    ],
  },
  'drift-repaired': {
    doneByItself: 'The state was put back as the register says.',
    toDo: [
      'Find out who made the change: CloudTrail has the call. To move on purpose:',
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
    doneByItself:
      'The site was cut off in its own region, so that it cannot serve beside another. Its fence opens by itself later.',
    toDo: [
      'cdk-failover status {service}',
      'Run it from outside this region. Restore the connection of {region} to the other state tables.',
    ],
  },
  'fence-owed': {
    doneByItself:
      "The fence stays closed. It opens when the APIs of the site's own region say that the site is a standby. Until then the site cannot take over.",
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
    doneByItself: 'The watcher dropped its earlier observations and started again from unknown.',
    toDo: ['cdk-failover status', 'If it recurs, give the watcher function more memory or concurrency.'],
  },
  'memory-short': {
    doneByItself: 'Nothing. A watcher that Lambda ends is started anew within a minute.',
    toDo: ['cdk-failover status', 'Set `watcher.memoryMb` to 64 more than the function has now, and deploy.'],
  },
  'self-check-failed': {
    doneByItself: 'What this watcher sees counts as unknown, so it calls no site down.',
    toDo: [
      'cdk-failover quorum',
      "Restore the watcher's network connection in {region}: subnet, NAT, firewall, resolver.",
    ],
  },
  'invariant-broken': {
    doneByItself: 'The action that met this state was stopped.',
    toDo: [
      'cdk-failover pause SERVICE --reason "invariant broken"',
      'cdk-failover status',
      'Report it with the log line.',
    ],
  },
  'pool-fail-open': {
    doneByItself: 'Nothing: all sites stay in the pool, so the first site that is up again serves at once.',
    toDo: ['cdk-failover status {service}', advice.repairAnySite, 'Look first at what all of them depend on.'],
  },
  'over-capacity': {
    doneByItself:
      'The other sites get as much traffic as they can carry, and more when they grow. The rest stays with the site that is down and is lost.',
    toDo: [
      'cdk-failover status {service}',
      advice.addCapacity,
      'To shift all of the traffic anyway, deploy `capacity.shortage: shift`, or:',
      'cdk-failover maintenance on {service} {site}',
    ],
  },
  'spare-capacity': {
    doneByItself: 'Nothing: all traffic is served now. If a site is lost, the others cannot carry all of its traffic.',
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
    doneByItself: 'The runs continue. Each member moves once the members that it needs have arrived.',
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
    doneByItself: 'Nothing. Once the certificate has ended, every probe of the site fails and the site counts as down.',
    toDo: ['cdk-failover status {service}', 'Renew the certificate of {site}; see why it was not renewed by itself.'],
  },
  'backup-old': {
    doneByItself: 'Nothing: no move depends on a backup, and none is made here.',
    toDo: [
      'cdk-failover status {service}',
      'See why the backup plan of {site} made none, or why no restore test succeeded: the jobs of AWS Backup say it.',
    ],
  },
  'probe-failing': {
    doneByItself: 'Nothing: enough of its probes pass.',
    toDo: ['cdk-failover status {service}', 'See which part of {site} the failing probe checks; a zone may be dark.'],
  },
  'last-resort': {
    doneByItself: 'Clients are sent to the static endpoint. They return to the first site that is up again.',
    toDo: ['cdk-failover status {service}', advice.repairAnySite],
  },
  'shared-dependency': {
    doneByItself: 'Nothing: the other site fails for the same reason.',
    toDo: ['cdk-failover status {service}', advice.repairDependency],
  },
  'configurations-differ': {
    doneByItself: 'A move or a step that depends on the difference waits. Everything else continues.',
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
