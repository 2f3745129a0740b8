import type { NamedService } from '../model/service.ts';
import type { Ballot } from '../register/ballot.ts';
import { mayServe } from '../register/owed-fence.ts';
import { newestAccepted, viewRegister } from '../register/quorum.ts';
import type { Register } from '../register/register.ts';
import { inOwnNames, namesStranger } from '../register/renaming.ts';

/** A value of a register, with the ballot under which it was accepted. */
export interface SeenRegister {
  readonly ballot: Ballot;
  readonly register: Register;
}

/**
 * The newest values that a watcher has ever seen of one register.
 *
 * It never goes back to an older value, even when a table is dark, empty, outdated, or holds a value that was never
 * decided.
 */
export interface RegisterMemory {
  /** Known to be decided. */
  readonly decided: SeenRegister | null;
  /** Accepted by some table, decided or not. */
  readonly newest: SeenRegister | null;
}

/** Nothing seen yet. */
export const noMemory: RegisterMemory = { decided: null, newest: null };

/** The memory after one more look. */
export function remember(memory: RegisterMemory, states: Parameters<typeof viewRegister>[0]): RegisterMemory {
  const holder = newestAccepted(states);
  if (holder === null) return memory;
  const seen = { ballot: holder.acceptedBallot, register: holder.accepted };
  const isDecided = viewRegister(states).kind === 'decided';
  return {
    decided: isDecided ? newer(memory.decided, seen) : memory.decided,
    newest: newer(memory.newest, seen),
  };
}

function newer(before: SeenRegister | null, seen: SeenRegister): SeenRegister {
  return before === null || seen.ballot > before.ballot ? seen : before;
}

/** The memory with the sites called as a configuration calls them: a table may know one by its earlier name. */
export function namedBy(service: NamedService, { decided, newest }: RegisterMemory): RegisterMemory {
  const named = (seen: SeenRegister | null) => seen && { ...seen, register: inOwnNames(service, seen.register) };
  return { decided: named(decided), newest: named(newest) };
}

/**
 * Whether a site is known to be a standby, so that no client is sent there and nothing is written there. A decided
 * value must say so, and so must the newest one, which may have been decided meanwhile; and neither may name a site
 * that is unknown here, for that may be this one.
 */
export function isProvenStandby(service: NamedService, { decided, newest }: RegisterMemory, site: string): boolean {
  if (decided === null || newest === null) return false;
  if ([decided, newest].some(({ register }) => namesStranger(service, register))) return false;
  return !mayServe(service, decided.register, site) && !mayServe(service, newest.register, site);
}
