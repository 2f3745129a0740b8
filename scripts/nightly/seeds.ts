import type { PartReport } from './report.ts';

/** What `fuzz --json` prints, as far as it is read. */
interface FuzzResult {
  readonly passed: number;
  readonly seeds: number;
  readonly failures: readonly { readonly seed: number }[];
  readonly untested: readonly string[];
}

/** A first seed that is another one each day: days since 1970 times a hundred thousand. */
export function firstSeedOf(wallMs: number): number {
  const daySeeds = 100_000;
  return Math.floor(wallMs / 86_400_000) * daySeeds;
}

/**
 * Runs drawn scenarios.
 *
 * @param fuzz - runs the `fuzz` verb with these words and answers what it printed, whatever its exit code
 */
export async function trySeeds(
  count: number,
  first: number,
  fuzz: (words: readonly string[]) => Promise<string>,
): Promise<PartReport> {
  const printed = await fuzz(['fuzz', '--seeds', String(count), '--seed', String(first), '--json']);
  const { passed, seeds, failures, untested } = JSON.parse(printed) as FuzzResult;
  return {
    summary: `${passed} of ${seeds} seeds from ${first} passed`,
    table: [],
    findings: [
      ...failures.map(({ seed }) => `npm run fuzz -- --seed ${seed} --shrink`),
      ...untested.map((property) => `never at stake: ${property}`),
    ],
  };
}
