import { isListAsWanted } from '../register/membership.ts';
import type { Register } from '../register/register.ts';

/** Who votes on a service, and how the list of voters is being changed. */
export interface VotersStatus {
  /** Regions on the list, sorted. */
  readonly now: readonly string[];
  /** Control regions in the reader's configuration, sorted. */
  readonly wanted: readonly string[];
  /** The changes that are still to be made to the list, and what they wait for; null when the list is as wanted. */
  readonly waits: string | null;
}

/** @param wanted - control regions in the reader's configuration */
export function votersStatus(register: Register, wanted: readonly string[]): VotersStatus {
  const now = register.voters.map(({ region }) => region);
  return { now, wanted: [...wanted].sort(), waits: waitsFor(register, now, wanted) };
}

function waitsFor(register: Register, now: readonly string[], wanted: readonly string[]): string | null {
  if (register.stage !== 'founded') return 'the register is being founded, which every table must hold';
  const { voterChange } = register;
  if (voterChange !== null) {
    const { kind, voter } = voterChange;
    return `${voter.region} ${kind === 'add' ? 'joins' : 'leaves'}, once a majority of the voters holds that`;
  }
  if (isListAsWanted(register, wanted)) return null;
  const joining = wanted.filter((region) => !now.includes(region));
  const leaving = now.filter((region) => !wanted.includes(region));
  const moves = [
    ...(joining.length > 0 ? [`${joining.join(', ')} to join`] : []),
    ...(leaving.length > 0 ? [`${leaving.join(', ')} to leave`] : []),
  ];
  return `${moves.join(', ')}: one by one, once most voters' watchers run with this configuration and their tables answer`;
}
