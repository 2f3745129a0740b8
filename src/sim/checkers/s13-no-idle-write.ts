import type { MakeChecker } from './checker.ts';

/** S13: no write when observed equals desired, by what the writer itself was truly shown before it wrote. */
export const noIdleWrite: MakeChecker = () => {
  const seen = new Map<number, string>();
  return {
    property: 'S13',
    hear: (event) => {
      if (event.type === 'look') seen.set(event.by.serial, `${event.thing} ${event.value}`);
      if (event.type !== 'write' || seen.get(event.by.serial) !== `${event.thing} ${event.value}`) return null;
      return `${event.thing} ${event.target} was written though it was ${event.value} already`;
    },
  };
};
