import { type MakeChecker, onDecided } from './checker.ts';

/** S2: epochs only rise, by one, and each was accepted by a majority: what is decided is what this looks at. */
export const epochsRise: MakeChecker = () =>
  onDecided('S2', ({ service, register, previous }) => {
    const before = previous?.epoch ?? 0;
    const isNext = register.epoch === before || register.epoch === before + 1;
    return isNext ? null : `${service} went from epoch ${before} to ${register.epoch}`;
  });
