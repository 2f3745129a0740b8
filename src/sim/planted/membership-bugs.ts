import type { Answer } from '../../core/fault.ts';
import type { AcceptorState } from '../../core/register/acceptor.ts';
import { applied } from '../../core/register/membership.ts';
import type { Register } from '../../core/register/register.ts';
import { call, type Routine } from '../../core/routine.ts';
import { isOlderMark, markOf, type OpinionItem } from '../../core/tables/opinion-item.ts';
import type { TableView } from '../../core/tables/table-view.ts';
import type { ProcessIdentity } from '../process.ts';
import type { PlantedBug } from './planted-bug.ts';
import { changeStates, seeingStates } from './registers.ts';
import { type AnyCall, instead, type Tamper } from './tamper.ts';

type State = AcceptorState<Register>;

/** Bugs in who votes. */
export const membershipBugs: readonly PlantedBug[] = [
  {
    name: 'what-is-left-is-founded-first',
    property: 'S2',
    mistake: 'who founds a lost register again first decides anew what one table still holds, however old that is',
    tamper: () =>
      function* (made, pass, { role }): Routine<Answer<unknown>> {
        if (made.name !== 'accept' || role !== 'operator' || made.input.value.stage !== 'naming') return yield* pass();
        yield* call('accept', { ...made.input, value: { ...made.input.value, epoch: 1 } });
        return yield* pass();
      },
  },
  {
    name: 'untold-epochs-come-again',
    property: 'S1',
    mistake: 'who founds a lost register again goes on with the epoch after the newest one that somebody told of',
    tamper: () =>
      function* (made, pass, { role }): Routine<Answer<unknown>> {
        if (made.name !== 'accept' || role !== 'operator' || made.input.value.epoch <= 1_000) return yield* pass();
        const value = { ...made.input.value, epoch: made.input.value.epoch - 999 };
        return (yield* call('accept', { ...made.input, value })) as Answer<unknown>;
      },
  },
  {
    name: 'born-anew-without-a-look',
    property: 'S2',
    mistake: 'a register that all tables have lost is born again at the preferred site, whoever writes and serves',
    tamper: () =>
      instead('invoke', ({ order }) =>
        order.manner === 'rehearse' && order.token.epoch === 1 ? { outcome: 'as-ordered', hasWritten: false } : null,
      ),
  },
  {
    name: 'epochs-are-kept-to-oneself',
    property: 'S2',
    mistake: 'a watcher does not say which epochs it has seen, so nobody knows after its end that a register was lost',
    tamper: () =>
      function* (made, pass): Routine<Answer<unknown>> {
        if (made.name !== 'writeOpinions') return yield* pass();
        const { epochs: _, ...item } = made.input.item;
        return (yield* call('writeOpinions', { ...made.input, item })) as Answer<unknown>;
      },
  },
  {
    name: 'restored-word-is-new',
    property: 'S4',
    mistake:
      'what a restored table shows of its watcher is taken for a sign of life, because it is not what it showed before',
    tamper: restoredIsNew,
  },
  {
    name: 'majority-by-configuration',
    property: 'S15',
    mistake: 'a majority is one of the regions that the caller is configured with',
    tamper: majorityByConfiguration,
  },
  {
    name: 'two-voters-at-once',
    property: 'S15',
    mistake: 'to avoid an even list, two voters leave or join in one step',
    tamper: () => changingAccepts((value) => (value.voters.length === 4 ? withoutOne(value) : value)),
  },
  {
    name: 'change-without-naming',
    property: 'S15',
    mistake: 'a change of the list is in force with the value that proposes it',
    tamper: () =>
      changingAccepts((value) =>
        value.voterChange === null
          ? value
          : { ...value, voters: applied(value.voters, value.voterChange), voterChange: null },
      ),
  },
  {
    name: 'stranger-is-admitted',
    property: 'S15',
    mistake: 'a table that was lost and came back empty passes for the one that the list names',
    tamper: () => passingForListed((state) => state.accepted === null),
  },
  {
    name: 'restored-table-votes',
    property: 'S15',
    mistake: 'a voter is known by a mark in its items, which a backup carries',
    tamper: () => passingForListed((state) => state.accepted !== null),
  },
  {
    name: 'left-region-decides',
    property: 'S15',
    mistake: 'every region takes itself for a voter, on the list or not',
    tamper: () => seeingOneself,
  },
  {
    name: 'voters-of-other-configurations-are-silent',
    property: 'L1',
    mistake: 'a watcher may use only the tables of the regions that it is configured with',
    tamper: tablesByConfiguration,
  },
];

/** Changes the values that are proposed. */
function changingAccepts(change: (value: Register) => Register): Tamper {
  return function* (made, pass): Routine<Answer<unknown>> {
    if (made.name !== 'accept' || made.input.value.stage !== 'founded') return yield* pass();
    return (yield* call('accept', { ...made.input, value: change(made.input.value) })) as Answer<unknown>;
  };
}

function withoutOne(value: Register): Register {
  return { ...value, voters: value.voters.slice(0, -1), voterChange: null };
}

/** Shows every register as if the voters were those regions that the process is configured with. */
function majorityByConfiguration(): Tamper {
  const configured = new Map<number, readonly string[]>();
  return function* (made, pass, identity): Routine<Answer<unknown>> {
    if (made.name === 'writeOpinions') configured.set(identity.serial, made.input.item.controlRegions ?? []);
    const answer = yield* pass();
    const regions = configured.get(identity.serial);
    if (!answer.ok || regions === undefined) return answer;
    const change = (state: State): State =>
      state.accepted === null
        ? state
        : { ...state, accepted: withVoters(state.accepted, ({ region }) => regions.includes(region)) };
    return { ok: true, value: changeStates(made, answer.value, change) };
  };
}

/** Shows an item of before a restore as the next one of the watcher that wrote it. */
function restoredIsNew(): Tamper {
  const seen = new Map<string, OpinionItem>();
  return function* (made, pass): Routine<Answer<unknown>> {
    const answer = yield* pass();
    if (made.name !== 'readTable' || !answer.ok) return answer;
    const view = answer.value as TableView;
    const { opinions } = view;
    if (opinions === null) return answer;
    const before = seen.get(made.input.region);
    const isBack = before !== undefined && isOlderMark(markOf(opinions), markOf(before));
    if (!isBack) seen.set(made.input.region, opinions);
    const { generation, invocation, sequence } = before ?? opinions;
    const next = { ...opinions, generation, invocation, sequence: sequence + 0.5 };
    return isBack ? { ok: true, value: { ...view, opinions: next } } : answer;
  };
}

/** Denies every process the tables that its configuration does not name. */
function tablesByConfiguration(): Tamper {
  const configured = new Map<number, readonly string[]>();
  return function* (made, pass, identity): Routine<Answer<unknown>> {
    if (made.name === 'writeOpinions') configured.set(identity.serial, made.input.item.controlRegions ?? []);
    const isTable = made.name === 'readTable' || made.name === 'prepare' || made.name === 'accept';
    const regions = configured.get(identity.serial);
    if (!isTable || regions === undefined || regions.includes(made.input.region)) return yield* pass();
    return { ok: false, fault: { kind: 'denied', detail: `no right to the table in ${made.input.region}` } };
  };
}

function withVoters(register: Register, isKept: (voter: Register['voters'][number]) => boolean): Register {
  return { ...register, voters: register.voters.filter(isKept) };
}

/** Shows some tables under the mark that the newest list names in their region. */
function passingForListed(isMeant: (state: State) => boolean): Tamper {
  const listed = new Map<string, string>();
  const admitted = new Set<string>();
  return seeingStates((state, region) => {
    // Whoever has a list learns from it; the first to name a region is right, as nothing was lost before.
    for (const voter of state.accepted?.voters ?? [])
      if (!listed.has(voter.region)) listed.set(voter.region, voter.incarnation);
    // What it holds changes by its votes; what it passed for at first it passes for from then on.
    if (isMeant(state)) admitted.add(state.incarnation);
    return admitted.has(state.incarnation) ? { ...state, incarnation: listed.get(region) ?? state.incarnation } : state;
  });
}

/** Each watcher sees itself on the list, and its own table as the one that is named there. */
const seeingOneself: Tamper = function* (made: AnyCall, pass, identity: ProcessIdentity): Routine<Answer<unknown>> {
  const answer = yield* pass();
  if (!answer.ok || identity.role !== 'watcher') return answer;
  const own = { region: identity.place, incarnation: 'own' };
  const change = (state: State, region: string): State => {
    const seen = region === own.region ? { ...state, incarnation: own.incarnation } : state;
    if (seen.accepted === null) return seen;
    const others = seen.accepted.voters.filter((voter) => voter.region !== own.region);
    return { ...seen, accepted: { ...seen.accepted, voters: [...others, own] } };
  };
  return { ok: true, value: changeStates(made, answer.value, change) };
};
