import { nameNow } from '../../core/model/service.ts';
import { type MakeChecker, onDecided, serviceIn } from './checker.ts';

/** S1: at most one active site an epoch. */
export const oneActiveAnEpoch: MakeChecker = (world) => {
  const activeOf = new Map<string, string>();
  return onDecided('S1', ({ service, register }) => {
    const key = `${service} epoch ${register.epoch}`;
    // A site that is renamed is the same one.
    const known =
      nameNow(serviceIn(world, service), activeOf.get(key) ?? register.active) ?? activeOf.get(key) ?? register.active;
    activeOf.set(key, known);
    return known === register.active ? null : `${key} had ${known} active, and then ${register.active}`;
  });
};
