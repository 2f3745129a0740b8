import type { Reason } from '../decision/decision-input.ts';
import type { Ineligibility } from '../decision/eligibility.ts';
import type { Verdict } from '../detection/verdict.ts';

/**
 * One thing that a person can do. In its texts `{service}`, `{site}` and `{region}` are replaced by the names that the
 * advice is about. The reader replaces a word in capitals.
 */
export interface Advice {
  /** A sentence without the capital letter at its start and without the full stop. */
  readonly text: string;
  /** The command that does this, as it is typed; absent when no command does. */
  readonly command?: string;
}

/**
 * Every advice that appears in more than one place: in a message, as the next step of `cdk-failover status`, or as the
 * hint of a refusal. The runbook explains each of them in full; a test compares the two.
 */
export const advice = {
  wait: { text: 'wait: a quorum confirms the fault or it passes' },
  waitForBoot: { text: 'wait: the site may still boot; afterwards it is judged as any other' },
  goOn: {
    text: 'remove the cause that the step names; it is then done by itself. To try at once',
    command: 'cdk-failover continue {service}',
  },
  waitForFence: { text: 'wait: its region opens the fence that it closed; afterwards the site is judged as any other' },
  watch: { text: 'watch it', command: 'cdk-failover status {service}' },
  resume: { text: 'allow automatic moves again', command: 'cdk-failover resume {service}' },
  endBlock: {
    text: 'look at the last failover, then allow the next automatic one',
    command: 'cdk-failover ack {service}',
  },
  moveByHand: {
    text: 'see what a move would do with "cdk-failover plan {service}", then move by hand',
    command: 'cdk-failover failover {service}',
  },
  approve: {
    text: 'see what it would do with "cdk-failover plan {service}", then let the failover go',
    command: 'cdk-failover approve {service}',
  },
  cancelPlanned: {
    text: 'remove what the status names, or take the plan back',
    command: 'cdk-failover switchover {service} --cancel',
  },
  planAgain: {
    text: 'see that nothing stands in its way, then move now, or plan it again with --at',
    command: 'cdk-failover switchover {service} --to {site}',
  },
  comeBack: {
    text: 'the game day has not come back: see what stood in its way, then move back',
    command: 'cdk-failover switchover {service} --to {site}',
  },
  endMaintenance: { text: 'end the maintenance of {site}', command: 'cdk-failover maintenance off {service} {site}' },
  acceptLoss: {
    text: 'wait for replication, or accept the loss of what was not replicated',
    command: 'cdk-failover failover {service} --to {site} --force --allow-data-loss',
  },
  makeCopy: {
    text: 'make the data of {site} a replica of the writer again, or go on there without what the writer has',
    command: 'cdk-failover failover {service} --to {site} --force --allow-data-loss',
  },
  forceMove: {
    text: 'wait until {site} is up, or take it though no quorum calls it up',
    command: 'cdk-failover failover {service} --to {site} --force',
  },
  takeLostSite: {
    text: 'take {site}, which was lost in the last failover',
    command: 'cdk-failover failover {service} --to {site} --force',
  },
  releaseFence: {
    text: 'make sure that nothing is written at {site}, then open its fence',
    command: 'cdk-failover release {service} {site}',
  },
  reunite: {
    text: 'remove what keeps it from following; it then follows by itself. To bring the group together where it is',
    command: 'cdk-failover switchover LEADER --to {site}',
  },
  followWriter: {
    text: 'somebody has moved the data outside of this tool: move it back there, or bring clients to where it is written',
    command: 'cdk-failover switchover {service} --to {site}',
  },
  waiveProof: {
    text: 'make sure that nothing is written at the old site, then move without the proof',
    command: 'cdk-failover failover {service} --force --without-fence-proof',
  },
  repairStandby: { text: 'repair a standby; it is taken as soon as it is eligible' },
  repairSite: { text: 'repair {site}; nobody can move to a site that a quorum calls down' },
  proveSite: { text: 'repair {site}; it is a standby again once its probes have passed' },
  makeReady: { text: 'repair what makes {site} say that it is not ready' },
  deployRecords: {
    text: 'deploy the DNS records that lead to {site}; it is taken once a watcher has seen them, within 15 minutes',
  },
  mendReplication: { text: 'repair the replication to {site}, or wait until it has caught up' },
  mendCopy: { text: 'make the data of {site} a replica of the writer again; it takes writes of its own' },
  allowSite: { text: 'give {site} a priority above 0 and an allowed region, and deploy, if it shall take over' },
  moveWhenNeeded: {
    text: 'be ready to move it by hand when it fails; see what a move would do',
    command: 'cdk-failover plan {service}',
  },
  chooseAnother: { text: 'choose another site' },
  repairDependency: {
    text: 'repair the dependency that the status names; a move would lead to a site that fails of it',
  },
  repairAnySite: { text: 'repair any one site; traffic follows by itself' },
  addCapacity: {
    text: 'add capacity to the sites that serve, or drop load; the rest of the traffic follows as it fits',
  },
  lowerQuorum: { text: 'lower detection.quorum to the number of control regions or less, and deploy' },
  askDoctor: { text: 'see which oracle or memory does not follow the register', command: 'cdk-failover doctor' },
  askQuorum: { text: 'see what is missing', command: 'cdk-failover quorum {service}' },
  found: {
    text: 'find out which site writes and serves now, and say so',
    command: 'cdk-failover found {service} --active SITE',
  },
  foundAt: {
    text: 'make sure that {site} writes and serves now, and say so',
    command: 'cdk-failover found {service} --active {site}',
  },
  startWatchers: { text: 'start the watchers; the first that reaches every table creates the register' },
  agree: { text: 'deploy the same configuration in every control region; what agrees goes on meanwhile' },
  leaveUnknownSite: {
    text: 'deploy a configuration that has the site, or one with renamedFrom; to leave it for good, stop it first',
    command: 'cdk-failover failover {service} --to SITE --force',
  },
} as const satisfies Readonly<Record<string, Advice>>;

/** The advice for each reason of a decision; null when there is nothing to do. */
export const adviceByReason: Readonly<Record<Reason | 'unborn' | 'register-lost', Advice | null>> = {
  healthy: null,
  degraded: null,
  operator: null,
  'warming-up': null,
  'failback-waits': null,
  'planned-waits': advice.cancelPlanned,
  suspected: advice.wait,
  'run-in-progress': advice.watch,
  'active-down': advice.watch,
  'approval-waits': advice.approve,
  'approval-lapsed': advice.moveByHand,
  'failback-due': advice.watch,
  planned: advice.watch,
  'site-down': advice.watch,
  'site-back': advice.watch,
  'turned-back': advice.watch,
  'failover-undone': advice.watch,
  'mode-changed': advice.watch,
  'attempts-used-up': advice.watch,
  'run-unfinished': advice.goOn,
  'fence-waits': advice.goOn,
  'writer-elsewhere': advice.followWriter,
  'group-failover': advice.watch,
  'group-planned': advice.watch,
  'group-waits': advice.watch,
  'group-apart': advice.goOn,
  paused: advice.resume,
  blocked: advice.endBlock,
  frozen: advice.moveByHand,
  'daily-limit': advice.moveByHand,
  'manual-only': advice.moveByHand,
  'no-eligible-site': advice.repairStandby,
  'self-fenced': advice.waitForFence,
  'boot-grace': advice.waitForBoot,
  'shared-dependency': advice.repairDependency,
  'all-down': advice.repairAnySite,
  'fail-open': advice.repairAnySite,
  'over-capacity': advice.addCapacity,
  'quorum-unreachable': advice.lowerQuorum,
  'no-quorum': advice.askQuorum,
  'no-majority': advice.askQuorum,
  'configurations-differ': advice.agree,
  'unknown-site': advice.leaveUnknownSite,
  unborn: advice.startWatchers,
  'register-lost': advice.found,
};

/** The advice for each reason that makes a site ineligible. */
export const adviceByIneligibility: Readonly<Record<Ineligibility, Advice>> = {
  'in-maintenance': advice.endMaintenance,
  'lag-over-limit': advice.acceptLoss,
  'lag-unknown': advice.acceptLoss,
  'takes-writes': advice.makeCopy,
  'lost-in-last-failover': advice.takeLostSite,
  'fence-owed': advice.releaseFence,
  'self-fenced': advice.waitForFence,
  'not-up': advice.forceMove,
  'not-ready': advice.repairStandby,
  'not-in-dns': advice.deployRecords,
  'is-active': advice.chooseAnother,
  'never-eligible': advice.chooseAnother,
  'region-not-allowed': advice.chooseAnother,
};

/**
 * When a site has several reasons, the advice is on the first of them in this list. The reason whose override costs
 * most comes first, because its command also overrides the others.
 */
const ineligibilityOrder: readonly Ineligibility[] = [
  'is-active',
  'never-eligible',
  'region-not-allowed',
  'takes-writes',
  'lag-over-limit',
  'lag-unknown',
  'in-maintenance',
  'fence-owed',
  'lost-in-last-failover',
  'not-up',
  'not-in-dns',
  'not-ready',
  'self-fenced',
];

/** Reasons that no command of a move overrides. */
const lasting: readonly Ineligibility[] = ['is-active', 'never-eligible', 'region-not-allowed', 'in-maintenance'];

/**
 * The advice for a move to a site that is ineligible for these reasons; null when the list is empty. What no command
 * overrides comes first, so that the command of the advice is never refused for another reason.
 *
 * @param verdict - on the site: a person may force a move to a site that is not up, but not to one that is down
 */
export function adviceOnSite(reasons: readonly Ineligibility[], verdict: Verdict): Advice | null {
  const stays = lasting.find((reason) => reasons.includes(reason));
  if (stays !== undefined) return adviceByIneligibility[stays];
  // Behind its own fence a site is down for every probe, and may be taken all the same.
  const isDead = verdict === 'down' && reasons.includes('not-up') && !reasons.includes('fence-owed');
  if (isDead) return advice.repairSite;
  if (reasons.includes('not-ready')) return advice.makeReady;
  const first = ineligibilityOrder.find((reason) => reasons.includes(reason));
  return first === undefined ? null : adviceByIneligibility[first];
}

/** What makes a site eligible again, for each reason against it. Nothing here moves traffic. */
const adviceToRepair: Readonly<Record<Ineligibility, Advice>> = {
  'is-active': advice.chooseAnother,
  'never-eligible': advice.allowSite,
  'region-not-allowed': advice.allowSite,
  'in-maintenance': advice.endMaintenance,
  'fence-owed': advice.releaseFence,
  'self-fenced': advice.waitForFence,
  'not-up': advice.repairSite,
  'not-ready': advice.makeReady,
  'not-in-dns': advice.deployRecords,
  'lost-in-last-failover': advice.proveSite,
  'takes-writes': advice.mendCopy,
  'lag-over-limit': advice.mendReplication,
  'lag-unknown': advice.mendReplication,
};

/**
 * The advice while the active site serves well, and a standby is ineligible for these reasons: how it becomes eligible,
 * and never a move. Null when the list is empty.
 */
export function adviceOnStandby(reasons: readonly Ineligibility[]): Advice | null {
  const first = (Object.keys(adviceToRepair) as Ineligibility[]).find((reason) => reasons.includes(reason));
  return first === undefined ? null : adviceToRepair[first];
}

/** The names that replace the words in braces. */
export type AdviceWords = Readonly<Partial<Record<'service' | 'site' | 'region', string>>>;

/** Replaces the words in braces by names. A name that is not given becomes a word in capitals. */
export function fillIn(text: string, words: AdviceWords): string {
  return text.replace(/\{(service|site|region)\}/g, (_, word: keyof AdviceWords) => words[word] ?? word.toUpperCase());
}

/** An advice on one line: `end the maintenance of oregon: "cdk-failover maintenance off web oregon"`. */
export function adviceLine({ text, command }: Advice, words: AdviceWords): string {
  return fillIn(command === undefined ? text : `${text}: "${command}"`, words);
}
