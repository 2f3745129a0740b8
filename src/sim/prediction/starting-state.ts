import type { ServiceStatus } from '../../core/operator/status.ts';
import type { PlannedSwitchover } from '../../core/register/planned-switchover.ts';
import type { ScenarioEvent } from '../../scenario/scenario.ts';

/** What a prediction starts from, of one service; the simulated world is brought there first. */
export interface StartingState {
  /** Site that is active; null leaves the preferred one. */
  readonly active: string | null;
  readonly isPaused: boolean;
  readonly maintenance: readonly string[];
  /** Sites that a quorum holds down. */
  readonly down: readonly string[];
  /** Replication lag by site, in milliseconds, where it is known. */
  readonly lagMs: Readonly<Record<string, number>>;
  /** Rest of the block period, in milliseconds. The world has none, so it is said beside the result. */
  readonly blockLeftMs: number;
  /** The planned switchover, which the world has none of either; absent when there is none. */
  readonly planned?: Pick<PlannedSwitchover, 'from' | 'to' | 'atMs'>;
}

/** A deployment that was just founded and where all is well. */
export const atRest: StartingState = {
  active: null,
  isPaused: false,
  maintenance: [],
  down: [],
  lagMs: {},
  blockLeftMs: 0,
};

/** Why nothing can be predicted from a status: it is unknown, or in the middle of something. Null when it can. */
export function whyUnpredictable({ state, active, detail, run }: ServiceStatus): string | null {
  if (active === null) return `nobody knows who is active (${state}: ${detail})`;
  if (state === 'moving' || state === 'stuck') return `a move is under way (${run?.reason ?? detail})`;
  return null;
}

/** What a status says that a prediction needs. */
export function startingStateOf({ active, pause, sites, blockLeftMs, planned }: ServiceStatus): StartingState {
  const named = Object.entries(sites);
  return {
    active,
    isPaused: pause !== null,
    maintenance: named.filter(([, { role }]) => role === 'maintenance').map(([site]) => site),
    down: named.filter(([, { verdict }]) => verdict === 'down').map(([site]) => site),
    lagMs: Object.fromEntries(
      named.flatMap(([site, { replicationLagMs }]) => (replicationLagMs === null ? [] : [[site, replicationLagMs]])),
    ),
    blockLeftMs,
    ...(planned === null ? {} : { planned }),
  };
}

type Event = ScenarioEvent extends infer E ? (E extends ScenarioEvent ? Omit<E, 'atMs' | 'line'> : never) : never;

/** What brings a new world to a state: first the move there, which needs all sites, and then what is wrong. */
export function eventsTowards(
  service: string,
  state: StartingState,
  preferred: string,
): { readonly move: readonly Event[]; readonly wrong: readonly Event[] } {
  const site = (name: string) => ({ service, name });
  const order = (commandLine: string): Event => ({ kind: 'operator', commandLine, as: commandLine, isStale: false });
  const isElsewhere = state.active !== null && state.active !== preferred;
  return {
    move: isElsewhere ? [order(`switchover ${service} --to ${state.active}`)] : [],
    wrong: [
      ...Object.entries(state.lagMs).map(
        ([name, replicationLagMs]): Event => ({ kind: 'set', site: site(name), facts: { replicationLagMs } }),
      ),
      ...state.maintenance.map((name) => order(`maintenance on ${service} ${name}`)),
      ...(state.isPaused ? [order(`pause ${service} --reason paused`)] : []),
      ...state.down.map((name): Event => ({ kind: 'stop', target: { kind: 'site', ...site(name) } })),
    ],
  };
}
