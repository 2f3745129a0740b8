import { type Ballot, makeBallot, noBallot } from '../../../../src/core/register/ballot.ts';
import type { State } from '../../../../src/core/register/quorum.ts';
import type { Register, Voter } from '../../../../src/core/register/register.ts';
import { registerWith } from '../service.fixture.ts';

/** The voter of a region whose table has the first mark. */
export const voter = (region: string): Voter => ({ region, incarnation: `${region}-1` });

/** A register that these regions vote on. */
export function votedBy(regions: readonly string[], more: Partial<Register> = {}): Register {
  return registerWith({ voters: regions.map(voter), ...more });
}

/** A ballot by its counter. */
export const ballot = (counter: number): Ballot => makeBallot(counter, 'a.p.1');

/** What the table of a region holds: a value under a ballot, or nothing. */
export function holding(region: string, accepted: Register | null, counter = 1, incarnation = `${region}-1`): State {
  const acceptedBallot = accepted === null ? noBallot : ballot(counter);
  return { incarnation, promised: ballot(counter), acceptedBallot, accepted };
}
