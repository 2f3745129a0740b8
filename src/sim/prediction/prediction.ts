import { type Deployment, serviceOf } from '../../core/model/deployment.ts';
import { preferredSite, type Service } from '../../core/model/service.ts';
import { hasOpenRun } from '../../core/register/register.ts';
import type { ScenarioEvent, Target } from '../../scenario/scenario.ts';
import { applyEvent, type ParseOperatorLine } from '../event-effects.ts';
import { seededRandom } from '../random.ts';
import { statusNow } from '../status-observation.ts';
import { World } from '../world/world.ts';
import { atRest, eventsTowards, type StartingState } from './starting-state.ts';

/** What one simulated loss did to one service. */
export interface ServiceOutcome {
  readonly mode: Service['mode'];
  /** Who is active, or in a pool, before the loss. */
  readonly from: readonly string[];
  /** The same at the end. */
  readonly to: readonly string[];
  /** From the loss to the decision, in milliseconds; null when nothing moved. */
  readonly decidedMs: number | null;
  /** From the loss to the last bad answer that a client got, in milliseconds; 0 when there was none. */
  readonly lastBadMs: number;
  /** Bad answers in percent, in the last half minute. */
  readonly badAtEndPercent: number;
  /** Writes that were lost, in milliseconds; null where nothing was promoted or it is not known. */
  readonly lossMs: number | null;
  /** What `status` says at the end, in a word and in a sentence. */
  readonly reason: string;
  readonly detail: string;
}

/** What is asked. */
export interface PredictionInput {
  readonly deployment: Deployment;
  readonly lost: Target;
  /** By service; one that is left out is at rest. */
  readonly starting: Readonly<Record<string, StartingState>>;
  readonly seed: number;
  readonly parseOperatorLine: ParseOperatorLine;
}

/** When the registers are there and DNS has settled. */
const settleMs = 60_000;
/** Longest time that bringing the world to its state may take: a boot, a promotion and more. */
const preparationMsMax = 900_000;
/** How long the watchers get to see what is wrong before the loss. */
const wrongMs = 60_000;
/** How long the loss is watched: detection, a lease, a promotion, a boot and the time that resolvers remember. */
const watchedMs = 420_000;
const endMs = 30_000;
const lookMs = 1_000;

/**
 * Simulates what would happen now if something were lost: a new world is brought to the state that is given, then the
 * loss strikes at an instant that the seed draws, and lasts. The same seed gives the same outcome.
 *
 * @returns by service
 * @throws {RangeError} when the world does not come to the state
 */
export function predict(input: PredictionInput): Readonly<Record<string, ServiceOutcome>> {
  const { deployment, lost, seed, parseOperatorLine } = input;
  const world = new World(deployment, { seed });
  const applying = { world, parseOperatorLine, redeploy: () => ({ message: 'nothing is deployed again' }) };
  const apply = (event: object) => applyEvent({ ...event, atMs: world.nowMs, line: null } as ScenarioEvent, applying);
  prepare(input, world, apply);
  world.scheduler.runUntil(
    world.nowMs + wrongMs + Math.floor(seededRandom(seed, 'loss')() * longestTickMs(deployment)),
  );

  const names = Object.keys(deployment.services);
  const before = new Map(names.map((name) => [name, world.decisions.newest(name)]));
  const struckMs = world.nowMs;
  const watches = watchClients(world, names, struckMs);
  apply({ kind: 'stop', target: lost });
  world.scheduler.runUntil(struckMs + watchedMs);
  return Object.fromEntries(
    names.map((name) => {
      const watch = watches.get(name) ?? newWatch();
      const register = world.decisions.newest(name);
      const { reason, detail } = statusNow(world, name);
      const outcome: ServiceOutcome = {
        mode: serviceOf(deployment, name).mode,
        from: before.get(name)?.serving ?? [],
        to: register?.serving ?? [],
        decidedMs: watch.decidedMs,
        lastBadMs: watch.lastBadMs,
        badAtEndPercent: watch.allAtEnd === 0 ? 0 : (100 * watch.badAtEnd) / watch.allAtEnd,
        lossMs: watch.decidedMs === null ? null : (register?.run?.times.lossMs ?? null),
        reason,
        detail,
      };
      return [name, outcome];
    }),
  );
}

function prepare({ deployment, starting }: PredictionInput, world: World, apply: (event: object) => void): void {
  const names = Object.keys(deployment.services);
  const plans = names.map((name) => {
    const state = starting[name] ?? atRest;
    return { name, state, ...eventsTowards(name, state, preferredSite(serviceOf(deployment, name))) };
  });
  world.scheduler.runUntil(settleMs);
  for (const { move } of plans) for (const event of move) apply(event);
  const isThere = () =>
    plans.every(({ name, state: { active } }) => {
      const register = world.decisions.newest(name);
      return register !== null && !hasOpenRun(register) && (active === null || register.active === active);
    });
  const untilMs = world.nowMs + preparationMsMax;
  while (!isThere() && world.nowMs < untilMs) world.scheduler.runUntil(world.nowMs + lookMs);
  if (!isThere()) throw new RangeError('the simulated deployment did not come to the state that the real one is in');
  for (const { wrong } of plans) for (const event of wrong) apply(event);
}

interface Watch {
  decidedMs: number | null;
  lastBadMs: number;
  allAtEnd: number;
  badAtEnd: number;
}

function newWatch(): Watch {
  return { decidedMs: null, lastBadMs: 0, allAtEnd: 0, badAtEnd: 0 };
}

function watchClients(world: World, names: readonly string[], struckMs: number): ReadonlyMap<string, Watch> {
  const watches = new Map(names.map((name) => [name, newWatch()]));
  world.observe((event) => {
    if (event.type !== 'decided' && event.type !== 'client') return;
    const watch = watches.get(event.service);
    if (watch === undefined) return;
    const passedMs = event.atMs - struckMs;
    if (event.type === 'decided') {
      if (event.previous !== null && event.register.epoch > event.previous.epoch) watch.decidedMs ??= passedMs;
      return;
    }
    if (!event.isGood) watch.lastBadMs = passedMs;
    if (passedMs < watchedMs - endMs) return;
    watch.allAtEnd += 1;
    watch.badAtEnd += event.isGood ? 0 : 1;
  });
  return watches;
}

function longestTickMs({ services }: Deployment): number {
  return Math.max(...Object.values(services).map(({ detection }) => detection.intervalMs));
}
