import { dayMs } from '../../core/decision/limits.ts';
import { beginsEpoch, isAutomatic, type MakeChecker, serviceIn } from './checker.ts';

/** S7: no automatic move while paused, blocked or over the daily limit; measured on the world's own clock. */
export const noForbiddenMove: MakeChecker = (world) => {
  const failovers = new Map<string, { readonly epoch: number; readonly atMs: number }>();
  const moves = new Map<string, number[]>();
  return {
    property: 'S7',
    hear: (event) => {
      if (event.type !== 'decided' || !beginsEpoch(event) || event.previous === null) return null;
      const { register, previous, atMs } = event;
      if (!isAutomatic(world.deployment, register)) return null;
      const service = serviceIn(world, event.service);
      const kind = register.run?.kind ?? 'failover';
      const isCounted = kind === 'failover' || kind === 'failback' || kind === 'readmit';
      const last = failovers.get(service.name);
      const recent = (moves.get(service.name) ?? []).filter((movedMs) => atMs - movedMs < dayMs);
      if (isCounted) moves.set(service.name, [...recent, atMs]);
      if (register.run?.kind === 'failover') failovers.set(service.name, { epoch: register.epoch, atMs });

      const move = `${service.name} moved to ${register.active}`;
      if (!service.failover.automatic) return `${move}, but automatic failover is off`;
      if (previous.pause !== null) return `${move} while paused by ${previous.pause.by}`;
      // Leaving a pool, following a group and coming back from the last resort are no moves of their own.
      if (!isCounted) return null;
      if (recent.length >= service.failover.maxMovesPerDay)
        return `${move}, which is move ${recent.length + 1} of the day`;
      const isAcknowledged = previous.block?.isAcknowledged ?? true;
      if (last && !isAcknowledged && atMs - last.atMs < service.failover.blockMs) {
        return `${move} ${atMs - last.atMs} ms after the failover of epoch ${last.epoch}, block ${service.failover.blockMs} ms`;
      }
      return null;
    },
  };
};
