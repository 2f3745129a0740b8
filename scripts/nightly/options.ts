import { parseArgs } from 'node:util';
import { durationMs } from '../../src/config/schema/duration.ts';

/** Parts by name, in the order in which they run. */
export const partNames = ['matrix', 'input', 'seeds', 'month', 'soak'] as const;

/** One of them. */
export type PartName = (typeof partNames)[number];

/** What was asked for. */
export interface Options {
  readonly parts: readonly PartName[];
  readonly seeds: number;
  readonly soakMs: number;
  /** A small sample of everything, to see that it works. */
  readonly isQuick: boolean;
  readonly isJson: boolean;
}

/** How it is called. */
export const usage = `npm run nightly -- [options]
  --only A,B        some of: ${partNames.join(', ')}
  --seeds N         drawn scenarios; default 10000
  --soak DURATION   how long the lab is tormented; default 30m
  --quick           a small matrix, little input and two hours for the month
  --json            print JSON`;

const seedsDefault = '10000';
const seedsMax = 1_000_000;
const soakDefault = '30m';
/** Shorter than this, nothing would be killed and come back. */
const soakMsMin = 30_000;
const soakMsMax = 24 * 3_600_000;

/**
 * Reads the command line.
 *
 * @throws {Error} with one line that says what to write instead
 */
export function readOptions(words: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...words],
    options: {
      only: { type: 'string', default: partNames.join(',') },
      seeds: { type: 'string', default: seedsDefault },
      soak: { type: 'string', default: soakDefault },
      quick: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  });
  const seeds = Number(values.seeds);
  if (!Number.isInteger(seeds) || seeds < 1 || seeds > seedsMax) throw new Error(`--seeds takes 1 to ${seedsMax}`);
  const soakMs = durationMs(values.soak);
  if (!(soakMs >= soakMsMin && soakMs <= soakMsMax)) {
    throw new Error(`--soak ${values.soak}: give a duration from 30s to 24h, such as 30m`);
  }
  return { parts: readParts(values.only), seeds, soakMs, isQuick: values.quick, isJson: values.json };
}

function readParts(text: string): readonly PartName[] {
  const names = text.split(',');
  const unknown = names.find((name) => !partNames.some((known) => known === name));
  if (unknown !== undefined) throw new Error(`--only: no "${unknown}"; there are: ${partNames.join(', ')}`);
  return partNames.filter((name) => names.includes(name));
}
