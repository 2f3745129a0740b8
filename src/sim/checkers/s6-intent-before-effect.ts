import type { Register } from '../../core/register/register.ts';
import { isOlder, type StepState, tokenOf } from '../../core/register/run.ts';
import { checkerKind, isSelfFence, type NoteStake } from './checker.ts';

type Stakes = 'write' | 'older epoch' | 'later attempt' | 'step again' | 'step skipped';

/**
 * S6: intent before effect. Whatever an actuator writes for an attempt of an epoch, a majority had accepted that
 * attempt before, with the journal of its run.
 *
 * That no interrupted run rests half done is judged at the end, by L1.
 */
export const intentBeforeEffect = checkerKind({
  property: 'S6',
  stakes: ['write', 'older epoch', 'later attempt', 'step again', 'step skipped'],
  make: (_world, stake: NoteStake<Stakes>) => {
    const newest = new Map<string, Register>();
    return {
      hear: (event) => {
        if (event.type === 'decided') {
          const steps = changedSteps(event.previous, event.register);
          if (steps.some(({ before, now }) => before !== 'pending' && now === 'pending')) stake('step again');
          if (steps.some(({ now }) => now === 'skipped')) stake('step skipped');
          newest.set(event.service, event.register);
        }
        if (event.type !== 'write' || isSelfFence(event.order)) return null;
        const { service, token } = event.order;
        const register = newest.get(service);
        stake('write');
        if (register && register.epoch > token.epoch) stake('older epoch');
        if (token.attempt > 1) stake('later attempt');
        if (register && !isOlder(tokenOf(register.epoch, register.run), token)) return null;
        const what = `epoch ${token.epoch}, attempt ${token.attempt}`;
        return `${event.thing} ${event.target} was written for ${what} before it was journaled`;
      },
    };
  },
});

/** The steps of one run that one change of the register has changed: a person may say that a move goes on. */
function changedSteps(
  previous: Register | null,
  { epoch, run }: Register,
): readonly { readonly before: StepState; readonly now: StepState }[] {
  if (previous?.epoch !== epoch) return [];
  return (run?.steps ?? []).flatMap(({ name, state: now }) => {
    const before = previous.run?.steps.find((step) => step.name === name)?.state;
    return before === undefined || before === now ? [] : [{ before, now }];
  });
}
