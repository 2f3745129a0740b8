import type { Calls } from '../../core/calls.ts';
import type { SiteReport } from '../../core/detection/observation.ts';
import { memoriesIn } from '../../core/dns/memory.ts';
import type { Answer } from '../../core/fault.ts';
import type { Register } from '../../core/register/register.ts';
import { call, type Routine, readTime } from '../../core/routine.ts';
import type { OpinionItem } from '../../core/tables/opinion-item.ts';
import type { TableView } from '../../core/tables/table-view.ts';
import type { ProcessIdentity } from '../process.ts';
import type { PlantedBug } from './planted-bug.ts';
import { seeingRegisters } from './registers.ts';
import { both, onAnswer, type Tamper } from './tamper.ts';

const allDown = (item: OpinionItem, sequence: number): OpinionItem => ({
  ...item,
  sequence,
  tracks: Object.fromEntries(
    Object.entries(item.tracks).map(([service, sites]) => [
      service,
      Object.fromEntries(Object.entries(sites).map(([site, track]) => [site, { ...track, opinion: 'down' as const }])),
    ]),
  ),
});

/** Ahead of UTC, as in central Europe in winter. */
const localTimeMs = 3_600_000;

/** Every clock that is read of others shows what the own one does. */
const ownClockCounts: Tamper = function* (made, pass) {
  const answer = yield* pass();
  if (made.name !== 'readTable' || !answer.ok) return answer;
  const { wallMs } = yield* readTime();
  const view = answer.value as TableView;
  return { ok: true, value: { ...view, opinions: view.opinions && { ...view.opinions, wallMs } } };
};

/** Who approves what was dropped. */
const nobody = 'nobody';

/** A register whose dropped failover counts as approved. */
function withDropApproved({ approval, ...register }: Register): Register {
  if (approval?.lapsedMs === undefined) return { ...register, ...(approval === undefined ? {} : { approval }) };
  const { atEnd: _, lapsedMs: _at, ...rest } = approval;
  return { ...register, approval: { ...rest, approvedBy: nobody } };
}

/** Completes a value of before the move as it was written: the mistake is in what is decided by it. */
const keepDropped: Tamper = function* (made, pass): Routine<Answer<unknown>> {
  if (made.name !== 'accept') return yield* pass();
  const { approval, run } = made.input.value;
  if (run !== null || approval?.approvedBy !== nobody) return yield* pass();
  const { approvedBy: _, ...rest } = approval;
  const kept = { ...rest, atEnd: 'drop', lapsedMs: rest.untilMs ?? 0 } as const;
  return (yield* call('accept', { ...made.input, value: { ...made.input.value, approval: kept } })) as Answer<unknown>;
};

/** Bugs that make too much of what was observed. */
export const observingBugs: readonly PlantedBug[] = [
  {
    name: 'freeze-is-read-in-local-time',
    property: 'S7',
    mistake: 'windows are read in the time of a place and not in UTC: a freeze is over an hour too early',
    tamper: null,
    wallAheadMs: localTimeMs,
  },
  {
    name: 'own-clock-opens-windows',
    property: 'S7',
    mistake: 'windows are judged by the clock of whoever decides, however wrong it is',
    tamper: () => ownClockCounts,
  },
  {
    name: 'own-clock-ends-a-pause',
    property: 'S7',
    mistake: 'the end of a pause is judged by the clock of whoever looks, however wrong it is',
    tamper: () => ownClockCounts,
  },
  {
    name: 'approval-is-presumed',
    property: 'S7',
    mistake: 'a failover that a person has to approve goes though nobody has',
    tamper: () =>
      seeingRegisters((register) => ({
        ...register,
        approval: { from: register.active, askedMs: 0, approvedBy: 'nobody' },
      })),
  },
  {
    name: 'dropped-goes-anyway',
    property: 'S7',
    mistake: 'a failover that is dropped, because nobody has approved it in its time, goes by itself then',
    tamper: () => both(keepDropped, seeingRegisters(withDropApproved)),
  },
  {
    name: 'own-clock-begins-what-was-planned',
    property: 'S18',
    mistake: 'a planned switchover is judged by the clock of whoever decides, however wrong it is',
    tamper: () => ownClockCounts,
  },
  {
    name: 'pause-outlasts-its-end',
    property: 'L2',
    mistake: 'nobody ends a pause whose time is over',
    tamper: () =>
      seeingRegisters(({ pause, ...register }) => ({
        ...register,
        pause: pause === null ? null : { by: pause.by, reason: pause.reason },
      })),
  },
  {
    name: 'work-is-read-in-local-time',
    property: 'S4',
    mistake: 'windows are read in the time of a place and not in UTC: a site is chosen while people work at it',
    tamper: null,
    wallAheadMs: localTimeMs,
  },
  {
    name: 'error-counts-as-down',
    property: 'S9',
    mistake: 'a probe that could not be made counts as a failed one',
    tamper: () =>
      function* (made, pass) {
        const answer = yield* pass();
        if (made.name !== 'probe' || answer.ok) return answer;
        return { ok: true, value: { outcome: 'fail', reason: 'timeout', latencyMs: 0 } };
      },
  },
  {
    name: 'only-own-sites-are-surveyed',
    property: 'L2',
    mistake: "a region whose watcher is silent is asked by nobody how far its site's data is behind",
    tamper: () =>
      function* (made, pass, { place }) {
        if (made.name !== 'survey' || made.input.region === place) return yield* pass();
        return { ok: false, fault: { kind: 'timeout', detail: 'not asked' } };
      },
  },
  {
    name: 'left-is-forgotten',
    property: 'S14',
    mistake: 'a watcher writes for DNS to remember that nobody was left',
    tamper: leftIsForgotten,
  },
  {
    name: 'nothing-is-written-to-remember',
    property: 'L1',
    mistake: 'where DNS follows what is written alone, a watcher writes that nobody was left',
    tamper: leftIsForgotten,
  },
  {
    name: 'silence-counts-as-down',
    property: 'S3',
    mistake: 'a watcher that cannot be read counts as one that says down',
    tamper: silenceCountsAsDown,
  },
  {
    name: 'stale-counts-as-fresh',
    property: 'S3',
    mistake: 'an opinion counts however old it is',
    tamper: staleCountsAsFresh,
  },
  {
    name: 'majority-is-outvoted',
    property: 'S3',
    mistake: 'a quorum below the majority condemns a site that the majority finds up',
    tamper: () => onAnswer('readTable', forgetPraise),
  },
  {
    name: 'only-a-majority-vetoes',
    property: 'S3',
    mistake: 'a quorum below the majority condemns a site that most of those with an opinion find up',
    tamper: ignoreFewPraises,
  },
  {
    name: 'asked-for-counts-as-there',
    property: 'S8',
    mistake: 'a site carries what its size will be, before anything of it has booted',
    tamper: () =>
      onAnswer('survey', (survey) => (survey.size === undefined ? survey : { ...survey, inService: survey.size })),
  },
  {
    name: 'readiness-is-forgotten',
    property: 'S4',
    mistake: 'a watcher that reads no word of readiness takes a site for ready, whatever the others have read',
    tamper: oneReadsNoReadiness,
  },
  {
    name: 'suspect-counts-as-down',
    property: 'S3',
    mistake: 'a watcher that suspects a site counts as one that condemns it',
    tamper: () => onAnswer('readTable', condemnSuspects),
  },
  {
    name: 'recovery-is-overlooked',
    property: 'S9',
    mistake: 'a good answer that follows a failure within seconds is taken for another failure',
    tamper: recoveryIsOverlooked,
  },
  {
    name: 'faults-are-forgiven',
    property: 'L2',
    mistake: 'a failed probe is taken for one that could not be made',
    tamper: () =>
      onAnswer('probe', (seen) => (seen.outcome === 'fail' ? { outcome: 'unknown', detail: 'forgiven' } : seen)),
  },
  {
    name: 'lag-is-ignored',
    property: 'S12',
    mistake: 'a standby counts as caught up whatever it says',
    tamper: () =>
      both(
        onAnswer('probe', (seen) =>
          seen.outcome !== 'unknown' && seen.report
            ? { ...seen, report: { ...seen.report, replicationLagMs: 0 } }
            : seen,
        ),
        onAnswer('survey', (seen) => ({ ...seen, replicationLagMs: 0 })),
      ),
  },
];

/** Good answers that one who waits for a site to settle might not trust yet. */
const overlookedMs = 5_000;

/** Shows every watcher that finds an active site up as one that has no opinion of it. */
function forgetPraise(view: TableView): TableView {
  if (view.opinions === null) return view;
  const tracks = Object.entries(view.opinions.tracks).map(([service, sites]) => {
    const active = view.acceptors[service]?.accepted?.active ?? '';
    const track = sites[active];
    return [service, track?.opinion === 'up' ? { ...sites, [active]: { ...track, opinion: 'unknown' } } : sites];
  });
  return { ...view, opinions: { ...view.opinions, tracks: Object.fromEntries(tracks) } };
}

/** Hides those who find an active site up for as long as they are no majority of all the regions that are read. */
function ignoreFewPraises(): Tamper {
  const praises = new Map<string, boolean>();
  return function* (made, pass) {
    const answer = yield* pass();
    if (made.name !== 'readTable') return answer;
    const view = answer.ok ? (answer.value as TableView) : null;
    const isPraise = Object.entries(view?.opinions?.tracks ?? {}).some(
      ([service, sites]) => sites[view?.acceptors[service]?.accepted?.active ?? '']?.opinion === 'up',
    );
    praises.set(made.input.region, isPraise);
    const count = [...praises.values()].filter(Boolean).length;
    return view === null || count > praises.size / 2 ? answer : { ok: true, value: forgetPraise(view) };
  };
}

/** Hides from the watchers of one region whether any site is ready. */
function oneReadsNoReadiness(): Tamper {
  let place: string | null = null;
  const isBlind = ({ role, place: its }: ProcessIdentity) => {
    if (role === 'watcher') place ??= its;
    return its === place;
  };
  return both(
    onAnswer('probe', (seen, _input, identity) => {
      if (!isBlind(identity) || seen.outcome === 'unknown' || seen.report === undefined) return seen;
      return { ...seen, report: withoutReadiness(seen.report) };
    }),
    onAnswer('readTable', (view, _input, identity) => (isBlind(identity) ? forgetReadiness(view) : view)),
  );
}

/** Shows no site as one that says whether it is ready. */
function forgetReadiness(view: TableView): TableView {
  if (view.opinions === null) return view;
  const tracks = Object.entries(view.opinions.tracks).map(([service, sites]) => {
    const each = Object.entries(sites).map(([site, track]) => [
      site,
      { ...track, report: withoutReadiness(track.report) },
    ]);
    return [service, Object.fromEntries(each)];
  });
  return { ...view, opinions: { ...view.opinions, tracks: Object.fromEntries(tracks) } };
}

function withoutReadiness({ ready: _ready, ...report }: SiteReport): SiteReport {
  return report;
}

/** Shows every watcher that suspects a site as one that condemns it. */
function condemnSuspects(view: TableView): TableView {
  if (view.opinions === null) return view;
  const tracks = Object.entries(view.opinions.tracks).map(([service, sites]) => {
    const each = Object.entries(sites).map(([site, track]) => {
      return [site, track.opinion === 'suspect' ? { ...track, opinion: 'down' } : track];
    });
    return [service, Object.fromEntries(each)];
  });
  return { ...view, opinions: { ...view.opinions, tracks: Object.fromEntries(tracks) } };
}

/** Writes 0 wherever a pulse says that nobody of some sites serves. */
function leftIsForgotten(): Tamper {
  return function* (made, pass) {
    if (made.name !== 'log') return yield* pass();
    const { event } = made.input;
    const forgotten = memoriesIn(event).map(([dimension]) => [`left.${dimension}`, 0]);
    const data = { ...event.data, ...Object.fromEntries(forgotten) };
    return yield* call('log', { event: { ...event, data } });
  };
}

function recoveryIsOverlooked(): Tamper {
  const failedMs = new Map<unknown, number>();
  return function* (made, pass, { serial }) {
    const answer = yield* pass();
    if (made.name !== 'probe' || !answer.ok) return answer;
    const seen = answer.value as Calls['probe']['output'];
    const { monotonicMs } = yield* readTime();
    const key = `${serial} ${JSON.stringify(made.input.probe)}`;
    if (seen.outcome === 'fail') failedMs.set(key, failedMs.get(key) ?? monotonicMs);
    if (seen.outcome !== 'pass') return answer;
    const sinceMs = monotonicMs - (failedMs.get(key) ?? Number.NEGATIVE_INFINITY);
    if (sinceMs > overlookedMs) failedMs.delete(key);
    return sinceMs > overlookedMs ? answer : { ok: true, value: { outcome: 'fail', reason: 'refused', latencyMs: 0 } };
  };
}

function silenceCountsAsDown(): Tamper {
  let sequence = 1_000_000;
  let lastItem: OpinionItem | null = null;
  return function* (made, pass) {
    const answer = yield* pass();
    if (made.name !== 'readTable') return answer;
    if (answer.ok) {
      lastItem = (answer.value as { opinions: OpinionItem | null }).opinions ?? lastItem;
      return answer;
    }
    if (lastItem === null) return answer;
    sequence += 1;
    return { ok: true, value: { opinions: allDown(lastItem, sequence), acceptors: {} } };
  };
}

function staleCountsAsFresh(): Tamper {
  let reads = 0;
  return onAnswer('readTable', (view, _input, identity) => {
    reads += 1;
    if (view.opinions === null || identity.role !== 'watcher') return view;
    return { ...view, opinions: { ...view.opinions, sequence: view.opinions.sequence + 1_000 * reads } };
  });
}
