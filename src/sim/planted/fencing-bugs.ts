import type { Calls } from '../../core/calls.ts';
import type { Answer } from '../../core/fault.ts';
import type { StepReport } from '../../core/kinds/order.ts';
import { withLeftUnfenced } from '../../core/register/owed-fence.ts';
import type { Register } from '../../core/register/register.ts';
import { call, type Routine } from '../../core/routine.ts';
import type { OpinionItem } from '../../core/tables/opinion-item.ts';
import type { TableView } from '../../core/tables/table-view.ts';
import type { PlantedBug } from './planted-bug.ts';
import { seeingRegisters } from './registers.ts';
import { both, instead, onAnswer } from './tamper.ts';

/** Bugs in what is known of a site that was left, and of who truly writes. */
export const fencingBugs: readonly PlantedBug[] = [
  {
    name: 'return-waits-for-the-dead',
    property: 'L1',
    mistake: 'what is tried again is a switchover, which needs the site that is left, dead or not',
    tamper: () =>
      function* (made, pass): Routine<Answer<unknown>> {
        if (made.name !== 'invoke') return yield* pass();
        const { order } = made.input;
        if (order.kind !== 'promote' || order.token.attempt === 1) return yield* pass();
        return yield* call('invoke', { ...made.input, order: { ...order, isPlanned: true } });
      },
  },
  {
    name: 'own-fence-counts-as-a-fault',
    property: 'S3',
    mistake: 'a site is called down as soon as its fence may be opened, before anybody can have reached it',
    tamper: () =>
      both(
        seeingRegisters((register) => ({ ...register, opening: [] })),
        onAnswer('readTable', withoutReopening),
      ),
  },
  {
    name: 'skipped-start-skips-the-fence',
    property: 'S11',
    mistake: 'who skips one step of a move skips every step that its traffic waits for',
    tamper: () =>
      function* (made, pass, { role }): Routine<Answer<unknown>> {
        if (made.name !== 'accept' || role !== 'operator') return yield* pass();
        return yield* call('accept', { ...made.input, value: withoutGates(made.input.value) });
      },
  },
  {
    name: 'dark-time-counts-for-nothing',
    property: 'S11',
    mistake: 'a process that begins after a gap counts its lease from its own beginning',
    tamper: () =>
      onAnswer('readTable', (view, { region }, { place }) =>
        region !== place || view.opinions === null
          ? view
          : { ...view, opinions: { ...view.opinions, wallMs: Number.MAX_SAFE_INTEGER } },
      ),
  },
  {
    name: 'left-site-is-forgotten',
    property: 'S11',
    mistake: 'who was left while no configuration had it needs no fence when it is configured again',
    tamper: () => seeingRegisters((register) => withLeftUnfenced(register, [])),
  },
  {
    name: 'comeback-is-left-alone',
    property: 'S11',
    mistake: 'once a run has gone past its fence step, only the own watcher of the old region closes the fence',
    tamper: () =>
      function* (made, pass, { place }): Routine<Answer<unknown>> {
        if (made.name !== 'invoke' || made.input.region === place) return yield* pass();
        const { kind, manner } = made.input.order;
        if (kind !== 'fence' || manner !== 'repair') return yield* pass();
        return { ok: false, fault: { kind: 'timeout', detail: 'not asked' } };
      },
  },
  {
    name: 'old-instance-is-deleted',
    property: 'S12',
    mistake: 'the old instance makes way for the replica by being deleted, and not by another name',
    tamper: () =>
      function* (made, pass): Routine<Answer<unknown>> {
        if (made.name !== 'write:rebuild') return yield* pass();
        return yield* call('write:rebuild', { ...made.input, aside: '' });
      },
  },
  {
    name: 'cookies-are-forgotten',
    property: 'L1',
    mistake: 'a weight of 0 is written and the cookie that leads clients there all the same is left on',
    tamper: null,
    areCookiesForgotten: true,
  },
  {
    name: 'refusal-counts-as-silence',
    property: 'S11',
    mistake: 'a function that answers that it cannot turn work off counts as one that does not answer',
    tamper: () =>
      function* (made, pass): Routine<Answer<unknown>> {
        const answer = yield* pass();
        if (made.name !== 'invoke' || made.input.order.kind !== 'work' || !answer.ok) return answer;
        if ((answer.value as StepReport).outcome !== 'failed') return answer;
        return { ok: false, fault: { kind: 'timeout', detail: 'taken for silence' } };
      },
  },
  {
    name: 'answers-are-not-handed-on',
    property: 'S11',
    mistake: 'the next holder of a run does not ask what the last one has heard of a silent region',
    tamper: () => onAnswer('readTable', withLongSilences),
  },
  {
    name: 'fence-is-presumed-there',
    property: 'S11',
    mistake: 'a silent region is taken to close what this configuration closes, whatever it was deployed with',
    tamper: () => onAnswer('readTable', withEveryFence),
  },
  {
    name: 'functions-are-presumed-deployed',
    property: 'S11',
    mistake: 'a region says that it closes what its watcher was deployed with, whatever its functions know',
    tamper: () =>
      function* (made, pass): Routine<Answer<unknown>> {
        if (made.name !== 'writeOpinions') return yield* pass();
        return (yield* call('writeOpinions', {
          ...made.input,
          item: sayingEveryFence(made.input.item),
        })) as Answer<unknown>;
      },
  },
  {
    name: 'counts-are-presumed-written',
    property: 'S11',
    mistake: 'a process believes that it has handed its counts on, whatever its table said',
    tamper: () =>
      function* (made, pass): Routine<Answer<unknown>> {
        const answer = yield* pass();
        return made.name === 'writeOpinions' && !answer.ok ? { ok: true, value: { isSuperseded: false } } : answer;
      },
  },
  {
    name: 'self-fence-excuses-for-ever',
    property: 'L2',
    mistake: "each process grants a site anew the time to come back from its own region's fence",
    tamper: () => onAnswer('readTable', withoutLetGo),
  },
  {
    name: 'work-is-presumed-off',
    property: 'S11',
    mistake: 'work counts as off at the old site once that was asked for',
    tamper: () =>
      instead('invoke', ({ order }) =>
        order.kind === 'work' && !order.isOn ? { outcome: 'as-ordered', hasWritten: true } : null,
      ),
  },
  {
    name: 'unanswered-orders-are-kept-secret',
    property: 'L1',
    mistake: 'a watcher that lives is taken for one whose functions answer it',
    tamper: () => onAnswer('readTable', withoutUnanswered),
  },
  {
    name: 'owed-fence-is-opened',
    property: 'L1',
    mistake: 'a site that was left is taken for a replica, whatever its data says',
    tamper: () => onAnswer('survey', (survey) => ({ ...survey, dataRole: 'replica' as const })),
  },
  {
    name: 'drain-is-begun-anew',
    property: 'L2',
    mistake: 'targets that drain count as targets that nobody has taken out',
    tamper: () => onAnswer('read:fence', ({ isClosing: _closing, ...state }) => state),
  },
  {
    name: 'own-writes-are-overlooked',
    property: 'S4',
    mistake: 'a site that is open and well is a standby, whatever its data takes from others than the writer',
    tamper: () =>
      onAnswer('survey', ({ dataRole, ...survey }) => ({
        ...survey,
        ...(dataRole === undefined || dataRole === 'takes-writes' ? {} : { dataRole }),
      })),
  },
  {
    name: 'owed-fence-never-opens',
    property: 'L1',
    mistake: 'nobody reads what would open the fence of a site that was left',
    tamper: () => onAnswer('survey', ({ dataRole: _role, isWellInside: _well, ...survey }) => survey),
  },
  {
    name: 'roles-are-read-for-fences-alone',
    property: 'L1',
    folder: 'data',
    mistake: 'who is a replica is asked only of a site whose fence is owed',
    tamper: () =>
      function* (made, pass): Routine<Answer<unknown>> {
        const answer = yield* pass();
        if (made.name !== 'survey' || made.input.isFenceOwed || !answer.ok) return answer;
        const { dataRole: _role, ...survey } = answer.value as Calls['survey']['output'];
        return { ok: true, value: survey };
      },
  },
  {
    name: 'earlier-promotions-are-forgotten',
    property: 'L1',
    mistake: 'only the newest run can have promoted anybody',
    tamper: () => seeingRegisters((register) => ({ ...register, promoting: [] })),
  },
  {
    name: 'override-leaves-no-line',
    property: 'S12',
    mistake: 'what a person allows a move is done, and the history does not say so',
    tamper: () =>
      function* (made, pass, { role }): Routine<Answer<unknown>> {
        if (made.name !== 'accept' || role !== 'operator') return yield* pass();
        const { value } = made.input;
        const history = value.history.map((line) => ({ ...line, what: line.what.replace(', data loss allowed', '') }));
        return yield* call('accept', { ...made.input, value: { ...value, history } });
      },
  },
  {
    name: 'founding-forgets-fences',
    property: 'S12',
    mistake: 'who founds a lost register again begins as if nobody but the named site had ever written',
    tamper: () =>
      function* (made, pass, { role }): Routine<Answer<unknown>> {
        if (made.name !== 'accept' || role !== 'operator') return yield* pass();
        return yield* call('accept', { ...made.input, value: { ...made.input.value, owed: [] } });
      },
  },
  {
    name: 'birth-forgets-fences',
    property: 'L1',
    mistake: 'a register that is born again begins as if every fence were open, and has them opened',
    tamper: () =>
      function* (made, pass, { role }): Routine<Answer<unknown>> {
        if (made.name !== 'accept' || role !== 'watcher' || made.input.value.stage !== 'naming') return yield* pass();
        return yield* call('accept', { ...made.input, value: { ...made.input.value, owed: [] } });
      },
  },
  {
    name: 'writer-is-forgotten',
    property: 'S11',
    mistake:
      'the site that the newest decision aimed at is taken for the one that writes, and what was owed is forgotten',
    tamper: () => seeingRegisters((register) => ({ ...register, writer: register.active, owed: [] })),
  },
];

/** What the tables say, without whose functions do not answer. */
function withoutUnanswered(view: TableView): TableView {
  if (view.opinions === null) return view;
  const { unanswered: _unanswered, ...opinions } = view.opinions;
  return { ...view, opinions };
}

/** What the tables say, with every silence as old as can be. */
function withLongSilences(view: TableView): TableView {
  if (view.opinions === null) return view;
  const { stopwatches } = view.opinions;
  const counts = Object.entries(stopwatches).map(([name, ms]) => [name, name.startsWith('silent:') ? 1e9 : ms]);
  return { ...view, opinions: { ...view.opinions, stopwatches: Object.fromEntries(counts) } };
}

/** What the tables say, without since when the active site's own fence may be opened. */
function withoutReopening(view: TableView): TableView {
  if (view.opinions === null) return view;
  const counts = Object.entries(view.opinions.stopwatches).filter(([name]) => !name.startsWith('reopening:'));
  return { ...view, opinions: { ...view.opinions, stopwatches: Object.fromEntries(counts) } };
}

/** What the tables say, without how long the fences have been free to open. */
function withoutLetGo(view: TableView): TableView {
  if (view.opinions === null) return view;
  const counts = Object.entries(view.opinions.stopwatches).filter(([name]) => !name.startsWith('let-go:'));
  return { ...view, opinions: { ...view.opinions, stopwatches: Object.fromEntries(counts) } };
}

/** A register whose run waits for no fence once a person has skipped its start. */
function withoutGates(register: Register): Register {
  const { run } = register;
  const isStartSkipped = run?.steps.some(({ name, state }) => name === 'start' && state === 'skipped');
  if (!run || !isStartSkipped) return register;
  const steps = run.steps.map((step) => (step.name === 'fence' ? { ...step, state: 'skipped' as const } : step));
  return { ...register, owed: [], run: { ...run, steps } };
}

/** What a region would say if every site had a fence there. */
function withEveryFence(view: TableView): TableView {
  if (view.opinions === null) return view;
  const { unclosed: _, ...opinions } = view.opinions;
  return { ...view, opinions: sayingEveryFence(opinions) };
}

function sayingEveryFence(item: OpinionItem): OpinionItem {
  const closes = Object.entries(item.tracks).flatMap(([name, sites]) =>
    Object.keys(sites).map((site) => `${name}/${site}`),
  );
  return { ...item, closes };
}
