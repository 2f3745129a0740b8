import { dayMs } from '../../core/decision/limits.ts';
import { groupOf } from '../../core/model/group.ts';
import type { NamedService } from '../../core/model/service.ts';
import type { Register } from '../../core/register/register.ts';
import type { Run, RunKind } from '../../core/register/run.ts';
import type { World } from '../world/world.ts';
import {
  asDecided,
  beginsEpoch,
  checkerKind,
  deciderOf,
  isAutomatic,
  type NoteStake,
  Spells,
  serviceIn,
} from './checker.ts';
import { isUnapproved } from './facts/approvals.ts';
import { FirstAccepts, type Proposal } from './facts/first-accepts.ts';
import { agreedTimes, Windows } from './facts/windows.ts';

interface Made {
  readonly kind: RunKind;
  readonly epoch: number;
  readonly from: string;
  readonly to: string;
  readonly atMs: number;
}

/** What holds a move back that would help. */
type HeldBy = 'paused' | 'blocked' | 'limit' | 'frozen' | 'unapproved';

/**
 * S7: no automatic move while paused, back to a site that was left less than the block period ago, or over the daily
 * limit of its kind and its two sites; measured on the world's own clock, by the configuration of whoever decided it.
 * Nor in a freeze, by the clock of whoever decided it. A pause that ends by itself does not end before a majority of
 * the voters' clocks may say so.
 */
export const noForbiddenMove = checkerKind({
  property: 'S7',
  stakes: ['move', 'paused', 'pause end', 'blocked', 'limit', 'frozen', 'unapproved'],
  make: (world, stake: NoteStake<'move' | 'pause end' | HeldBy>) => {
    const spells = new Spells();
    const firsts = new FirstAccepts(
      (name) => world.decisions.newest(name),
      (proposal) =>
        isFrozen(world, proposal) ? 'in a freeze' : isUnapproved(world, proposal) ? 'that nobody approved' : null,
    );
    const moves = new Map<string, readonly Made[]>();
    return {
      hear: (event) => {
        firsts.hear(event);
        if (event.type === 'client' && !event.isGood)
          for (const held of heldBack(world, event.service, moves.get(event.service) ?? []))
            if (spells.begins(`${event.service} ${held.stake}`, held.isOn)) stake(held.stake);
        if (event.type !== 'decided' || event.previous === null) return null;
        const { run } = event.register;
        // A failover that moved nobody and nothing has not been.
        if (run?.kind === 'failover' && run.state === 'failed' && !event.register.serving.includes(run.to))
          moves.set(
            event.service,
            (moves.get(event.service) ?? []).filter(({ epoch }) => epoch !== run.epoch),
          );
        const early = endedEarly(world, event.service, event.previous, event.register);
        if (early !== null) stake('pause end');
        if (early) return `the pause of ${event.service} ended by itself before its time`;
        if (!beginsEpoch(event)) return null;
        const { register, previous, atMs } = event;
        // A register whose tables were lost is founded, or born, without the moves of before.
        if (register.run === null) moves.delete(event.service);
        if (!isAutomatic(world.deployment, register)) return null;
        const service = serviceIn(world, event.service);
        if (isTurnBack(register, previous)) {
          // Nothing had moved: it was no move, and taking it back is none.
          const taken = previous.run?.epoch;
          const others = (moves.get(service.name) ?? []).filter(({ epoch }) => epoch !== taken);
          moves.set(service.name, others);
          return null;
        }
        const kind = register.run?.kind ?? 'failover';
        const isCounted = kind === 'failover' || kind === 'failback' || kind === 'readmit';
        const made: Made = { kind, epoch: register.epoch, from: run?.from ?? '', to: run?.to ?? '', atMs };
        const before = moves.get(service.name) ?? [];
        const recent = before.filter((one) => atMs - one.atMs < dayMs && isAlike(one, made));
        stake('move');
        if (isCounted) moves.set(service.name, [...before, made]);

        const move = `${service.name} moved to ${register.active}`;
        const isPlanned = register.run?.reason === 'planned';
        const { isOff, perDayMax, blockMs } = limitsFor(world, service, run);
        if (isOff && !isPlanned) return `${move}, but automatic failover is off`;
        if (previous.pause !== null) return `${move} while paused by ${previous.pause.by}`;
        const forbidden = firsts.of(event);
        if (forbidden !== null) return `${move} by a ${kind} ${forbidden}`;
        // Leaving a pool, following a group and coming back from the last resort are no moves of their own.
        if (!isCounted && !isPlanned) return null;
        if (isCounted && recent.length >= perDayMax) return `${move}, which is move ${recent.length + 1} of the day`;
        const isSeen = (epoch: number) => previous.moves.some((one) => one.epoch === epoch && one.isAcknowledged);
        const left = before.find(
          (one) => one.kind === 'failover' && one.from === made.to && atMs - one.atMs < blockMs && !isSeen(one.epoch),
        );
        return left === undefined || kind === 'readmit' || isReunion(world, service.name, made.to)
          ? null
          : `${move} ${atMs - left.atMs} ms after it was left in epoch ${left.epoch}, block ${blockMs} ms`;
      },
    };
  },
});

/**
 * Runs that bring a well site back or that were planned, and those that leave one that is not well. What ends or
 * follows a move is neither, and neither is what a person has done by hand.
 */
const returning: readonly RunKind[] = ['failback', 'readmit', 'switchover'];
const leaving: readonly RunKind[] = ['failover', 'withdraw', 'last-resort'];

/** What limits a move, by the least strict of the configurations that whoever decided it may have had. */
function limitsFor(world: World, service: NamedService, run: Run | null) {
  const known = run === null ? [] : asDecided(world, deciderOf(run), service.name);
  const limits = (known.length === 0 ? [service] : known).map(({ failover }) => failover);
  return {
    isOff: limits.every(({ automatic }) => !automatic),
    perDayMax: Math.max(...limits.map(({ maxMovesPerDay }) => maxMovesPerDay)),
    blockMs: Math.min(...limits.map(({ blockMs }) => blockMs)),
  };
}

/** Whether an open window forbids a move, for each configuration that whoever decided may have had. */
function isFrozen(world: World, { service, register: { run } }: Proposal): boolean {
  if (run === null) return false;
  if (run.kind === 'switchover' && run.reason !== 'planned') return false;
  const windows = new Windows(world, asDecided(world, deciderOf(run), service));
  if (returning.includes(run.kind)) return windows.isFrozen('planned');
  return leaving.includes(run.kind) && windows.isFrozen('all');
}

/**
 * Whether a pause has ended by itself before any majority of the voters' clocks can say that its time is over; null
 * when none has ended, or when a person ended it.
 */
function endedEarly(world: World, service: string, { pause }: Register, { pause: now, history }: Register) {
  const [newest] = history;
  if (pause?.untilMs === undefined || now !== null || newest === undefined) return null;
  if (!world.deployment.controlRegions.includes(newest.by)) return null;
  return Math.max(...agreedTimes(world, service)) < pause.untilMs;
}

/** What forbids a move that would help, while clients of a dead site are badly served. */
function heldBack(world: World, name: string, moves: readonly Made[]) {
  const { control, deployment, decisions, nowMs } = world;
  const register = decisions.newest(name);
  const service = deployment.services[name];
  if (register === null || service === undefined || service.mode === 'active-active') return [];
  if (service.sites[register.active] === undefined) return [];
  const active = world.sites.get(name, register.active);
  const isDead = active.state !== 'running' || world.links.isRegionDead(active.place);
  const made = moves.filter(({ kind, to }) => kind === 'failover' && to === register.active);
  const today = made.filter((one) => nowMs - one.atMs < dayMs).length;
  const isDecided = deployment.controlRegions.some((region) => control.isWatcherRunning(region));
  return [
    { stake: 'paused', isOn: isDead && register.pause !== null },
    { stake: 'blocked', isOn: isDead && made.some((one) => nowMs - one.atMs < service.failover.blockMs) },
    { stake: 'limit', isOn: isDead && 2 * today >= service.failover.maxMovesPerDay },
    { stake: 'unapproved', isOn: isDead && service.failover.approval !== undefined && !register.approval?.approvedBy },
    { stake: 'frozen', isOn: isDead && isDecided && new Windows(world, [serviceIn(world, name)]).isFrozen('all') },
  ] as const;
}

/** Whether another member of a service's group is at a site: going there puts the group together. */
function isReunion({ deployment, decisions }: World, name: string, to: string): boolean {
  const members = Object.keys(groupOf(deployment, name)?.members ?? {});
  return members.some((member) => member !== name && decisions.newest(member)?.active === to);
}

/** Whether two moves count together: failovers of the same two sites, failbacks, readmissions. */
function isAlike(one: Made, other: Made): boolean {
  const pair = ({ from, to }: Made) => [from, to].sort().join();
  return one.kind === other.kind && (one.kind !== 'failover' || pair(one) === pair(other));
}

/** Whether a run only takes back one that has reached nothing: the site that writes and serves stays the same. */
function isTurnBack({ run, active, serving }: Register, previous: Register): boolean {
  return run?.kind === 'recover' && previous.writer === active && previous.serving.join() === serving.join();
}
