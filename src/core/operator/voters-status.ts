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

/** One change that a deployment of the reader's configuration would make to the list of voters. */
export interface VoterStep {
  readonly change: 'joins' | 'leaves';
  readonly region: string;
  /** Who votes then, sorted. */
  readonly voters: readonly string[];
}

/**
 * The changes to the list, one by one, in the order in which watchers make them where every table answers: whoever is
 * wanted joins before anybody leaves. Empty when the list is as wanted.
 *
 * @param wanted - control regions in the reader's configuration
 */
export function voterSteps({ voters }: Register, wanted: readonly string[]): readonly VoterStep[] {
  const now = voters.map(({ region }) => region);
  const joining = wanted.filter((region) => !now.includes(region));
  const leaving = now.filter((region) => !wanted.includes(region));
  const all = [...now, ...joining];
  return [
    ...joining.map((region, index): VoterStep => {
      return { change: 'joins', region, voters: [...now, ...joining.slice(0, index + 1)].sort() };
    }),
    ...leaving.map((region, index): VoterStep => {
      const left = leaving.slice(0, index + 1);
      return { change: 'leaves', region, voters: all.filter((one) => !left.includes(one)).sort() };
    }),
  ];
}
