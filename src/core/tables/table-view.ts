import type { AcceptorState } from '../register/acceptor.ts';
import type { Register } from '../register/register.ts';
import type { OpinionItem } from './opinion-item.ts';

/** What one region's table held at one instant. */
export interface TableView {
  /** Null when no watcher has written there yet. */
  readonly opinions: OpinionItem | null;
  /** By service; null where the table has never heard of the register. */
  readonly acceptors: Readonly<Record<string, AcceptorState<Register> | null>>;
}
