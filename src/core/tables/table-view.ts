import type { Fault } from '../fault.ts';
import type { AcceptorState } from '../register/acceptor.ts';
import type { Register } from '../register/register.ts';
import type { OpinionItem } from './opinion-item.ts';

/** What one region's table held at one instant. */
export interface TableView {
  /** Null when no watcher has written there yet. */
  readonly opinions: OpinionItem | null;
  /** By service; null where the table has never heard of the register. Empty for a table that is `unidentified`. */
  readonly acceptors: Readonly<Record<string, AcceptorState<Register> | null>>;
  /**
   * Why it cannot be told which table answered under the name; absent when it can. Such a table has no vote, and
   * nothing is known of its memory: what it holds may come from a backup.
   */
  readonly unidentified?: Fault | undefined;
}
