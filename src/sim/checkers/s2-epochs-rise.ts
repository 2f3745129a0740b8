import { checkerKind, type NoteStake, onDecided } from './checker.ts';

/** S2: epochs only rise, by one, and each was accepted by a majority: what is decided is what this looks at. */
export const epochsRise = checkerKind({
  property: 'S2',
  stakes: ['epoch'],
  make: (_world, stake: NoteStake<'epoch'>) =>
    onDecided(({ service, register, previous }) => {
      const before = previous?.epoch ?? 0;
      if (previous !== null && register.epoch !== before) stake('epoch');
      const isNext = register.epoch === before || register.epoch === before + 1;
      return isNext ? null : `${service} went from epoch ${before} to ${register.epoch}`;
    }),
});
