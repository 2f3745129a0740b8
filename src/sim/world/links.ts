/**
 * Who can reach whom, and how long it takes.
 *
 * An end is a region, `site/SERVICE/NAME`, `aws/SERVICE/REGION`, or a name that belongs to no region (an operator, the
 * clients). A cut between two regions parts everything in the one from everything in the other.
 */
export class Links {
  /** One direction a key: `from>to`. */
  readonly #cuts = new Set<string>();
  readonly #deadRegions = new Set<string>();

  cut(a: string, b: string, isOneWay: boolean): void {
    this.#cuts.add(`${a}>${b}`);
    if (!isOneWay) this.#cuts.add(`${b}>${a}`);
  }

  heal(a: string, b: string): void {
    this.#cuts.delete(`${a}>${b}`);
    this.#cuts.delete(`${b}>${a}`);
  }

  stopRegion(region: string): void {
    this.#deadRegions.add(region);
  }

  startRegion(region: string): void {
    this.#deadRegions.delete(region);
  }

  isRegionDead(region: string): boolean {
    return this.#deadRegions.has(region);
  }

  /**
   * Whether a packet gets from one place to another.
   *
   * @param from - names of the sender: its region, and its own name where it has one
   * @param to - names of the receiver, likewise
   */
  passes(from: readonly string[], to: readonly string[]): boolean {
    if (this.#deadRegions.size > 0 && [...from, ...to].some((end) => this.#deadRegions.has(end))) return false;
    if (this.#cuts.size === 0) return true;
    return !from.some((sender) => to.some((receiver) => this.#cuts.has(`${sender}>${receiver}`)));
  }
}

/** One way inside a region, in milliseconds: DynamoDB answers a point read in single-digit milliseconds. */
const nearMs = 3;
/** One way between two regions: 60 to 80 ms of round trip between the coasts of one continent. */
const farMs = 35;
/** Share by which a latency varies at random, upwards. */
const jitterShare = 0.3;

/** One way from a region to another, in milliseconds, whole. */
export function oneWayMs(from: string, to: string, random: () => number): number {
  const base = from === to ? nearMs : farMs;
  return Math.round(base * (1 + jitterShare * random()));
}
