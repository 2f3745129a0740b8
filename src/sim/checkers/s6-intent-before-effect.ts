import type { Register } from '../../core/register/register.ts';
import type { MakeChecker } from './checker.ts';

/**
 * S6: intent before effect. Whatever an actuator writes for an epoch, a majority had accepted that epoch before, with
 * the journal of its run.
 *
 * That no interrupted run rests half done is judged at the end, by L1.
 */
export const intentBeforeEffect: MakeChecker = () => {
  const newest = new Map<string, Register>();
  return {
    property: 'S6',
    hear: (event) => {
      if (event.type === 'decided') newest.set(event.service, event.register);
      if (event.type !== 'write' || (event.order.kind === 'fence' && event.order.isSelfFence)) return null;
      const register = newest.get(event.order.service);
      if (register && register.epoch >= event.order.token.epoch) return null;
      return `${event.thing} ${event.target} was written for epoch ${event.order.token.epoch} before it was journaled`;
    },
  };
};
