import { valueHeldAsVoter } from '../../../core/register/quorum.ts';
import type { Register } from '../../../core/register/register.ts';
import type { TableView } from '../../../core/tables/table-view.ts';
import type { Clock } from '../../../ports/clock.ts';

/** What the own table of a region is read by. */
export interface TableCacheParts {
  readonly services: readonly string[];
  /** Reads the own table's acceptor states; rejects when it does not answer. */
  readonly readAcceptors: (services: readonly string[]) => Promise<TableView['acceptors']>;
  readonly clock: Pick<Clock, 'monotonicMs' | 'wallMs'>;
  /** Longest that one read of the table serves. */
  readonly cacheMs: number;
}

/**
 * Makes the reader of a service's register in the own table; it answers null when there is none, or when the table does
 * not answer.
 *
 * Questions that come while the table is read share that read. The read has the deadline of every call to a state
 * table: half of the two seconds that Route 53 waits for an answer.
 */
export function registerReader(parts: TableCacheParts): (service: string) => Promise<Register | null> {
  const { services, readAcceptors, clock, cacheMs } = parts;
  let newest: { readonly askedAt: Instant; readonly acceptors: Promise<TableView['acceptors'] | null> } | null = null;

  return async (service) => {
    const now = { monotonicMs: clock.monotonicMs(), wallMs: clock.wallMs() };
    if (newest === null || !isFresh(newest.askedAt, now, cacheMs)) {
      newest = { askedAt: now, acceptors: readAcceptors(services).catch(() => null) };
    }
    return valueHeldAsVoter((await newest.acceptors)?.[service]);
  };
}

interface Instant {
  readonly monotonicMs: number;
  readonly wallMs: number;
}

/**
 * Whether a read may still be answered from. Both clocks must say so: the monotonic one may stand still while the
 * execution environment is frozen, and guards in `src/client/` count on the age.
 */
function isFresh(askedAt: Instant, now: Instant, cacheMs: number): boolean {
  const wallAgeMs = now.wallMs - askedAt.wallMs;
  return now.monotonicMs - askedAt.monotonicMs < cacheMs && wallAgeMs >= 0 && wallAgeMs < cacheMs;
}
