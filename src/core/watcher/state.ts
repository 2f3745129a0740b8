import type { AlertName } from '../alerting/alert-name.ts';
import type { FailoverEvent } from '../alerting/event.ts';
import type { Notifications } from '../alerting/notification.ts';
import { type Deployment, serviceOf } from '../model/deployment.ts';
import { type Digests, digestsOf, groupDigestOf } from '../model/digest.ts';
import type { NamedService } from '../model/service.ts';
import type { ProtectionLevel } from '../operator/protection.ts';
import { type Ballot, makeMark, noBallot } from '../register/ballot.ts';
import type { PlannedSwitchover } from '../register/planned-switchover.ts';
import type { Proposer } from '../register/proposer.ts';
import type { Register } from '../register/register.ts';
import type { Sightings } from '../tables/freshness.ts';
import type { Evidence, OpinionItem } from '../tables/opinion-item.ts';
import type { RegisterMemory } from '../tables/register-memory.ts';
import type { ServiceView } from '../tables/service-view.ts';
import type { Stopwatches } from '../tables/stopwatch.ts';
import { tableRegions } from '../tables/table-regions.ts';
import type { TableView } from '../tables/table-view.ts';
import { tickMsOf } from '../timing.ts';
import type { HookTurns } from './run/hook-turns.ts';
import type { Surveys } from './surveys/held-survey.ts';

/** The input of one watcher process when it starts. */
export interface WatcherSetup {
  readonly deployment: Deployment;
  /** Its own control region. */
  readonly region: string;
  /** Longest life of this process; infinite where nothing replaces it. */
  readonly lifeMs: number;
  /** Whether there is a control target, for the self-check when no site answers. */
  readonly hasSelfCheck: boolean;
}

/** The part of one region in a service's view, as it was read. It is never changed in place. */
export interface ViewPart {
  readonly view: TableView | undefined;
  readonly tracks: OpinionItem['tracks'] | undefined;
  readonly digests: OpinionItem['digests'] | undefined;
  readonly unanswered: OpinionItem['unanswered'];
  readonly isOutOfContact: boolean;
}

/** The newest answer of one region's table. */
export interface TableRead {
  readonly view: TableView;
  /** Own monotonic time at which the read was sent: its values were read then or later. */
  readonly askedAtMs: number;
}

/** When a majority of a register's voters was reachable, on the own monotonic clock. */
export interface Contact {
  /** The newest moment at which a majority is known to have been reachable. */
  readonly lastMs: number;
  /** When a majority was reached again after leases had run out; null when that has not happened. */
  readonly backMs: number | null;
}

/** First failures of a site that has not passed since, for the ledger. */
export interface FaultTimes {
  readonly faultMs: number;
  readonly detectedMs: number | null;
}

/** An alarm that lasts, as this watcher sees it. */
export interface RaisedAlert {
  readonly alarm: AlertName;
  readonly event: FailoverEvent;
  /** Own monotonic time at which this process first saw it. */
  readonly sinceMs: number;
  /** Whether it has been counted among the messages held back. */
  isHeldBack: boolean;
}

/** What a watcher has learned of who serves, while the register of a service is lost. */
export interface Witness {
  /** Null until the first answer. */
  readonly evidence: Evidence | null;
  /** When it asks again, on its own monotonic clock. */
  readonly nextMs: number;
}

/** What this watcher last found of a service's protection, when, and of what. */
export interface SeenProtection {
  readonly level: ProtectionLevel;
  /** Own monotonic time. */
  readonly atMs: number;
  readonly register: Register | null;
  readonly verdicts: string;
}

/** A site that this region itself has cut off. */
export interface SelfFence {
  /** It was read back as closed since. */
  readonly isClosed: boolean;
  /** This process has opened the fence again. */
  readonly isOpened: boolean;
  /** Watch that counts since the fence may be opened; null until then. */
  readonly letGo: string | null;
}

/**
 * The memory of one watcher process.
 *
 * It is the only mutable state in the core, and it ends with the process. What must survive is in the tables.
 */
export interface WatcherState {
  readonly setup: WatcherSetup;
  readonly services: readonly NamedService[];
  readonly tickMs: number;
  /** What this process was configured with. */
  readonly digests: Digests;
  readonly invocation: string;
  generation: number;
  /** Rises with each opinion item that is written. */
  sequence: number;
  /** Ticks of this process so far. */
  ticks: number;
  /**
   * State of the writing of opinions: `idle`; `busy` with a write; `outdated`: busy, and something newer must be
   * written afterwards.
   */
  writing: 'idle' | 'busy' | 'outdated';
  isSuperseded: boolean;
  /** Tables that were asked and have not answered yet. */
  readonly asking: Set<string>;
  readonly reads: Map<string, TableRead>;
  /** What the watcher of each region last said that it means, whether or not its table could be read since. */
  readonly meant: Map<string, Digests>;
  /** The last view of each service, with the parts from which it was composed. */
  readonly composedViews: Map<string, { readonly parts: readonly ViewPart[]; readonly view: ServiceView }>;
  sightings: Sightings;
  tracks: OpinionItem['tracks'];
  /** When the newest observation of a site that counts began, on the own monotonic clock; by service and site. */
  readonly observedMs: Map<string, number>;
  /** What the slowest plain probe of a site took, while it passes; by service and site. For telemetry alone. */
  readonly probeMs: Map<string, number>;
  /** Sites that are probed between two ticks, by service and site. */
  readonly suspecting: Set<string>;
  stopwatches: Stopwatches;
  lastTickMs: number | null;
  /** By service, once this process has reached a majority of its voters. */
  readonly contacts: Map<string, Contact>;
  /**
   * The predecessor's count of time without contact, by service, when it was read, and how long before that it was
   * written by the time of day here, in milliseconds; null when there was nothing to read.
   */
  inheritedOut: {
    readonly countedMs: Readonly<Record<string, number>>;
    readonly atMs: number;
    readonly gapMs: number;
  } | null;
  /** What other regions may count as a lease, where that is longer than by the own configuration. */
  leaseWaits: NonNullable<OpinionItem['leaseWaits']>;
  /** What other regions do not close at the end of their lease, by their last word, though this configuration does. */
  unclosed: NonNullable<OpinionItem['unclosed']>;
  /** What of the own region's closings the function here was last found to agree with. */
  readonly agreed: Set<string>;
  /** When the function here was last asked about each of them, on the own monotonic clock. */
  readonly askedAgreeMs: Map<string, number>;
  /** By what the predecessor counted its lease, and when this process began to speak; null without a predecessor. */
  leaseBefore: { readonly waits: Readonly<Record<string, number>>; readonly atMs: number } | null;
  /** Own monotonic time of the first tick. */
  startedAtMs: number;
  /** Own monotonic time at which this process wrote its counts for a successor last; null when it never has. */
  handedOverAtMs: number | null;
  /** The newest values ever seen of each register, by service. */
  readonly memories: Map<string, RegisterMemory>;
  /** Sites that this region cut off because it was out of contact, by `service/site`. */
  readonly selfFenced: Map<string, SelfFence>;
  /** Since when, on the own monotonic clock, a fence has been owed with no run open, by service, site and epoch. */
  readonly owedSinceMs: Map<string, number>;
  /** Services whose sites are being probed. */
  readonly observing: Set<string>;
  /** Jobs under way, so that a service is reconciled once at a time. */
  readonly jobs: Set<string>;
  /** When what functions of the user were asked for must have ended. */
  readonly hookTurns: HookTurns;
  /** Surveys of the sites of this region. */
  readonly surveys: Surveys;
  /** Regions whose functions did not answer when they were last asked to repair something. Never changed in place. */
  unanswered: readonly string[];
  readonly nextReconcileMs: Map<string, number>;
  /** When the next step of a list of voters may be tried, after one that failed. */
  readonly nextListMs: Map<string, number>;
  /** The newest ballot ever seen of each register. An older value starts no watch. */
  readonly newestBallots: Map<string, Ballot>;
  /** When, on the own monotonic clock, a condition was last seen to last; by watch. */
  readonly lastSeenMs: Map<string, number>;
  readonly faultTimes: Map<string, FaultTimes>;
  /** What was logged last under a name, so that only changes are logged. */
  readonly logged: Map<string, string>;
  /** Alarms that last now, by the name under which they were raised. */
  readonly raisedAlerts: Map<string, RaisedAlert>;
  /** When a thing with a raised alert was left to another watcher, by the name of the alert; on the own clock. */
  readonly handedOver: Map<string, number>;
  /** What was planned for a service when this process looked last, by service; null: nothing. */
  readonly plans: Map<string, PlannedSwitchover | null>;
  notifications: Notifications;
  /** Keys of notifications whose message is still being sent. */
  readonly sending: Set<string>;
  /** Own monotonic time of the next pulse. */
  nextPulseMs: number;
  /** Newest decided epoch of each service that this watcher or its predecessors have seen. */
  epochs: Readonly<Record<string, number>>;
  /** What the functions say of who serves, of services whose register is lost. */
  readonly witnesses: Map<string, Witness>;
  /** By service. */
  readonly protections: Map<string, SeenProtection>;
  changeCount: number;
}

/** The state of a watcher that has seen nothing yet. */
export function newWatcherState(setup: WatcherSetup, invocation: string): WatcherState {
  const services = Object.keys(setup.deployment.services).map((name) => serviceOf(setup.deployment, name));
  return {
    setup,
    services,
    tickMs: tickMsOf(services),
    digests: Object.assign(
      {},
      ...services.map((service) => ({ ...digestsOf(service), ...groupDigestOf(setup.deployment, service.name) })),
    ),
    invocation,
    generation: 0,
    sequence: 0,
    ticks: 0,
    writing: 'idle',
    isSuperseded: false,
    asking: new Set(),
    reads: new Map(),
    meant: new Map(),
    composedViews: new Map(),
    sightings: {},
    tracks: {},
    observedMs: new Map(),
    probeMs: new Map(),
    suspecting: new Set(),
    stopwatches: {},
    lastTickMs: null,
    contacts: new Map(),
    inheritedOut: null,
    leaseWaits: {},
    unclosed: {},
    agreed: new Set(),
    askedAgreeMs: new Map(),
    leaseBefore: null,
    startedAtMs: 0,
    handedOverAtMs: null,
    memories: new Map(),
    selfFenced: new Map(),
    owedSinceMs: new Map(),
    observing: new Set(),
    jobs: new Set(),
    hookTurns: new Map(),
    surveys: new Map(),
    unanswered: [],
    nextReconcileMs: new Map(),
    nextListMs: new Map(),
    newestBallots: new Map(),
    lastSeenMs: new Map(),
    faultTimes: new Map(),
    logged: new Map(),
    raisedAlerts: new Map(),
    handedOver: new Map(),
    plans: new Map(),
    notifications: {},
    sending: new Set(),
    nextPulseMs: 0,
    epochs: {},
    witnesses: new Map(),
    protections: new Map(),
    changeCount: 0,
  };
}

/** Regions whose tables this watcher asks: `tableRegions`, by the newest values that it ever saw. */
export function tableRegionsOf({ setup, memories }: Pick<WatcherState, 'setup' | 'memories'>): readonly string[] {
  const seen: Register[] = [];
  for (const { newest } of memories.values()) if (newest !== null) seen.push(newest.register);
  return tableRegions(setup.deployment, seen);
}

/**
 * A proposer for one change: its mark is never used twice, not even by two changes of one process side by side.
 *
 * @param deadlineMs - own monotonic time until which the input of the change is valid; absent: at any time
 */
export function proposerFor(state: WatcherState, service: string, deadlineMs?: number): Proposer {
  const { region } = state.setup;
  state.changeCount += 1;
  const mark = makeMark(region, state.invocation, state.changeCount);
  const promised = [...state.reads.values()].map(({ view }) => view.acceptors[service]?.promised ?? noBallot);
  const floor = promised.reduce((a, b) => (b > a ? b : a), noBallot);
  return { service, regions: tableRegionsOf(state), mark, voter: region, floor, deadlineMs };
}

/**
 * Whether this process writes and acts for its region: it has claimed its generation and no younger process has taken
 * over.
 */
export function mayAct(state: WatcherState): boolean {
  return state.generation > 0 && !state.isSuperseded;
}
