import { dayMs } from '../../core/decision/limits.ts';
import { groupOf } from '../../core/model/group.ts';
import type { Register } from '../../core/register/register.ts';
import type { RunKind } from '../../core/register/run.ts';
import type { World } from '../world/world.ts';
import { beginsEpoch, checkerKind, isAutomatic, type NoteStake, Spells, serviceIn } from './checker.ts';

interface Made {
  readonly kind: RunKind;
  readonly epoch: number;
  readonly from: string;
  readonly to: string;
  readonly atMs: number;
}

/**
 * S7: no automatic move while paused, back to a site that was left less than the block period ago, or over the daily
 * limit of its kind and its two sites; measured on the world's own clock.
 */
export const noForbiddenMove = checkerKind({
  property: 'S7',
  stakes: ['move', 'paused', 'blocked', 'limit'],
  make: (world, stake: NoteStake<'move' | 'paused' | 'blocked' | 'limit'>) => {
    const spells = new Spells();
    const moves = new Map<string, readonly Made[]>();
    return {
      hear: (event) => {
        if (event.type === 'client' && !event.isGood) noteHeld(event.service, event.atMs);
        if (event.type !== 'decided' || event.previous === null) return null;
        const { run } = event.register;
        // A failover that moved nobody and nothing has not been.
        if (run?.kind === 'failover' && run.state === 'failed' && !event.register.serving.includes(run.to))
          moves.set(
            event.service,
            (moves.get(event.service) ?? []).filter(({ epoch }) => epoch !== run.epoch),
          );
        if (!beginsEpoch(event)) return null;
        const { register, previous, atMs } = event;
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
        if (!service.failover.automatic) return `${move}, but automatic failover is off`;
        if (previous.pause !== null) return `${move} while paused by ${previous.pause.by}`;
        // Leaving a pool, following a group and coming back from the last resort are no moves of their own.
        if (!isCounted) return null;
        if (recent.length >= service.failover.maxMovesPerDay)
          return `${move}, which is move ${recent.length + 1} of the day`;
        const isSeen = (epoch: number) => previous.moves.some((one) => one.epoch === epoch && one.isAcknowledged);
        const left = before.find(
          (one) =>
            one.kind === 'failover' &&
            one.from === made.to &&
            atMs - one.atMs < service.failover.blockMs &&
            !isSeen(one.epoch),
        );
        return left === undefined || kind === 'readmit' || isReunion(world, service.name, made.to)
          ? null
          : `${move} ${atMs - left.atMs} ms after it was left in epoch ${left.epoch}, block ${service.failover.blockMs} ms`;
      },
    };

    /** Whether clients are badly served and something forbids a move that would help. */
    function noteHeld(name: string, atMs: number): void {
      const register = world.decisions.newest(name);
      const service = world.deployment.services[name];
      if (register === null || service === undefined || service.mode === 'active-active') return;
      if (service.sites[register.active] === undefined) return;
      const active = world.sites.get(name, register.active);
      const isDead = active.state !== 'running' || world.links.isRegionDead(active.region);
      const made = (moves.get(name) ?? []).filter(({ kind, to }) => kind === 'failover' && to === register.active);
      const isBlocked = made.some((one) => atMs - one.atMs < service.failover.blockMs);
      const today = made.filter((one) => atMs - one.atMs < dayMs).length;
      if (spells.begins(`${name} paused`, isDead && register.pause !== null)) stake('paused');
      if (spells.begins(`${name} blocked`, isDead && isBlocked)) stake('blocked');
      if (spells.begins(`${name} limit`, isDead && 2 * today >= service.failover.maxMovesPerDay)) stake('limit');
    }
  },
});

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
