import { preferredSite } from '../../core/model/service.ts';
import { majorityAmong } from '../../core/register/quorum.ts';
import type { Register } from '../../core/register/register.ts';
import { checkerKind, type NoteStake, onDecided, serviceIn } from './checker.ts';

/**
 * S2: epochs only rise, and each was accepted by a majority: what is decided is what this looks at. They rise by one,
 * but for a register that was lost with most of the tables that held it, and is held now by tables of which most never
 * heard of it.
 * Watchers take a service for such a one when it is born at another site than the preferred one.
 */
export const epochsRise = checkerKind({
  property: 'S2',
  stakes: ['epoch'],
  make: (world, stake: NoteStake<'epoch'>) =>
    onDecided(({ service, register, previous }) => {
      const before = previous?.epoch ?? 0;
      if (previous !== null && register.epoch !== before) stake('epoch');
      const isNext = register.epoch === before || register.epoch === before + 1;
      const isAfterLoss = previous !== null && register.epoch > before && !isRemembered(previous, register);
      const isFound = previous === null && register.active !== preferredSite(serviceIn(world, service));
      return isNext || isAfterLoss || isFound ? null : `${service} went from epoch ${before} to ${register.epoch}`;
    }),
});

/**
 * Whether a majority of the tables that a register was in goes on with the next one. Without one it was founded again,
 * above all that any table has accepted, decided or not.
 */
function isRemembered({ voters }: Register, next: Register): boolean {
  const marks = next.voters.map(({ incarnation }) => incarnation);
  const left = voters.filter(({ incarnation }) => marks.includes(incarnation));
  return left.length >= majorityAmong(voters.length);
}
