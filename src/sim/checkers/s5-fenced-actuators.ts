import type { FencingToken } from '../../core/register/run.ts';
import { isOlder, isSameToken } from '../../core/register/run.ts';
import { checkerKind, isSelfFence, type NoteStake } from './checker.ts';

/** Longest time from a granted claim to the end of the write that it covers; in a function of the user to its begin. */
const claimAgeMaxMs = 5_000;

/**
 * S5: no actuator accepts an older (epoch, attempt), and none writes without a claim of its own token: one that it has
 * made, or that it has read in the table as the newest there.
 */
export const fencedActuators = checkerKind({
  property: 'S5',
  stakes: ['write', 'older order', 'older claim'],
  make: (_world, stake: NoteStake<'write' | 'older order' | 'older claim'>) => {
    const newest = new Map<string, FencingToken>();
    const claimedBy = new Map<number, { readonly token: FencingToken; readonly atMs: number }>();
    return {
      hear: (event) => {
        if (event.type === 'order') {
          const before = newest.get(`${event.by.place} ${event.order.service}`);
          if (before && isOlder(event.order.token, before)) stake('older order');
        }
        if (event.type === 'claim' && !event.isGranted) stake('older claim');
        if (event.type === 'claim' && event.isGranted) {
          const key = `${event.region} ${event.service}`;
          const before = newest.get(key);
          if (before && isOlder(event.token, before)) {
            return `${key} granted epoch ${event.token.epoch}.${event.token.attempt} after ${before.epoch}.${before.attempt}`;
          }
          newest.set(key, event.token);
          claimedBy.set(event.by.serial, event);
        }
        if (event.type === 'claim-read') claimedBy.set(event.by.serial, event);
        if (event.type !== 'write' || event.isRepeated || isSelfFence(event.order)) return null;
        stake('write');
        const claim = claimedBy.get(event.by.serial);
        const isFresh = claim !== undefined && event.atMs - event.takenMs - claim.atMs <= claimAgeMaxMs;
        if (isFresh && isSameToken(claim.token, event.order.token)) return null;
        return `${event.thing} ${event.target} was written for epoch ${event.order.token.epoch} without a fresh claim`;
      },
    };
  },
});
