import type { MakeChecker } from './checker.ts';

/** S13: no write when observed equals desired. */
export const noIdleWrite: MakeChecker = () => ({
  property: 'S13',
  hear: (event) => {
    if (event.type !== 'write' || event.hasChanged) return null;
    return `${event.thing} ${event.target} was written though it was ${event.value} already`;
  },
});
