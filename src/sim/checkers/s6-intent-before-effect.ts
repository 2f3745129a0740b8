import type { Register } from '../../core/register/register.ts';
import { checkerKind, type NoteStake } from './checker.ts';

/**
 * S6: intent before effect. Whatever an actuator writes for an epoch, a majority had accepted that epoch before, with
 * the journal of its run.
 *
 * That no interrupted run rests half done is judged at the end, by L1.
 */
export const intentBeforeEffect = checkerKind({
  property: 'S6',
  stakes: ['write', 'older epoch'],
  make: (_world, stake: NoteStake<'write' | 'older epoch'>) => {
    const newest = new Map<string, Register>();
    return {
      hear: (event) => {
        if (event.type === 'decided') newest.set(event.service, event.register);
        if (event.type !== 'write' || (event.order.kind === 'fence' && event.order.isSelfFence)) return null;
        const register = newest.get(event.order.service);
        stake('write');
        if (register && register.epoch > event.order.token.epoch) stake('older epoch');
        if (register && register.epoch >= event.order.token.epoch) return null;
        return `${event.thing} ${event.target} was written for epoch ${event.order.token.epoch} before it was journaled`;
      },
    };
  },
});
