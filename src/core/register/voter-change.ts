import type { Routine } from '../routine.ts';
import { nextListStep } from './membership.ts';
import {
  explain,
  hasMajority,
  hasRefusal,
  type Proposer,
  promisedStates,
  Rounds,
  roundsMax,
  whyNotAllowed,
} from './proposer.ts';
import { newestAccepted } from './quorum.ts';
import type { Register } from './register.ts';

/** What became of a change of the list of voters. */
export type ListOutcome =
  /** The list is as wanted, or nothing more can be done now. */
  | { readonly outcome: 'done'; readonly register: Register; readonly steps: number }
  /** This caller may not change the list now. */
  | { readonly outcome: 'refused'; readonly register: Register }
  | { readonly outcome: 'no-majority'; readonly detail: string }
  | { readonly outcome: 'contended' };

/**
 * Brings the list of voters of a founded register towards the wanted one, one voter at a time.
 *
 * Each step is a ballot of its own that leaves the rest of the register as it is. What the next step is comes from the
 * newest value and the tables that promised in that very ballot, never from what the caller saw before.
 *
 * @param wanted - regions that shall vote
 * @param mayChange - asked with the newest value before each step: whether enough of its own voters want the same
 */
export function* changeVoters(
  proposer: Proposer,
  wanted: readonly string[],
  mayChange: (register: Register) => boolean,
): Routine<ListOutcome> {
  const rounds = new Rounds(proposer);
  let steps = 0;
  for (let round = 0; round < roundsMax; round += 1) {
    const { ballot, promises: replies } = yield* rounds.prepare(true);
    const promises = promisedStates(replies);
    const newest = newestAccepted(promises);
    if (newest === null || newest.accepted.stage !== 'founded' || !hasMajority(newest.accepted, promises)) {
      if (hasRefusal(replies)) continue;
      return { outcome: 'no-majority', detail: explain(replies, newest === null, newest?.accepted) };
    }
    // A table that has promised a higher ballot to another change is not silent; that change goes first.
    if (hasRefusal(replies)) continue;
    const register = newest.accepted;
    if (whyNotAllowed(proposer, register) !== null || !mayChange(register)) return { outcome: 'refused', register };
    const next = nextListStep(newest, promises, wanted);
    if (next === null) return { outcome: 'done', register, steps };
    const accepted = yield* rounds.accept(ballot, { ...register, ...next.membership }, true);
    if (accepted.isDecided) steps += 1;
    else if (!accepted.isOvertaken) return { outcome: 'no-majority', detail: accepted.detail };
  }
  return { outcome: 'contended' };
}
