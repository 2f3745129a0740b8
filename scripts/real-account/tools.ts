/** What a measurement reaches the world with; a test hands in its own. */
export interface Tools {
  /**
   * Runs the AWS CLI with these arguments and reads its JSON; null when it printed nothing.
   *
   * @throws {Error} with what it said, when it failed
   */
  readonly aws: (...args: readonly string[]) => Promise<unknown>;
  /** Runs a program to its end, its output shown. @throws {Error} when it failed */
  readonly run: (command: string, ...args: readonly string[]) => Promise<void>;
  /** Runs this product's command line and reads its JSON, whatever its exit code. */
  readonly failover: (...args: readonly string[]) => Promise<unknown>;
  /** Status of a GET; 0 when there was no answer. */
  readonly get: (url: string) => Promise<number>;
  /** IPv4 addresses that a name server gives for a name, sorted; empty when it gives none. */
  readonly ask: (server: string, name: string) => Promise<readonly string[]>;
  readonly nowMs: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  readonly say: (line: string) => void;
}

/** One series of measured values. */
export interface Series {
  readonly name: string;
  readonly unit: 'ms' | 's' | 'MB' | 'count';
  readonly values: readonly number[];
  /** What a reader has to know; empty when the name says it. */
  readonly note: string;
}

/** Something that must be so, and whether it was. */
export interface Check {
  readonly name: string;
  readonly isPassed: boolean;
  readonly detail: string;
}

/** What a measurement found. */
export interface Findings {
  readonly series: readonly Series[];
  readonly checks: readonly Check[];
}

/** Nothing yet; measurements are added up with `joinFindings`. */
export const noFindings: Findings = { series: [], checks: [] };

/** Both findings as one. */
export function joinFindings(a: Findings, b: Findings): Findings {
  return { series: [...a.series, ...b.series], checks: [...a.checks, ...b.checks] };
}

/**
 * Looks again and again until something holds.
 *
 * @returns milliseconds since `sinceMs` at which it first did; null when it did not within `limitMs` of now
 */
export async function timeUntil(
  tools: Pick<Tools, 'nowMs' | 'sleep'>,
  holds: () => Promise<boolean>,
  { sinceMs, everyMs, limitMs }: { readonly sinceMs: number; readonly everyMs: number; readonly limitMs: number },
): Promise<number | null> {
  const deadlineMs = tools.nowMs() + limitMs;
  for (;;) {
    // A look that fails is a look that saw nothing; the next one may see more.
    if (await holds().catch(() => false)) return tools.nowMs() - sinceMs;
    if (tools.nowMs() >= deadlineMs) return null;
    await tools.sleep(everyMs);
  }
}
