/** When, on the reader's own monotonic clock, each peer's sequence number was last seen to change. */
export type Sightings = Readonly<Record<string, Sighting>>;

interface Sighting {
  readonly sequence: string;
  /** Null until a change has been seen: a first look cannot tell a live peer from a dead one's last word. */
  readonly changedAtMs: number | null;
}

/**
 * Notes the sequence marks of one round of reading.
 *
 * @param marks - newest mark of each peer that could be read; a peer that could not be read keeps its last sighting
 * @param monotonicMs - the reader's own monotonic clock; never another machine's
 */
export function noteSightings(
  sightings: Sightings,
  marks: Readonly<Record<string, string>>,
  monotonicMs: number,
): Sightings {
  const noted: Record<string, Sighting> = { ...sightings };
  for (const [peer, sequence] of Object.entries(marks)) {
    const before = sightings[peer];
    if (before?.sequence === sequence) continue;
    noted[peer] = { sequence, changedAtMs: before === undefined ? null : monotonicMs };
  }
  return noted;
}

/** Whether a peer's mark changed within `ttlMs` of the reader's own clock. */
export function isFresh(sightings: Sightings, peer: string, ttlMs: number, monotonicMs: number): boolean {
  const changedAtMs = sightings[peer]?.changedAtMs ?? null;
  return changedAtMs !== null && monotonicMs - changedAtMs <= ttlMs;
}
