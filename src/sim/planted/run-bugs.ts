import type { Answer } from '../../core/fault.ts';
import type { Run } from '../../core/register/run.ts';
import { call, type Routine } from '../../core/routine.ts';
import { heldWatch, silentWatch } from '../../core/tables/stopwatch.ts';
import type { TableView } from '../../core/tables/table-view.ts';
import type { PlantedBug } from './planted-bug.ts';
import { onAnswer } from './tamper.ts';

/** Bugs in how a run is begun, handed on and given up. */
export const runBugs: readonly PlantedBug[] = [
  {
    name: 'rehearsal-is-carried-out',
    property: 'S11',
    mistake: 'a function that is asked to look before a switchover does at once what it would be ordered to do',
    tamper: () =>
      function* (made, pass): Routine<Answer<unknown>> {
        if (made.name !== 'invoke') return yield* pass();
        const { order } = made.input;
        // The first epoch is that of a birth, which looks where the service is.
        if (order.manner !== 'rehearse' || order.token.epoch === 1) return yield* pass();
        return yield* call('invoke', { ...made.input, order: { ...order, manner: 'enforce' } });
      },
  },
  {
    name: 'failed-move-returns-to-the-dead',
    property: 'L2',
    mistake: 'nobody asks how the site is that a failed move was to leave, and the move is taken back to a dead one',
    tamper: () =>
      onAnswer('readTable', (view) =>
        seeingOfRuns(view, (run) => (run.kind === 'failover' && run.state === 'failed' ? run.from : null), 'unknown'),
      ),
  },
  {
    name: 'unreached-is-tried-for-ever',
    property: 'L2',
    mistake: 'nobody counts for how long a move has failed, so what cannot be moved to its site is tried for ever',
    tamper: () => onAnswer('readTable', withoutFailed),
  },
  {
    name: 'dead-holder-counts-as-heard',
    property: 'L2',
    mistake: 'who has heard the holder of a run once says for ever that it hears it, so nobody takes the run over',
    tamper: () => onAnswer('readTable', withHeldRuns),
  },
  {
    name: 'dies-before-it-was-seen',
    property: 'L2',
    mistake:
      'nobody looks any more at a site that a run is to, so one that dies is waited for until DNS answers with it',
    tamper: () =>
      onAnswer('readTable', (view) => seeingOfRuns(view, (run) => (run.state === 'running' ? run.to : null), 'up')),
  },
  {
    name: 'silent-for-one-is-silent',
    property: 'S11',
    mistake: 'who hears nothing of a region lets its lease run out, although another watcher hears it',
    tamper: () => {
      const own = new Map<string, Silences>();
      return onAnswer('readTable', (view, { region }, identity) => {
        if (region === identity.place) own.set(region, silencesOf(view));
        return withSilences(view, own.get(identity.place) ?? {});
      });
    },
  },
];

/** What the tables say, with one opinion of the site that each service's newest run names. */
function seeingOfRuns(view: TableView, siteOf: (run: Run) => string | null, opinion: 'up' | 'unknown'): TableView {
  if (view.opinions === null) return view;
  const tracks = Object.entries(view.opinions.tracks).map(([service, sites]) => {
    const run = view.acceptors[service]?.accepted?.run ?? null;
    const site = run === null ? null : siteOf(run);
    const track = site === null ? undefined : sites[site];
    return [service, site === null || track === undefined ? sites : { ...sites, [site]: { ...track, opinion } }];
  });
  return { ...view, opinions: { ...view.opinions, tracks: Object.fromEntries(tracks) } };
}

/** What the tables say, without how long runs have failed. */
function withoutFailed(view: TableView): TableView {
  if (view.opinions === null) return view;
  const counts = Object.entries(view.opinions.stopwatches).filter(([name]) => !name.startsWith('failed:'));
  return { ...view, opinions: { ...view.opinions, stopwatches: Object.fromEntries(counts) } };
}

/** What the tables say, with every open run's holder heard for a second. */
function withHeldRuns(view: TableView): TableView {
  if (view.opinions === null) return view;
  const held = Object.entries(view.acceptors).flatMap(([service, state]) => {
    const run = state?.accepted?.run;
    return run?.state === 'running' ? [[heldWatch(service, run), 1_000]] : [];
  });
  const stopwatches = { ...view.opinions.stopwatches, ...Object.fromEntries(held) };
  return { ...view, opinions: { ...view.opinions, stopwatches } };
}

/** How long regions have been silent, by the name of the watch. */
type Silences = Readonly<Record<string, number>>;

function silencesOf({ opinions }: TableView): Silences {
  return Object.fromEntries(
    Object.entries(opinions?.stopwatches ?? {}).filter(([name]) => name.startsWith(silentWatch(''))),
  );
}

/** What the tables say, as if whoever wrote it heard no more than the reader does. */
function withSilences(view: TableView, silences: Silences): TableView {
  if (view.opinions === null) return view;
  return { ...view, opinions: { ...view.opinions, stopwatches: { ...silences, ...view.opinions.stopwatches } } };
}
