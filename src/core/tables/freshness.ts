import { isOlderMark } from './opinion-item.ts';

/** When, on the reader's own monotonic clock, each peer's mark was last read and last seen to change. */
export type Sightings = Readonly<Record<string, Sighting>>;

interface Sighting {
  readonly mark: string;
  readonly readAtMs: number;
  /** Null until a change has been seen: a first read cannot tell a living peer from the last item of a dead one. */
  readonly changedAtMs: number | null;
}

/**
 * Notes the marks of one round of reading.
 *
 * A mark that differs after a long time without reads says nothing about when it changed, so this counts as a first
 * read. So does one that is older than the last: a table that was restored from a backup shows what its watcher wrote
 * once, and not that it lives.
 *
 * @param marks - newest mark of each peer that could be read; a peer that could not be read keeps its last sighting
 * @param ttlMs - longest time between two reads that still times a change
 * @param monotonicMs - the reader's own monotonic clock; never another machine's
 */
export function noteSightings(
  sightings: Sightings,
  marks: Readonly<Record<string, string>>,
  ttlMs: number,
  monotonicMs: number,
): Sightings {
  const noted: Record<string, Sighting> = { ...sightings };
  for (const [peer, mark] of Object.entries(marks)) {
    const before = sightings[peer];
    const isFirstLook = before === undefined || monotonicMs - before.readAtMs > ttlMs || isOlderMark(mark, before.mark);
    const changedAtMs = isFirstLook ? null : before.mark === mark ? before.changedAtMs : monotonicMs;
    noted[peer] = { mark, readAtMs: monotonicMs, changedAtMs };
  }
  return noted;
}

/** Whether a peer's mark changed within `ttlMs` of the reader's own clock. */
export function isFresh(sightings: Sightings, peer: string, ttlMs: number, monotonicMs: number): boolean {
  return sinceChangeMs(sightings, peer, monotonicMs) <= ttlMs;
}

/** How long ago a peer's mark was last seen to change, in milliseconds; infinite when no change was seen. */
export function sinceChangeMs(sightings: Sightings, peer: string, monotonicMs: number): number {
  const changedAtMs = sightings[peer]?.changedAtMs ?? null;
  return changedAtMs === null ? Number.POSITIVE_INFINITY : monotonicMs - changedAtMs;
}
