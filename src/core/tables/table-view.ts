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
   * Why the identity of the table that answered is not known; absent when it is known. Such a table has no vote and its
   * values are not used, because they may come from a backup.
   */
  readonly unidentified?: Fault | undefined;
}
