import { dayMs } from '../../core/decision/limits.ts';
import type { Register } from '../../core/register/register.ts';
import type { RunKind } from '../../core/register/run.ts';
import { beginsEpoch, isAutomatic, type MakeChecker, serviceIn } from './checker.ts';

interface Made {
  readonly kind: RunKind;
  readonly epoch: number;
  readonly from: string;
  readonly to: string;
  readonly atMs: number;
}

/**
 * S7: no automatic move while paused, back to a site that was left less than the block period ago, or over the daily limit
 * of its kind and its two sites; measured on the world's own clock.
 */
export const noForbiddenMove: MakeChecker = (world) => {
  const moves = new Map<string, readonly Made[]>();
  return {
    property: 'S7',
    hear: (event) => {
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
        moves.set(
          service.name,
          (moves.get(service.name) ?? []).filter(({ epoch }) => epoch !== taken),
        );
        return null;
      }
      const kind = register.run?.kind ?? 'failover';
      const isCounted = kind === 'failover' || kind === 'failback' || kind === 'readmit';
      const made: Made = { kind, epoch: register.epoch, from: run?.from ?? '', to: run?.to ?? '', atMs };
      const before = moves.get(service.name) ?? [];
      const recent = before.filter((one) => atMs - one.atMs < dayMs && isAlike(one, made));
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
      return left === undefined || kind === 'readmit'
        ? null
        : `${move} ${atMs - left.atMs} ms after it was left in epoch ${left.epoch}, block ${service.failover.blockMs} ms`;
    },
  };
};

/** Whether two moves count together: failovers of the same two sites, failbacks, readmissions. */
function isAlike(one: Made, other: Made): boolean {
  const pair = ({ from, to }: Made) => [from, to].sort().join();
  return one.kind === other.kind && (one.kind !== 'failover' || pair(one) === pair(other));
}

/** Whether a run only takes back one that has reached nothing: the site that writes and serves stays the same. */
function isTurnBack({ run, active, serving }: Register, previous: Register): boolean {
  return run?.kind === 'recover' && previous.writer === active && previous.serving.join() === serving.join();
}
