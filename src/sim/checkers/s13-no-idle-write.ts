import { checkerKind, type NoteStake } from './checker.ts';

/** S13: no write when observed equals desired, by what the writer itself was truly shown before it wrote. */
export const noIdleWrite = checkerKind({
  property: 'S13',
  stakes: ['write'],
  make: (_world, stake: NoteStake<'write'>) => {
    const seen = new Map<number, string>();
    return {
      hear: (event) => {
        if (event.type === 'look') seen.set(event.by.serial, `${event.thing} ${event.value}`);
        if (event.type !== 'write' || event.isRepeated) return null;
        const shown = seen.get(event.by.serial);
        if (shown !== undefined) stake('write');
        if (shown !== `${event.thing} ${event.value}`) return null;
        return `${event.thing} ${event.target} was written though it was ${event.value} already`;
      },
    };
  },
});
