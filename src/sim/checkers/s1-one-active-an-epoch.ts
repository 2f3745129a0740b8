import { nameNow } from '../../core/model/service.ts';
import { checkerKind, type NoteStake, serviceIn } from './checker.ts';

/** S1: at most one active site an epoch. */
export const oneActiveAnEpoch = checkerKind({
  property: 'S1',
  stakes: ['epoch', 'rivals'],
  make: (world, stake: NoteStake<'epoch' | 'rivals'>) => {
    const activeOf = new Map<string, string>();
    /** What tables accepted, decided or not. */
    const proposed = new Map<string, string>();
    return {
      hear: (event) => {
        if (event.type !== 'decided' && event.type !== 'accept') return null;
        const key = `${event.service} epoch ${event.register.epoch}`;
        const { active } = event.register;
        if (event.type === 'accept') {
          if ((proposed.get(key) ?? active) !== active) stake('rivals');
          proposed.set(key, active);
          return null;
        }
        const before = activeOf.get(key);
        if (before === undefined) stake('epoch');
        // A site that is renamed is the same one.
        const known = nameNow(serviceIn(world, event.service), before ?? active) ?? before ?? active;
        activeOf.set(key, known);
        return known === active ? null : `${key} had ${known} active, and then ${active}`;
      },
    };
  },
});
