import { type MakeChecker, onDecided } from './checker.ts';

/** S1: at most one active site an epoch. */
export const oneActiveAnEpoch: MakeChecker = () => {
  const activeOf = new Map<string, string>();
  return onDecided('S1', ({ service, register }) => {
    const key = `${service} epoch ${register.epoch}`;
    const known = activeOf.get(key) ?? register.active;
    activeOf.set(key, known);
    return known === register.active ? null : `${key} had ${known} active, and then ${register.active}`;
  });
};
