import type { Notifications } from '../alerting/notification.ts';
import type { SiteTrack } from '../detection/opinion.ts';
import type { Digests } from '../model/digest.ts';
import type { Stopwatches } from './stopwatch.ts';

/**
 * What the things of a service say of who serves, without the register: `site` writes the data, or holds most of what
 * leads clients. `nobody`: none of the things belongs to any site, or there are none. `unknown`: one of them did not
 * say.
 */
export type Evidence =
  | { readonly kind: 'site'; readonly site: string }
  | { readonly kind: 'nobody' }
  | { readonly kind: 'unknown'; readonly detail: string };

/** What one watcher writes to its region's table each tick. */
export interface OpinionItem {
  /** Invocation that wrote it: rises with each take-over, so that an older invocation notices and stops. */
  readonly generation: number;
  /**
   * Random mark of the invocation. With `sequence` it distinguishes every item from the one before, even after the
   * table was lost.
   */
  readonly invocation: string;
  /** Rises with each tick of the invocation. */
  readonly sequence: number;
  /**
   * What the watcher's wall clock showed when it wrote this, in epoch milliseconds: for the calendar, and the lease.
   */
  readonly wallMs: number;
  /** Tracks by service, then by site. */
  readonly tracks: Readonly<Record<string, Readonly<Record<string, SiteTrack>>>>;
  readonly stopwatches: Stopwatches;
  /** Digests of this watcher's configuration, so that others can see whether theirs is the same. */
  readonly digests: Digests;
  /** Control regions of this watcher's configuration: the regions that it wants to vote. */
  readonly controlRegions?: readonly string[] | undefined;
  /** Newest epoch of each service that this watcher or one before it has seen decided: the register exists. */
  readonly epochs?: Readonly<Record<string, number>> | undefined;
  /**
   * How long this watcher and those before it had not reached a majority of a service's voters, in milliseconds, by
   * service; 0 while they did.
   */
  readonly outOfContactMs: Readonly<Record<string, number>>;
  /**
   * How long to wait, in milliseconds, until a region's lease must have run out; by control region and service. Of the
   * own region where it closes something then; of another one where that is longer than the own configuration says.
   */
  readonly leaseWaits?: Readonly<Record<string, Readonly<Record<string, number>>>> | undefined;
  /** The same by which this region still counts, by service, where it has just been given a longer lease. */
  readonly leaseCounts?: Readonly<Record<string, number>> | undefined;
  /**
   * What this watcher's configuration closes at the end of a lease, in whichever region: `SERVICE/SITE` for a fence,
   * `SERVICE/SITE/work` for work. Absent when there is nothing.
   */
  readonly closes?: readonly string[] | undefined;
  /** What of that the last word of another region has left out, by region; absent when there is nothing. */
  readonly unclosed?: Readonly<Record<string, readonly string[]>> | undefined;
  /** Regions whose functions did not answer this watcher when it last asked them; absent when there are none. */
  readonly unanswered?: readonly string[] | undefined;
  /** What functions say of who writes and serves, of services whose register is lost; absent where none is. */
  readonly evidence?: Readonly<Record<string, Evidence>> | undefined;
  /** What people were notified of; absent when there is nothing to remember. */
  readonly notifications?: Notifications | undefined;
}

/**
 * The mark of an item, from which freshness is judged. It changes with every write of a living watcher, and only then.
 */
export function markOf(item: OpinionItem): string {
  return `${item.generation}.${item.invocation}.${item.sequence}`;
}

/**
 * Whether a mark is of an earlier write than another one, of the same region. A table that shows such a mark after the
 * other one was restored from a backup.
 */
export function isOlderMark(mark: string, other: string): boolean {
  if (mark === other) return false;
  const [now, before] = [orderOf(mark), orderOf(other)];
  if (now.generation !== before.generation) return now.generation < before.generation;
  return now.invocation === before.invocation && now.sequence < before.sequence;
}

function orderOf(mark: string): Pick<OpinionItem, 'generation' | 'invocation' | 'sequence'> {
  const [first, last] = [mark.indexOf('.'), mark.lastIndexOf('.')];
  return {
    generation: Number(mark.slice(0, first)),
    invocation: mark.slice(first + 1, last),
    sequence: Number(mark.slice(last + 1)),
  };
}
