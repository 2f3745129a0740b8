import { preferredSite } from '../../core/model/service.ts';
import type { Register } from '../../core/register/register.ts';
import { checkerKind, type NoteStake, onDecided, serviceIn } from './checker.ts';

/**
 * S2: epochs only rise, and each was accepted by a majority: what is decided is what this looks at. They rise by one,
 * but for a register that was lost with every table that held it, and is held now by tables that never heard of it.
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
      const isAfterLoss = previous !== null && register.epoch > before && !sharesTables(previous, register);
      const isFound = previous === null && register.active !== preferredSite(serviceIn(world, service));
      return isNext || isAfterLoss || isFound ? null : `${service} went from epoch ${before} to ${register.epoch}`;
    }),
});

function sharesTables(one: Register, other: Register): boolean {
  const marks = one.voters.map(({ incarnation }) => incarnation);
  return other.voters.some(({ incarnation }) => marks.includes(incarnation));
}
