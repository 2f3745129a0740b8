import { rememberedIn } from '../../core/dns/memory.ts';
import { lastResortName, type NamedService, nameNow } from '../../core/model/service.ts';
import { hasOpenRun, type Register } from '../../core/register/register.ts';
import type { Run } from '../../core/register/run.ts';
import { leaseWaitMs, longestShiftMs, memoryFollowMs, recordsFollowMs } from '../../core/timing.ts';
import type { SimEvent } from '../event.ts';
import type { World } from '../world/world.ts';
import { checkerKind, type NoteStake, Spells, serviceIn } from './checker.ts';
import { areAtOdds } from './facts/at-odds.ts';
import { SeenWell } from './facts/seen-well.ts';
import { fencesOf, wantedOf } from './facts/wanted.ts';
import type { Wanted, WantedKind } from './facts/wanted-part.ts';

type Stakes = WantedKind | 'amid faults';

/** Ticks after which everything must agree once nothing changes any more. */
const ticksToAgree = 10;
/** An oracle's cache, and a round of Route 53's checkers. */
const answersMs = 12_000;
/** How often it is looked at, in milliseconds. */
const lookEveryMs = 5_000;
/** Pause between two looks at a key of the edge, in milliseconds: docs/traffic/edge.md. */
const seldomLookMs = 600_000;

/**
 * L1: all actuators that can be reached agree with the register within ten ticks, lasting faults elsewhere or not, and
 * no run rests half done.
 *
 * Owed once nothing has changed, neither a fault nor the register, for ten ticks; of a run, that it has ended once
 * nothing has changed for the time that it may take; both of what some watcher can have done that is in contact with a
 * majority of the tables and of the voters' watchers. What must be so is read from the configuration by `wantedOf`.
 */
export const actuatorsAgree = checkerKind({
  property: 'L1',
  stakes: [
    'address',
    'record',
    'answers',
    'weights',
    'record weights',
    'publication',
    'data',
    'size',
    'fence',
    'amid faults',
  ],
  make: (world, stake: NoteStake<Stakes>) => {
    const spells = new Spells();
    const seenWell = new SeenWell(world);
    const begunAtMs = new Map<string, number>();
    const epochAtMs = new Map<string, number>();
    /** When something was decided of each service last, the end of a run included. */
    const changedAtMs = new Map<string, number>();
    const lookedAtMs = new Map<string, number>();

    const look = (name: string) => {
      const service = serviceIn(world, name);
      const register = world.decisions.newest(name);
      if (register === null) return null;
      // What watchers and functions mean different things by is left as it is until they agree.
      if (areAtOdds(world, [name], [null, ...Object.keys(service.sites)])) {
        changedAtMs.set(name, world.nowMs);
        begunAtMs.set(name, world.nowMs);
        return null;
      }
      const unchangedMs = world.disturbances.unchangedMs();
      const isAble = world.contact.isMajorityAtWork(register.voters.map(({ region }) => region));
      if (hasOpenRun(register)) {
        const runMs = Math.min(world.nowMs - (begunAtMs.get(name) ?? 0), unchangedMs);
        const { run } = register;
        if (runMs < runMsMax(world, service, run) || !isAble || !isRunStuck(world, service, run)) return null;
        return spells.begins(`${name} ${register.epoch} run`, true)
          ? `the run of epoch ${register.epoch} of ${name} rests half done`
          : null;
      }
      const sinceChangeMs = world.nowMs - (changedAtMs.get(name) ?? 0);
      if (Math.min(sinceChangeMs, unchangedMs) < agreeMsMax(service) || !isAble) return null;
      const sinceEpochMs = world.nowMs - (epochAtMs.get(name) ?? 0);
      const rest = { seenWell, sinceEpochMs, sinceChangeMs, unchangedMs };
      return judge(name, register, owedBy(world, service, register, rest));
    };

    const judge = (name: string, register: Register, wanted: readonly Wanted[]) => {
      for (const { kind, why, by } of wanted) {
        if (by !== null && !canBeDone(world, by)) continue;
        const key = `${name} ${register.epoch} ${kind}`;
        const isMoved = register.run !== null;
        if (isMoved && spells.begins(key, true)) stake(kind);
        const isAmid = isMoved && world.disturbances.isAny();
        if (spells.begins(`${key} amid faults`, isAmid)) stake('amid faults');
        if (why !== null && spells.begins(`${key} told`, true)) return why;
      }
      return null;
    };

    return {
      hear: (event: SimEvent) => {
        if (event.type === 'decided' && event.register.epoch !== event.previous?.epoch) {
          begunAtMs.set(event.service, event.atMs);
          epochAtMs.set(event.service, event.atMs);
        }
        if (event.type === 'decided' || event.type === 'writer') changedAtMs.set(event.service, event.atMs);
        if (event.type === 'writer') begunAtMs.set(event.service, event.atMs);
        if (event.type !== 'client') return null;
        const service = serviceIn(world, event.service);
        seenWell.look(service);
        if (event.atMs - (lookedAtMs.get(event.service) ?? 0) < lookEveryMs) return null;
        lookedAtMs.set(event.service, event.atMs);
        return look(event.service);
      },
      end: () => {
        for (const name of Object.keys(world.deployment.services)) {
          const why = look(name);
          if (why !== null) return why;
        }
        return null;
      },
    };
  },
});

/**
 * Longest that drift may last once nothing is under way: ten ticks, or two regular looks where those are further apart,
 * one attempt, and a round of Route 53's checkers.
 */
function agreeMsMax({ detection, failover }: NamedService): number {
  const lookMs = Math.max(ticksToAgree * detection.intervalMs, 2 * failover.reconcileMs);
  return lookMs + failover.stepTimeoutMs + answersMs;
}

/** How long nothing has changed: of a service since its epoch began and at all, and of what goes wrong around it. */
interface Rest {
  readonly seenWell: SeenWell;
  readonly sinceEpochMs: number;
  readonly sinceChangeMs: number;
  readonly unchangedMs: number;
}

/**
 * What is owed by now: data by a service that has rested, answers once DNS has seen the last change, what is looked at
 * seldom after two looks, or at once where nobody has disturbed what the run wrote.
 */
function owedBy(
  world: World,
  service: NamedService,
  register: Register,
  { seenWell, sinceEpochMs, sinceChangeMs, unchangedMs }: Rest,
): readonly Wanted[] {
  const owedAfterMs = agreeMsMax(service);
  const beyondMs = Math.min(sinceChangeMs, unchangedMs) - owedAfterMs;
  const isWell = (site: string) => seenWell.forMs(world.sites.get(service.name, site)) >= owedAfterMs;
  // Only a run promotes, and one that has failed rests before it is tried again.
  const isRested = beyondMs >= restMsMax(service, register);
  // What is tried in vain again and again does not rest: what hinders it may be the engine itself.
  const isTried = unchangedMs >= owedAfterMs + restMsMax(service, register);
  const isDue = ({ kind, afterMs = 0 }: Wanted) => {
    if (kind === 'data') return isRested && beyondMs >= afterMs;
    if (kind === 'answers') return beyondMs >= rememberMs(world, service, register);
    return kind !== 'edge' || unchangedMs >= sinceEpochMs || beyondMs >= 2 * seldomLookMs;
  };
  return [
    ...wantedOf(world, service, register),
    ...fencesOf(world, service, register, isWell, isRested, isTried),
  ].filter(isDue);
}

/**
 * How much longer answers follow where DNS may remember a serving site as left, or where name servers have yet to hear
 * of an edited record, in milliseconds. The records in place may be those of an earlier configuration, which asks about
 * other sites.
 */
function rememberMs(world: World, service: NamedService, { serving }: Register): number {
  const mode = service.traffic.dns?.mode;
  if (mode === 'memory') return memoryFollowMs;
  if (mode === 'records') return recordsFollowMs;
  const idOf = (site: string) => world.sites.idOf(service.name, site);
  const remembered = world.deployments.flatMap(({ services: { [service.name]: each } }) =>
    each === undefined ? [] : rememberedIn(each).map(({ site }) => idOf(site)),
  );
  return serving.some((site) => remembered.includes(idOf(site))) ? memoryFollowMs : 0;
}

/** Rounds of regular looks that a failed run rests, twice as many each time, and the longest: docs/runbook.md. */
const restRounds = 3;
const longestRestMs = 600_000;

/**
 * Longest that a run which has failed rests before it is tried again, in milliseconds; 0 for any other. While a person
 * has paused the service, nothing is tried again.
 */
function restMsMax({ failover }: NamedService, { run, epoch, pause }: Register): number {
  if (run?.state !== 'failed' || run.epoch !== epoch) return 0;
  if (pause !== null) return Number.POSITIVE_INFINITY;
  return Math.min(longestRestMs, restRounds * failover.reconcileMs * 2 ** run.retries);
}

/** Longest that a run may take: its fence, its shift, and the verification that waits twice as long as that. */
function runMsMax(world: World, service: NamedService, run: Run): number {
  const slowest = Math.max(
    ...Object.keys(service.sites).map((name) => {
      const { promotionMs, bootMs } = world.sites.get(service.name, name);
      return Math.max(promotionMs, bootMs);
    }),
  );
  return 3 * longestShiftMs(service, run) + leaseWaitMs(service) + slowest;
}

/** Whether nothing in the surroundings keeps a run from ending; with some fault about, it may be the run's own. */
function isRunStuck(world: World, service: NamedService, { to, steps }: Run): boolean {
  const { name, sites } = service;
  // A run to a site that is configured no more waits for a person, who is told.
  if (nameNow(service, to) === null && to !== lastResortName) return false;
  // So does one that was begun to promote data which is configured no more.
  if (service.data === undefined && steps.some(({ name, state }) => name === 'promote' && state === 'pending'))
    return false;
  const isHindered = Object.keys(sites).some((site) => {
    const { veto, canBoot } = world.sites.get(name, site);
    return veto !== null || !canBoot;
  });
  return !isHindered && !world.disturbances.isAny();
}

/** Whether a watcher that can decide can have something done: its actuator answers, claims, and reaches its APIs. */
function canBeDone({ contact, control }: World, { region, apis }: NonNullable<Wanted['by']>): boolean {
  if (control.areActuatorsFrozen(region)) return false;
  const isAble = contact.ableWatchers().some((from) => contact.canCall(from, region, 'lambda:Invoke'));
  return isAble && contact.canUseTable(region, region) && apis.every((api) => contact.canCall(region, region, api));
}
