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
        const service = serviceIn(world, event.service);
        const placeOf = (site: string) => nameNow(service, site) ?? site;
        activeOf.set(key, before ?? active);
        return placeOf(before ?? active) === placeOf(active) ? null : `${key} had ${before} active, and then ${active}`;
      },
    };
  },
});
